package io.github.wasmtimejvm;

import io.github.wasmtimejvm.binary.DebugLines;
import io.github.wasmtimejvm.capi.WasmtimeStore;
import io.github.wasmtimejvm.internal.Deadlines;
import io.github.wasmtimejvm.internal.Handles;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The world that instances, functions and memories live in: {@code wasmtime_store_t} and its {@code
 * wasmtime_context_t} in C.
 *
 * <p>Everything in a store is given back when the store is closed, not before; make one for each
 * task, not one for all. Nothing of one store can be used with another: that is an {@link
 * IllegalArgumentException}.
 *
 * <p>A store belongs to the thread that created it. A <em>shared</em> one may be used by any
 * thread; a lock makes them take turns, for the whole time that a guest runs.
 */
public final class Store implements AutoCloseable {
  private static final Duration FOR_EVER = Duration.ofDays(36_500);

  private final Engine engine;
  private final StoreState state;
  private @Nullable Object data;

  // Host functions that replace functions of WASI for this store, by their names; under the state's
  // rules for threads.
  private Map<String, HostFunction> interceptors = Map.of();

  // Set once exits were to be thrown as WebAssembly exceptions, so that the guests' handlers run.
  private @Nullable UnwindingExit unwindingExit;

  // What was asked for already: the type of a memory is another object each time.
  private final Map<Memory, Boolean> movable = new HashMap<>();
  private @Nullable StoreLimits limits;
  private int instancesOfOurs;
  private int memoriesOfOurs;

  // Of the modules that were instantiated here; under the state's rules for threads.
  private Set<DebugLines> lines = Set.of(); // mostly none
  private boolean hasWideTables;

  private Store(Engine engine, boolean shared) {
    this.engine = engine;
    MemorySegment nativeEngine = engine.object().lease();
    try {
      this.state =
          new StoreState(
              nativeEngine,
              engine.maxWasmStack(),
              engine.isPulley(),
              shared,
              this,
              new ExceptionRaiser(this),
              engine.ticker());
    } finally {
      engine.object().release();
    }
  }

  /**
   * Creates a store that belongs to the calling thread: {@code wasmtime_store_new}. Threads: any.
   *
   * @param engine its engine, which may be closed before the store
   */
  public static Store create(Engine engine) {
    return new Store(engine, false);
  }

  /**
   * Creates a store that any thread may use, one at a time: {@code wasmtime_store_new}. A thread
   * waits for it like for any lock, and no deadline ends that; two threads, each in a host function
   * of one store and waiting for the other's, wait for ever. Threads: any.
   *
   * @param engine its engine, which may be closed before the store
   */
  public static Store createShared(Engine engine) {
    return new Store(engine, true);
  }

  /** Returns the engine that the store was created from. Threads: any. */
  public Engine engine() {
    return engine;
  }

  /**
   * Collects the garbage of the guests' heap now, if there is any: {@code wasmtime_context_gc}.
   * What external references of the host's no guest can reach any more is given back to Java.
   * Threads: the store's.
   */
  public void gc() {
    try (var _ = state.enter()) {
      Failures.check(WasmtimeStore.wasmtime_context_gc(state.context()));
      Handles.drain();
    }
  }

  /**
   * Keeps an object with the store for host functions, which find it by their {@link Caller}: what
   * the data of {@code wasmtime_store_new} are in C. Threads: the store's.
   *
   * @param data any object; it replaces the one before
   */
  public void setData(@Nullable Object data) {
    try (var _ = state.enter()) {
      this.data = data;
    }
  }

  /**
   * Returns the object that was kept with the store, {@code null} if there is none. Threads: the
   * store's.
   */
  public @Nullable Object data() {
    try (var _ = state.enter()) {
      return data;
    }
  }

  /**
   * Gives the guests fuel, in place of what is left, which their instructions consume: {@code
   * wasmtime_context_set_fuel}. A new store has none.
   *
   * <p>Most instructions take one unit; {@code block}, {@code loop}, {@code drop}, {@code nop} and
   * the like none; one on many bytes, elements or pages, such as {@code memory.fill}, {@code
   * table.copy} and {@code memory.grow}, one more for each of them. What host functions do takes
   * none.
   *
   * <p>A guest looks at its fuel where a function or a turn of a loop begins, and before such an
   * operation on many, and traps there with {@link TrapCode#OUT_OF_FUEL} if none is left. So it may
   * use somewhat more than it had, as long as straight code goes; and having none left does not
   * mean that it trapped: it may have ended with the last unit. Threads: the store's.
   *
   * @param fuel how much there is to be, any number, unsigned: -1 is the most
   * @throws IllegalStateException if the engine was built without {@link
   *     EngineBuilder#consumeFuel}, or an {@link EpochCallback} runs
   */
  public void setFuel(long fuel) {
    requireFuel();
    try (var _ = state.enter()) {
      state.checkFuelKnown();
      Failures.check(WasmtimeStore.wasmtime_context_set_fuel(state.context(), fuel));
    }
  }

