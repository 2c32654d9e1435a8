package io.github.wasmtimejvm.component;

import static io.github.wasmtimejvm.internal.NativeMemory.getByte;
import static io.github.wasmtimejvm.internal.NativeMemory.getDouble;
import static io.github.wasmtimejvm.internal.NativeMemory.getFloat;
import static io.github.wasmtimejvm.internal.NativeMemory.getInt;
import static io.github.wasmtimejvm.internal.NativeMemory.getLong;
import static io.github.wasmtimejvm.internal.NativeMemory.putByte;
import static io.github.wasmtimejvm.internal.NativeMemory.putDouble;
import static io.github.wasmtimejvm.internal.NativeMemory.putFloat;
import static io.github.wasmtimejvm.internal.NativeMemory.putInt;
import static io.github.wasmtimejvm.internal.NativeMemory.putLong;

import io.github.wasmtimejvm.capi.WasmtimeComponentVal;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Array;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lists of numbers and truth values, as arrays of the Java type of the same size: an unsigned
 * element has the same bits.
 */
final class ArrayCodec extends Codec {
  private final WitType.Primitive element;
  private final Class<?> javaType;
  private final byte kind;
  private final int elementSize;

  private ArrayCodec(WitType.Primitive element, Class<?> javaType, byte kind) {
    this.element = element;
    this.javaType = javaType;
    this.kind = kind;
    this.elementSize = (int) Layout.Scalar.of(element).size();
  }

  /** Returns the codec of lists of a type, {@code null} if there is no such array. */
  static @Nullable ArrayCodec of(WitType element) {
    if (!(element instanceof WitType.Primitive primitive)) {
      return null;
    }
    return switch (primitive) {
      case BOOL ->
          new ArrayCodec(primitive, boolean[].class, WasmtimeComponentVal.WASMTIME_COMPONENT_BOOL);
      case S8 ->
          new ArrayCodec(primitive, byte[].class, WasmtimeComponentVal.WASMTIME_COMPONENT_S8);
      case U8 ->
          new ArrayCodec(primitive, byte[].class, WasmtimeComponentVal.WASMTIME_COMPONENT_U8);
      case S16 ->
          new ArrayCodec(primitive, short[].class, WasmtimeComponentVal.WASMTIME_COMPONENT_S16);
      case U16 ->
          new ArrayCodec(primitive, short[].class, WasmtimeComponentVal.WASMTIME_COMPONENT_U16);
      case S32 ->
          new ArrayCodec(primitive, int[].class, WasmtimeComponentVal.WASMTIME_COMPONENT_S32);
      case U32 ->
          new ArrayCodec(primitive, int[].class, WasmtimeComponentVal.WASMTIME_COMPONENT_U32);
      case S64 ->
          new ArrayCodec(primitive, long[].class, WasmtimeComponentVal.WASMTIME_COMPONENT_S64);
      case U64 ->
          new ArrayCodec(primitive, long[].class, WasmtimeComponentVal.WASMTIME_COMPONENT_U64);
      case F32 ->
          new ArrayCodec(primitive, float[].class, WasmtimeComponentVal.WASMTIME_COMPONENT_F32);
      case F64 ->
          new ArrayCodec(primitive, double[].class, WasmtimeComponentVal.WASMTIME_COMPONENT_F64);
      case CHAR, STRING -> null;
    };
  }

  @Override
  Class<?> javaType() {
    return javaType;
  }

  @Override
  void lower(@Nullable Object value, long at, Space space) {
    if (!javaType.isInstance(value)) {
      throw MisfitException.expected(WitText.withArticle(javaType.getSimpleName()), value);
    }
    long data = space.vector(Space.Vector.LIST, at + OF, Array.getLength(value));
    setKind(at, WasmtimeComponentVal.WASMTIME_COMPONENT_LIST);
    switch (value) {
      case boolean[] array -> {
        for (int i = 0; i < array.length; i++) {
          putByte(slot(data, i), array[i] ? (byte) 1 : 0);
        }
      }
      case byte[] array -> {
        for (int i = 0; i < array.length; i++) {
          putByte(slot(data, i), array[i]);
        }
      }
      case short[] array -> {
        for (int i = 0; i < array.length; i++) {
          putInt(slot(data, i), array[i]);
        }
      }
      case int[] array -> {
        for (int i = 0; i < array.length; i++) {
          putInt(slot(data, i), array[i]);
        }
      }
      case long[] array -> {
        for (int i = 0; i < array.length; i++) {
          putLong(slot(data, i), array[i]);
        }
      }
      case float[] array -> {
        for (int i = 0; i < array.length; i++) {
          putFloat(slot(data, i), array[i]);
        }
      }
      case double[] array -> {
        for (int i = 0; i < array.length; i++) {
          putDouble(slot(data, i), array[i]);
        }
      }
      default -> throw new AssertionError(element);
    }
  }

