package io.github.wasmtimejvm.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What lies behind a store: its native objects, which thread may use it now, and the Throwable on
 * its way through the guest.
 *
 * <p>Every use of the store, or of anything in it, is bracketed: it begins with {@link #enter()}
 * and ends when the {@link Use} is closed. A confined store belongs to the thread that created it;
 * a shared one belongs to whichever thread holds its lock.
 */
public final class StoreState {
  private static final long SCRATCH_SIZE = ShimStructs.Store.VALUES - ShimStructs.Store.SCRATCH;

  /** How many values {@link #values()} has room for. */
  public static final int VALUE_COUNT = 16;

  private final Use use = new Use();
  private final Object facade;
  private final HostCalls.Raiser raiser;
  private final @Nullable ReentrantLock lock;
  private final MemorySegment store;
  private final boolean interpreted;
  private final MemorySegment context;
  private final MemorySegment struct;
  private final long address;
  private final Cleaner.Cleanable deletion;

  // The thread that may use the store; of a shared or closed one none.
  private @Nullable Thread owner;
  private boolean closed;
  private @Nullable WasiState wasi;
  private boolean wasiIsHeld;
  private @Nullable Arena views;
  private @Nullable Arena passingViews;
  private @Nullable Arena memory;
  private @Nullable Map<Long, Object> functions;
  private @Nullable Throwable thrown;
  private @Nullable Throwable raised;

  // The owner, as long as an entry into the guest needs no preparation.
  private @Nullable Thread plainOwner;

  private final @Nullable Deadlines deadlines;

  // Of the components in the store, once there are any.
  private @Nullable ComponentState components;
  private @Nullable Throwable spentBy;

  /**
   * Creates a native store.
   *
   * @param engine the {@code wasm_engine_t*}, leased by the caller
   * @param maxWasmStack the engine's limit for the guest's stack, in bytes
   * @param interpreted whether the engine's interpreter runs its guests
   * @param shared whether threads may take turns
   * @param facade the public object, for callbacks
   * @param raiser makes WebAssembly exceptions of what host functions throw
   * @param ticker the engine's clock, {@code null} if it does not allow interruption
   */
  public StoreState(
      MemorySegment engine,
      long maxWasmStack,
      boolean interpreted,
      boolean shared,
      Object facade,
      HostCalls.Raiser raiser,
      @Nullable Ticker ticker) {
    this.interpreted = interpreted;
    this.facade = facade;
    this.raiser = raiser;
    this.owner = shared ? null : Thread.currentThread();
    this.lock = shared ? new ReentrantLock() : null;
    int slot = StoreSlots.take(this);
    this.address = Shim.storeNew(engine, maxWasmStack + Shim.MARGIN, slot);
    this.struct = reinterpret(address, ShimStructs.Store.SIZE);
    this.store = struct.get(ADDRESS, ShimStructs.Store.STORE);
    this.context = struct.get(ADDRESS, ShimStructs.Store.CONTEXT);
    this.deadlines = ticker == null ? null : new Deadlines(ticker, struct);
    this.deletion = NativeObject.cleaner().register(this, new Deletion(address, slot, deadlines));
    if (deadlines != null) {
      deadlines.attach(store, context);
    }
  }

  // Never refers to the state itself, which must be able to become unreachable.
  private record Deletion(long address, int slot, @Nullable Deadlines deadlines)
      implements Runnable {
    @Override
    public void run() {
      Shim.storeDelete(address);
      if (deadlines != null) {
        deadlines.detach();
      }
      StoreSlots.release(slot);
      Handles.drain();
    }
  }

  /**
   * Begins a use, which ends when what this returns is closed: {@code try (var _ = enter())}.
   *
   * @throws WrongThreadException if the store is confined to another thread
   * @throws IllegalStateException if the store is closed
   */
  public Use enter() {
    if (owner != Thread.currentThread()) {
      enterShared();
    }
    return use;
  }

  /** A use of the store by a thread. There is one object for all uses of a store. */
  public final class Use implements AutoCloseable {
    private Use() {}

    /** Ends the use; the store is not reclaimed before. */
    @Override
    public void close() {
      exit();
    }
  }

  private void enterShared() {
    if (lock != null) {
      // A lock that overflows the stack half-way stays locked for ever.
      if (Shim.room() < Shim.MARGIN / 2) {
        throw new StackOverflowError("too little stack to use a shared store");
      }
      lock.lock();
      if (closed) {
        lock.unlock();
      }
    }
    if (closed) {
      throw new IllegalStateException("the store is closed");
    }
    if (lock == null) {
      throw new WrongThreadException(
          "the store belongs to another thread; create it as a shared store");
    }
  }

  /** Ends a use that {@link #enter} began, where that cannot be a block. */
  public void leave() {
    exit();
  }

  /** Whether a call needs no preparation, as {@link #enterForCall} says, within a use. */
  public boolean isPlain() {
    return plainOwner == Thread.currentThread();
  }

  private void exit() {
    if (lock != null) {
      lock.unlock();
    }
    Reference.reachabilityFence(this);
  }

  /** The public object. */
  public Object facade() {
    return facade;
  }

  HostCalls.Raiser raiser() {
    return raiser;
  }

  /** The {@code wasmtime_context_t*}. */
  public MemorySegment context() {
    return context;
  }

  /** The {@code wasmtime_store_t*}. */
  public MemorySegment store() {
    return store;
  }

  /** Address of the struct that the shim takes. */
  public long address() {
    return address;
  }

  /** Room for {@link #VALUE_COUNT} values of 16 bytes, for calls; a nested call may use it too. */
  public MemorySegment values() {
    return struct.asSlice(ShimStructs.Store.VALUES, VALUE_COUNT * 16L);
  }

  /** Memory that stays until the store is closed, zeroed. */
  public MemorySegment allocate(long size) {
    Arena arena = memory;
    if (arena == null) {
      arena = Arena.ofAuto();
      memory = arena;
    }
    return arena.allocate(size, 16);
  }

  /**
   * Returns what is kept for a function of the store.
   *
   * @param index second half of its {@code wasmtime_func_t}
   * @param make makes it, the first time
   */
  public Object bound(long index, Supplier<Object> make) {
    Map<Long, Object> known = functions;
    if (known == null) {
      known = new HashMap<>();
      functions = known;
    }
    return known.computeIfAbsent(index, _ -> make.get());
  }

  /** 64 bytes for the out-parameters of a C call that runs no guest. */
  public MemorySegment scratch() {
    return struct.asSlice(ShimStructs.Store.SCRATCH, SCRATCH_SIZE);
  }

  /** Where the shim's callers tell a C function to put a trap: {@code wasm_trap_t**}. */
  public long trapSlot() {
    return address + ShimStructs.Store.ENTRY_TRAP;
  }

  /** Takes the trap of the last entry, {@code NULL} if there is none; the caller deletes it. */
  public MemorySegment takeTrap() {
    return take(ShimStructs.Store.TRAP);
  }

  /** Takes the error of the last entry, {@code NULL} if there is none; the caller deletes it. */
  public MemorySegment takeError() {
    return take(ShimStructs.Store.ERROR);
  }

  private MemorySegment take(long offset) {
    long address = struct.get(JAVA_LONG, offset);
    struct.set(JAVA_LONG, offset, 0);
    return MemorySegment.ofAddress(address);
  }

  /** Bytes of stack that there were when the last entry was refused. */
  public long stackLeft() {
    return struct.get(JAVA_LONG, ShimStructs.Store.LEFT);
  }

  /** Bytes of stack that the last refused entry needed. */
  public long stackNeeded() {
    return struct.get(JAVA_LONG, ShimStructs.Store.NEEDED);
  }

  /**
   * Begins a use for a call, in one look where the store is confined and nothing is to prepare.
   *
   * @return whether that was so: then {@link #beginGuest} and {@link #endGuest} would do nothing
   */
  public boolean enterForCall() {
    if (plainOwner == Thread.currentThread()) {
      return true;
    }
    enter();
    return false;
  }

  /**
   * Ends a use for a call; the store is not reclaimed before.
   *
   * @param plain what {@link #enterForCall} returned
   */
  public void exitFromCall(boolean plain) {
    if (!plain && lock != null) {
      lock.unlock();
    }
    Reference.reachabilityFence(this);
  }

  /**
   * Begins an entry into the guest, within a use. {@link #endGuest} follows in any case.
   *
   * @return 0, or why it must not be entered: {@link Ticker#TIMEOUT} or {@link Ticker#INTERRUPT}
   * @throws IllegalStateException if an epoch callback is running: the engine has already decided
   *     to stop this guest and would not undo it for a nested call. Or if an interpreter runs the
   *     guest already: an interpreter has a stack of its own, and the engine ends the process if
   *     that stack ends in the entry of a function
   */
  public int beginGuest() {
    thrown = null;
    plainOwner = interpreted || deadlines != null ? null : owner;
    if (interpreted && depth() > 0) {
      throw new IllegalStateException(
          "a guest that an interpreter runs cannot be entered again before it returns: use another"
              + " store, or an engine without target pulley64");
    }
    if (deadlines == null) {
      return 0;
    }
    struct.set(
        JAVA_LONG, ShimStructs.Store.STOPPED, 0); // a call before may have ended without taking it
    return deadlines.begin(depth() == 0);
  }

  /**
   * Ends an entry into the guest, also one that was refused.
   *
   * @param before the {@link #deadline()} before {@link #beginGuest}
   */
  public void endGuest(long before) {
    if (deadlines != null) {
      deadlines.end(depth() == 0, before);
    }
  }

  private long depth() {
    return NativeMemory.getLong(address + ShimStructs.Store.DEPTH);
  }

  /** Returns why the last entry was stopped from outside, a constant of {@link Ticker}, or 0. */
  public int takeStopped() {
    long reason = struct.get(JAVA_LONG, ShimStructs.Store.STOPPED);
    struct.set(JAVA_LONG, ShimStructs.Store.STOPPED, 0);
    return (int) reason;
  }

  /** When guests of the store must end, {@code null} if the engine does not allow interruption. */
  public @Nullable Deadlines deadlines() {
    return deadlines;
  }

  /** When the innermost call that runs now must end, in the time of {@link System#nanoTime}. */
  public long deadline() {
    return deadlines == null ? Ticker.NEVER : deadlines.innermost();
  }

  /**
   * @throws IllegalStateException in an epoch callback: the guest keeps its fuel in a register
   *     there, where nobody else can read or change it
   */
  public void checkFuelKnown() {
    if (deadlines != null && deadlines.isDeciding()) {
      throw new IllegalStateException("an epoch callback cannot read or set the guest's fuel");
    }
  }

  /** Keeps what a host function threw until the entry that called the guest returns. */
  void keep(Throwable thrown) {
    this.thrown = thrown;
    plainOwner = null;
  }

  /** Notes that what was kept last went to the guest as a WebAssembly exception. */
  void raise() {
    raised = thrown;
    thrown = null;
  }

  /** Takes what last went to the guest as a WebAssembly exception. */
  public @Nullable Throwable takeRaised() {
    Throwable taken = raised;
    raised = null;
    return taken;
  }

  /** Takes what a host function threw since the last entry or take. */
  public @Nullable Throwable takeThrown() {
    Throwable taken = thrown;
    thrown = null;
    return taken;
  }

  /** Whether the store has a WASI configuration; without one, WASI functions end the process. */
  public boolean hasWasi() {
    return wasi != null;
  }

  /**
   * Returns what belongs to the store's WASI configuration, {@code null} if it has none.
   *
   * @param type the class of what {@link #setWasi} was given
   */
  public <T extends WasiState> @Nullable T wasi(Class<T> type) {
    return wasi == null ? null : type.cast(wasi);
  }

  /** Notes that the store has got a WASI configuration. */
  public void setWasi(WasiState state) {
    wasi = state;
  }

  /**
   * Whether components hold resources of the store's WASI configuration by numbers, which would
   * name those of another one.
   */
  public boolean isWasiHeld() {
    return wasiIsHeld;
  }

  /** Notes that a component that imports WASI is instantiated. */
  public void holdWasi() {
    wasiIsHeld = true;
  }

  /**
   * Returns what belongs to the store's components.
   *
   * @param type the class of it, the same for each store
   * @param make makes it, the first time
   */
  public <T extends ComponentState> T components(Class<T> type, Function<StoreState, T> make) {
    ComponentState known = components;
    if (known == null) {
      known = make.apply(this);
      components = known;
    }
    return type.cast(known);
  }

  /**
   * Why no component of the store can be entered any more, {@code null} if it can. The engine
   * refuses all of them once one has trapped, exited, or was unwound in any other way.
   */
  public @Nullable Throwable spentBy() {
    return spentBy;
  }

  /** Notes what unwound a component; only the first cause is kept. */
  public void spend(Throwable cause) {
    if (spentBy == null) {
      spentBy = cause;
    }
  }

  /** Whether a guest of the store, or a call of a component of it, is under way, within a use. */
  public boolean isBusy() {
    return depth() > 0 || (components != null && components.isBusy());
  }

  /**
   * The arena of all views of the store's memories: they end with the store. A view keeps the store
   * reachable, because the memory goes with the store.
   */
  public Arena views() {
    Arena arena = views;
    if (arena == null) {
      arena = newViews();
      views = arena;
    }
    return arena;
  }

  /** The arena of views that end earlier, when {@link #endPassingViews} is called. */
  public Arena passingViews() {
    Arena arena = passingViews;
    if (arena == null) {
      arena = newViews();
      passingViews = arena;
    }
    return arena;
  }

  /** Ends the views that do not last, within a use. */
  public void endPassingViews() {
    Arena arena = passingViews;
    if (arena != null) {
      arena.close(); // not while another thread copies from them
      passingViews = null;
    }
  }

  @SuppressWarnings("restricted") // ties the arena to this object; maps nothing
  private Arena newViews() {
    Arena arena = lock == null ? Arena.ofConfined() : Arena.ofShared();
    MemorySegment.NULL.reinterpret(arena, _ -> Reference.reachabilityFence(this));
    return arena;
  }

  /**
   * Deletes the store; does nothing when that is done already.
   *
   * @throws IllegalStateException if a guest of this store is running or a call of a component is
   *     under way; or if what components held could not be closed: the store is closed then
   */
  public void close() {
    if (closed && lock == null) {
      return;
    }
    try {
      enter();
    } catch (IllegalStateException e) {
      return; // closed by another thread
    }
    try {
      if (depth() > 0) {
        throw new IllegalStateException("the store cannot be closed: its guest is running");
      }
      // Code of the caller's that arguments and results belong to may run outside of guests.
      if (components != null && components.isBusy()) {
        throw new IllegalStateException("the store cannot be closed: a call is under way");
      }
      endPassingViews();
      if (views != null) {
        views.close();
      }
      closed = true;
      owner = null;
      plainOwner = null;
      deletion.clean();
    } finally {
      exit();
    }
    ComponentState ended = components;
    components = null;
    try {
      if (ended != null) {
        ended.storeClosed();
      }
    } finally {
      if (wasi != null) {
        wasi.end();
      }
    }
  }

  @SuppressWarnings("restricted") // gives the struct its size
  private static MemorySegment reinterpret(long address, long size) {
    return MemorySegment.ofAddress(address).reinterpret(size);
  }
}
