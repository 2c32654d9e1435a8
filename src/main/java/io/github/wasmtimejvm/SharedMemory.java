package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeExtern;
import io.github.wasmtimejvm.capi.WasmtimeExtern.wasmtime_extern_t;
import io.github.wasmtimejvm.capi.WasmtimeSharedmemory;
import io.github.wasmtimejvm.internal.NativeObject;
import io.github.wasmtimejvm.internal.ScopedPointer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/**
 * A linear memory that guests in several stores and Java threads use at once: {@code
 * wasmtime_sharedmemory_t} in C.
 *
 * <pre>{@code
 * SharedMemory memory = SharedMemory.create(engine, MemoryType.shared(1, 16));
 * linker.define("env", "memory", memory); // for any number of stores
 * VarHandle ints = ValueLayout.JAVA_INT.varHandle();
 * int before = (int) ints.getAndAdd(memory.segment(), 64L, 1);
 * }</pre>
 *
 * <p>All threads may use it at once, and every byte may change at any time: what was read and
 * checked must not be read again. The atomic access modes of a {@code VarHandle} and the guests'
 * atomic instructions see each other. A guest that waits in {@code memory.atomic.wait} without a
 * timeout waits until a guest notifies it: neither a timeout of its store nor an interrupt ends
 * that, and the C API has no function for Java to notify it.
 *
 * <p>{@link StoreLimits} do not count a shared memory.
 */
public final class SharedMemory extends Extern implements AutoCloseable {
  private final Engine engine;
  private final NativeObject object;
  private final Arena views = Arena.ofShared();

  /**
   * @param memory a {@code wasmtime_sharedmemory_t*}, owned from now on
   */
  @SuppressWarnings("restricted") // ties the arena to the native object; maps nothing
  SharedMemory(Engine engine, MemorySegment memory) {
    NativeObject object =
        new NativeObject(
            "shared memory", memory, WasmtimeSharedmemory::wasmtime_sharedmemory_delete);
    this.engine = engine;
    this.object = object;
    // A segment keeps the native object reachable, so that it is not deleted under it.
    MemorySegment.NULL.reinterpret(views, _ -> Reference.reachabilityFence(object));
  }

  /**
   * Creates a shared memory: {@code wasmtime_sharedmemory_new}. Threads: any.
   *
   * @param engine the engine of the stores that it is for
   * @param type its type, shared and with a maximum; see {@link MemoryType#shared(long, long)}
   * @throws IllegalArgumentException if the type is not shared, or the sizes do not fit the kind of
   *     memory
   * @throws IllegalStateException if the engine was built without {@link
   *     EngineBuilder#sharedMemory}
   * @throws EngineException if the engine refuses it, for example for want of address space
   */
  public static SharedMemory create(Engine engine, MemoryType type) {
    if (!type.shared()) {
      throw new IllegalArgumentException("the type is not shared: " + type);
    }
    if (!engine.sharedMemory()) {
      throw new IllegalStateException("the engine was built without sharedMemory");
    }
    MemorySegment nativeEngine = engine.object().lease();
    try (Arena arena = Arena.ofConfined();
        ScopedPointer nativeType = Types.nativeMemory(type)) {
      MemorySegment out = arena.allocate(ADDRESS);
      Failures.check(
          WasmtimeSharedmemory.wasmtime_sharedmemory_new(nativeEngine, nativeType.pointer(), out));
      return new SharedMemory(engine, out.get(ADDRESS, 0));
    } finally {
      engine.object().release();
    }
  }

  /** Returns the engine of the stores that it is for. Threads: any. */
  public Engine engine() {
    return engine;
  }

  /**
   * Returns the type that it was created with: {@code wasmtime_sharedmemory_type}. Its minimum
   * stays what it was when the memory grows; {@link #size} is what it has now. Threads: any.
   */
  public MemoryType type() {
    MemorySegment memory = object.lease();
    try {
      return type(memory);
    } finally {
      object.release();
    }
  }

