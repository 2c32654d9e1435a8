package io.github.wasmtimejvm.cli;

import io.github.wasmtimejvm.Extern;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.ValType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code run} of a module. */
final class ModuleRun {
  private final RunOptions options;

  private ModuleRun(RunOptions options) {
    this.options = options;
  }

  /**
   * Runs the module to its end.
   *
   * @param store a store with its configuration and limits
   */
  static void run(RunOptions options, Store store, Module module) throws GuestFailure, IOException {
    if (options.wasi().allowsHttp()) {
      throw new IOException(
          options.file()
              + " is a module, and -S http is for components: modules have no wasi:http");
    }
    try (Linker linker = Linker.create(store.engine())) {
      if (options.wasi().isOn()) {
        linker.defineWasi();
      }
      options.guest().applyTo(linker, store, module);
      new ModuleRun(options).run(linker, store, module);
    }
  }

  private void run(Linker linker, Store store, Module module) throws GuestFailure, IOException {
    Instance instance =
        GuestFailure.during(
            options.file(),
            "failed to instantiate \"" + options.file() + "\"",
            () -> linker.instantiate(store, module));
    // A reactor, which has functions to call but no _start, gets ready in this one.
    Func initialize = func(instance, "_initialize");
    if (initialize != null) {
      if (!initialize.type().params().isEmpty()) {
        throw new IOException(options.file() + " exports an _initialize that wants arguments");
      }
      GuestFailure.during(options.file(), null, () -> initialize.call());
    }
    Func entry = entry(instance);
    if (entry != null) {
      call(entry);
    }
  }

  /** The function to call; {@code null} for a module that has none to start with. */
  private @Nullable Func entry(Instance instance) throws IOException {
    String invoke = options.invoke();
    if (invoke == null) {
      // Modules that follow an older convention have their entry under no name.
      Func unnamed = func(instance, "");
      return unnamed != null ? unnamed : func(instance, "_start");
    }
    Func function = func(instance, invoke);
    if (function == null) {
      throw new IOException(options.file() + " exports no function \"" + invoke + "\"");
    }
    return function;
  }

  private static @Nullable Func func(Instance instance, String name) {
    @Nullable Extern export = instance.export(name).orElse(null);
    return export instanceof Func function ? function : null;
  }

  private void call(Func function) throws GuestFailure {
    FuncType type = function.type();
    Object[] arguments = arguments(type.params());
    String invoke = options.invoke();
    @Nullable Object returned =
        GuestFailure.during(
            options.file(),
            invoke == null
                ? "failed to invoke command default"
                : "failed to invoke `" + invoke + "`",
            () -> function.call(arguments));
    List<ValType> types = type.results();
    @Nullable Object[] results =
        types.size() > 1 ? (@Nullable Object[]) returned : new @Nullable Object[] {returned};
    for (int i = 0; i < types.size(); i++) {
      System.out.print(TextValues.format(types.get(i), results[i]) + "\n");
    }
  }

  // More arguments than parameters are none of the function's: they may be for the program.
  private Object[] arguments(List<ValType> types) {
    List<String> texts = options.args();
    if (texts.size() < types.size()) {
      throw new IllegalArgumentException(
          "the function takes %s arguments, %s given".formatted(types.size(), texts.size()));
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      values.add(TextValues.parse(types.get(i), texts.get(i)));
    }
    return values.toArray();
  }
}
