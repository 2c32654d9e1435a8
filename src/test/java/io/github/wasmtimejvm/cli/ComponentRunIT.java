package io.github.wasmtimejvm.cli;

import static io.github.wasmtimejvm.cli.CommandLine.assertFails;
import static io.github.wasmtimejvm.cli.CommandLine.assertWrongUsage;
import static io.github.wasmtimejvm.cli.CommandLine.command;
import static io.github.wasmtimejvm.cli.CommandLine.component;
import static io.github.wasmtimejvm.cli.CommandLine.guest;
import static io.github.wasmtimejvm.cli.CommandLine.runIn;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.ChildProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line runs components. */
class ComponentRunIT {
  private static final String PROGRAM = guest("wasi/component.wat");

  @TempDir private Path folder;

  private ChildJvm.Result run(String... arguments) throws Exception {
    return runIn(folder, arguments);
  }

  @ParameterizedTest
  @CsvSource({"exit-ok, 0", "exit-with-code 255, 255", "nonsense, 1"})
  void theExitCodeIsThePrograms(String arguments, int exitCode) throws Exception {
    String[] words = ("run " + component("exiting-c") + " " + arguments).split(" ");

    assertThat(run(words)).isEqualTo(new ChildJvm.Result(exitCode, "", ""));
  }

  @Test
  void aTrapIs134AndHasABacktrace() throws Exception {
    String file = component("exiting-c");
    ChildJvm.Result result = run("run", file, "crash");

    assertThat(result.exitCode()).isEqualTo(134);
    assertThat(result.stderr())
        .startsWith(
            """
            Error: failed to run main module `%s`

            Caused by:
                0: failed to invoke `run` function
                1: error while executing at wasm backtrace:
            """
                .formatted(file))
        .endsWith("    2: wasm trap: wasm `unreachable` instruction executed\n\n");
  }

  @Test
  void itGetsArgumentsEnvironmentDirectoriesAndStreams() throws Exception {
    Files.writeString(folder.resolve("in.txt"), "content\n");
    ChildJvm.Result result =
        ChildProcess.in(folder)
            .stdin("what was typed")
            .run(
                command(
                    "run", "--argv0", "me", "--env", "A=1", "--dir", ".::/data", PROGRAM, "x", ""));

    assertThat(result)
        .isEqualTo(
            new ChildJvm.Result(0, "me\nx\n\nA=1\n/data\ncontent\nwritable\n", "what was typed"));
  }

  @ParameterizedTest
  @CsvSource({
    "fuel=1000, wasm trap: all fuel consumed by WebAssembly",
    "timeout=1ns, wasm trap: interrupt"
  })
  void limitsEndItAsAModule(String setting, String reason) throws Exception {
    ChildJvm.Result result = run("run", "-W", setting, component("command-c"), "return");

    assertThat(result.exitCode()).as(result.toString()).isEqualTo(134);
    assertThat(result.stderr()).contains(reason);
  }

  @Test
  void itsCoreInstancesAreCounted() throws Exception {
    assertFails(run("run", "-W", "max-instances=3", component("command-c")), "too high at 4");
  }

  @Test
  void whatItImportsAndNobodyHasIsNamed() throws Exception {
    assertFails(
        run("run", "-S", "cli=n", component("exiting-c")),
        "wasi:cli/environment@0.2.12: nothing defines this interface of WASI; -S cli does");
    assertFails(run("run", component("http-js")), "wasi:http/types@0.2.10", "-S http does");
    assertThat(
            run("run", "-S", "cli=n", "-W", "unknown-imports-trap", component("exiting-c"))
                .stderr())
        .contains("nothing defines what a guest called: wasi:cli/environment@0.2.12");
  }

  @Test
  void whatIsNoProgramIsNotRun() throws Exception {
    assertFails(
        run("run", component("greeter-c")),
        "is no program: it exports no wasi:cli/run, but [",
        "example:greeter/greeter@1.2.0");
    assertFails(
        run("run", "-S", "http", component("http-js")), "it exports no wasi:cli/run, but [");
  }

  @Test
  void whatIsForModulesIsRefused() throws Exception {
    assertWrongUsage(
        run("run", "--invoke", "greet", component("greeter-c")),
        "--invoke is for functions of modules, and",
        "is a component");
    assertWrongUsage(
        run("run", "-W", "unknown-imports-default", component("exiting-c")),
        "-W unknown-imports-default is for modules, not for components");
  }

  @Test
  void whatIsForComponentsIsRefused() throws Exception {
    assertFails(
        run("run", "-S", "http", guest("wasi/return.wat")),
        "is a module, and -S http is for components");
    assertWrongUsage(
        run("run", "-S", "cli-exit-with-code=n", component("exiting-c")),
        "-S cli-exit-with-code=n: the engine's C API cannot switch it off");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Wcomponent-model=n", "-Wmulti-memory=n"})
  void anEngineWithoutComponentsRunsNone(String option) throws Exception {
    assertFails(run("run", option, component("exiting-c")), "-W component-model=y switches it on");
  }
}
