package io.github.wasmtimejvm.cli;

import static io.github.wasmtimejvm.cli.CommandLine.assertFails;
import static io.github.wasmtimejvm.cli.CommandLine.assertWrongUsage;
import static io.github.wasmtimejvm.cli.CommandLine.component;
import static io.github.wasmtimejvm.cli.CommandLine.guest;
import static io.github.wasmtimejvm.cli.CommandLine.runIn;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.component.Component;
import io.github.wasmtimejvm.testing.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code compile}, and what runs its files: the command line as it is shipped. */
class CompileCommandIT {
  private static final ChildJvm.Result NOTHING_SAID = new ChildJvm.Result(0, "", "");

  @TempDir private Path folder;

  @Test
  void whatWasCompiledRuns() throws Exception {
    assertThat(run("compile", guest("wasi/exit.wat"))).isEqualTo(NOTHING_SAID);

    assertThat(folder).isDirectoryContaining("glob:**/exit.cwasm");
    assertThat(run("run", "--allow-precompiled", "exit.cwasm", "200"))
        .isEqualTo(new ChildJvm.Result(200, "leaving from _start\n", ""));
  }

  @Test
  void itsTrapsHaveTheSameBacktrace() throws Exception {
    run("compile", "-o", "exit.wat", guest("wasi/exit.wat"));

    ChildJvm.Result compiled = run("run", "--allow-precompiled", "exit.wat");
    ChildJvm.Result original = run("run", guest("wasi/exit.wat"));

    assertThat(compiled.exitCode()).isEqualTo(134);
    assertThat(compiled.stderr())
        .contains("status", "_start", "wasm `unreachable` instruction executed")
        .isEqualTo(original.stderr().replace(guest("wasi/exit.wat"), "exit.wat"));
  }

  @Test
  void aComponentThatWasCompiledRunsAsBefore() throws Exception {
    assertThat(run("compile", component("exiting-c"))).isEqualTo(NOTHING_SAID);

    assertThat(folder.toFile().list()).containsExactly("exiting-c.cwasm");
    assertThat(run("run", "--allow-precompiled", "exiting-c.cwasm", "exit-with-code", "255"))
        .isEqualTo(new ChildJvm.Result(255, "", ""));

    ChildJvm.Result compiled = run("run", "--allow-precompiled", "exiting-c.cwasm", "crash");
    ChildJvm.Result original = run("run", component("exiting-c"), "crash");

    assertThat(compiled.exitCode()).isEqualTo(134);
    assertThat(compiled.stderr())
        .contains("wasm `unreachable` instruction executed")
        .isEqualTo(original.stderr().replace(component("exiting-c"), "exiting-c.cwasm"));
  }

  @Test
  void aComponentInTextIsCompiledWithTheSettingsItIsRunWith() throws Exception {
    assertThat(run("compile", "-Wfuel=1", "-o", "out.bin", guest("wasi/component.wat")))
        .isEqualTo(NOTHING_SAID);

    ChildJvm.Result starved = run("run", "--allow-precompiled", "-Wfuel=10", "out.bin");
    assertThat(starved.exitCode()).isEqualTo(134);
    assertThat(starved.stderr()).contains("all fuel consumed");
    assertFails(
        run("run", "--allow-precompiled", "out.bin"), "out.bin: ", "compiled with fuel support");
  }

