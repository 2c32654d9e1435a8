import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.wasi.ExitStatus;
import io.github.wasmtimejvm.wasi.WasiConfig;

/**
 * Runs a WASI program: the twin of {@code examples/wasip1/main.c}.
 *
 * <p>For {@code wasmtime_linker_define_wasi}, {@code wasi_config_new} and what inherits, {@code
 * wasmtime_context_set_wasi}, {@code wasmtime_linker_module}, {@code wasmtime_linker_get_default},
 * and {@code wasmtime_error_exit_status} for programs that end by exiting. {@code WasiProgram} does
 * all of it in one call.
 */
final class Wasip1 {
  private static final String GUEST =
      """
      (module
        (import "wasi_snapshot_preview1" "fd_write"
          (func $fd_write (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 16) "Hello, world!\\n")

        (func (export "_start")
          ;; At 8 the one buffer to write from; at 0 the engine puts how much it wrote.
          (i32.store (i32.const 8) (i32.const 16))
          (i32.store (i32.const 12) (i32.const 14))
          (drop (call $fd_write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0)))))
      """;

  public static void main(String[] args) {
    ExitStatus status;
    try (Engine engine = Engine.create();
        Module module = Module.fromWat(engine, GUEST);
        Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      linker.defineWasi();
      WasiConfig.builder().inheritArgs().inheritEnv().inheritStdio().build().applyTo(store);

      linker.defineModule(store, "", module);
      Runnable program = linker.getDefault(store, "").as(Runnable.class);
      status = ExitStatus.of(program::run);
    }
    System.exit(status.code());
  }
}
