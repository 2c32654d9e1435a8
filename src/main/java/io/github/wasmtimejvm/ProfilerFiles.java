package io.github.wasmtimejvm;

import io.github.wasmtimejvm.internal.Mapping;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;

/** Opens the files of a profiler first, because the engine ends the process when it cannot. */
final class ProfilerFiles {
  // More than what the engine writes at once; a full disk, or a limit, would fail it.
  private static final int HEADER = 4096;

  private ProfilerFiles() {}

  /**
   * Creates the file that the engine is going to append to.
   *
   * @throws EngineException if that fails
   */
  static void create(ProfilingStrategy strategy) {
    long pid = ProcessHandle.current().pid();
    switch (strategy) {
      // The folder that the process is in, whatever user.dir says.
      case JITDUMP -> createExecutable(Path.of("/proc/self/cwd", "jit-" + pid + ".dump"));
      case PERFMAP -> append(Path.of("/tmp/perf-" + pid + ".map"));
      default -> {}
    }
  }

  private static void createExecutable(Path file) {
    append(file);
    if (!Mapping.canExecute(file)) {
      throw failure(file, "it cannot be mapped for execution, which perf needs");
    }
  }

  private static void append(Path file) {
    // Not a channel, which an interrupt would close.
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
      if (opened.length() == 0) { // else an engine of this process may be writing it
        opened.write(new byte[HEADER]);
        opened.setLength(0);
      }
    } catch (IOException e) {
      throw failure(file, e.toString());
    }
  }

  private static EngineException failure(Path file, String reason) {
    return new EngineException(
        "the profiler's file " + file + " cannot be written: " + reason, List.of());
  }
}