  /**
   * Returns how much fuel is left, unsigned: {@code wasmtime_context_get_fuel}. Never less than 0,
   * also where a guest used more than it had. Threads: the store's.
   *
   * @throws IllegalStateException if the engine was built without {@link
   *     EngineBuilder#consumeFuel}, or an {@link EpochCallback} runs
   */
  public long fuel() {
    requireFuel();
    try (var _ = state.enter()) {
      state.checkFuelKnown();
      MemorySegment fuel = state.scratch();
      Failures.check(WasmtimeStore.wasmtime_context_get_fuel(state.context(), fuel));
      return fuel.get(ValueLayout.JAVA_LONG, 0);
    }
  }

  private void requireFuel() {
    if (!engine.consumesFuel()) {
      throw new IllegalStateException("the engine was built without consumeFuel");
    }
  }

  /**
   * Limits what the guests may have from now on: {@code wasmtime_store_limiter}. What there is
   * already stays. Threads: the store's.
   *
   * @param limits the limits, which replace those before
   */
  public void limit(StoreLimits limits) {
    Objects.requireNonNull(limits, "limits");
    try (var _ = state.enter()) {
      this.limits = limits;
      setLimits(limits);
    }
  }

  /**
   * Lets there be more than the limits say: what is ours, for a component that is instantiated.
   *
   * @param instances core instances
   * @param memories memories
   */
  void allow(int instances, int memories) {
    instancesOfOurs += instances;
    memoriesOfOurs += memories;
    if (limits != null) {
      setLimits(limits);
    }
  }

  // What passes calls of WASI on is an instance too, one for each that has a memory. Guests cannot
  // make any, so there is no harm in room for those.
  private void setLimits(StoreLimits limits) {
    long instances = limits.instances() < 0 ? -1 : limits.instances() + instancesOfOurs;
    boolean passesOn = !interceptors.isEmpty() && limits.instances() >= 0;
    WasmtimeStore.wasmtime_store_limiter(
        state.store(),
        limits.memoryBytes(),
        limits.tableElements(),
        passesOn ? 2 * Math.min(instances, Integer.MAX_VALUE) : instances,
        limits.tables(),
        limits.memories() < 0 ? -1 : limits.memories() + memoriesOfOurs);
  }

  /**
   * Sets how long each call into the guests may take from now on, with the host functions that they
   * call. Then they are stopped, and the call throws a {@link StoppedException}. A call by a host
   * function has the time of the call that it belongs to, also if it calls guests of other stores
   * of the same engine.
   *
   * <p>A guest is stopped at the next loop, function or bulk operation that it begins (with Winch,
   * loop or function): a bulk operation that runs and a host function come to their end before.
   * Threads: the store's.
   *
   * @param timeout how long, not negative; {@code null} for ever, as a new store has it
   * @throws IllegalArgumentException if it is negative
   * @throws IllegalStateException if the engine was built without {@link
   *     EngineBuilder#interruptible}
   */
  public void setTimeout(@Nullable Duration timeout) {
    Deadlines deadlines = deadlines();
    long nanos = timeout == null ? Long.MAX_VALUE : nanos(timeout);
    try (var _ = state.enter()) {
      deadlines.setTimeout(nanos);
    }
  }

  /**
   * Does something within a time: the guests of this store that run in it are stopped when the time
   * is up, as {@link #setTimeout} says, and started no more. It may be used within another one, or
   * by a host function, and then only shortens the time. Threads: the store's.
   *
   * @param timeout how long, not negative
   * @param action what to do on this thread; of a shared store no other thread gets in between
   * @return what it returns
   * @throws IllegalArgumentException if the time is negative
   * @throws IllegalStateException if the engine was built without {@link
   *     EngineBuilder#interruptible}
   * @throws X what the action throws
   */
  public <T extends @Nullable Object, X extends Throwable> T within(
      Duration timeout, Action<T, X> action) throws X {
    Deadlines deadlines = deadlines();
    long nanos = nanos(timeout);
    try (var _ = state.enter()) {
      long before = deadlines.limitTo(nanos);
      try {
        return action.run();
      } finally {
        deadlines.restoreLimit(before);
      }
    }
  }

  /** Something to do in a limited time. */
  @FunctionalInterface
  public interface Action<T extends @Nullable Object, X extends Throwable> {
    /** Does it. Threads: any. */
    T run() throws X;
  }

