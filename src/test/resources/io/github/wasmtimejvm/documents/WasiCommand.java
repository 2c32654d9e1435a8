// prints: print('hello')
// prints: 0
class WasiCommand {
  /** No Python, which the tests of examples run: it prints its third argument. */
  private static final String GUEST =
      """
      (module
        (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_write"
          (func $fd_write (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 96) "\\n")
        (func (export "_start")
          (drop (call $args_get (i32.const 32) (i32.const 128)))
          (i32.store (i32.const 0) (i32.load (i32.const 40)))
          (i32.store (i32.const 4) (i32.const 14))
          (i32.store (i32.const 8) (i32.const 96))
          (i32.store (i32.const 12) (i32.const 1))
          (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))
          (drop (call $fd_write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)))))
      """;

  public static void main(String[] args) {
    try (Engine engine = Engine.create();
        Module module = Module.fromWat(engine, GUEST)) {
      // block
      System.out.println(status.code());
    }
  }
}
