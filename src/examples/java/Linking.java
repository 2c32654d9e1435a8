import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.wasi.WasiConfig;

/**
 * Two guests, of which one uses the functions and the memory of the other: the twin of {@code
 * examples/linking.c}.
 *
 * <p>For {@code wasmtime_linker_new}, {@code wasmtime_linker_define_wasi}, {@code wasi_config_new}
 * and what inherits, {@code wasmtime_context_set_wasi}, {@code wasmtime_linker_instantiate} and
 * {@code wasmtime_linker_define_instance}.
 */
final class Linking {
  /** Imports from {@code linking2} everything that it works with. */
  private static final String LINKING1 =
      """
      (module
        (import "linking2" "double" (func $double (param i32) (result i32)))
        (import "linking2" "log" (func $log (param i32 i32)))
        (import "linking2" "memory" (memory 1))
        (import "linking2" "memory_offset" (global $text i32))
        (data (global.get $text) "Hello, world!\\n")

        (func (export "run")
          (drop (call $double (i32.const 2)))
          (call $log (global.get $text) (i32.const 14))))
      """;

  /** Imports WASI only, to write to standard output. */
  private static final String LINKING2 =
      """
      (module
        (import "wasi_snapshot_preview1" "fd_write"
          (func $fd_write (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 2)
        (global (export "memory_offset") i32 (i32.const 65536))

        (func (export "double") (param $n i32) (result i32)
          (i32.mul (local.get $n) (i32.const 2)))

        (func (export "log") (param $text i32) (param $length i32)
          ;; At 8 the one buffer to write from; at 0 the engine puts how much it wrote.
          (i32.store (i32.const 8) (local.get $text))
          (i32.store (i32.const 12) (local.get $length))
          (drop (call $fd_write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0)))))
      """;

  public static void main(String[] args) {
    try (Engine engine = Engine.create();
        Module linking1 = Module.fromWat(engine, LINKING1);
        Module linking2 = Module.fromWat(engine, LINKING2);
        Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      linker.defineWasi();
      WasiConfig.builder().inheritArgs().inheritEnv().inheritStdio().build().applyTo(store);

      linker.defineInstance("linking2", linker.instantiate(store, linking2));
      Instance instance = linker.instantiate(store, linking1);

      instance.func("run").as(Runnable.class).run();
    }
  }
}
