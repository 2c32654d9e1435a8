import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.StoppedException;
import io.github.wasmtimejvm.UntrustedGuests;
import io.github.wasmtimejvm.WasmtimeException;
import io.github.wasmtimejvm.wasi.ExitStatus;
import io.github.wasmtimejvm.wasi.OutputCapture;
import io.github.wasmtimejvm.wasi.WasiConfig;
import io.github.wasmtimejvm.wasi.WasiProgram;
import java.time.Duration;
import java.util.NoSuchElementException;

/**
 * A service that runs programs of people whom it does not know; docs/untrusted-guests.md explains
 * it.
 */
final class Untrusted {
  private static final UntrustedGuests LIMITS =
      UntrustedGuests.builder().memory(64 << 20).timePerCall(Duration.ofSeconds(5)).build();

  private static final int LARGEST_MODULE = 4 << 20;
  private static final int LARGEST_OUTPUT = 64 << 10;

  /** Runs a program and returns what became of it. All threads may do so at once. */
  private static String run(Engine engine, byte[] wasm) {
    if (wasm.length > LARGEST_MODULE) {
      return "is too large";
    }
    OutputCapture output = new OutputCapture(LARGEST_OUTPUT);
    WasiConfig mayDo = WasiConfig.builder().stdout(output).stderr(output).maxOpenFiles(16).build();
    try (Module module = Module.fromBytes(engine, wasm)) {
      ExitStatus status = WasiProgram.of(module).with(LIMITS::applyTo).run(mayDo);
      return "ended with " + status.code() + " and said: " + output.text();
    } catch (StoppedException timeIsUp) {
      return "had no time left";
    } catch (WasmtimeException | NoSuchElementException fault) {
      return "failed: "
          + fault.getMessage().lines().reduce((first, last) -> last).orElse("").strip();
    }
  }

  public static void main(String[] args) {
    try (Engine engine = LIMITS.engineBuilder().build()) {
      System.out.println("A good program " + run(engine, program(GOOD)));
      System.out.println("A large one " + run(engine, program(LARGE)));
      System.out.println("One with a large table " + run(engine, program(LARGE_TABLE)));
      System.out.println("One without end " + run(engine, program(ENDLESS)));
      System.out.println("One without end in itself " + run(engine, program(RECURSIVE)));
    }
  }

  private static final String GOOD =
      """
      (data (i32.const 16) "Hello, world!")
      (func (export "_start")
        (i32.store (i32.const 8) (i32.const 16))
        (i32.store (i32.const 12) (i32.const 13))
        (drop (call $fd_write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0))))
      """;

  /** Takes all the memory that it can get, and exits with the number of its pages. */
  private static final String LARGE =
      """
      (func (export "_start")
        (loop $more (br_if $more (i32.ge_s (memory.grow (i32.const 1)) (i32.const 0))))
        (call $proc_exit (memory.size)))
      """;

  private static final String LARGE_TABLE =
      """
      (table 1000000 funcref)
      (func (export "_start"))
      """;

  private static final String ENDLESS =
      """
      (func (export "_start") (loop $again (br $again)))
      """;

  private static final String RECURSIVE =
      """
      (func $f (export "_start") (call $f) (call $f))
      """;

  private static byte[] program(String text) {
    return Module.wat2wasm(
        """
        (module
          (import "wasi_snapshot_preview1" "fd_write"
            (func $fd_write (param i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
          (memory (export "memory") 1)
          %s)
        """
            .formatted(text));
  }
}
