package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.wasmtimejvm.capi.WasmtimeExtern;
import io.github.wasmtimejvm.capi.WasmtimeMemory;
import io.github.wasmtimejvm.internal.NativeVector;
import io.github.wasmtimejvm.internal.ScopedPointer;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A guest's linear memory: {@code wasmtime_memory_t} in C.
 *
 * <pre>{@code
 * MemorySegment bytes = instance.memory("memory").segment();
 * int first = bytes.get(ValueLayout.JAVA_INT_UNALIGNED, 0);
 * }</pre>
 */
public final class Memory extends StoreItem {
  Memory(Store store, MemorySegment handle) {
    super(store, WasmtimeExtern.WASMTIME_EXTERN_MEMORY, handle);
  }

  /**
   * Creates a memory: {@code wasmtime_memory_new}. Threads: the store's.
   *
   * @param store the store that it lives in
   * @param type its type, not shared; {@link SharedMemory} is for the others
   * @throws IllegalArgumentException if the sizes do not fit the kind of memory, or it is shared
   * @throws EngineException if the engine refuses it, for example for want of address space
   */
  public static Memory create(Store store, MemoryType type) {
    if (type.shared()) {
      throw new IllegalArgumentException("a shared memory is not a memory of one store");
    }
    StoreState state = store.state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined();
        ScopedPointer nativeType = Types.nativeMemory(type)) {
      MemorySegment handle = arena.allocate(HANDLE_SIZE, 8);
      Failures.check(
          WasmtimeMemory.wasmtime_memory_new(state.context(), nativeType.pointer(), handle));
      return new Memory(store, handle);
    }
  }

  /**
   * Returns the type that it was created with: {@code wasmtime_memory_type}. Its minimum stays what
   * it was when the memory grows; {@link #size} is what it has now. Threads: the store's.
   */
  public MemoryType type() {
    StoreState state = store().state();
    try (var _ = state.enter()) {
      return (MemoryType) describe();
    }
  }

  /**
   * Returns its size in pages, mostly of 64 KiB: {@code wasmtime_memory_size}. Threads: the
   * store's.
   */
  public long size() {
    StoreState state = store().state();
    try (var _ = state.enter()) {
      return WasmtimeMemory.wasmtime_memory_size(state.context(), nativeHandle());
    }
  }

  /** Returns its size in bytes: {@code wasmtime_memory_data_size}. Threads: the store's. */
  public long byteSize() {
    StoreState state = store().state();
    try (var _ = state.enter()) {
      return WasmtimeMemory.wasmtime_memory_data_size(state.context(), nativeHandle());
    }
  }

  /**
   * Makes it larger: {@code wasmtime_memory_grow}. Segments taken before keep their size and stay
   * usable. Threads: the store's.
   *
   * @param delta how many pages to add, not negative
   * @return how many pages it had before
   * @throws IllegalArgumentException if {@code delta} is negative
   * @throws IllegalArgumentException if {@code delta} is negative
   * @throws EngineException if it cannot grow so far; its maximum, a limit of the store, or the
   *     address space reserved for a memory that does not move
   */
  public long grow(long delta) {
    if (delta < 0) {
      throw new IllegalArgumentException("a memory cannot shrink: " + delta);
    }
    StoreState state = store().state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined()) {
      MemorySegment before = arena.allocate(JAVA_LONG);
      MemorySegment error =
          WasmtimeMemory.wasmtime_memory_grow(state.context(), nativeHandle(), delta, before);
      if (error.address() != 0) {
        long size = WasmtimeMemory.wasmtime_memory_size(state.context(), nativeHandle());
        Failures.check(error, growHint(store().engine(), (MemoryType) describe(), size, delta));
      }
      return before.get(JAVA_LONG, 0);
    }
  }

  /** Whether a memory of that type is ever elsewhere than where it began. */
  static boolean mayMove(Engine engine, MemoryType type) {
    if (!engine.memoryMayMove()
        || type.shared()
        || type.maximum().isPresent() && type.maximum().getAsLong() == type.minimum()) {
      return false;
    }
    long most = type.is64() ? Long.MAX_VALUE / type.pageSize() : (1L << 32) / type.pageSize();
    long pages = type.maximum().isEmpty() ? most : unsignedMin(type.maximum().getAsLong(), most);
    return pages * type.pageSize() > engine.memoryReservation();
  }

  /**
   * What to add to the message that a memory could not grow: the setting that was in the way, if
   * nothing else was.
   */
  static String growHint(Engine engine, MemoryType type, long size, long delta) {
    long most = type.is64() ? Long.MAX_VALUE / type.pageSize() : (1L << 32) / type.pageSize();
    long limit = type.maximum().isEmpty() ? most : unsignedMin(type.maximum().getAsLong(), most);
    boolean tooLarge = delta > limit - size;
    boolean moves = engine.memoryMayMove() && !type.shared();
    return tooLarge || moves || (size + delta) * type.pageSize() <= engine.memoryReservation()
        ? ""
        : " (a memory that does not move cannot grow beyond what is reserved for it,"
            + " memoryReservation: "
            + engine.memoryReservation()
            + " bytes)";
  }

  private static long unsignedMin(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? a : b;
  }

  /**
   * Returns the memory itself, not a copy, with the size that it has now: {@code
   * wasmtime_memory_data}. What the guest writes is seen at once. After a grow, by the guest too,
   * ask again to see the new pages.
   *
   * <p>Strings and arrays go in and out by the methods of {@link MemorySegment}: {@code getString},
   * {@code setString}, {@code copy}, {@code fill}.
   *
   * <p>The segment follows the rules of its store: it is accessible to the store's thread alone, or
   * to all for a shared store, and ends when the store is closed. Threads: the store's.
   *
   * @throws IllegalStateException if the memory may move, so that a grow would pull it away: if it
   *     can become larger than {@link EngineBuilder#memoryReservation}, and the engine lets it. Use
   *     {@link #read} and {@link #write}
   */
  public MemorySegment segment() {
    StoreState state = store().state();
    try (var _ = state.enter()) {
      if (store().mayMove(this)) {
        throw new IllegalStateException(
            "the memory may move when it grows, as it can become larger than memoryReservation: use"
                + " read and write, or an engine with a larger memoryReservation or"
                + " memoryMayMove(false)");
      }
      return data(state, state.views());
    }
  }

  /**
   * Copies bytes out of the memory. Threads: the store's.
   *
   * @param offset where they start in the memory, in bytes from 0
   * @param destination where they go; filled
   * @throws IndexOutOfBoundsException if they do not all lie in the memory
   */
  public void read(long offset, byte[] destination) {
    StoreState state = store().state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined()) {
      MemorySegment data = data(state, arena);
      Objects.checkFromIndexSize(offset, destination.length, data.byteSize());
      MemorySegment.copy(data, JAVA_BYTE, offset, destination, 0, destination.length);
    }
  }

  /**
   * Copies bytes into the memory. Threads: the store's.
   *
   * @param offset where they go in the memory, in bytes from 0
   * @param source the bytes
   * @throws IndexOutOfBoundsException if they do not all fit there; nothing is written
   */
  public void write(long offset, byte[] source) {
    StoreState state = store().state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined()) {
      MemorySegment data = data(state, arena);
      Objects.checkFromIndexSize(offset, source.length, data.byteSize());
      MemorySegment.copy(source, 0, data, JAVA_BYTE, offset, source.length);
    }
  }

  /**
   * Sets bytes of the memory to a value. Threads: the store's.
   *
   * @param offset where they start, in bytes from 0
   * @param count how many, not negative
   * @param value the value of each
   * @throws IndexOutOfBoundsException if they do not all lie in the memory; nothing is written
   */
  public void fill(long offset, long count, byte value) {
    StoreState state = store().state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined()) {
      slice(state, arena, offset, count).fill(value);
    }
  }

  /**
   * Copies bytes to a place in this or another memory of the store. The places may overlap: the
   * bytes arrive as they were before. Threads: the store's.
   *
   * @param offset where they start in this memory, in bytes from 0
   * @param destination the memory that they go to
   * @param destinationOffset where they go in it, in bytes from 0
   * @param count how many, not negative
   * @throws IllegalArgumentException if the destination belongs to another store
   * @throws IndexOutOfBoundsException if they do not all lie in both memories; nothing is written
   */
  public void copy(long offset, Memory destination, long destinationOffset, long count) {
    store().checkSame(destination.store(), "memory");
    StoreState state = store().state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined()) {
      MemorySegment source = slice(state, arena, offset, count);
      destination.slice(state, arena, destinationOffset, count).copyFrom(source);
    }
  }

  /**
   * Reads a text in UTF-8. What is not UTF-8 becomes U+FFFD, as in {@link String#String(byte[],
   * java.nio.charset.Charset)}. Threads: the store's.
   *
   * @param offset where it starts, in bytes from 0
   * @param byteLength its length in bytes, not negative
   * @throws IndexOutOfBoundsException if it does not lie in the memory
   */
  public String readString(long offset, int byteLength) {
    StoreState state = store().state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined()) {
      byte[] utf8 = slice(state, arena, offset, byteLength).toArray(JAVA_BYTE);
      return new String(utf8, StandardCharsets.UTF_8);
    }
  }

  /**
   * Writes a text in UTF-8, without a byte behind it. Threads: the store's.
   *
   * @param offset where it goes, in bytes from 0
   * @param text the text
   * @return its length in bytes
   * @throws IndexOutOfBoundsException if it does not fit there; nothing is written
   * @throws IllegalArgumentException if it has a half of a surrogate pair, for which UTF-8 has no
   *     bytes
   */
  public int writeString(long offset, String text) {
    byte[] utf8 = NativeVector.utf8(text);
    write(offset, utf8);
    return utf8.length;
  }

  /** Whether both stand for one memory; any thread may ask. Threads: any. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Memory memory
        && store() == memory.store()
        && word0 == memory.word0
        && word1 == memory.word1
        && (int) word2 == (int) memory.word2; // behind it is padding
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Long.hashCode(word0) + Long.hashCode(word1)) + (int) word2;
  }

  private MemorySegment slice(StoreState state, Arena arena, long offset, long count) {
    MemorySegment data = data(state, arena);
    Objects.checkFromIndexSize(offset, count, data.byteSize());
    return data.asSlice(offset, count);
  }

  @SuppressWarnings("restricted") // gives the engine's pointer its size and lifetime
  private MemorySegment data(StoreState state, Arena arena) {
    MemorySegment handle = nativeHandle();
    MemorySegment base = WasmtimeMemory.wasmtime_memory_data(state.context(), handle);
    long size = WasmtimeMemory.wasmtime_memory_data_size(state.context(), handle);
    return base.reinterpret(size, arena, null);
  }
}
