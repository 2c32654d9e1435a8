package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.wasi.WasiConfig;
import org.junit.jupiter.api.Test;

/**
 * Names of functions that may take gigabytes, or all of the stack, to demangle: the guard answers
 * from a length on. The names here are just above it, and harmless: it is the guard that is seen.
 */
class HostileNamesTest {
  private static final int LONGEST = 100;

  @Test
  void aNameThatMayExplodeWhenItIsDemangledStaysAsItIs() {
    for (String prefix : new String[] {"_Z", "__Z", "____Z"}) {
      assertThat(messageOf(mangled(prefix, LONGEST + 1)))
          .as(prefix)
          .isEqualTo("error in the engine; its message would contain a name too long to demangle");
    }
    for (String name : new String[] {mangled("_Z", LONGEST), mangled("_Y", LONGEST + 1)}) {
      assertThat(messageOf(name)).as(name).contains("f".repeat(LONGEST - 10));
    }
  }

  // A function of a name as long as it must be, without arguments.
  private static String mangled(String prefix, int length) {
    int rest = length - prefix.length() - 3;
    String name = prefix + rest + "f".repeat(rest) + "v";
    assertThat(name).hasSize(length);
    return name;
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
