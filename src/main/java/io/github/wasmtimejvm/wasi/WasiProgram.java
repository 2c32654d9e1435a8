package io.github.wasmtimejvm.wasi;

import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.InstancePre;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
 * <p>All threads may run a program at once. What it keeps to be quick goes with the module and the
 * object itself; there is nothing to close.
 */
public final class WasiProgram {
  private static final String START = "_start";
  private static final String INITIALIZE = "_initialize";

  private final Module module;
  private final Consumer<Store> preparation;
  private volatile @Nullable InstancePre prepared;

  private WasiProgram(Module module, Consumer<Store> preparation) {
    this.module = module;
    this.preparation = preparation;
  }

  /**
   * Returns the program in a module. Threads: any.
   *
   * @param module a WASI command, or a reactor. It must stay open while it is run
   */
  public static WasiProgram of(Module module) {
    return new WasiProgram(Objects.requireNonNull(module, "module"), store -> {});
  }

  /**
   * Returns the same program with something to do to each run's store first: set a timeout, fuel or
   * limits.
   *
   * <pre>{@code
   * WasiProgram.of(module).with(store -> store.setTimeout(Duration.ofSeconds(10)))
   * }</pre>
   *
   * <p>Threads: any.
   *
   * @param preparation what to do, after what was given before; what it throws ends the run
   */
  public WasiProgram with(Consumer<Store> preparation) {
    return new WasiProgram(module, this.preparation.andThen(preparation));
  }

  /**
   * Runs the program to its end: its export {@code ""} if that is a function, as in programs of an
   * older convention, else {@code _start}. Threads: any.
   *
   * @param config what it may see of the host
   * @return its status; 0 also when it returns without exiting
   * @throws io.github.wasmtimejvm.TrapException if it traps
   * @throws io.github.wasmtimejvm.GuestException if it throws an exception that is not caught
   * @throws io.github.wasmtimejvm.StoppedException if it is stopped from outside
   * @throws io.github.wasmtimejvm.LinkException if it imports something else than WASI
   * @throws java.util.NoSuchElementException if it has none of these functions
   * @throws OutputException if it has a status, but a stream of Java's fails in the end
   * @throws io.github.wasmtimejvm.EngineException if the system refuses the engine what it needs
   *     for WASI ({@link WasiConfig#applyTo})
   */
  public ExitStatus run(WasiConfig config) {
    return run(config, exportsFunction("") ? "" : START);
  }

  /**
   * Instantiates the program and calls one of its functions instead of {@code _start}. A reactor
   * gets ready before, in its {@code _initialize}. Threads: any.
   *
   * @param config what it may see of the host
   * @param function name of an exported function
   * @param args its arguments
   * @return its status; 0 when the function returns, whatever its results
   * @throws OutputException if it has a status, but a stream of Java's fails in the end
   */
  public ExitStatus run(WasiConfig config, String function, Object... args) {
    boolean reactor = exportsFunction(INITIALIZE) && !function.equals(INITIALIZE);
    InstancePre pre = prepared();
    ExitStatus status = null;
    try (Store store = Store.create(module.engine())) {
      config.applyTo(store);
      preparation.accept(store);
      status =
          ExitStatus.of(
              () -> {
                Instance instance = pre.instantiate(store);
                if (reactor) {
                  instance.func(INITIALIZE).call();
                }
                instance.func(function).call(args);
              });
    } catch (OutputException lost) {
      throw status == null ? lost : new OutputException(status, lost);
    }
    return status;
  }

  private boolean exportsFunction(String name) {
    return module.exports().stream()
        .anyMatch(export -> export.name().equals(name) && export.type() instanceof FuncType);
  }

  // Two threads may both make one at first; the Cleaner takes what nobody keeps.
  private InstancePre prepared() {
    InstancePre known = prepared;
    if (known == null) {
      try (Linker linker = Linker.create(module.engine())) {
        linker.defineWasi();
        known = linker.instantiatePre(module);
      }
      prepared = known;
    }
    return known;
  }
}
