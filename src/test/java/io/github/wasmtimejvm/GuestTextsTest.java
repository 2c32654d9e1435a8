package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.wasmtimejvm.testing.EngineFixture;
import io.github.wasmtimejvm.wasi.WasiConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Names that a guest chooses so as to forge lines of a log, and what shows them. */
class GuestTextsTest {
  private static final String NAME = "f\r\n2026-01-01 forged\u001b[31m\u202e";
  // The same in a text module.
  private static final String WAT = "f\\r\\n2026-01-01 forged\\u{1b}[31m\\u{202e}";
  private static final String SHOWN = "f\\r\\n2026-01-01 forged\\u001b[31m\\u202e";

  @RegisterExtension private final EngineFixture fixture = EngineFixture.create();

  private final Engine engine = fixture.engine();
  private final Store store = fixture.newStore();

  @TempDir private Path folder;

  private Module module(String wat) {
    return Module.fromWat(engine, wat.replace("NAME", WAT));
  }

  private static void assertShows(String text) {
    assertThat(text).contains(SHOWN);
    assertForgesNothing(text);
  }

  private static void assertForgesNothing(String text) {
    assertThat(text.lines()).noneMatch(line -> line.strip().startsWith("2026"));
    assertThat(text).doesNotContainPattern("[\\p{Cc}\\u202e&&[^\\n\\t]]");
  }

  private static String trace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  @Test
  void aTrapInAFunctionAndAModule() {
    Instance instance =
        Instance.create(
            store, module("(module $\"NAME\" (func $\"NAME\" (export \"f\") unreachable))"));
    TrapException trap = (TrapException) catchThrowable(() -> instance.func("f").call());
    WasmFrame frame = trap.frames().getFirst();

    assertShows(trace(trap));
    assertShows(frame.toString());
    // To programs it is as it stands in the module.
    assertThat(frame.functionName()).isEqualTo(NAME);
    assertThat(frame.moduleName()).isEqualTo(NAME);
  }

  @Test
  void anErrorOfTheEngineWithABacktrace() {
    try (Linker linker = Linker.create(engine)) {
      linker.defineWasi();
      WasiConfig.builder().build().applyTo(store);
      Instance instance =
          linker.instantiate(
              store,
              module(
                  """
                  (module $"NAME"
                    (import "wasi_snapshot_preview1" "clock_time_get"
                      (func $time (param i32 i64 i32) (result i32)))
                    (memory (export "memory") 1)
                    (func $"NAME" (export "f")
                      (drop (call $time (i32.const 77) (i64.const 0) (i32.const 0)))))
                  """));
      Throwable error = catchThrowable(() -> instance.func("f").call());

      assertThat(error).isInstanceOf(EngineException.class);
      assertShows(error.getMessage());
      assertShows(trace(error));
      // The lines that are the engine's stay lines.
      assertThat(error.getMessage()).contains("\nCaused by:\n");
    }
  }

  @Test
  void importsThatAreMissing() {
    Module module = module("(module (import \"NAME\" \"NAME\" (func)))");
    try (Linker linker = Linker.create(engine)) {
      Throwable missing = catchThrowable(() -> linker.instantiate(store, module));
      assertThat(missing).isInstanceOf(LinkException.class);
      assertShows(missing.getMessage());
      assertShows(((LinkException) missing).unsatisfied().toString());

      linker.defineUnknownImportsAsTraps(module);
      Module calls = module("(module (import \"NAME\" \"NAME\" (func $f)) (start $f))");
      assertShows(catchThrowable(() -> linker.instantiate(store, calls)).getMessage());
    }
  }

  @Test
  void exportsThatAreMissing() {
    Module module = module("(module (func (export \"NAME\")))");
    Instance instance = Instance.create(store, module);

    assertShows(catchThrowable(() -> instance.func("g")).getMessage());
    assertShows(catchThrowable(() -> instance.func(NAME + NAME)).getMessage());
    assertShows(module.exports().toString());
    assertThat(module.exports().getFirst().name()).isEqualTo(NAME);
  }

  @Test
  void aModuleThatIsNotValid() {
    byte[] wasm =
        Module.wat2wasm(
            "(module (func (export \"NAME\")) (func (export \"NAME\")))".replace("NAME", WAT));

    Throwable invalid = catchThrowable(() -> Module.fromBytes(engine, wasm));

    assertThat(invalid).isInstanceOf(CompileException.class);
    assertForgesNothing(invalid.getMessage());
  }

  @Test
  void aFileThatIsNoModuleIsNotQuoted() throws IOException {
    String text = "root:secret:0:0\nfollowing\n";
    Path file = Files.writeString(folder.resolve("accounts"), text);

    assertThat(catchThrowable(() -> Module.fromFile(engine, file)))
        .isInstanceOf(CompileException.class)
        .message()
        .contains(":1:1")
        .doesNotContain("secret", "following");
    assertThat(catchThrowable(() -> Module.fromWat(engine, text)))
        .message()
        .as("of a text that the caller has")
        .contains("secret");
  }
}
