package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.SystemLimits;
import io.github.wasmtimejvm.wasi.WasiConfig;
import io.github.wasmtimejvm.wasi.WasiProgram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Programs that start threads until the system refuses one, and go on. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere the engine's runtimes are left alone")
class NoThreadsTest {
  @Test
  void theFirstModuleIsRefused() {
    ChildJvm.Result result = ChildJvm.with("-Xlog:disable").run(Compile.class);

    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout())
        .startsWith(
            "no more threads\nthrown: io.github.wasmtimejvm.EngineException: The engine's compiler")
        .endsWith("\nalive\n");
  }

  @Test
  void theFirstCallOfWasiIsRefused() {
    ChildJvm.Result result = ChildJvm.with("-Xlog:disable").run(Wasi.class);

    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout())
        .startsWith(
            "no more threads\nthrown: io.github.wasmtimejvm.EngineException: The engine's WASI")
        .endsWith("\nalive\n");
  }

  @Test
  void theFirstEngineIsRefusedAndTheNextIsNot() {
    ChildJvm.Result result = ChildJvm.with("-Xlog:disable").run(Create.class);

    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout())
        .startsWith("no more threads\nthrown: java.lang.OutOfMemoryError: unable to create")
        .endsWith("\ncreated\n");
  }

  static final class Create {
    public static void main(String[] args) {
      Module.wat2wasm("(module)"); // the libraries are where nobody else may look
      SystemLimits.useUpThreads();
      try {
        Engine.create().close();
      } catch (Throwable e) {
        System.out.println("thrown: " + e);
      }
      SystemLimits.THREADS.lift();
      Engine.create().close();
      System.out.println("created");
      System.exit(0);
    }
  }

  static final class Compile {
    public static void main(String[] args) {
      try (Engine engine = Engine.create()) {
        byte[] wasm = Module.wat2wasm("(module (func (export \"f\")))");
        SystemLimits.useUpThreads();
        try {
          Module.fromBytes(engine, wasm).close();
          System.out.println("compiled");
        } catch (Throwable e) {
          System.out.println("thrown: " + e);
        }
      }
      System.out.println("alive");
      System.exit(0);
    }
  }

  static final class Wasi {
    private static final String HELLO =
        """
        (module
          (import "wasi_snapshot_preview1" "fd_write"
            (func $write (param i32 i32 i32 i32) (result i32)))
          (memory (export "memory") 1)
          (data (i32.const 16) "hello\\n")
          (func (export "_start")
            (i32.store (i32.const 0) (i32.const 16))
            (i32.store (i32.const 4) (i32.const 6))
            (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
        """;

    public static void main(String[] args) {
      try (Engine engine = Engine.create();
          Module module = Module.fromWat(engine, HELLO)) {
        SystemLimits.useUpThreads();
        try {
          WasiConfig config = WasiConfig.builder().inheritStdout().build();
          System.out.println(WasiProgram.of(module).run(config));
        } catch (Throwable e) {
          System.out.println("thrown: " + e);
        }
      }
      System.out.println("alive");
      System.exit(0);
    }
  }
}