  // Sets the kind of an element and returns where its value goes.
  private long slot(long data, int index) {
    long at = data + index * SIZEOF;
    setKind(at, kind);
    return at + OF;
  }

  @Override
  Object lift(long at, ComponentStore store) {
    int size = Math.toIntExact(getLong(at + OF));
    Object lifted = Array.newInstance(javaType.componentType(), size);
    long data = getLong(at + OF + 8) + OF;
    switch (lifted) {
      case boolean[] array -> {
        for (int i = 0; i < size; i++) {
          array[i] = getByte(data + i * SIZEOF) != 0;
        }
      }
      case byte[] array -> {
        for (int i = 0; i < size; i++) {
          array[i] = getByte(data + i * SIZEOF);
        }
      }
      case short[] array -> {
        for (int i = 0; i < size; i++) {
          array[i] = (short) getInt(data + i * SIZEOF);
        }
      }
      case int[] array -> {
        for (int i = 0; i < size; i++) {
          array[i] = getInt(data + i * SIZEOF);
        }
      }
      case long[] array -> {
        for (int i = 0; i < size; i++) {
          array[i] = getLong(data + i * SIZEOF);
        }
      }
      case float[] array -> {
        for (int i = 0; i < size; i++) {
          array[i] = getFloat(data + i * SIZEOF);
        }
      }
      case double[] array -> {
        for (int i = 0; i < size; i++) {
          array[i] = getDouble(data + i * SIZEOF);
        }
      }
      default -> throw new AssertionError(element);
    }
    return lifted;
  }

  @Override
  Layout layout() {
    return Layout.Pointer.INSTANCE;
  }

  @Override
  void store(@Nullable Object value, long at, DirectWriter out) {
    if (!javaType.isInstance(value)) {
      throw MisfitException.expected(WitText.withArticle(javaType.getSimpleName()), value);
    }
    if (value instanceof boolean[] array) {
      long first = out.list(at, array.length, Byte.BYTES, Byte.BYTES);
      for (int i = 0; i < array.length; i++) {
        putByte(first + i, array[i] ? (byte) 1 : 0);
      }
    } else {
      out.bulk(at, Objects.requireNonNull(value), Array.getLength(value), elementSize);
    }
  }

  @Override
  Object load(long at, DirectMemory memory) {
    long length = memory.length(at);
    long first = memory.list(at, length, elementSize, elementSize);
    int size = memory.countBytes(length * elementSize) / elementSize;
    MemorySegment from = memory.segment(first, (long) size * elementSize);
    Object loaded = Array.newInstance(javaType.componentType(), size);
    switch (loaded) {
      case boolean[] array -> {
        for (int i = 0; i < size; i++) {
          array[i] = from.get(ValueLayout.JAVA_BYTE, i) != 0;
        }
      }
      case byte[] array -> copy(from, MemorySegment.ofArray(array));
      case short[] array -> copy(from, MemorySegment.ofArray(array));
      case int[] array -> copy(from, MemorySegment.ofArray(array));
      case long[] array -> copy(from, MemorySegment.ofArray(array));
      case float[] array -> copy(from, MemorySegment.ofArray(array));
      case double[] array -> copy(from, MemorySegment.ofArray(array));
      default -> throw new AssertionError(element);
    }
    return loaded;
  }

  private static void copy(MemorySegment from, MemorySegment into) {
    MemorySegment.copy(from, 0, into, 0, from.byteSize());
  }
}
