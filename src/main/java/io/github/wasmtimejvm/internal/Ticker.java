package io.github.wasmtimejvm.internal;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeEngine;
import io.github.wasmtimejvm.loader.Log;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The clock of one engine that allows interruption. The ticker's thread watches the stores whose
 * guests run. When a deadline has passed, or the thread that runs a guest is interrupted, the
 * ticker moves the engine's epoch, which makes every running guest look whether it must end. A
 * guest may miss a move, so the ticker repeats it until the guest has ended. The thread exists only
 * while guests run, and a second longer.
 *
 * <p>ARCHITECTURE.md tells the whole protocol under "Stopping a guest".
 */
public final class Ticker {
  /** Why a guest was stopped: its time was up. */
  public static final int TIMEOUT = 1;

  /** Why a guest was stopped: its thread was interrupted. */
  public static final int INTERRUPT = 2;

  /** Why a guest was stopped: the deadline in ticks that its user set. */
  public static final int EPOCH = 3;

  /** Why a guest was stopped: there was no stack for the callback at that deadline. */
  public static final int STACK = 4;

  /** A deadline that never comes. */
  static final long NEVER = Long.MAX_VALUE;

  private static final long POLL = TimeUnit.MILLISECONDS.toNanos(4);
  private static final long IDLE = TimeUnit.SECONDS.toNanos(1);

  private static final int WATCHES_AT_ONCE = 64;
  private static final VarHandle WORD = JAVA_LONG.varHandle();

  // An engine object of our own, since the user may close the engine while guests run.
  private final NativeObject engine;
  private final MemorySegment clock = Arena.ofAuto().allocate(ShimStructs.Clock.SIZE, 8);
  private final Deque<MemorySegment> freeWatches = new ArrayDeque<>(); // under this

  // The stores whose guests run, or did when the thread last looked. Others may be open and idle.
  private final Set<Deadlines> stores = ConcurrentHashMap.newKeySet();

  private @Nullable Thread thread; // under this
  private volatile boolean awake;
  private volatile long wakeUp;

  // Of this clock's own thread, of which there is one at a time.
  private @Nullable Throwable trouble;
  private boolean reported;
  private boolean move;

  /**
   * @param engine the {@code wasm_engine_t*}, leased by the caller
   */
  public Ticker(MemorySegment engine) {
    this.engine =
        new NativeObject(
            "engine", WasmtimeEngine.wasmtime_engine_clone(engine), Wasm::wasm_engine_delete);
    WORD.setVolatile(clock, ShimStructs.Clock.NOW, System.nanoTime());
    // Once here, before there is a guest to see it: if the heap or the stack were full at its first
    // use, the class that holds the C function could never be used again, and no guest be stopped.
    incrementEpoch();
  }

  /** The {@code wjvm_clock}. */
  MemorySegment clock() {
    return clock;
  }

  /** Moves the user's clock: {@code wasmtime_engine_increment_epoch}. Any thread may. */
  public void tick() {
    long unused = (long) WORD.getAndAdd(clock, ShimStructs.Clock.TICKS, 1L);
    incrementEpoch();
  }

  /** Returns the time on the user's clock. */
  public long ticks() {
    return (long) WORD.getVolatile(clock, ShimStructs.Clock.TICKS);
  }

