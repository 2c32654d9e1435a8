package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.wasi.WasiConfig;
import org.junit.jupiter.api.Test;

/** Names of functions that take gigabytes, or all of the stack, to demangle. */
class HostileNamesTest {
  @Test
  void aNameThatExplodesWhenItIsDemangledStaysAsItIs() {
    ChildJvm.Result result = ChildJvm.run(Guests.class);
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout().lines())
        .as(result.toString())
        .containsExactly(
            "exploding: error in the engine; its message would contain a name too long to demangle",
            "deep: error in the engine; its message would contain a name too long to demangle",
            "plain: with a message of the engine's");
  }

  static final class Guests {
    public static void main(String[] args) {
      // Each level refers to the one before it sixteen times.
      StringBuilder exploding = new StringBuilder("_Z1f1A1BI").append("S_".repeat(16)).append('E');
      for (int level = 0; level < 12; level++) {
        exploding.append("S0_I").append(("S" + level + "_").repeat(16)).append('E');
      }
      System.out.println("exploding: " + messageOf(exploding.toString()));
      System.out.println("deep: " + messageOf("_Z1f" + "P".repeat(90_000) + "i"));
      assertThat(messageOf("plain_name")).contains("plain_name");
      System.out.println("plain: with a message of the engine's");
    }

    private static String messageOf(String functionName) {
      String wat =
          """
          (module
            (import "wasi_snapshot_preview1" "clock_time_get"
              (func $time (param i32 i64 i32) (result i32)))
            (memory (export "memory") 1)
            (func $%s (export "run")
              (drop (call $time (i32.const 77) (i64.const 0) (i32.const 0)))))
          """
              .formatted(functionName);
      try (Engine engine = Engine.create();
          Module module = Module.fromWat(engine, wat);
          Linker linker = Linker.create(engine);
          Store store = Store.create(engine)) {
        linker.defineWasi();
        WasiConfig.builder().build().applyTo(store);
        Func run = linker.instantiate(store, module).func("run");
        try {
          run.call();
        } catch (EngineException e) {
          assertThat(e.frames().getFirst().functionName()).isEqualTo(functionName);
          return e.getMessage();
        }
        throw new AssertionError("no error");
      }
    }
  }
}
