package io.github.wasmtimejvm.wasi;

import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.component.Component;
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
 * <p>All threads may run a program at once. What it keeps to be quick goes with the module or
 * component and the object itself; there is nothing to close.
 */
public final class WasiProgram {
  private final ProgramCode code;
  private final Consumer<Store> preparation;

  private WasiProgram(ProgramCode code, Consumer<Store> preparation) {
    this.code = code;
    this.preparation = preparation;
  }

  /**
   * Returns the program in a module. Threads: any.
   *
   * @param module a WASI command, or a reactor. It must stay open while it is run
   */
  public static WasiProgram of(Module module) {
    return new WasiProgram(new ModuleCode(Objects.requireNonNull(module, "module")), store -> {});
  }

  /**
   * Returns the program in a component. Threads: any.
   *
   * @param component a component that exports {@code wasi:cli/run} in a version compatible with
   *     0.2, or functions to call. It must stay open while it is run
   */
  public static WasiProgram of(Component component) {
    return new WasiProgram(
        new ComponentCode(Objects.requireNonNull(component, "component")), store -> {});
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
    return new WasiProgram(code, this.preparation.andThen(preparation));
  }

  /**
   * Runs the program to its end. Of a module this is the export {@code ""} if that is a function,
   * as in programs of an older convention, else {@code _start}; of a component the function {@code
   * run} of {@code wasi:cli/run}. Threads: any.
   *
   * @param config what it may see of the host
   * @return its status; 0 also when it returns without exiting, 1 when a component returns an error
   * @throws io.github.wasmtimejvm.TrapException if it traps
   * @throws io.github.wasmtimejvm.GuestException if it throws an exception that is not caught
   * @throws io.github.wasmtimejvm.StoppedException if it is stopped from outside
   * @throws io.github.wasmtimejvm.LinkException if it imports something else than WASI
   * @throws java.util.NoSuchElementException if it has none of these functions
   * @throws IllegalArgumentException if it is a component and the configuration has what components
   *     cannot have, or does not {@linkplain WasiConfig.Builder#allowHttp allow} the {@code
   *     wasi:http} that it imports; or if {@link WasiConfig#applyTo} says so
   * @throws OutputException if it has a status, but a stream of Java's fails in the end
   * @throws io.github.wasmtimejvm.EngineException if the system refuses the engine what it needs
   *     for WASI ({@link WasiConfig#applyTo})
   */
  public ExitStatus run(WasiConfig config) {
    return runFunction(config, null);
  }

  /**
   * Instantiates the program and calls one of its functions instead. A module that is a reactor
   * gets ready before, in its {@code _initialize}. Threads: any.
   *
   * @param config what it may see of the host
   * @param function name of an exported function; a component's function in an interface has the
   *     name of the interface before it: {@code wasi:cli/run@0.2.0#run}
   * @param args its arguments; a component's as {@link
   *     io.github.wasmtimejvm.component.ComponentFunc#call} takes them
   * @return its status; 0 when the function returns, whatever its results, but 1 when a component's
   *     function returns the error of a {@code result}
   * @throws OutputException if it has a status, but a stream of Java's fails in the end
   */
  public ExitStatus run(WasiConfig config, String function, Object... args) {
    return runFunction(config, Objects.requireNonNull(function, "function"), args);
  }

  private ExitStatus runFunction(WasiConfig config, @Nullable String function, Object... args) {
    code.prepare(config);
    ExitStatus status = null;
    try (Store store = Store.create(code.engine())) {
      config.applyTo(store);
      preparation.accept(store);
      status = code.run(store, function, args);
    } catch (OutputException lost) {
      throw status == null ? lost : new OutputException(status, lost);
    }
    return status;
  }
}
