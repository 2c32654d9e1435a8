import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.ExitException;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.component.Component;
import io.github.wasmtimejvm.component.ComponentLinker;
import io.github.wasmtimejvm.component.ErrException;
import io.github.wasmtimejvm.component.WitName;
import io.github.wasmtimejvm.wasi.WasiConfig;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Runs a program for WASI 0.2, which is a component: the twin of {@code examples/wasip2/main.c}.
 *
 * <p>For {@code wasmtime_component_linker_add_wasip2}, {@code wasi_config_new} and what inherits,
 * {@code wasmtime_context_set_wasi}, {@code wasmtime_component_linker_instantiate}, the export
 * {@code wasi:cli/run}, its {@code result}, and {@code wasmtime_error_exit_status} for programs
 * that end by exiting. {@code WasiProgram} does all of it in one call.
 */
public final class Wasip2 {
  /** What every program exports, in whatever version of WASI 0.2 it was built for. */
  @WitName("wasi:cli/run@0.2.0")
  public interface Run {
    /** {@code run: func() -> result}. */
    void run() throws ErrException;
  }

  public static void main(String[] args) throws IOException {
    int status = 0;
    try (Engine engine = Engine.create();
        Component component =
            Component.fromFile(engine, Path.of("src/examples/guests/wasip2.wat"));
        Store store = Store.create(engine)) {
      ComponentLinker linker = ComponentLinker.create(engine);
      linker.defineWasi();
      WasiConfig.builder().inheritArgs().inheritEnv().inheritStdio().build().applyTo(store);

      Run program = linker.instantiate(store, component).as(Run.class);
      program.run();
    } catch (ErrException failed) {
      status = 1;
    } catch (ExitException exit) {
      status = exit.status();
    }
    System.exit(status);
  }
}
