package io.github.wasmtimejvm.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.ChildProcess;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CPython, compiled to WebAssembly: the example as its reader starts it, and the command line. */
class HelloPythonIT {
  private static final String JARS =
      "target/wasmtime-jvm-" + System.getProperty("wasmtimejvm.version");
  private static final String PYTHON = "target/guests/python.wasm";
  private static final Path CACHE = Path.of("target/hello-python").toAbsolutePath();
  private static final ChildProcess HERE = ChildProcess.in(Path.of("").toAbsolutePath());

  @BeforeAll
  static void fetchPython() throws Exception {
    run("scripts/fetch-guests", "python");
  }

  private static ChildJvm.Result run(String... command) throws Exception {
    ChildJvm.Result result =
        HERE.run(Stream.concat(Stream.of("bash"), Stream.of(command)).toList());
    assertThat(result.exitCode()).as(result.toString()).isZero();
    return result;
  }

  @Test
  void exampleTellsTheStatusOfEachProgram() throws Exception {
    ChildJvm.Result result =
        HERE.run(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dwasmtimejvm.cache=" + CACHE, // not the user's
                "-cp",
                JARS
                    + ".jar"
                    + File.pathSeparator
                    + JARS
                    + "-"
                    + System.getProperty("wasmtimejvm.platform")
                    + ".jar",
                "src/examples/java/HelloPython.java",
                PYTHON));

    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout().lines())
        .containsExactly(
            "hello",
            "print('hello') -> exit status 0",
            "import sys; sys.exit(0) -> exit status 0",
            "import sys; sys.exit(3) -> exit status 3",
            "raise RuntimeError('nobody catches this') -> exit status 1");
    assertThat(result.stderr())
        .startsWith("Traceback (most recent call last):")
        .endsWith("RuntimeError: nobody catches this\n");
  }

  @Test
  void commandLineHandsOnAStatusThatTheOfficialToolRefuses() throws Exception {
    ChildJvm.Result result =
        HERE.run(
            List.of("bash", "scripts/wasmtime-jvm", "run", PYTHON, "-c", "raise SystemExit(200)"));

    assertThat(result).isEqualTo(new ChildJvm.Result(200, "", ""));
  }

  @Test
  void pythonThatAbortsIsATrapAlsoWhereItWasCompiledBefore(@TempDir Path folder) throws Exception {
    String compiled = folder.resolve("python.cwasm").toString();
    run("scripts/wasmtime-jvm", "compile", "-O", "opt-level=0", "-o", compiled, PYTHON);

    ChildJvm.Result result =
        HERE.run(
            List.of(
                "bash",
                "scripts/wasmtime-jvm",
                "run",
                "-O",
                "opt-level=0",
                "--allow-precompiled",
                compiled,
                "-c",
                "import os; os.abort()"));

    assertThat(result.exitCode()).as(result.toString()).isEqualTo(134);
    assertThat(result.stderr())
        .contains("wasm backtrace:", "<wasm function ", "wasm trap: wasm `unreachable`");
  }
}
