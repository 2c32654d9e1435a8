package io.github.wasmtimejvm.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.ChildProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script that runs an example from its source, with the jars of this build. */
class ExampleScriptIT {
  @ParameterizedTest
  @ValueSource(strings = {"Gcd", "Gcd.java"})
  void runsAnExample(String name) throws Exception {
    assertThat(script(name)).isEqualTo(new ChildJvm.Result(0, "gcd(6, 27) = 3\n", ""));
  }

  @Test
  void anExampleFindsItsGuestFromEverywhere(@TempDir Path elsewhere) throws Exception {
    ChildJvm.Result result = scriptIn(elsewhere, "FibDebug");

    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).contains("> fib(6) = 8\n");
  }

  @Test
  void anUnknownNameIsAnsweredWithTheKnownOnes() throws Exception {
    assertRefused(script("Goodbye"), "There is no example Goodbye: ");
  }

  @Test
  void noNameIsAnsweredWithTheKnownOnes() throws Exception {
    assertRefused(script(), "There is no example without a name: ");
  }

  private static void assertRefused(ChildJvm.Result result, String start) {
    assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
    assertThat(result.stdout()).isEmpty();
    assertThat(result.stderr()).startsWith(start).contains(" Hello ", " Wasip1").endsWith(".\n");
    assertThat(result.stderr().lines()).hasSize(1);
  }

  private static ChildJvm.Result script(String... args) throws Exception {
    return scriptIn(Path.of("").toAbsolutePath(), args);
  }

  private static ChildJvm.Result scriptIn(Path folder, String... args) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("bash", Path.of("scripts/example").toAbsolutePath().toString()));
    command.addAll(List.of(args));
    return ChildProcess.in(folder).run(command);
  }
}
