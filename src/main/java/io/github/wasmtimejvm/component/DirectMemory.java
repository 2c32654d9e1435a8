package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.binary.CanonicalOptions.StringEncoding;
import io.github.wasmtimejvm.capi.WasmtimeComponentVal;
import io.github.wasmtimejvm.capi.WasmtimeMemory;
import io.github.wasmtimejvm.internal.NativeMemory;
import io.github.wasmtimejvm.internal.NativeVector;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The memory of a component's instance, to read and write values. A guest says where its values
 * are: whatever it says is checked. A memory never shrinks, so what was checked stays right; but it
 * may move whenever a guest runs, and is looked up then.
 */
final class DirectMemory {
  /** As many bytes of objects a result may have in Java, like the engine's own bound. */
  private static final long MOST_OBJECTS = 128L << 20;

  private static final long OBJECT = 64; // bytes that an element of a list counts

  private static final long FLAG = 8; // and a flag that is set
  private static final long OURS = Long.MIN_VALUE; // a bit that no address in a guest has

  private static final int UTF16_MARK = 1 << 31;

  private final ComponentStore store;
  private final ComponentInstance instance;
  private final MemorySegment memory; // the wasmtime_memory_t
  private final StringEncoding encoding;
  private final boolean copying;
  private long seen = -1; // how many entries there had been when the rest was looked up
  private long base;
  private long size;
  private long objects;
  private long bytes;

  /**
   * @param memory the {@code wasmtime_memory_t}, which lives as long as the store
   * @param encoding of strings
   * @param copying whether bytes are copied, since the guest is entered while values are read
   */
  DirectMemory(
      ComponentInstance instance, MemorySegment memory, StringEncoding encoding, boolean copying) {
    this.copying = copying;
    this.instance = instance;
    this.store = instance.componentStore();
    this.memory = memory;
    this.encoding = encoding;
  }

  /** Begins to read a result. */
  void beginReading() {
    objects = 0;
    bytes = 0;
  }

  /** Where the memory is now. */
  long base() {
    if (seen != store.entries()) {
      lookUp();
    }
    assert base == WasmtimeMemory.wasmtime_memory_data(store.state().context(), memory).address();
    return base;
  }

  private void lookUp() {
    MemorySegment context = store.state().context();
    base = WasmtimeMemory.wasmtime_memory_data(context, memory).address();
    size = WasmtimeMemory.wasmtime_memory_data_size(context, memory);
    seen = store.entries();
  }

  /**
   * Returns how a value in our own memory is told to a codec: core values are put there.
   *
   * @param address in native memory
   */
  static long ofOurs(long address) {
    return address | OURS;
  }

  /** Returns an address in native memory; it must not be kept while a guest may run. */
  long address(long at) {
    if ((at & OURS) != 0) {
      return at & ~OURS;
    }
    assert isInside(at, 1); // and what is aligned there, as a memory has whole pages
    return base() + at;
  }

  private boolean isInside(long at, long length) {
    return at >= 0 && length >= 0 && length <= size() - at;
  }

  /** Size in bytes. */
  long size() {
    base();
    return size;
  }

  /**
   * Checks what a guest says.
   *
   * @param pointer an address, from 0 to 2^32 - 1
   * @param length from there, not negative
   * @param what to call it in the message
   * @return the address
   */
  long check(long pointer, long length, int alignment, String what) {
    if ((pointer & (alignment - 1)) != 0) {
      throw lie("%s is not aligned: %s".formatted(what, pointer));
    }
    if (length > size() - pointer) {
      throw lie(
          "%s is out of bounds: %s bytes at %s in a memory of %s"
              .formatted(what, length, pointer, size));
    }
    return pointer;
  }

  /** Spends the store's components, as the guest broke the rules; returns what to throw. */
  RuntimeException lie(String message) {
    RuntimeException exception = ComponentStore.ACCESS.engineException(message);
    store.state().spend(exception);
    return exception;
  }

  /** A part of the memory; it must not be kept while a guest may run. */
  MemorySegment segment(long pointer, long length) {
    assert isInside(pointer, length);
    return NativeVector.sized(MemorySegment.ofAddress(base() + pointer), length);
  }

  /**
   * Returns a part of the memory that has been checked, until a guest of the store runs, or a copy.
   *
   * @param length at most {@link Integer#MAX_VALUE}
   */
  MemorySegment view(long pointer, long length) {
    return copying
        ? MemorySegment.ofArray(segment(pointer, length).toArray(ValueLayout.JAVA_BYTE))
        : store.views().of(base() + pointer, length);
  }

