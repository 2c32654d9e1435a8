package io.github.wasmtimejvm.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files that this process has open, as Linux tells. The engine lets go of a file on a thread of
 * its own: what is to be closed is so soon, and not at once.
 */
public final class OpenFiles {
  private OpenFiles() {}

  /** Whether {@code file} is open now. */
  public static boolean contain(Path file) throws IOException {
    Path real = file.toRealPath();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.flatMap(each -> target(each).stream()).anyMatch(real::equals);
    }
  }

  /** Returns when {@code file} is not open any more. A test that waits here needs a timeout. */
  public static void awaitClosed(Path file) throws IOException {
    while (contain(file)) {
      Thread.onSpinWait();
    }
  }

  private static Optional<Path> target(Path descriptor) {
    try {
      return Optional.of(Files.readSymbolicLink(descriptor));
    } catch (IOException closedMeanwhile) {
      return Optional.empty();
    }
  }
}
