package io.github.wasmtimejvm.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Runs a command of the system to its end, without standard input. */
record Command(Path folder, Map<String, String> environment) {
  private static final int TIMEOUT_SECONDS = 300;

  /** How a command ended, and what it printed. */
  record Result(int exitCode, String out, String err) {}

  static Command in(Path folder) {
    return new Command(folder, Map.of());
  }

  /** The same with one more variable in the environment; an empty value removes it. */
  Command with(String variable, String value) {
    Map<String, String> more = new TreeMap<>(environment);
    more.put(variable, value);
    return new Command(folder, more);
  }

  Result run(String... command) throws IOException, InterruptedException {
    return run(List.of(command));
  }

  Result run(List<String> command) throws IOException, InterruptedException {
    Path out = Files.createTempFile("command", ".out");
    Path err = Files.createTempFile("command", ".err");
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
      process.getOutputStream().close();
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        throw new AssertionError(
            command + " did not end in " + TIMEOUT_SECONDS + " s: " + Files.readString(out));
      }
      return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }
}
