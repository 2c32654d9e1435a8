package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.wasi.WasiConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The library and the engine print nothing by themselves, whatever a guest does. */
class SilenceTest {
  private static final String GUEST =
      """
      (module
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (import "wasi_snapshot_preview1" "clock_time_get"
          (func $time (param i32 i64 i32) (result i32)))
        (import "host" "f" (func $host))
        (memory (export "memory") 1)
        (tag $tag)
        (func (export "return"))
        (func (export "trap") unreachable)
        (func (export "host") (call $host))
        (func (export "throw") (throw $tag))
        (func (export "exit") (call $exit (i32.const 1)))
        (func (export "engine error")
          (drop (call $time (i32.const 77) (i64.const 0) (i32.const 0))))
        (func $recurse (export "recurse") (call $recurse)))
      """;

  @Test
  void nothingIsPrinted() {
    assertThat(ChildJvm.run(Everything.class)).isEqualTo(new ChildJvm.Result(0, "", ""));
  }

  static final class Everything {
    public static void main(String[] args) {
      try (Engine engine = Engine.create();
          Module module = Module.fromWat(engine, GUEST);
          Linker linker = Linker.create(engine);
          Store store = Store.create(engine)) {
        assertThatExceptionOfType(CompileException.class)
            .isThrownBy(() -> Module.fromBytes(engine, new byte[] {1}));
        assertThatExceptionOfType(CompileException.class)
            .isThrownBy(() -> Module.fromWat(engine, "(module (func (result i32)))"));
        assertThatExceptionOfType(LinkException.class)
            .isThrownBy(() -> linker.instantiate(store, module));
        linker.defineWasi();
        linker.define(
            "host",
            "f",
            FuncType.of(),
            (caller, values) -> {
              throw new IllegalStateException("of the host");
            });
        WasiConfig.builder().build().applyTo(store);
        Instance instance = linker.instantiate(store, module);
        instance.func("return").call();
        Map<String, Class<? extends Exception>> outcomes =
            Map.of(
                "trap", TrapException.class,
                "recurse", TrapException.class,
                "throw", GuestException.class,
                "host", IllegalStateException.class,
                "exit", ExitException.class,
                "engine error", EngineException.class);
        outcomes.forEach(
            (function, outcome) ->
                assertThatExceptionOfType(outcome).isThrownBy(instance.func(function)::call));
      }
    }
  }
}
