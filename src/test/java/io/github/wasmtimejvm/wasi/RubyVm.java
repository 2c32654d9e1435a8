package io.github.wasmtimejvm.wasi;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Memory;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;

/**
 * Ruby, which is a reactor: it is initialized, and then evaluates what its host hands it. The names
 * of its functions are their types in an early form of WIT; texts and lists go through its memory.
 */
final class RubyVm {
  /** The state after an exception that nothing caught. */
  static final int RAISED = 6;

  private static final String INIT = "ruby-init: func(args: list<string>) -> ()";
  private static final String EVAL =
      "rb-eval-string-protect: func(str: string) -> tuple<handle<rb-abi-value>, s32>";

  private final Instance instance;

  private RubyVm(Instance instance) {
    this.instance = instance;
  }

  /** Starts Ruby in {@code store}, with a script that does nothing but take {@code args}. */
  static RubyVm start(Store store, Linker linker, Module module, List<String> args) {
    linker.defineWasi();
    // Ruby's values, which it asks us to keep: the handle of one is its place in the list.
    List<Integer> values = new ArrayList<>();
    linker.define(
        "canonical_abi",
        "resource_new_rb-abi-value",
        IntUnaryOperator.class,
        value -> {
          values.add(value);
          return values.size() - 1;
        });
    linker.define(
        "canonical_abi", "resource_get_rb-abi-value", IntUnaryOperator.class, values::get);
    // The rest is JavaScript, which there is none of here.
    linker.defineUnknownImportsAsTraps(module);

    RubyVm ruby = new RubyVm(linker.instantiate(store, module));
    ruby.call("_initialize");
    // No library is there to load at the start. Ruby reads each argument as far as its zero.
    List<String> command =
        Stream.of(List.of("ruby", "--disable-all", "-EUTF-8", "-e", "", "--"), args)
            .flatMap(List::stream)
            .map(arg -> arg + "\0")
            .toList();
    ruby.call(INIT, ruby.list(command), command.size());
    return ruby;
  }

  /** Evaluates {@code code} and returns Ruby's state after it: 0, or what kept it from its end. */
  int eval(String code) {
    int result = (int) call(EVAL, text(code), length(code));
    return memory().segment().get(JAVA_INT_UNALIGNED, result + 4L);
  }

  private int list(List<String> texts) {
    int list = allocate(8 * texts.size());
    for (int i = 0; i < texts.size(); i++) {
      int text = text(texts.get(i));
      memory().segment().set(JAVA_INT_UNALIGNED, list + 8L * i, text);
      memory().segment().set(JAVA_INT_UNALIGNED, list + 8L * i + 4, length(texts.get(i)));
    }
    return list;
  }

  private int text(String text) {
    int at = allocate(length(text));
    memory().writeString(at, text);
    return at;
  }

  private static int length(String text) {
    return text.getBytes(UTF_8).length;
  }

  private int allocate(int size) {
    return (int) call("cabi_realloc", 0, 0, 4, size);
  }

  private Object call(String function, Object... args) {
    return instance.func(function).call(args);
  }

  private Memory memory() {
    return instance.memory("memory");
  }
}
