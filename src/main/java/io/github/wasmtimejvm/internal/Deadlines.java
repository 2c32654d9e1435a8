package io.github.wasmtimejvm.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.wasmtimejvm.capi.WasmtimeStore;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * When the guests of one store must end, by time and by ticks, for an engine that allows
 * interruption. ARCHITECTURE.md tells under "Stopping a guest" how this works with the {@link
 * Ticker} and the shim. Used within a use of the store; the ticker's questions may come from any
 * thread.
 *
 * <p>It does not refer to the store's state, which must be able to become unreachable while the
 * ticker and the engine hold this.
 */
public final class Deadlines {
  private final Ticker ticker;
  private final MemorySegment watch;
  private final MemorySegment struct;
  private volatile @Nullable Thread runner;
  private volatile long deadline = Ticker.NEVER;
  private volatile boolean watched; // by the ticker
  private long idleCall =
      -1; // used by the ticker's thread: the last call when it last found no guest
  private long timeout = Ticker.NEVER; // nanoseconds for each outermost call
  private long limit = Ticker.NEVER; // deadline of all calls
  private MemorySegment callback = MemorySegment.NULL; // a handle, owned
  private boolean deciding; // while an epoch callback runs

  // A handle, owned: the callback that replaced itself. The way back into Java must be there until
  // C has returned from it, and a handle keeps that.
  private @Nullable MemorySegment replaced;

  /**
   * @param struct the store's struct
   */
  Deadlines(Ticker ticker, MemorySegment struct) {
    this.ticker = ticker;
    this.watch = ticker.takeWatch();
    this.struct = struct;
  }

  /** Has the guests of the native store look here. {@link #detach} follows in any case. */
  void attach(MemorySegment store, MemorySegment context) {
    struct.set(ADDRESS, ShimStructs.Store.WATCH, watch);
    struct.set(ADDRESS, ShimStructs.Store.CLOCK, ticker.clock());
    struct.set(JAVA_LONG, ShimStructs.Store.DEADLINE, Ticker.NEVER);
    struct.set(JAVA_LONG, ShimStructs.Store.EPOCH_DEADLINE, -1L);
    WasmtimeStore.wasmtime_store_epoch_deadline_callback(
        store, Shim.epoch(), struct, MemorySegment.NULL);
    WasmtimeStore.wasmtime_context_set_epoch_deadline(context, 1);
  }

  /** Gives back what is held, when the native store is deleted. */
  void detach() {
    dropReplaced();
    if (callback.address() != 0) {
      Handles.drop(callback);
    }
    ticker.remove(this);
    ticker.releaseWatch(watch);
  }

  /** Begins an entry into the guest; see {@link StoreState#beginGuest}. */
  int begin(boolean outermost) {
    if (deciding) {
      throw new IllegalStateException("an epoch callback must not call guests of its store");
    }
    Thread current = Thread.currentThread();
    if (current.isInterrupted()) {
      return Ticker.INTERRUPT;
    }
    // The deadlines of the guests that are waiting for this one. They may belong to other engines,
    // whose tickers do not watch this store.
    long end = earlier(limit, Shim.deadline());
    if (!outermost && end == deadline) {
      return 0;
    }
    if (end != Ticker.NEVER || timeout != Ticker.NEVER) {
      long now = System.nanoTime();
      if (outermost && timeout != Ticker.NEVER) {
        end = earlier(end, now + timeout);
      }
      if (end - now <= 0) {
        return Ticker.TIMEOUT;
      }
    }
    setDeadline(end);
    if (outermost) {
      Ticker.nextCall(watch);
      runner = current;
    }
    ticker.expect(this, end);
    return 0;
  }

  private static long earlier(long a, long b) {
    return b == Ticker.NEVER || a != Ticker.NEVER && a - b < 0 ? a : b;
  }

  // The guest's own thread reads the native one.
  private void setDeadline(long deadline) {
    struct.set(JAVA_LONG, ShimStructs.Store.DEADLINE, deadline);
    this.deadline = deadline;
  }

  /** Ends an entry into the guest; see {@link StoreState#endGuest}. */
  void end(boolean outermost, long before) {
    if (outermost) {
      runner = null;
      dropReplaced();
    } else if (deadline != before) {
      setDeadline(before);
    }
  }

  MemorySegment watch() {
    return watch;
  }

  /** The thread that runs the guest now. */
  @Nullable Thread runner() {
    return runner;
  }

  /** Whether the ticker looks at this. */
  boolean isWatched() {
    return watched;
  }

  /** For the ticker. */
  void setWatched(boolean watched) {
    this.watched = watched;
  }

  /**
   * Whether no guest has run since the last time that this was asked, by the ticker's thread.
   *
   * @param call the number of the last call, which has ended
   */
  boolean isIdleSince(long call) {
    boolean idle = idleCall == call;
    idleCall = call;
    return idle;
  }

  /** When the innermost call that runs now must end, in the time of {@link System#nanoTime}. */
  long innermost() {
    return deadline;
  }

  /**
   * Sets how long each outermost call may take, in nanoseconds; {@link Long#MAX_VALUE} for ever.
   */
  public void setTimeout(long nanos) {
    timeout = nanos;
  }

  /**
   * Sets when all calls must have ended, unless they must have before.
   *
   * @param nanos from now; a call that has begun already is not affected
   * @return what to give to {@link #restoreLimit}
   */
  public long limitTo(long nanos) {
    long before = limit;
    if (nanos != Long.MAX_VALUE) {
      limit = earlier(before, System.nanoTime() + nanos);
    }
    return before;
  }

  /**
   * Has the entries that follow end within the time of one call.
   *
   * @return what to give to {@link #restoreLimit}
   */
  public long limitToTimeout() {
    return timeout == Ticker.NEVER ? limit : limitTo(timeout);
  }

  /** How many nanoseconds there are until the limit, {@link Long#MAX_VALUE} if there is none. */
  public long timeToLimit() {
    return limit == Ticker.NEVER ? Long.MAX_VALUE : limit - System.nanoTime();
  }

  /** Takes a limit back. */
  public void restoreLimit(long before) {
    limit = before;
  }

  /**
   * Sets how many of the user's ticks the guests may run from now.
   *
   * @param context the {@code wasmtime_context_t*}
   */
  public void setTicks(MemorySegment context, long ticks) {
    struct.set(JAVA_LONG, ShimStructs.Store.EPOCH_DEADLINE, ticker.ticks() + ticks);
    if (ticks == 0) { // the guest must look without one
      WasmtimeStore.wasmtime_context_set_epoch_deadline(context, 0);
      ticker.makeLook(watch);
    }
  }

  /** Sets what happens at the deadline in ticks; {@code null} ends the guest. */
  public void setEpochCallback(HostCalls.@Nullable Target target) {
    MemorySegment before = callback;
    callback = target == null ? MemorySegment.NULL : Handles.register(deciding(target));
    struct.set(ADDRESS, ShimStructs.Store.EPOCH_CALLBACK, callback);
    if (deciding && replaced == null) {
      replaced = before;
    } else if (before.address() != 0) {
      Handles.drop(before);
    }
  }

  private void dropReplaced() {
    MemorySegment handle = replaced;
    if (handle != null) {
      replaced = null;
      Handles.drop(handle);
    }
  }

  private HostCalls.Target deciding(HostCalls.Target target) {
    return (slot, caller, args, results) -> {
      dropReplaced(); // by a call before this one
      deciding = true;
      try {
        target.call(slot, caller, args, results);
      } finally {
        deciding = false;
      }
    };
  }

  /** Whether an epoch callback runs. */
  boolean isDeciding() {
    return deciding;
  }
}
