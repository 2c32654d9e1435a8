package io.github.wasmtimejvm.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.testing.ChildJvm;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * What the users of kawamuray's binding get for the exit guests that {@code
 * io.github.wasmtimejvm.wasi} runs: an exception even for success, one with the status in a class
 * of its own below 126, and one without any status above.
 */
@DisabledOnOs(
    value = OS.WINDOWS,
    architectures = "aarch64",
    disabledReason = "kawamuray's jar has no library for it")
class KawamurayExitTest {

  @Test
  void exitZeroIsAnException() throws URISyntaxException {
    assertThat(run("exit.wat", "0"))
        .containsExactly(
            "leaving from _start",
            "io.github.kawamuray.wasmtime.WasmFunctionError$I32ExitError",
            "exit code: 0");
  }

  @Test
  void exitThreeCarriesTheStatus() throws URISyntaxException {
    assertThat(run("exit.wat", "3"))
        .containsExactly(
            "leaving from _start",
            "io.github.kawamuray.wasmtime.WasmFunctionError$I32ExitError",
            "exit code: 3");
  }

  @Test
  void exitTwoHundredLosesTheStatus() throws URISyntaxException {
    assertThat(run("exit.wat", "200"))
        .startsWith("leaving from _start", "io.github.kawamuray.wasmtime.WasmtimeException")
        .noneMatch(line -> line.contains("200"));
  }

  @Test
  void aReturnIsAReturn() throws URISyntaxException {
    assertThat(run("return.wat", "0")).containsExactly("returning", "returned");
  }

  private static List<String> run(String guest, String status) throws URISyntaxException {
    Path file =
        Path.of(
            KawamurayExitTest.class.getResource("/io/github/wasmtimejvm/wasi/" + guest).toURI());
    ChildJvm.Result result = ChildJvm.run(KawamurayExit.class, file.toString(), status);
    assertThat(result.exitCode()).as(result.toString()).isZero();
    return result.stdout().lines().toList();
  }
}
