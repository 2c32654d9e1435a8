package io.github.wasmtimejvm.wasi;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.wasmtimejvm.Caller;
import io.github.wasmtimejvm.Extern;
import io.github.wasmtimejvm.Memory;
import io.github.wasmtimejvm.SharedMemory;
import io.github.wasmtimejvm.access.Access;
import io.github.wasmtimejvm.capi.WasmtimeError;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The memory of a guest that calls WASI, by copies, so that it serves memories that move too.
 * Addresses are the guest's pointers, unsigned.
 */
public final class GuestMemory {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** How many bytes pointers can point to: they have 32 bits. */
  static final long POINTERS = 1L << 32;

  private final Extern item;
  private final MemorySegment shared; // of a memory that several threads use, else empty

  private GuestMemory(Extern item, MemorySegment shared) {
    this.item = item;
    this.shared = shared;
  }

  static GuestMemory of(Caller caller) {
    Extern item = caller.export("memory").orElse(null);
    return switch (item) {
      case Memory memory -> new GuestMemory(memory, MemorySegment.NULL);
      case SharedMemory memory -> new GuestMemory(memory, memory.segment());
      case null, default -> throw missing();
    };
  }

  // What the engine's own functions say then.
  private static RuntimeException missing() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment message = arena.allocateFrom("missing required memory export");
      Access.get().check(WasmtimeError.wasmtime_error_new(message));
    }
    throw new AssertionError("an error is thrown");
  }

  /** The memory itself. */
  Extern item() {
    return item;
  }

  /** What tells it from the other memories of its store. */
  Object key() {
    return item instanceof SharedMemory ? shared.address() : item;
  }

  /** Returns its size in bytes. Threads: the guest's. */
  public long byteSize() {
    return item instanceof Memory memory ? memory.byteSize() : shared.byteSize();
  }

  /**
   * Returns whether bytes lie in it. Threads: the guest's.
   *
   * @param address where they start, unsigned
   * @param count how many, not negative
   */
  public boolean contains(int address, long count) {
    return count <= byteSize() - Integer.toUnsignedLong(address);
  }

  /**
   * Copies bytes out of it. Threads: the guest's.
   *
   * @param address where they start, unsigned
   * @param count how many, not negative
   * @throws IndexOutOfBoundsException if they do not all lie in it
   */
  public byte[] read(int address, int count) {
    return read(Integer.toUnsignedLong(address), count);
  }

  /**
   * Copies bytes out of it. Of a memory with 64-bit addresses, what begins below 4 GiB, where
   * pointers can point, may go on above: hence an offset, which does not wrap as a pointer would.
   */
  byte[] read(long offset, int count) {
    // Before the array is made: the guest may say any count.
    Objects.checkFromIndexSize(offset, count, byteSize());
    byte[] bytes = new byte[count];
    read(offset, bytes);
    return bytes;
  }

  /** Fills an array with what is there. */
  void read(long offset, byte[] destination) {
    if (item instanceof Memory memory) {
      memory.read(offset, destination);
    } else {
      MemorySegment.copy(shared, JAVA_BYTE, offset, destination, 0, destination.length);
    }
  }

  /**
   * Copies bytes into it. Threads: the guest's.
   *
   * @param address where they go, unsigned
   * @param source the bytes
   * @throws IndexOutOfBoundsException if they do not all fit there; nothing is written
   */
  public void write(int address, byte[] source) {
    write(Integer.toUnsignedLong(address), source);
  }

  /** Copies bytes into it, also such as go on above 4 GiB. */
  void write(long offset, byte[] source) {
    if (item instanceof Memory memory) {
      memory.write(offset, source);
    } else {
      MemorySegment.copy(source, 0, shared, JAVA_BYTE, offset, source.length);
    }
  }

  /**
   * Reads a text in UTF-8. Threads: the guest's.
   *
   * @param address where it starts, unsigned
   * @param byteLength its length in bytes, not negative
   * @throws IndexOutOfBoundsException if it does not lie in it
   */
  public String readString(int address, int byteLength) {
    return new String(read(address, byteLength), StandardCharsets.UTF_8);
  }

  /**
   * Reads an {@code i32}. Threads: the guest's.
   *
   * @param address where its first byte is, unsigned
   * @throws IndexOutOfBoundsException if it does not lie in it
   */
  public int readInt(int address) {
    return (int) INT.get(read(address, Integer.BYTES), 0);
  }

  /**
   * Reads an {@code i64}. Threads: the guest's.
   *
   * @param address where its first byte is, unsigned
   * @throws IndexOutOfBoundsException if it does not lie in it
   */
  public long readLong(int address) {
    return (long) LONG.get(read(address, Long.BYTES), 0);
  }

  /**
   * Writes an {@code i32}. Threads: the guest's.
   *
   * @param address where its first byte goes, unsigned
   * @param value any number
   * @throws IndexOutOfBoundsException if it does not fit there
   */
  public void writeInt(int address, int value) {
    byte[] bytes = new byte[Integer.BYTES];
    INT.set(bytes, 0, value);
    write(address, bytes);
  }

  /**
   * Writes an {@code i64}. Threads: the guest's.
   *
   * @param address where its first byte goes, unsigned
   * @param value any number
   * @throws IndexOutOfBoundsException if it does not fit there
   */
  public void writeLong(int address, long value) {
    byte[] bytes = new byte[Long.BYTES];
    LONG.set(bytes, 0, value);
    write(address, bytes);
  }
}
