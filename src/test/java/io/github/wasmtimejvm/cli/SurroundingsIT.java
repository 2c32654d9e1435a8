package io.github.wasmtimejvm.cli;

import static io.github.wasmtimejvm.cli.CommandLine.assertFails;
import static io.github.wasmtimejvm.cli.CommandLine.assertWrongUsage;
import static io.github.wasmtimejvm.cli.CommandLine.command;
import static io.github.wasmtimejvm.cli.CommandLine.guest;
import static io.github.wasmtimejvm.cli.CommandLine.success;
import static io.github.wasmtimejvm.cli.CommandLine.zeroTerminated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.ChildProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Standard streams, bytes that are no text, and locales, as a shell may give them to a program. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class SurroundingsIT {
  private static final String ECHO = guest("wasi/echo.wat");

  @TempDir private Path folder;

  /** Runs the command line by a shell, which puts it in place of {@code "$@"}. */
  private ChildJvm.Result shell(String script, String... arguments) throws Exception {
    return shell(ChildProcess.in(folder), script, command(arguments));
  }

  private static ChildJvm.Result shell(ChildProcess process, String script, List<String> command)
      throws Exception {
    List<String> all = new ArrayList<>(List.of("bash", "-c", script, "shell"));
    all.addAll(command);
    return process.env("LC_ALL", "C.UTF-8").run(all);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aClosedInputIsEmpty() throws Exception {
    assertThat(shell("exec \"$@\" <&-", "run", ECHO)).isEqualTo(success("echo.wat\0"));
    // With a time limit, Java reads for the guest.
    assertThat(shell("exec \"$@\" <&-", "run", "-W", "timeout=10000s", ECHO))
        .isEqualTo(success("echo.wat\0"));
    // A program may be given what the JVM has open, too.
    assertThat(shell("exec \"$@\" < '" + CommandLine.JAR + "'", "run", write("reader.wat", READER)))
        .isEqualTo(success("PK"));
    assertThat(shell("echo typed in | \"$@\"", "run", ECHO))
        .isEqualTo(success("echo.wat\0typed in\n"));
  }

  private static final String READER =
      """
      (module
        (import "wasi_snapshot_preview1" "fd_read"
          (func $read (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_write"
          (func $write (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (func (export "_start")
          (i32.store (i32.const 0) (i32.const 16))
          (i32.store (i32.const 4) (i32.const 2))
          (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
          (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
      """;

  @ParameterizedTest
  @CsvSource({
    "1, >&-",
    "2, 2>&-",
    "1, <&- >&- 2>&-",
    "2, <&- >&- 2>&-",
    // What can be written, for comparison.
    "1, >/dev/null",
    "2, 2>/dev/null",
  })
  @EnabledOnOs(OS.LINUX)
  void whatIsWrittenToAClosedOutputIsThrownAway(int descriptor, String closed) throws Exception {
    String writer = write("writer.wat", writer(descriptor));

    // The program's status is what its write returned.
    assertThat(shell("exec \"$@\" " + closed, "run", writer)).isEqualTo(success(""));
  }

  private static String writer(int descriptor) {
    return """
    (module
      (import "wasi_snapshot_preview1" "fd_write"
        (func $write (param i32 i32 i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
      (memory (export "memory") 1)
      (data (i32.const 16) "hello")
      (func (export "_start")
        (i32.store (i32.const 0) (i32.const 16))
        (i32.store (i32.const 4) (i32.const 5))
        (call $exit
          (call $write (i32.const %s) (i32.const 0) (i32.const 1) (i32.const 8)))))
    """
        .formatted(descriptor);
  }

  @ParameterizedTest
  @CsvSource({"<&-, 0", ">&-, 0", "<&- >&- 2>&-, 0"})
  @EnabledOnOs(OS.LINUX)
  void closedStreamsAreNoReasonToFail(String closed, int exitCode) throws Exception {
    assertThat(
            shell("exec \"$@\" " + closed, "run", "--invoke", "i32", guest("cli/values.wat"), "7")
                .exitCode())
        .isEqualTo(exitCode);
  }

  @Test
  void aMinusIsStandardInput() throws Exception {
    String file = guest("wasi/return.wat");

    assertThat(shell("exec \"$@\" < '" + file + "'", "run", "-")).isEqualTo(success("returning\n"));
    assertThat(shell("cat '" + file + "' | \"$@\"", "run", "-")).isEqualTo(success("returning\n"));
    assertThat(shell("cat '" + file + "' | \"$@\"", "compile", "-o", "out.cwasm", "-"))
        .isEqualTo(success(""));
    assertThat(folder.resolve("out.cwasm")).exists();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aMinusIsNothingWhereStandardInputIsClosed() throws Exception {
    assertFails(
        shell("exec \"$@\" <&-", "run", "-"), "cannot read \"-\": standard input is closed");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void argumentsAndVariablesThatAreNotUtf8AreRefused() throws Exception {
    assertWrongUsage(shell("exec \"$@\" $'\\xff\\xfe'", "run", ECHO), "is not UTF-8");
    assertWrongUsage(shell("exec \"$@\" --dir=$'a\\xff' FILE", "run"), "is not UTF-8");
    for (List<String> inherited : List.of(List.of("--env", "ODD"), List.of("-S", "inherit-env"))) {
      assertFails(
          shell("ODD=$'\\xff' exec \"$@\"", "run", inherited.getFirst(), inherited.getLast(), ECHO),
          "the environment variable ODD is not UTF-8");
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theCharacterThatJavaWouldPutForThemIsNot() throws Exception {
    assertThat(
            shell(
                "ODD=$'\\xef\\xbf\\xbd' exec \"$@\" $'\\xef\\xbf\\xbd'",
                "run",
                "--env",
                "ODD",
                ECHO))
        .isEqualTo(success(zeroTerminated("echo.wat", List.of("\uFFFD", "ODD=\uFFFD"))));
  }

  private static List<String> inArabic(String... arguments) {
    List<String> command = command(arguments);
    command.addAll(1, List.of("-Duser.language=ar", "-Duser.country=EG"));
    return command;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run wasi/exit.wat",
        "run --invoke swap cli/values.wat 1",
        "run -W fuel=x cli/values.wat",
        "run -W max-wasm-stack=5000000 cli/values.wat",
        "run --invoke i64 cli/values.wat 1234567",
        "run --invoke f64 cli/values.wat 1234567.5",
        "run --nope",
      })
  void messagesHaveTheSameNumbersInEveryLocale(String words) throws Exception {
    String[] arguments = words.split(" ");
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = arguments[i].endsWith(".wat") ? guest(arguments[i]) : arguments[i];
    }

    assertThat(ChildProcess.in(folder).run(inArabic(arguments)))
        .isEqualTo(ChildProcess.in(folder).run(command(arguments)));
  }

  @ParameterizedTest
  @CsvSource({"i32, ٣", "i64, ٣", "f32, ٣", "f64, 1.٣", "i32, 0x٣", "i64, ３"})
  void digitsOfOtherScriptsAreNoNumbers(String type, String digits) throws Exception {
    assumeTrue("UTF-8".equals(System.getProperty("sun.jnu.encoding")), "they cannot be given");

    assertFails(
        shell("exec \"$@\"", "run", "--invoke", type, guest("cli/values.wat"), digits),
        "not a value of type " + type);
    assertWrongUsage(
        shell("exec \"$@\"", "run", "-W", "fuel=" + digits, ECHO), "the value must be a number");
    assertWrongUsage(
        shell("exec \"$@\"", "run", "-W", "timeout=" + digits + "s", ECHO),
        "the value must be a whole number");
  }

  private String write(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text).toString();
  }
}
