package io.github.wasmtimejvm.internal;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeEngine;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The clock of one engine that allows interruption. Its thread looks after the stores whose guests
 * run: at a deadline, or when the thread that runs a guest is interrupted, it marks the call that
 * shall end and moves the engine's epoch, at which every running guest looks for its mark. The
 * thread exists only while guests run, and a second longer.
 */
public final class Ticker {
  /** Why a guest was stopped: its time was up. */
  public static final int TIMEOUT = 1;

  /** Why a guest was stopped: its thread was interrupted. */
  public static final int INTERRUPT = 2;

  /** Why a guest was stopped: the deadline in ticks that its user set. */
  public static final int EPOCH = 3;

  /** A deadline that never comes. */
  static final long NEVER = Long.MAX_VALUE;

  private static final long REASONS = 4;
  private static final long POLL = TimeUnit.MILLISECONDS.toNanos(4);
  private static final long IDLE = TimeUnit.SECONDS.toNanos(1);

  private static final long WATCH_SIZE = 16;
  private static final long STOP = 8;
  private static final int WATCHES_AT_ONCE = 64;
  private static final VarHandle WORD = JAVA_LONG.varHandle();

  // An engine object of our own, since the user may close his while guests run.
  private final NativeObject engine;
  private final MemorySegment epoch = Arena.ofAuto().allocate(JAVA_LONG);
  private final Deque<MemorySegment> freeWatches = new ArrayDeque<>(); // under this
  private final Set<WeakReference<StoreState>> stores = ConcurrentHashMap.newKeySet();
  private @Nullable Thread thread; // under this
  private volatile boolean awake;
  private volatile long wakeUp;

  /**
   * @param engine the {@code wasm_engine_t*}, leased by the caller
   */
  public Ticker(MemorySegment engine) {
    this.engine =
        new NativeObject(
            "engine", WasmtimeEngine.wasmtime_engine_clone(engine), Wasm::wasm_engine_delete);
  }

  /** The user's ticks, a {@code uint64_t}. */
  MemorySegment epoch() {
    return epoch;
  }

  /** Moves the user's clock: {@code wasmtime_engine_increment_epoch}. Any thread may. */
  public void tick() {
    long unused = (long) WORD.getAndAdd(epoch, 0L, 1L);
    incrementEpoch();
  }

  /** Returns the time on the user's clock. */
  public long ticks() {
    return (long) WORD.getVolatile(epoch, 0L);
  }

  private void incrementEpoch() {
    MemorySegment pointer = engine.lease();
    try {
      WasmtimeEngine.wasmtime_engine_increment_epoch(pointer);
    } finally {
      engine.release();
    }
  }

  /** Takes a {@code wjvm_watch}, which stays valid as long as its segment is reachable. */
  synchronized MemorySegment takeWatch() {
    if (freeWatches.isEmpty()) {
      MemorySegment watches = Arena.ofAuto().allocate(WATCHES_AT_ONCE * WATCH_SIZE, 8);
      for (int i = 0; i < WATCHES_AT_ONCE; i++) {
        freeWatches.add(watches.asSlice(i * WATCH_SIZE, WATCH_SIZE));
      }
    }
    return freeWatches.remove();
  }

  synchronized void releaseWatch(MemorySegment watch) {
    freeWatches.add(watch);
  }

  /** Numbers a call, before its guest runs and after its deadline was set. */
  static void nextCall(MemorySegment watch) {
    long call = (long) WORD.get(watch, 0L);
    WORD.setRelease(watch, 0L, call + REASONS);
  }

  void add(WeakReference<StoreState> store) {
    stores.add(store);
  }

  void remove(WeakReference<StoreState> store) {
    stores.remove(store);
  }

  /** Called when a guest is about to run, after its store says so. */
  void expect(long deadline) {
    if (!awake) {
      wake();
    } else if (deadline != NEVER && deadline - wakeUp < 0) {
      wake();
    }
  }

  private synchronized void wake() {
    awake = true;
    if (thread == null) {
      Thread started = new Thread(null, this::run, "wasmtime-jvm-ticker", 256 * 1024, false);
      started.setDaemon(true);
      thread = started;
      started.start();
    } else {
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    long lastRun = System.nanoTime();
    while (true) {
      long now = System.nanoTime();
      wakeUp = now + POLL;
      if (look(now)) {
        lastRun = now;
      } else if (now - lastRun > IDLE && rest()) {
        return;
      }
      LockSupport.parkNanos(this, Math.max(0, wakeUp - System.nanoTime()));
    }
  }

  // Whoever starts a guest first says that it runs and then looks whether we are awake; we say that
  // we sleep and then look whether one runs. So one of us sees the other.
  private boolean rest() {
    awake = false;
    for (WeakReference<StoreState> reference : stores) {
      StoreState store = reference.get();
      if (store != null && store.runner() != null) {
        awake = true;
        return false;
      }
    }
    synchronized (this) {
      if (awake) { // somebody woke us in between
        return false;
      }
      thread = null;
      return true;
    }
  }

  private boolean look(long now) {
    boolean running = false;
    boolean stopped = false;
    for (WeakReference<StoreState> reference : stores) {
      StoreState store = reference.get();
      MemorySegment watch = store == null ? null : store.watch();
      if (watch == null) {
        continue;
      }
      // In this order: a deadline or thread read after the call's number belongs to that call or a
      // later one, and a stop of an earlier call does nothing.
      long call = (long) WORD.getVolatile(watch, 0L);
      Thread runner = store.runner();
      if (runner == null) {
        continue;
      }
      running = true;
      long deadline = store.deadline();
      if (deadline != NEVER && now - deadline >= 0) {
        stopped |= stop(watch, call + TIMEOUT);
      } else if (runner.isInterrupted()) {
        stopped |= stop(watch, call + INTERRUPT);
      } else if (deadline != NEVER && deadline - wakeUp < 0) {
        wakeUp = deadline;
      }
    }
    if (stopped) {
      incrementEpoch();
    }
    return running;
  }

  private static boolean stop(MemorySegment watch, long stop) {
    long before = (long) WORD.getAndSet(watch, STOP, stop);
    return before / REASONS != stop / REASONS;
  }
}