  private static MemoryType type(MemorySegment memory) {
    MemorySegment type = WasmtimeSharedmemory.wasmtime_sharedmemory_type(memory);
    try {
      return Types.memory(type);
    } finally {
      Wasm.wasm_memorytype_delete(type);
    }
  }

  /**
   * Returns its size in pages, mostly of 64 KiB: {@code wasmtime_sharedmemory_size}. Threads: any.
   */
  public long size() {
    MemorySegment memory = object.lease();
    try {
      return WasmtimeSharedmemory.wasmtime_sharedmemory_size(memory);
    } finally {
      object.release();
    }
  }

  /** Returns its size in bytes: {@code wasmtime_sharedmemory_data_size}. Threads: any. */
  public long byteSize() {
    MemorySegment memory = object.lease();
    try {
      return WasmtimeSharedmemory.wasmtime_sharedmemory_data_size(memory);
    } finally {
      object.release();
    }
  }

  /**
   * Makes the memory larger for all its users: {@code wasmtime_sharedmemory_grow}. It never moves.
   * Threads: any.
   *
   * @param delta how many pages to add, not negative
   * @return how many pages it had before
   * @throws IllegalArgumentException if {@code delta} is negative
   * @throws IllegalArgumentException if {@code delta} is negative
   * @throws EngineException if it cannot grow so far; its maximum, or the address space reserved
   *     for it
   */
  public long grow(long delta) {
    if (delta < 0) {
      throw new IllegalArgumentException("a memory cannot shrink: " + delta);
    }
    MemorySegment memory = object.lease();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment before = arena.allocate(JAVA_LONG);
      MemorySegment error = WasmtimeSharedmemory.wasmtime_sharedmemory_grow(memory, delta, before);
      if (error.address() != 0) {
        long size = WasmtimeSharedmemory.wasmtime_sharedmemory_size(memory);
        Failures.check(error, Memory.growHint(engine, type(memory), size, delta));
      }
      return before.get(JAVA_LONG, 0);
    } finally {
      object.release();
    }
  }

  /**
   * Returns the memory itself, not a copy, with the size that it has now: {@code
   * wasmtime_sharedmemory_data}. After a grow, by a guest too, ask again to see the new pages.
   *
   * <p>All threads may use the segment at once. It is readable and writable until this object is
   * closed, and keeps the memory if this object is forgotten. Threads: any.
   */
  @SuppressWarnings("restricted") // gives the engine's pointer its size and lifetime
  public MemorySegment segment() {
    MemorySegment memory = object.lease();
    try {
      // The size may grow between the calls, the place does not change.
      return WasmtimeSharedmemory.wasmtime_sharedmemory_data(memory)
          .reinterpret(WasmtimeSharedmemory.wasmtime_sharedmemory_data_size(memory), views, null);
    } finally {
      object.release();
    }
  }

  @Override
  void checkUsable(Store store, String what) {
    store.engine().checkSame(engine, what);
  }

  @Override
  void write(MemorySegment item) {
    MemorySegment memory = object.lease();
    try {
      item.set(
          ADDRESS,
          wasmtime_extern_t.of$OFFSET,
          WasmtimeSharedmemory.wasmtime_sharedmemory_clone(memory));
      item.set(
          JAVA_BYTE, wasmtime_extern_t.kind$OFFSET, WasmtimeExtern.WASMTIME_EXTERN_SHAREDMEMORY);
    } finally {
      object.release();
    }
  }

  @Override
  ExternType describe() {
    return type();
  }

  /**
   * Ends this object and its segments: {@code wasmtime_sharedmemory_delete}. The memory itself
   * stays as long as a store, a linker or another object uses it. Closing it again does nothing;
   * what is forgotten is reclaimed. Threads: any.
   *
   * @throws IllegalStateException if another thread is in the middle of an operation on a segment;
   *     nothing is closed then
   */
  @Override
  public synchronized void close() {
    if (views.scope().isAlive()) {
      views.close();
    }
    object.close();
  }
}
