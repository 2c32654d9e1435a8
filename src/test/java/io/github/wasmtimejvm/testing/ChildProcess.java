package io.github.wasmtimejvm.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs a command of the system and returns what it printed and how it ended. For a main class of
 * the tests there is {@link ChildJvm}.
 *
 * @param folder its working directory
 * @param environment variables that it gets besides ours; an empty value takes one away
 * @param stdin what it reads from its standard input
 */
public record ChildProcess(Path folder, Map<String, String> environment, String stdin) {
  // Measures nothing: only what hangs has its end here.
  private static final int TIMEOUT_SECONDS = 3600;

  /** A process that starts in {@code folder}, with our environment and nothing to read. */
  public static ChildProcess in(Path folder) {
    // A Rust backtrace would stand in every error of the engine.
    return new ChildProcess(folder, Map.of("RUST_BACKTRACE", ""), "");
  }

  /** The same with one more variable; an empty value takes it away. */
  public ChildProcess env(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(environment);
    more.put(name, value);
    return new ChildProcess(folder, more, stdin);
  }

  /** The same with something to read. */
  public ChildProcess stdin(String text) {
    return new ChildProcess(folder, environment, text);
  }

  /**
   * Runs the command to its end.
   *
   * @throws AssertionError if it has not ended after an hour
   */
  public ChildJvm.Result run(List<String> command) throws IOException, InterruptedException {
    Path out = Files.createTempFile("child", ".out");
    Path err = Files.createTempFile("child", ".err");
    try {
      // Files and not pipes: nobody has to read while the command runs.
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment);
      builder.environment().values().removeIf(String::isEmpty);
      Process process = builder.start();
      try (OutputStream toChild = process.getOutputStream()) {
        toChild.write(stdin.getBytes(StandardCharsets.UTF_8));
      } catch (IOException endedWithoutReading) {
        // Its own affair.
      }
      boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
      ChildJvm.Result result =
          new ChildJvm.Result(process.exitValue(), Files.readString(out), Files.readString(err));
      if (!ended) {
        throw new AssertionError(
            command + " had not ended after " + TIMEOUT_SECONDS + " s: " + result);
      }
      return result;
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }
}
