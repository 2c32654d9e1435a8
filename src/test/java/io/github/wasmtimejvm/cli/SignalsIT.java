package io.github.wasmtimejvm.cli;

import static io.github.wasmtimejvm.cli.CommandLine.command;
import static io.github.wasmtimejvm.cli.CommandLine.guest;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signals end the command line as they end a native program. What does not end is given up. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@EnabledOnOs(value = OS.LINUX, disabledReason = "env resets signals there only")
class SignalsIT {
  private static final String SCRIPT = Path.of("scripts/wasmtime-jvm").toAbsolutePath().toString();

  // Prints its name and waits for input.
  private static final List<String> WAITS = List.of("run", guest("wasi/echo.wat"));
  private static final String SAYS = "echo.wat\0";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"INT, 2", "TERM, 15", "HUP, 1", "QUIT, 3"})
  void theScriptIsEndedByTheSignal(String signal, int number) throws Exception {
    List<String> script = new ArrayList<>(List.of(SCRIPT));
    script.addAll(WAITS);

    assertEnds(script, signal, number);
  }

  @ParameterizedTest
  @CsvSource({"INT, 2", "TERM, 15", "HUP, 1", "QUIT, 3"})
  void soIsTheJarWithTheFlagThatTheDocumentNames(String signal, int number) throws Exception {
    assertThat(Files.readString(Path.of("docs/command-line.md"))).contains("`java -Xrs -jar`");
    List<String> jar = command(WAITS.toArray(String[]::new));
    jar.add(1, "-Xrs");

    assertEnds(jar, signal, number);
  }

  private void assertEnds(List<String> command, String signal, int number) throws Exception {
    Path errors = folder.resolve("errors");
    // Who starts this in the background may have switched some off.
    List<String> all = new ArrayList<>(List.of("env", "--default-signal=INT,TERM,HUP,QUIT"));
    all.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(all).directory(folder.toFile()).redirectError(errors.toFile());
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process = builder.start();
    try (InputStream out = process.getInputStream()) {
      byte[] said = out.readNBytes(SAYS.length());
      assertThat(new String(said, StandardCharsets.UTF_8))
          .as(Files.readString(errors))
          .isEqualTo(SAYS);

      new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();

      assertThat(process.waitFor()).isEqualTo(128 + number);
      assertThat(out.readAllBytes()).as("more of its output").isEmpty();
      assertThat(errors).isEmptyFile();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void nothingIsLeftBehind() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    List<String> jar = command(WAITS.toArray(String[]::new));
    jar.addAll(1, List.of("-Xrs", "-Djava.io.tmpdir=" + temporary));
    jar.add(1, "-Dwasmtimejvm.cache=" + Files.createFile(folder.resolve("no folder")));
    ProcessBuilder builder =
        new ProcessBuilder(jar).redirectError(folder.resolve("errors").toFile());
    Process process = builder.start();
    try (InputStream out = process.getInputStream()) {
      assertThat(out.readNBytes(SAYS.length())).hasSize(SAYS.length());
      process.destroy();

      assertThat(process.waitFor()).isEqualTo(128 + 15);
      assertThat(temporary).isEmptyDirectory();
    } finally {
      process.destroyForcibly();
    }
  }
}
