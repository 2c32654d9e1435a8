package io.github.wasmtimejvm.internal;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.wasmtimejvm.capi.WasmtimeStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind a store: its native objects, who may use it now, and the Throwable on its way
 * through the guest.
 *
 * <p>Every use of the store or of anything in it stands between {@link #enter()} and {@link
 * #exit()}. A confined store belongs to the thread that created it; a shared one to whoever holds
 * its lock.
 */
public final class StoreState {
  // struct wjvm_store of native/shim.c
  private static final long DEPTH = 24;
  private static final long TRAP = 32;
  private static final long ERROR = 40;
  private static final long LEFT = 48;
  private static final long NEEDED = 56;
  private static final long SCRATCH = 64;
  private static final long SCRATCH_SIZE = 64;
  private static final long VALUES = 128;
  private static final long STRUCT_SIZE = 384;

  /** How many values {@link #values()} has room for. */
  public static final int VALUE_COUNT = 16;

  private static final Object LOCK = new Object();

  // Weak, so that a store that its user forgot can be reclaimed; while a guest runs, the calling
  // frame holds it.
  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  private static volatile WeakReference<StoreState>[] slots = new WeakReference[16];

  private static int used; // under LOCK
  private static final Deque<Integer> free = new ArrayDeque<>(); // under LOCK

  private final Object facade;
  private final @Nullable Thread owner;
  private final @Nullable ReentrantLock lock;
  private final MemorySegment store;
  private final MemorySegment context;
  private final MemorySegment struct;
  private final Cleaner.Cleanable deletion;
  private boolean closed;
  private boolean wasi;
  private @Nullable Arena views;
  private @Nullable Throwable thrown;

  /**
   * Creates a native store.
   *
   * @param engine the {@code wasm_engine_t*}, leased by the caller
   * @param maxWasmStack the engine's limit for the guest's stack, in bytes
   * @param shared whether threads may take turns
   * @param facade the public object, for callbacks
   */
  public StoreState(MemorySegment engine, long maxWasmStack, boolean shared, Object facade) {
    this.facade = facade;
    this.owner = shared ? null : Thread.currentThread();
    this.lock = shared ? new ReentrantLock() : null;
    int slot = takeSlot();
    MemorySegment store =
        WasmtimeStore.wasmtime_store_new(engine, MemorySegment.NULL, MemorySegment.NULL);
    this.store = store;
    this.context = WasmtimeStore.wasmtime_store_context(store);
    long address = Shim.storeNew(context, maxWasmStack + Shim.MARGIN, slot);
    this.struct = reinterpret(address, STRUCT_SIZE);
    this.deletion =
        NativeObject.CLEANER.register(
            this,
            () -> {
              WasmtimeStore.wasmtime_store_delete(store);
              Shim.storeDelete(address);
              releaseSlot(slot);
              HostCalls.drain();
            });
    putSlot(slot, new WeakReference<>(this));
  }

  static StoreState at(long slot) {
    StoreState store = slots[(int) slot].get();
    if (store == null) {
      throw new IllegalStateException("a guest runs in a store that is gone");
    }
    return store;
  }

  /**
   * Begins a use.
   *
   * @throws WrongThreadException if the store is confined to another thread
   * @throws IllegalStateException if the store is closed
   */
  public void enter() {
    if (owner != null) {
      if (owner != Thread.currentThread()) {
        throw new WrongThreadException(
            "the store belongs to thread " + owner.getName() + "; create it as a shared store");
      }
    } else {
      lock.lock();
    }
    if (closed) {
      exit();
      throw new IllegalStateException("the store is closed");
    }
  }

  /** Ends a use; the store is not reclaimed before. */
  public void exit() {
    if (lock != null) {
      lock.unlock();
    }
    Reference.reachabilityFence(this);
  }

  /** The public object. */
  public Object facade() {
    return facade;
  }

  /** The {@code wasmtime_store_t*}. */
  public MemorySegment store() {
    return store;
  }

  /** The {@code wasmtime_context_t*}. */
  public MemorySegment context() {
    return context;
  }

  /** Address of the struct that the shim takes. */
  public long address() {
    return struct.address();
  }

  /** Room for {@link #VALUE_COUNT} values of 16 bytes, for calls; a nested call may use it too. */
  public MemorySegment values() {
    return struct.asSlice(VALUES, VALUE_COUNT * 16L);
  }

  /** 64 bytes for the out-parameters of a C call that runs no guest. */
  public MemorySegment scratch() {
    return struct.asSlice(SCRATCH, SCRATCH_SIZE);
  }

  /** Where the shim's callers tell a C function to put a trap: {@code wasm_trap_t**}. */
  public long trapSlot() {
    return struct.address() + TRAP;
  }

  /** Takes the trap of the last entry, {@code NULL} if there is none; the caller deletes it. */
  public MemorySegment takeTrap() {
    return take(TRAP);
  }

  /** Takes the error of the last entry, {@code NULL} if there is none; the caller deletes it. */
  public MemorySegment takeError() {
    return take(ERROR);
  }

  private MemorySegment take(long offset) {
    long address = struct.get(JAVA_LONG, offset);
    struct.set(JAVA_LONG, offset, 0);
    return MemorySegment.ofAddress(address);
  }

  /** Bytes of stack that there were when the last entry was refused. */
  public long stackLeft() {
    return struct.get(JAVA_LONG, LEFT);
  }

  /** Bytes of stack that the last refused entry needed. */
  public long stackNeeded() {
    return struct.get(JAVA_LONG, NEEDED);
  }

  /** Keeps what a host function threw until the entry that called the guest returns. */
  void keep(Throwable thrown) {
    this.thrown = thrown;
  }

  /** Takes what a host function threw since the last entry or take. */
  public @Nullable Throwable takeThrown() {
    Throwable taken = thrown;
    thrown = null;
    return taken;
  }

  /** Whether the store has a WASI configuration; without one, WASI functions end the process. */
  public boolean hasWasi() {
    return wasi;
  }

  /** Notes that the store has got a WASI configuration. */
  public void setWasi() {
    wasi = true;
  }

  /**
   * The arena of all views of the store's memories: they end with the store. A view keeps the store
   * reachable, for its memory goes with the store.
   */
  @SuppressWarnings("restricted") // ties the arena to this object; maps nothing
  public Arena views() {
    Arena arena = views;
    if (arena == null) {
      arena = lock == null ? Arena.ofConfined() : Arena.ofShared();
      MemorySegment.NULL.reinterpret(arena, _ -> Reference.reachabilityFence(this));
      views = arena;
    }
    return arena;
  }

  /**
   * Deletes the store; does nothing when that is done already.
   *
   * @throws IllegalStateException if a guest of this store is running
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
      if (struct.get(JAVA_LONG, DEPTH) > 0) {
        throw new IllegalStateException("the store cannot be closed: its guest is running");
      }
      if (views != null) {
        views.close();
      }
      closed = true;
      deletion.clean();
    } finally {
      exit();
    }
  }

  private static int takeSlot() {
    synchronized (LOCK) {
      Integer slot = free.poll();
      if (slot == null) {
        if (used == slots.length) { // before the count goes up: the copy may fail
          slots = Arrays.copyOf(slots, 2 * used);
        }
        slot = used++;
      }
      return slot;
    }
  }

  private static void putSlot(int slot, WeakReference<StoreState> store) {
    synchronized (LOCK) {
      WeakReference<StoreState>[] table = slots;
      table[slot] = store;
      slots = table; // publishes the element to readers without the lock
    }
  }

  private static void releaseSlot(int slot) {
    synchronized (LOCK) {
      free.add(slot);
    }
  }

  @SuppressWarnings("restricted") // gives the struct its size
  private static MemorySegment reinterpret(long address, long size) {
    return MemorySegment.ofAddress(address).reinterpret(size);
  }
}
