package io.github.wasmtimejvm.internal;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs native code that needs much stack but no particular thread: parsing and compiling. */
public final class StackRoom {
  // Seen to be needed: 252 KiB for component text, 270 KiB for Winch on the calling thread.
  private static final long NEEDED = 512 * 1024;
  private static final long THREAD_STACK = 2 * 1024 * 1024;

  private StackRoom() {}

  /** Runs {@code task} here if there is room, else on a thread of its own, and waits for it. */
  public static <T> T call(Supplier<T> task) {
    if (Shim.room() >= NEEDED) {
      return task.get();
    }
    Run<T> run = new Run<>(task);
    Thread thread = new Thread(null, run, "wasmtime-jvm-compile", THREAD_STACK, false);
    thread.setDaemon(true);
    thread.start();
    // The native code cannot be stopped, and what it uses is ours: nothing ends the wait before it.
    boolean interrupted = false;
    while (!run.done) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (Throwable t) {
        // For want of stack or heap it cannot even wait: turn round until it is done.
        Thread.onSpinWait();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return run.get();
  }

  private static final class Run<T> implements Runnable {
    private final Supplier<T> task;
    private volatile @Nullable T result;
    private volatile @Nullable Throwable thrown;
    private volatile boolean done;

    Run(Supplier<T> task) {
      this.task = task;
    }

    @Override
    public void run() {
      try {
        result = task.get();
      } catch (Throwable t) {
        thrown = t;
      } finally {
        done = true;
      }
    }

    T get() {
      Throwable t = thrown;
      if (t != null) {
        throw Rethrow.unchecked(t);
      }
      T value = result;
      if (value == null) {
        throw new AssertionError("the task gave no result");
      }
      return value;
    }
  }
}
