// prints: ended with 0 and said: hello
// prints: failed: the instance exports no Func "_start"; its exports are []
// prints: is too large
class Service {
  private static final int LARGEST_MODULE = 4 << 20;
  private static final int LARGEST_OUTPUT = 64 << 10;

  // block

  private static final String GUEST =
      """
      (module
        (import "wasi_snapshot_preview1" "fd_write"
          (func $fd_write (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 0) "\\10\\00\\00\\00\\05\\00\\00\\00")
        (data (i32.const 16) "hello")
        (func (export "_start")
          (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
      """;

  public static void main(String[] args) {
    try (Engine engine = LIMITS.engineBuilder().build()) {
      System.out.println(run(engine, Module.wat2wasm(GUEST)));
      System.out.println(run(engine, Module.wat2wasm("(module)")));
      System.out.println(run(engine, new byte[LARGEST_MODULE + 1]));
    }
  }
}
