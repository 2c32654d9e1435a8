package io.github.wasmtimejvm.component;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lists of bytes, as a {@link MemorySegment} or a {@link ByteBuffer}. Where Java reads the guest's
 * memory itself, what comes from a guest is that memory, until a component of the store is entered
 * again; else it is a copy.
 */
final class BytesCodec extends Codec {
  private final ArrayCodec array;
  private final Class<?> javaType;

  private BytesCodec(ArrayCodec array, Class<?> javaType) {
    this.array = array;
    this.javaType = javaType;
  }

  /** Returns the codec of lists of a type, {@code null} if there is none for the Java type. */
  static @Nullable BytesCodec of(@Nullable ArrayCodec array, Type javaType) {
    return array != null
            && array.javaType() == byte[].class
            && (javaType == MemorySegment.class || javaType == ByteBuffer.class)
        ? new BytesCodec(array, (Class<?>) javaType)
        : null;
  }

  @Override
  Class<?> javaType() {
    return javaType;
  }

  // What a buffer has between its position and its limit, which stay where they are.
  private MemorySegment segment(@Nullable Object value) {
    if (!javaType.isInstance(value)) {
      throw MisfitException.expected(WitText.withArticle(javaType.getSimpleName()), value);
    }
    return value instanceof ByteBuffer buffer
        ? MemorySegment.ofBuffer(buffer)
        : (MemorySegment) Objects.requireNonNull(value);
  }

  private Object javaValue(MemorySegment segment) {
    return javaType == ByteBuffer.class ? segment.asByteBuffer() : segment;
  }

  @Override
  void lower(@Nullable Object value, long at, Space space) {
    MemorySegment segment = segment(value);
    if (segment.byteSize() > Integer.MAX_VALUE - 8) {
      throw new MisfitException("%s bytes are too many".formatted(segment.byteSize()));
    }
    array.lower(segment.toArray(ValueLayout.JAVA_BYTE), at, space);
  }

  @Override
  Object lift(long at, ComponentStore store) {
    return javaValue(MemorySegment.ofArray((byte[]) array.lift(at, store)));
  }

  @Override
  Layout layout() {
    return Layout.Pointer.INSTANCE;
  }

  @Override
  void store(@Nullable Object value, long at, DirectWriter out) {
    MemorySegment segment = segment(value);
    out.bulk(at, segment, segment.byteSize(), Byte.BYTES);
  }

  @Override
  Object load(long at, DirectMemory memory) {
    long length = memory.length(at);
    long first = memory.list(at, length, Byte.BYTES, Byte.BYTES);
    return javaValue(memory.view(first, memory.countBytes(length)));
  }
}
