package io.github.wasmtimejvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.testing.ChildArchive;
import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.ChildProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line as it is shipped, its jar in a process of its own. */
final class CommandLine {
  static final String VERSION = System.getProperty("wasmtimejvm.version");
  static final Path JAR =
      Path.of("target", "wasmtime-jvm-" + VERSION + "-cli.jar").toAbsolutePath();

  private static final Path GUESTS =
      Path.of("src/test/resources/io/github/wasmtimejvm").toAbsolutePath();

  private CommandLine() {}

  static ChildJvm.Result runIn(Path folder, String... arguments) throws Exception {
    return ChildProcess.in(folder).run(command(arguments));
  }

  static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(java(Path.of(System.getProperty("java.home"))));
    command.addAll(ChildJvm.START_QUICKLY);
    command.addAll(ChildArchive.flagsFor(JAR));
    command.add("-jar");
    command.add(JAR.toString());
    command.addAll(List.of(arguments));
    return command;
  }

  static String java(Path home) {
    return home.resolve("bin").resolve("java").toString();
  }

  static String guest(String name) {
    return GUESTS.resolve(name).toString();
  }

  /** A component that {@code scripts/build-components} made. */
  static String component(String name) {
    return Path.of("target/guests/components", name + ".wasm").toAbsolutePath().toString();
  }

  static ChildJvm.Result success(String stdout) {
    return new ChildJvm.Result(0, stdout, "");
  }

  /** What echo.wat prints of arguments and environment. */
  static String zeroTerminated(String first, List<String> more) {
    StringBuilder all = new StringBuilder(first).append('\0');
    more.forEach(text -> all.append(text).append('\0'));
    return all.toString();
  }

  static void assertFails(ChildJvm.Result result, String... parts) {
    assertOneLine(1, result, parts);
  }

  static void assertWrongUsage(ChildJvm.Result result, String... parts) {
    assertOneLine(2, result, parts);
  }

  private static void assertOneLine(int exitCode, ChildJvm.Result result, String... parts) {
    assertThat(result.exitCode()).as(result.toString()).isEqualTo(exitCode);
    assertThat(result.stdout()).isEmpty();
    assertThat(result.stderr().lines()).as(result.toString()).hasSize(1);
    assertThat(result.stderr()).startsWith("error: ").contains(parts);
  }
}
