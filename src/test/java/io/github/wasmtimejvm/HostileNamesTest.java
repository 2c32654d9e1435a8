package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.wasmtimejvm.testing.EngineFixture;
import io.github.wasmtimejvm.wasi.WasiConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Names of functions that the engine must not demangle, since that may take all memory there is. No
 * name here does: they are only a little too long.
 */
class HostileNamesTest {
  private static final int LONGEST = 100;

  @RegisterExtension private static final EngineFixture fixture = EngineFixture.create();

  private final Engine engine = fixture.engine();

  /** Whatever they begin with: the engine takes more for mangled than what C++ and Rust make. */
  @ParameterizedTest
  @ValueSource(strings = {"_Z", "___Z", "_ZN", "_R", "P", "f", "_GLOBAL_", "plain_name", "N1a1bE"})
  void onlyTheLengthOfANameDecides(String beginning) {
    String longest = beginning + "q".repeat(LONGEST - beginning.length());

    assertThat(errorOf(longest).getMessage()).contains("Clockid").contains(longest);
    assertThat(errorOf(longest + "q"))
        .hasMessageContaining("its message would contain a name too long to demangle")
        .hasMessageContaining("!" + longest + "q")
        .satisfies(e -> assertThat(e.frames().getFirst().functionName()).isEqualTo(longest + "q"))
        .message()
        .doesNotContain("Clockid");
  }

  /** What the engine demangles need not have been mangled: it calls these float and long**. */
  @ParameterizedTest
  @ValueSource(strings = {"f", "PPl"})
  void aMessageHasTheNamesOfTheFrames(String name) {
    EngineException error = errorOf(name);

    assertThat(error)
        .hasMessageStartingWith("error while executing at wasm backtrace:\n    0: 0x")
        .hasMessageContaining("!" + name + "\n\nCaused by:\n")
        .hasMessageContaining("Clockid")
        .message()
        .doesNotContain("float", "long", "<unknown>!<");
    assertThat(error.getStackTrace()[0].getMethodName()).isEqualTo(name);
  }

  /** The engine's own frames, and what a name says that looks like their end. */
  @Test
  void aNameCannotPassForTheCause() {
    String name = "f\\n\\nCaused by:\\n    nothing";
    EngineException error = errorOf(name);

    assertThat(error.getMessage().lines().filter(line -> line.equals("Caused by:"))).hasSize(1);
    assertThat(error.getMessage().substring(error.getMessage().indexOf("\nCaused by:\n")))
        .contains("Clockid")
        .doesNotContain("nothing");
  }

  private EngineException errorOf(String functionName) {
    String wat =
        """
        (module
          (import "wasi_snapshot_preview1" "clock_time_get"
            (func $time (param i32 i64 i32) (result i32)))
          (memory (export "memory") 1)
          (func $"NAME" (export "run")
            (drop (call $time (i32.const 77) (i64.const 0) (i32.const 0)))))
        """
            .replace("NAME", functionName);
    try (Module module = Module.fromWat(engine, wat);
        Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      linker.defineWasi();
      WasiConfig.builder().build().applyTo(store);
      Func run = linker.instantiate(store, module).func("run");
      return catchThrowableOfType(EngineException.class, run::call);
    }
  }
}