  private static long nanos(Duration timeout) {
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("negative time: " + timeout);
    }
    // Far enough for ever, and near enough for sums.
    return timeout.compareTo(FOR_EVER) >= 0 ? FOR_EVER.toNanos() : timeout.toNanos();
  }

  /**
   * Sets how many ticks of the engine's clock, moved by {@link Engine#incrementEpoch}, the guests
   * may run from now: {@code wasmtime_context_set_epoch_deadline}. Then they trap with {@link
   * TrapCode#INTERRUPT}, or what {@link #onEpochDeadline} said happens. A new store has no
   * deadline. Threads: the store's.
   *
   * @param ticks how many, not negative; with none a guest that runs already is stopped soon
   * @throws IllegalArgumentException if it is negative
   * @throws IllegalStateException if the engine was built without {@link
   *     EngineBuilder#interruptible}
   */
  public void setEpochDeadline(long ticks) {
    Deadlines deadlines = deadlines();
    if (ticks < 0) {
      throw new IllegalArgumentException("negative number of ticks: " + ticks);
    }
    try (var _ = state.enter()) {
      deadlines.setTicks(state.context(), ticks);
    }
  }

  /**
   * Sets what happens when the deadline in ticks is reached: {@code
   * wasmtime_store_epoch_deadline_callback}. Threads: the store's.
   *
   * @param callback what happens, {@code null} for the trap; kept until the store is closed
   * @throws IllegalStateException if the engine was built without {@link
   *     EngineBuilder#interruptible}
   */
  public void onEpochDeadline(@Nullable EpochCallback callback) {
    Deadlines deadlines = deadlines();
    try (var _ = state.enter()) {
      deadlines.setEpochCallback(
          callback == null
              ? null
              : (slot, caller, args, results) -> {
                Store store = HostCall.store(slot);
                store.setEpochDeadline(callback.deadlineReached(store));
              });
    }
  }

  private Deadlines deadlines() {
    Deadlines deadlines = state.deadlines();
    if (deadlines == null) {
      throw new IllegalStateException("the engine was built without interruptible");
    }
    return deadlines;
  }

  StoreState state() {
    return state;
  }

  boolean mayMove(Memory memory) {
    return engine.memoryMayMove()
        && movable.computeIfAbsent(
            memory, known -> Memory.mayMove(engine, (MemoryType) known.describe()));
  }

  Map<String, HostFunction> interceptors() {
    return interceptors;
  }

  /**
   * Sets the host functions that replace functions of WASI in instances made from now on, by their
   * names. All stores that intercept a name must have the same host function for that name.
   */
  void intercept(Map<String, HostFunction> functions) {
    interceptors = Map.copyOf(functions);
    if (limits != null) {
      setLimits(limits);
    }
  }

  /** How exits run the guests' handlers, {@code null} if they never did in this store. */
  @Nullable UnwindingExit unwindingExit() {
    return unwindingExit;
  }

  /**
   * Sets whether exits run the guests' handlers.
   *
   * @throws IllegalStateException if the engine has no exceptions
   */
  void setUnwindingExit(boolean unwinding) {
    if (unwinding && unwindingExit == null) {
      engine.requireGc();
      unwindingExit = new UnwindingExit(this);
    } else if (unwindingExit != null) {
      unwindingExit.set(unwinding);
    }
  }

  /**
   * Notes that an instance of a module is made, so that the lines of its frames are found, and its
   * tables looked out for.
   */
  void note(Module module) {
    hasWideTables |= module.declarations().definesWideTables();
    DebugLines found = module.customSections().lines();
    if (found != null) {
      if (lines.isEmpty()) {
        lines = Collections.newSetFromMap(new IdentityHashMap<>());
      }
      lines.add(found);
    }
  }

  /** Notes that items may be made as a module imports them. */
  void noteDefaults(Module module) {
    hasWideTables |= module.declarations().importsWideTables();
  }

  /**
   * Whether there may be a table in it with limits beyond 32 bits. To ask the C API for those ends
   * the process.
   */
  boolean hasWideTables() {
    return hasWideTables;
  }

  /** Returns the frame with its source line; as it is where that is not known for certain. */
  WasmFrame withLine(WasmFrame frame) {
    DebugLines.@Nullable Line line = null;
    if (frame.functionOffset().isEmpty() || frame.moduleOffset().isEmpty()) {
      return frame;
    }
    for (DebugLines module : lines) {
      DebugLines.Line found =
          module.find(
              frame.functionIndex(),
              frame.functionOffset().getAsLong(),
              frame.moduleOffset().getAsLong(),
              frame.moduleName());
      if (found != null) {
        if (line != null && !line.equals(found)) {
          return frame;
        }
        line = found;
      }
    }
    return line == null ? frame : frame.at(line.file(), line.line());
  }

  /** Throws unless {@code other} is this store. */
  void checkSame(Store other, String what) {
    if (other != this) {
      throw new IllegalArgumentException("the " + what + " belongs to another store");
    }
  }

  /**
   * Ends the store and all that lives in it: {@code wasmtime_store_delete}. Closing it again does
   * nothing. Threads: the store's.
   *
   * @throws IllegalStateException if its guest is running, a call of a component is under way, also
   *     while its arguments are being read, or another thread is using a view of one of its
   *     memories: the store stays open then. Or, with a message that begins with "the store is
   *     closed", if resources of the host's that components held could not be closed: what their
   *     {@code close} threw is suppressed in it, and the store is closed
   * @throws io.github.wasmtimejvm.wasi.OutputException if a stream of its WASI configuration fails
   *     in the end; the store is closed
   * @throws WrongThreadException if it belongs to another thread
   */
  @Override
  public void close() {
    state.close();
  }
}
