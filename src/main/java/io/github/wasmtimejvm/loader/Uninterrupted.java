package io.github.wasmtimejvm.loader;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import org.jspecify.annotations.Nullable;

/**
 * Work on files that is done whether the thread is interrupted or not. Channels close themselves
 * where it is, and the files would seem to be unusable.
 */
final class Uninterrupted {
  /** Some work on files, which can be done again from its beginning. */
  interface Work<T extends @Nullable Object> {
    T run() throws IOException;
  }

  private Uninterrupted() {}

  /**
   * Does the work. An interrupt that was there, or comes meanwhile, is there afterwards.
   *
   * @throws IOException what the work throws for any other reason
   */
  static <T extends @Nullable Object> T run(Work<T> work) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return work.run();
        } catch (ClosedByInterruptException | FileLockInterruptionException e) {
          interrupted = true;
          Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
