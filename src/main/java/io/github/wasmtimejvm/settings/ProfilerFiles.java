package io.github.wasmtimejvm.settings;

import io.github.wasmtimejvm.ProfilingStrategy;
import io.github.wasmtimejvm.internal.Mapping;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** Opens the file of a profiler first, because the engine ends the process when it cannot. */
public final class ProfilerFiles {
  // More than what the engine writes at once. A full disk or a limit fails this write instead.
  private static final int HEADER = 4096;

  private ProfilerFiles() {}

  /**
   * Creates the file that the engine is going to append to.
   *
   * @param access makes the exception if that fails
   */
  public static void create(ProfilingStrategy strategy, SettingsAccess access) {
    long pid = ProcessHandle.current().pid();
    switch (strategy) {
      // The folder that the process is in, whatever user.dir says.
      case JITDUMP -> createExecutable(Path.of("/proc/self/cwd", "jit-" + pid + ".dump"), access);
      case PERFMAP -> append(Path.of("/tmp/perf-" + pid + ".map"), access);
      default -> {}
    }
  }

  private static void createExecutable(Path file, SettingsAccess access) {
    append(file, access);
    if (!Mapping.canExecute(file)) {
      throw access.refused(refusal(file, "it cannot be mapped for execution, which perf needs"));
    }
  }

  private static void append(Path file, SettingsAccess access) {
    // Not a channel, which an interrupt would close.
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
      if (opened.length() == 0) { // else an engine of this process may be writing it
        opened.write(new byte[HEADER]);
        opened.setLength(0);
      }
    } catch (IOException e) {
      throw access.refused(refusal(file, e.toString()));
    }
  }

  private static String refusal(Path file, String reason) {
    return "the profiler's file " + file + " cannot be written: " + reason;
  }
}
