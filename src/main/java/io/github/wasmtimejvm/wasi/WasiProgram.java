package io.github.wasmtimejvm.wasi;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;

/**
 * A whole program, run as the command line runs it: every run has a store of its own, and a
 * finished program is never an exception.
 *
 * <pre>{@code
 * try (Engine engine = Engine.create();
 *     Module module = Module.fromFile(engine, Path.of("python.wasm"))) {
 *   WasiConfig config =
 *       WasiConfig.builder().args("python", "-c", "print('hello')").inheritStdio().build();
 *   ExitStatus status = WasiProgram.of(module).run(config);
 * }
 * }</pre>
 *
 * <p>All threads may run a program at once.
 */
public final class WasiProgram {
  private final Module module;

  private WasiProgram(Module module) {
    this.module = module;
  }

  /**
   * Returns the program in a module.
   *
   * @param module a WASI command, which exports {@code _start}, or a reactor, which has other
   *     functions to run. It must stay open while it is run
   */
  public static WasiProgram of(Module module) {
    return new WasiProgram(module);
  }

  /**
   * Runs the program to its end: its export {@code ""} if that is a function, else {@code _start}.
   *
   * @param config what it may see of the host
   * @return its status; 0 also when it returns without exiting
   * @throws io.github.wasmtimejvm.TrapException if it traps
   * @throws io.github.wasmtimejvm.GuestException if it throws an exception that is not caught
   * @throws io.github.wasmtimejvm.LinkException if it imports something else than WASI
   * @throws java.util.NoSuchElementException if it exports neither
   */
  public ExitStatus run(WasiConfig config) {
    // Modules that follow an older convention have their entry under no name.
    return run(config, exportsFunc("") ? "" : "_start");
  }

  /**
   * Instantiates the program and calls one of its functions instead of {@code _start}. If it
   * exports {@code _initialize}, as a reactor does, that is called before.
   *
   * @param config what it may see of the host
   * @param function name of an exported function
   * @param args its arguments
   * @return its status; 0 when the function returns, whatever its results
   */
  public ExitStatus run(WasiConfig config, String function, Object... args) {
    Engine engine = module.engine();
    try (Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      linker.defineWasi();
      config.applyTo(store);
      return ExitStatus.of(
          () -> {
            Instance instance = linker.instantiate(store, module);
            if (exportsFunc("_initialize")) {
              instance.func("_initialize").call();
            }
            instance.func(function).call(args);
          });
    }
  }

  private boolean exportsFunc(String name) {
    return module.exports().stream()
        .anyMatch(export -> export.name().equals(name) && export.type() instanceof FuncType);
  }
}
