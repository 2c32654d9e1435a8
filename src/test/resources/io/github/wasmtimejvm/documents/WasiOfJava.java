// prints: input
// prints: a warning
// prints: 76
class WasiOfJava {
  /** Sleeps for an hour, copies its input, warns, and exits with what opening a file gave. */
  private static final String GUEST =
      """
      (module
        (import "wasi_snapshot_preview1" "poll_oneoff"
          (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_read"
          (func $fd_read (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_write"
          (func $fd_write (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_open"
          (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
        (memory (export "memory") 1)
        (data (i32.const 0) "\\00\\04\\00\\00\\40\\00\\00\\00") ;; 64 bytes at 1024
        (data (i32.const 8) "\\20\\00\\00\\00\\0a\\00\\00\\00") ;; 10 bytes at 32
        (data (i32.const 32) "a warning\\n")
        (data (i32.const 48) "file")
        (func (export "_start")
          ;; A subscription: the monotonic clock, in 3600 s.
          (i32.store (i32.const 144) (i32.const 1))
          (i64.store (i32.const 152) (i64.const 3600000000000))
          (drop (call $poll_oneoff
            (i32.const 128) (i32.const 256) (i32.const 1) (i32.const 16)))
          (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 4)))
          (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))
          (drop (call $fd_write (i32.const 2) (i32.const 8) (i32.const 1) (i32.const 16)))
          (call $proc_exit
            (call $path_open (i32.const 3) (i32.const 0) (i32.const 48) (i32.const 4)
              (i32.const 0) (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 16)))))
      """;

  /** In place of a logger. */
  private record Log(List<String> lines) {
    void warn(String line) {
      lines.add(line);
    }
  }

  private static boolean isAllowed(WasiCall call) {
    return !call.memory().readString(call.intArg(2), call.intArg(3)).equals("file");
  }

  public static void main(String[] args) throws Exception {
    Files.createDirectory(Path.of("data"));
    InputStream inputStream = new ByteArrayInputStream("input\n".getBytes());
    Log log = new Log(new ArrayList<>());
    // block
    try (var engine = io.github.wasmtimejvm.Engine.create();
        var module = io.github.wasmtimejvm.Module.fromWat(engine, GUEST)) {
      ExitStatus status = WasiProgram.of(module).run(config);
      System.out.print(output.text());
      log.lines().forEach(System.out::println);
      System.out.println(status.code());
    }
  }
}
