package io.github.wasmtimejvm.internal;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Owner of one native object that any thread may use: an engine, a module, a linker.
 *
 * <p>Every use is a lease: {@link #lease()}, then {@link #release()} in a {@code finally}. Closing
 * makes new leases fail; the object is deleted when the last lease ends, so that no thread ever
 * works on a deleted object. What becomes unreachable unclosed is deleted by the Cleaner.
 */
public final class NativeObject {
  // Not made when the class is initialized: it has a thread, which the system may refuse.
  private static volatile @Nullable Cleaner cleaner;

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
        cleaner()
            .register(
                this,
                () -> {
                  delete.accept(pointer);
                  Handles.drain(); // host functions that only this object still held
                });
  }

  /**
   * Makes sure that what becomes unreachable is deleted.
   *
   * @throws OutOfMemoryError if the system refuses the thread for it; this may be called again
   */
  public static void prepare() {
    cleaner();
  }

  static Cleaner cleaner() {
    Cleaner made = cleaner;
    return made != null ? made : makeCleaner();
  }

  private static synchronized Cleaner makeCleaner() {
    Cleaner made = cleaner;
    if (made == null) {
      made = Cleaner.create();
      cleaner = made;
    }
    return made;
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
    if (!isOpen()) {
      throw new IllegalStateException("the " + what + " is closed");
    }
  }

  /** Whether it can be leased. */
  public boolean isOpen() {
    return (state.get() & CLOSED) == 0;
  }

  /** Closes the object; does nothing when it is closed already. */
  public void close() {
    int before = state.getAndUpdate(now -> now | CLOSED);
    if (before == 0) {
      deletion.clean();
    }
  }
}