  @Test
  void aCompiledComponentIsRefusedWhereAModuleIs() throws Exception {
    String file = "exiting-c.cwasm";
    run("compile", component("exiting-c"));

    assertFails(run("run", file), file, "only run --allow-precompiled takes that");
    assertFails(run("compile", file), file, "compiled already");
    assertFails(
        run("run", "--allow-precompiled", "-Wnan-canonicalization", file),
        file + ": the compiled component was compiled with -W nan-canonicalization=false");
    assertFails(
        run("run", "--allow-precompiled", "-Wcomponent-model=n", file),
        file + ": ",
        "-W component-model=y switches it on");
    assertFails(
        run("run", "--allow-precompiled", "-Scli=n", file),
        "nothing defines this interface of WASI; -S cli does");
    assertWrongUsage(
        run("run", "--allow-precompiled", "--invoke", "f", file),
        "--invoke is for functions of modules, and exiting-c.cwasm is a component");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "compile -o out.bin FILE",
        "compile FILE -o out.bin",
        "compile --output=out.bin FILE",
        "compile FILE --output out.bin",
        "compile -oout.bin -- FILE",
        "compile -o=out.bin FILE",
      })
  void theOutputsNameCanBeChosen(String words) throws Exception {
    assertThat(run(words.replace("FILE", guest("wasi/return.wat")).split(" ")))
        .isEqualTo(NOTHING_SAID);

    assertThat(folder.toFile().list()).containsExactly("out.bin");
    assertThat(run("run", "--allow-precompiled", "out.bin").stdout()).isEqualTo("returning\n");
  }

  @ParameterizedTest
  @CsvSource({
    "a.wasm, a.cwasm",
    "inner/a.b.wat, a.b.cwasm",
    "plain, plain.cwasm",
    ".wasm, .wasm.cwasm",
  })
  void itsOwnNameIsTheModules(String name, String output) throws Exception {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "(module)");

    assertThat(run("compile", name)).isEqualTo(NOTHING_SAID);

    assertThat(folder.resolve(output)).isRegularFile();
  }

  @Test
  void javaLoadsIt() throws Exception {
    Files.writeString(
        folder.resolve("a.wat"), "(module (func (export \"f\") (result i32) i32.const 42))");
    run("compile", "a.wat");
    try (Engine engine = Engine.create();
        Module module = Module.deserializeFile(engine, folder.resolve("a.cwasm"));
        Store store = Store.create(engine)) {
      assertThat(Instance.create(store, module).func("f").call()).isEqualTo(42);
    }
  }

  @Test
  void javaLoadsAComponent() throws Exception {
    run("compile", component("greeter-c"));
    try (Engine engine = Engine.create();
        Component read = Component.deserializeFile(engine, folder.resolve("greeter-c.cwasm"));
        Component original = Component.fromFile(engine, Path.of(component("greeter-c")))) {
      assertThat(read.exports().keySet()).isEqualTo(original.exports().keySet());
      assertThat(read.serialize())
          .isEqualTo(original.serialize())
          .isEqualTo(Files.readAllBytes(folder.resolve("greeter-c.cwasm")));
    }
  }

  @Test
  void anOlderOutputIsReplacedAndNotOverwritten() throws Exception {
    Path output = Files.writeString(folder.resolve("return.cwasm"), "older");
    Path link = Files.createLink(folder.resolve("link"), output);

    run("compile", guest("wasi/return.wat"));

    assertThat(link).hasContent("older");
    assertThat(output).binaryContent().startsWith(0x7f, 'E', 'L', 'F');
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("link", "return.cwasm");
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void theOutputMayBeNoFileAtAll() throws Exception {
    assertThat(run("compile", "-o", "/dev/null", guest("wasi/return.wat"))).isEqualTo(NOTHING_SAID);
    assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
  }

  @Test
  void compiledFilesRunOnlyWhereThatIsAllowed() throws Exception {
    run("compile", guest("wasi/return.wat"));

    assertFails(run("run", "return.cwasm"), "return.cwasm", "--allow-precompiled");
    assertFails(run("compile", "return.cwasm"), "return.cwasm", "compiled already");
  }

  @Test
  void whatIsNotCompiledRunsAllTheSame() throws Exception {
    assertThat(run("run", "--allow-precompiled", guest("wasi/return.wat")).stdout())
        .isEqualTo("returning\n");
  }

  @ParameterizedTest
  @CsvSource({"return.wat, module", "component.wat, component"})
  void damagedFilesAreRefused(String name, String kind) throws Exception {
    run("compile", "-o", "out.bin", guest("wasi/" + name));
    byte[] compiled = Files.readAllBytes(folder.resolve("out.bin"));
    Files.write(folder.resolve("cut.cwasm"), Arrays.copyOf(compiled, compiled.length - 1));
    compiled[compiled.length / 2] ^= 1;
    Files.write(folder.resolve("damaged.cwasm"), compiled);

    assertFails(
        run("run", "--allow-precompiled", "damaged.cwasm"),
        "damaged.cwasm: the compiled " + kind + " is damaged");
    assertFails(
        run("run", "--allow-precompiled", "cut.cwasm"),
        "cut.cwasm: this is no compiled " + kind + " of wasmtime-jvm, or its end is missing");
  }

  @Test
  void whatCannotBeCompiledIsSaid() throws Exception {
    Files.writeString(folder.resolve("bad.wat"), "(module (func (result i32)))");

    assertFails(run("compile", "bad.wat"), "bad.wat: ", "failed to compile");
    assertFails(run("compile", "none.wasm"), "cannot read \"none.wasm\": no such file");
    assertFails(
        run("compile", "-o", "none/a.cwasm", guest("wasi/return.wat")),
        "cannot write \"none/a.cwasm\": no such directory");
    assertThat(folder.toFile().list()).containsExactly("bad.wat");
  }

  @ParameterizedTest
  @CsvSource({
    "compile, FILE to compile is missing",
    "compile -o x, FILE to compile is missing",
    "compile a b, only one FILE can be compiled",
    "compile a -o, -o needs a value",
    "compile a -o x --output y, --output can be given only once",
    "compile --nope a, unknown option --nope",
    "compile --target pulley64 a, wasmtime's option --target is not supported here",
    "compile -Ccache a, wasmtime's option -C cache is not supported here",
    "run --allow-precompiled=yes a, --allow-precompiled takes no value",
  })
  void wrongCommandLines(String words, String reason) throws Exception {
    assertWrongUsage(run(words.split(" ")), reason);
  }

  @Test
  void helpHasTheOptions() throws Exception {
    assertThat(run("--help").stdout()).contains("wasmtime-jvm compile");
    assertThat(run("compile", "--help").stdout())
        .contains("--output FILE", "module or component", "SHA-256");
    assertThat(run("run", "--help").stdout()).contains("--allow-precompiled");
  }

  private ChildJvm.Result run(String... arguments) throws Exception {
    return runIn(folder, arguments);
  }
}