  /**
   * Takes a resource over that the guest returns.
   *
   * @param handle in the guest's table; the engine looks whether there is one
   */
  GuestResource take(int handle, ResourceType type) {
    CoreFunction take = instance.handleFunction(instance.handles(type).take());
    store.begin(instance);
    try {
      long frame = store.scratch().reserve(CoreFunction.frameSize(1));
      take.call(store, frame, handle);
      long result = frame + Codec.SIZEOF;
      try {
        return GuestResource.lift(result + Codec.OF, type, true, store);
      } finally {
        WasmtimeComponentVal.wasmtime_component_val_delete(MemorySegment.ofAddress(result));
      }
    } finally {
      store.end();
    }
  }

  /** Copies from our own memory to a place that has been checked. */
  void copyFrom(long address, long place, long length) {
    MemorySegment.copy(
        NativeVector.sized(MemorySegment.ofAddress(address), length),
        0,
        segment(place, length),
        0,
        length);
  }

  byte getByte(long at) {
    return NativeMemory.getByte(address(at));
  }

  short getShort(long at) {
    return NativeMemory.getShort(address(at));
  }

  int getInt(long at) {
    return NativeMemory.getInt(address(at));
  }

  void putInt(long at, int value) {
    NativeMemory.putInt(address(at), value);
  }

  long getLong(long at) {
    return NativeMemory.getLong(address(at));
  }

  /**
   * Reads the number of a case.
   *
   * @param size 1, 2 or 4 bytes
   * @param cases how many there are
   */
  int discriminant(long at, int size, int cases) {
    long index = Layout.getUnsigned(address(at), size);
    if (index >= cases) {
      throw lie("invalid discriminant of the guest's: case %s of %s".formatted(index, cases));
    }
    return (int) index;
  }

  /**
   * Checks a list.
   *
   * @param at where its pointer and length are
   * @param length what has been read: by a view of the memory another thread may write another one
   * @return the address of the first element
   */
  long list(long at, long length, long elementSize, int alignment) {
    long pointer = Integer.toUnsignedLong(getInt(at));
    return check(pointer, length * elementSize, alignment, "a list of the guest's");
  }

  /** Reads how many elements a list has. */
  long length(long at) {
    return Integer.toUnsignedLong(getInt(at + Integer.BYTES));
  }

  /**
   * Counts elements that become objects, and returns how many they are.
   *
   * @param size of each in the guest, of which that in Java may be a multiple
   */
  int countObjects(long count, long size) {
    count(count * Math.max(OBJECT, OBJECT / Long.BYTES * size));
    return (int) count;
  }

  /** Counts flags that are set. */
  void countFlags(int count) {
    count(count * FLAG);
  }

  private void count(long bytes) {
    objects += bytes;
    if (objects > MOST_OBJECTS) {
      throw lie("the guest returned too many elements at once");
    }
  }

  /** Counts bytes that are copied, which may be as many as the memory has, all in all. */
  int countBytes(long count) {
    bytes += count;
    if (bytes > Math.max(size(), MOST_OBJECTS) || count > Integer.MAX_VALUE - 8) {
      throw lie("the guest returned too many bytes at once");
    }
    return (int) count;
  }

  /**
   * Reads a string.
   *
   * @param at where its pointer and length are
   */
  String text(long at) {
    long pointer = Integer.toUnsignedLong(getInt(at));
    int length = getInt(at + Integer.BYTES);
    return switch (encoding) {
      case UTF8 -> utf8(pointer, Integer.toUnsignedLong(length));
      case UTF16 -> utf16(pointer, Integer.toUnsignedLong(length));
      case LATIN1_OR_UTF16 ->
          (length & UTF16_MARK) != 0
              ? utf16(pointer, length & ~UTF16_MARK)
              : new String(copy(pointer, length, Short.BYTES), StandardCharsets.ISO_8859_1);
    };
  }

  private String utf8(long pointer, long length) {
    byte[] copy = copy(pointer, length, 1);
    String text = new String(copy, StandardCharsets.UTF_8);
    return text.indexOf('\ufffd') < 0 ? text : strictly(copy, StandardCharsets.UTF_8);
  }

  private String utf16(long pointer, long length) {
    byte[] copy = copy(pointer, length * Character.BYTES, Character.BYTES);
    String text = new String(copy, StandardCharsets.UTF_16LE);
    return text.indexOf('\ufffd') < 0 ? text : strictly(copy, StandardCharsets.UTF_16LE);
  }

  // What cannot be decoded becomes a U+FFFD, which a text may have as well.
  private String strictly(byte[] bytes, Charset charset) {
    try {
      return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw lie("a string of the guest's is not valid " + charset.name().toLowerCase(Locale.ROOT));
    }
  }

  private byte[] copy(long pointer, long length, int alignment) {
    check(pointer, length, alignment, "a string of the guest's");
    byte[] copy = new byte[countBytes(length)];
    MemorySegment.copy(segment(pointer, length), ValueLayout.JAVA_BYTE, 0, copy, 0, copy.length);
    return copy;
  }
}
