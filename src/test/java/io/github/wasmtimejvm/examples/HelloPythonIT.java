package io.github.wasmtimejvm.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.ChildProcess;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** CPython, compiled to WebAssembly: the example as its reader starts it, and the command line. */
class HelloPythonIT {
  private static final String JARS =
      "target/wasmtime-jvm-" + System.getProperty("wasmtimejvm.version");
  private static final String PYTHON = "target/guests/python.wasm";
  private static final ChildProcess HERE = ChildProcess.in(Path.of("").toAbsolutePath());

  @BeforeAll
  static void fetchPython() throws Exception {
    ChildJvm.Result result = HERE.run(List.of("bash", "scripts/fetch-guests", "python"));
    assertThat(result.exitCode()).as(result.toString()).isZero();
  }

  /** To the script the jar of this very build is up to date: it must not start another one here. */
  @BeforeAll
  static void touchJar() throws Exception {
    Files.setLastModifiedTime(Path.of(JARS + "-cli.jar"), FileTime.from(Instant.now()));
  }

  @Test
  void exampleTellsTheStatusOfEachProgram() throws Exception {
    ChildJvm.Result result =
        HERE.run(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
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
  void pythonThatAbortsIsATrap() throws Exception {
    ChildJvm.Result result =
        HERE.run(
            List.of("bash", "scripts/wasmtime-jvm", "run", PYTHON, "-c", "import os; os.abort()"));

    assertThat(result.exitCode()).as(result.toString()).isEqualTo(134);
    assertThat(result.stderr())
        .contains("wasm backtrace:", "<wasm function ", "wasm trap: wasm `unreachable`");
  }
}
