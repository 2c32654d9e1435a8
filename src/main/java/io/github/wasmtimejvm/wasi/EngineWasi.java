package io.github.wasmtimejvm.wasi;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Extern;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Memory;
import io.github.wasmtimejvm.MemoryType;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.SharedMemory;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.access.Access;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The engine's own functions of WASI, for interceptors that pass calls on; one object for each
 * engine.
 *
 * <p>Pointers point into a memory that these functions look for among the exports of the calling
 * module. When Java calls them, there is no such module. So Java calls a tiny module that exports
 * the guest's memory as its own and passes each call on.
 *
 * <p>Stores that outlive their engine still use this object, so nobody closes it.
 */
final class EngineWasi {
  private static final String WASI = "wasi_snapshot_preview1";

  /** Any memory of one thread with pointers of 32 bits, which nearly all guests have. */
  private static final String PLAIN = "(memory 0)";

  private final Engine engine;
  private final Linker linker;
  private final Map<String, FuncType> types = new HashMap<>(); // under this
  private final Map<Passing, Module> modules = new HashMap<>(); // under this

  /** What a module passes on, and the type of its memory as text. */
  private record Passing(Set<String> names, String memory) {}

  private EngineWasi(Engine engine) {
    this.engine = engine;
    this.linker = Access.get().plainWasi(engine);
  }

  /** Returns the object of an engine, which must be open. */
  static EngineWasi of(Engine engine) {
    return Access.get().attachment(engine, EngineWasi.class, EngineWasi::new);
  }

  /**
   * Prepares functions for most guests, as long as the engine is open.
   *
   * @throws IllegalArgumentException if WASI has no function of one of the names
   */
  void prepare(Store store, Set<String> names) {
    module(store, names, PLAIN);
  }

  /** Returns an instance of the tiny module with a guest's memory; it exports the functions. */
  Instance instantiate(Store store, Set<String> names, Extern memory) {
    Module module = module(store, names, type(memory));
    try (Linker withMemory = linker.copy()) {
      withMemory.define("guest", "memory", memory);
      return withMemory.instantiate(store, module);
    }
  }

  private synchronized Module module(Store store, Set<String> names, String memory) {
    Passing passing = new Passing(Set.copyOf(names), memory);
    Module known = modules.get(passing);
    if (known == null) {
      known = Module.fromWat(engine, text(store, passing));
      modules.put(passing, known);
    }
    return known;
  }

  private String text(Store store, Passing passing) {
    StringBuilder imports = new StringBuilder();
    StringBuilder functions = new StringBuilder();
    for (String name : passing.names) {
      FuncType type = type(store, name);
      String signature = signature(type);
      imports.append(
          "(import \"%1$s\" \"%2$s\" (func $%2$s %3$s))\n".formatted(WASI, name, signature));
      functions.append("(func (export \"%s\") %s".formatted(name, signature));
      for (int i = 0; i < type.params().size(); i++) {
        functions.append(" local.get ").append(i);
      }
      functions.append(" call $").append(name).append(")\n");
    }
    return "(module $wasi\n%s(import \"guest\" \"memory\" %s)\n(export \"memory\" (memory 0))\n%s)"
        .formatted(imports, passing.memory, functions);
  }

  private FuncType type(Store store, String name) {
    return types.computeIfAbsent(
        name,
        _ -> {
          Extern function =
              linker
                  .get(store, WASI, name)
                  .orElseThrow(() -> new IllegalArgumentException("WASI has no function " + name));
          return ((Func) function).type();
        });
  }

  private static String signature(FuncType type) {
    StringBuilder text = new StringBuilder("(param");
    type.params().forEach(param -> text.append(' ').append(param));
    text.append(") (result");
    type.results().forEach(result -> text.append(' ').append(result));
    return text.append(')').toString();
  }

  private static String type(Extern memory) {
    MemoryType type =
        switch (memory) {
          case Memory own -> own.type();
          case SharedMemory shared -> shared.type();
          default -> throw new AssertionError();
        };
    String page = type.pageSize() == 65536 ? "" : " (pagesize " + type.pageSize() + ")";
    String limits = type.shared() ? "0 " + type.maximum().orElseThrow() + " shared" : "0";
    return "(memory " + (type.is64() ? "i64 " : "") + limits + page + ")";
  }
}