  /** Moves the epoch until the guest of that watch has looked, if it runs. */
  void makeLook(MemorySegment watch) {
    WORD.setVolatile(watch, ShimStructs.Watch.SEEN, ~ticks());
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
      MemorySegment watches = Arena.ofAuto().allocate(WATCHES_AT_ONCE * ShimStructs.Watch.SIZE, 8);
      for (int i = 0; i < WATCHES_AT_ONCE; i++) {
        freeWatches.add(watches.asSlice(i * ShimStructs.Watch.SIZE, ShimStructs.Watch.SIZE));
      }
    }
    return freeWatches.remove();
  }

  synchronized void releaseWatch(MemorySegment watch) {
    freeWatches.add(watch);
  }

  /** Numbers a call, before its guest runs and after its deadline was set. */
  static void nextCall(MemorySegment watch) {
    long call = (long) WORD.get(watch, ShimStructs.Watch.CALL);
    WORD.setRelease(watch, ShimStructs.Watch.CALL, call + 1);
  }

  /** Called when a store is deleted. */
  void remove(Deadlines store) {
    stores.remove(store);
  }

  /** How many stores the thread looks at. */
  public int watched() {
    return stores.size();
  }

  /** Called when a guest is about to run, after its store says so. */
  void expect(Deadlines store, long deadline) {
    if (!store.isWatched()) {
      watch(store);
    }
    if (!awake) {
      wake();
    } else if (deadline != NEVER && deadline - wakeUp < 0) {
      wake();
    }
  }

  private void watch(Deadlines store) {
    if (Shim.room() >= Shim.MARGIN) { // otherwise as in wake()
      stores.add(store);
      store.setWatched(true);
    }
  }

  private synchronized void wake() {
    if (Shim.room() < Shim.MARGIN) {
      return; // the guest will be refused, and an error halfway would leave us neither way
    }
    if (thread == null) {
      Thread started = new Thread(null, this::run, "wasmtime-jvm-ticker", 256 * 1024, false);
      started.setDaemon(true);
      started.setContextClassLoader(null);
      started.start();
      thread = started;
    } else {
      LockSupport.unpark(thread);
    }
    awake = true;
  }

  private void run() {
    long lastRun = System.nanoTime();
    while (true) {
      long now = System.nanoTime();
      wakeUp = now + POLL;
      try {
        reportTrouble();
        if (look(now)) {
          lastRun = now;
        } else if (now - lastRun > IDLE && rest()) {
          return;
        }
      } catch (Throwable t) {
        // For want of heap, say: there may be room next time, and guests still run. Nothing is
        // called here, because the first call of a method may need heap, too.
        lastRun = now;
        trouble = t;
      }
      LockSupport.parkNanos(this, Math.max(0, wakeUp - System.nanoTime()));
      boolean unused = Thread.interrupted(); // whoever did it: the thread would not park any more
    }
  }

  // Logged once, and not if the heap is full: that shows elsewhere, and a class that logging needs
  // could become unusable. The logger runs on a thread of its own because it may take any time.
  private void reportTrouble() {
    Throwable last = trouble;
    if (last == null) {
      return;
    }
    trouble = null;
    if (!reported && !(last instanceof VirtualMachineError)) {
      Thread log = new Thread(() -> log(last), "wasmtime-jvm-log");
      log.setDaemon(true);
      log.setContextClassLoader(null);
      log.start();
      reported = true;
    }
  }

  private static void log(Throwable trouble) {
    Log.log(Level.ERROR, "a deadline or an interrupt may be missed", trouble);
  }

  // Both sides write their own flag before they read the other's. At least one of them therefore
  // sees the other, and the clock cannot go to sleep while a guest runs.
  private boolean rest() {
    awake = false;
    for (Deadlines store : stores) {
      if (store.runner() != null) {
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
    move = false;
    for (Deadlines store : stores) {
      try {
        running |= look(store, now);
      } catch (Throwable t) { // by isInterrupted, say, which a Thread of the user may override
        running = true;
        trouble = t;
      }
    }
    if (move) {
      WORD.setVolatile(clock, ShimStructs.Clock.NOW, now);
      incrementEpoch();
    }
    return running;
  }

  // A store is watched until it has been idle from one look to the next, so that frequent calls do
  // not put it back each time. Here, too, both sides write their own flag before they read the
  // other's.
  private boolean unwatch(Deadlines store, long call) {
    if (!store.isIdleSince(call)) {
      return false;
    }
    stores.remove(store);
    store.setWatched(false);
    boolean running = store.runner() != null;
    if (running) {
      stores.add(store);
      store.setWatched(true);
    }
    return running;
  }

  private boolean look(Deadlines store, long now) {
    MemorySegment watch = store.watch();
    // In this order: a runner that is read after the call's number runs that call or a later one.
    // An interruption that names an earlier call does nothing.
    long call = (long) WORD.getVolatile(watch, ShimStructs.Watch.CALL);
    Thread runner = store.runner();
    if (runner == null) {
      return unwatch(store, call);
    }
    long deadline = store.innermost();
    if (deadline != NEVER && now - deadline >= 0) {
      move = true;
    } else if (deadline != NEVER && deadline - wakeUp < 0) {
      wakeUp = deadline;
    }
    move |= (long) WORD.getVolatile(watch, ShimStructs.Watch.SEEN) != ticks();
    if (runner.isInterrupted()) {
      WORD.setVolatile(watch, ShimStructs.Watch.INTERRUPTED, call);
      move = true;
    } else {
      // Unless a host function has dealt with it.
      boolean unused = WORD.compareAndSet(watch, ShimStructs.Watch.INTERRUPTED, call, 0L);
    }
    return true;
  }
}
