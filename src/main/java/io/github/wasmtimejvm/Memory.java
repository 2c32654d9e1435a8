package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeExtern;
import io.github.wasmtimejvm.capi.WasmtimeMemory;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A guest's linear memory: {@code wasmtime_memory_t} in C.
 *
 * <pre>{@code
 * MemorySegment bytes = instance.memory("memory").segment();
 * int first = bytes.get(ValueLayout.JAVA_INT_UNALIGNED, 0);
 * }</pre>
 */
public final class Memory extends Extern {
  Memory(Store store, MemorySegment handle) {
    super(store, WasmtimeExtern.WASMTIME_EXTERN_MEMORY, handle);
  }

  /**
   * Creates a memory: {@code wasmtime_memory_new}.
   *
   * @param store the store that it lives in
   * @param type its type, not shared
   * @throws IllegalArgumentException if the sizes do not fit the kind of memory, or it is shared
   * @throws EngineException if the engine refuses it, for example for want of address space
   */
  public static Memory create(Store store, MemoryType type) {
    if (type.shared()) {
      throw new IllegalArgumentException("a shared memory is not a memory of one store");
    }
    StoreState state = store.state();
    state.enter();
    MemorySegment nativeType = null;
    try (Arena arena = Arena.ofConfined()) {
      nativeType = Types.nativeMemory(type);
      MemorySegment handle = arena.allocate(24, 8);
      Outcome.check(WasmtimeMemory.wasmtime_memory_new(state.context(), nativeType, handle), "");
      return new Memory(store, handle);
    } finally {
      if (nativeType != null) {
        Wasm.wasm_memorytype_delete(nativeType);
      }
      state.exit();
    }
  }

  /** Returns the type that it was created with: {@code wasmtime_memory_type}. */
  public MemoryType type() {
    StoreState state = store().state();
    state.enter();
    try {
      return (MemoryType) describe();
    } finally {
      state.exit();
    }
  }

  /** Returns its size in pages, mostly of 64 KiB: {@code wasmtime_memory_size}. */
  public long size() {
    StoreState state = store().state();
    state.enter();
    try {
      return WasmtimeMemory.wasmtime_memory_size(state.context(), nativeHandle());
    } finally {
      state.exit();
    }
  }

  /** Returns its size in bytes: {@code wasmtime_memory_data_size}. */
  public long byteSize() {
    StoreState state = store().state();
    state.enter();
    try {
      return WasmtimeMemory.wasmtime_memory_data_size(state.context(), nativeHandle());
    } finally {
      state.exit();
    }
  }

  /**
   * Makes it larger: {@code wasmtime_memory_grow}. Segments taken before keep their size and stay
   * usable.
   *
   * @param delta how many pages to add, not negative
   * @return how many pages it had before
   * @throws EngineException if it cannot grow so far; its maximum, a limit of the store, or the
   *     address space reserved for a memory that does not move
   */
  public long grow(long delta) {
    if (delta < 0) {
      throw new IllegalArgumentException("a memory cannot shrink: " + delta);
    }
    StoreState state = store().state();
    state.enter();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment before = arena.allocate(JAVA_LONG);
      Outcome.check(
          WasmtimeMemory.wasmtime_memory_grow(state.context(), nativeHandle(), delta, before),
          store().engine().memoryMayMove()
              ? ""
              : " (a memory that does not move cannot grow beyond what is reserved for it,"
                  + " memoryReservation: "
                  + store().engine().memoryReservation()
                  + " bytes)");
      return before.get(JAVA_LONG, 0);
    } finally {
      state.exit();
    }
  }

  /**
   * Returns the memory itself, not a copy, with the size that it has now: {@code
   * wasmtime_memory_data}. What the guest writes is seen at once. After a grow, by the guest too,
   * ask again to see the new pages.
   *
   * <p>The segment follows the rules of its store: it is accessible to the store's thread alone, or
   * to all for a shared store, and ends when the store is closed.
   *
   * @throws IllegalStateException if the engine lets memories move, so that a grow would pull it
   *     away; use {@link #read} and {@link #write}
   */
  public MemorySegment segment() {
    if (store().engine().memoryMayMove()) {
      throw new IllegalStateException(
          "memories of this engine may move; use read and write, or an engine without"
              + " memoryMayMove");
    }
    StoreState state = store().state();
    state.enter();
    try {
      return data(state, state.views());
    } finally {
      state.exit();
    }
  }

  /**
   * Copies bytes out of the memory.
   *
   * @param offset where they start in the memory
   * @param destination where they go; filled
   * @throws IndexOutOfBoundsException if they do not all lie in the memory
   */
  public void read(long offset, byte[] destination) {
    StoreState state = store().state();
    state.enter();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = data(state, arena);
      Objects.checkFromIndexSize(offset, destination.length, data.byteSize());
      MemorySegment.copy(data, JAVA_BYTE, offset, destination, 0, destination.length);
    } finally {
      state.exit();
    }
  }

  /**
   * Copies bytes into the memory.
   *
   * @param offset where they go in the memory
   * @param source the bytes
   * @throws IndexOutOfBoundsException if they do not all fit there; nothing is written
   */
  public void write(long offset, byte[] source) {
    StoreState state = store().state();
    state.enter();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = data(state, arena);
      Objects.checkFromIndexSize(offset, source.length, data.byteSize());
      MemorySegment.copy(source, 0, data, JAVA_BYTE, offset, source.length);
    } finally {
      state.exit();
    }
  }

  @SuppressWarnings("restricted") // gives the engine's pointer its size and lifetime
  private MemorySegment data(StoreState state, Arena arena) {
    MemorySegment handle = nativeHandle();
    MemorySegment base = WasmtimeMemory.wasmtime_memory_data(state.context(), handle);
    long size = WasmtimeMemory.wasmtime_memory_data_size(state.context(), handle);
    return base.reinterpret(size, arena, null);
  }
}
