package io.github.wasmtimejvm.internal;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Owner of one native object that any thread may use: an engine, a module, a linker.
 *
 * <p>Every use is a lease: {@link #lease()}, then {@link #release()} in a {@code finally}. Closing
 * makes new leases fail; the object is deleted when the last lease ends, so that no thread ever
 * works on a deleted object. What becomes unreachable unclosed is deleted by the Cleaner.
 */
public final class NativeObject {
  static final Cleaner CLEANER = Cleaner.create();

  private static final int CLOSED = 1;
  private static final int LEASE = 2;

  private final String what;
  private final MemorySegment pointer;
  private final AtomicInteger state = new AtomicInteger();
  private final Cleaner.Cleanable deletion;

  /**
   * @param what what to call it in messages, for example {@code "module"}
   * @param pointer the native object, owned from now on
   * @param delete the C function that deletes it
   */
  public NativeObject(String what, MemorySegment pointer, Consumer<MemorySegment> delete) {
    this.what = what;
    this.pointer = pointer;
    this.deletion =
        CLEANER.register(
            this,
            () -> {
              delete.accept(pointer);
              Handles.drain(); // what it was the last to hold
            });
  }

  /**
   * @throws IllegalStateException if the object is closed
   */
  public MemorySegment lease() {
    while (true) {
      int now = state.get();
      if ((now & CLOSED) != 0) {
        throw new IllegalStateException("the " + what + " is closed");
      }
      if (state.compareAndSet(now, now + LEASE)) {
        return pointer;
      }
    }
  }

  /** Ends a lease. */
  public void release() {
    if (state.addAndGet(-LEASE) == CLOSED) {
      deletion.clean();
    }
  }

  /**
   * @throws IllegalStateException if the object is closed
   */
  public void checkOpen() {
    if ((state.get() & CLOSED) != 0) {
      throw new IllegalStateException("the " + what + " is closed");
    }
  }

  /** Closes the object; does nothing when it is closed already. */
  public void close() {
    int before = state.getAndUpdate(now -> now | CLOSED);
    if (before == 0) {
      deletion.clean();
    }
  }
}
