package io.github.wasmtimejvm.wasi;

import io.github.wasmtimejvm.access.Access;
import io.github.wasmtimejvm.internal.Shim;
import io.github.wasmtimejvm.internal.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Waiting on a guest's thread. Where the engine allows interruption, it ends when the guest must,
 * by a {@link io.github.wasmtimejvm.StoppedException}. Elsewhere an interrupt of the thread does
 * nothing, and is there again afterwards.
 */
final class InterruptibleWait implements AutoCloseable {
  // The end of a call further out on this thread wakes nobody.
  private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(10);

  private final boolean interruptible;
  private boolean interrupted;

  InterruptibleWait(boolean interruptible) {
    this.interruptible = interruptible;
  }

  /** Throws if guests can be stopped and this one must end. */
  static void check(boolean interruptible) {
    if (interruptible) {
      int reason = Thread.currentThread().isInterrupted() ? Ticker.INTERRUPT : Shim.stopReason();
      if (reason != 0) {
        throw Access.get().stopped(reason);
      }
    }
  }

  /** Waits for a time or less. */
  void park(long nanos) {
    check(interruptible);
    LockSupport.parkNanos(this, Math.min(nanos, LONGEST));
    if (interruptible) {
      check(true);
    } else {
      interrupted |= Thread.interrupted();
    }
  }

  @Override
  public void close() {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
