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
import io.github.wasmtimejvm.interfaces.HiddenClass;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Numbers, truth values and characters, as Java's primitive types. Unsigned types that a larger
 * type of Java's holds are that type, and what is out of range is refused; {@code u64} is a {@code
 * long} of the same bits. A {@code char} is the {@code int} of its code point.
 */
final class ScalarCodec extends Codec {
  private static final int U8_MAX = 0xff;
  private static final int U16_MAX = 0xffff;
  private static final long U32_MAX = 0xffff_ffffL;

  private static final Map<WitType.Primitive, ScalarCodec> ALL =
      Map.ofEntries(
          entry(WitType.Primitive.BOOL, boolean.class, Boolean.class, "Bool"),
          entry(WitType.Primitive.S8, byte.class, Byte.class, "S8"),
          entry(WitType.Primitive.U8, int.class, Integer.class, "U8"),
          entry(WitType.Primitive.S16, short.class, Short.class, "S16"),
          entry(WitType.Primitive.U16, int.class, Integer.class, "U16"),
          entry(WitType.Primitive.S32, int.class, Integer.class, "S32"),
          entry(WitType.Primitive.U32, long.class, Long.class, "U32"),
          entry(WitType.Primitive.S64, long.class, Long.class, "S64"),
          entry(WitType.Primitive.U64, long.class, Long.class, "U64"),
          entry(WitType.Primitive.F32, float.class, Float.class, "F32"),
          entry(WitType.Primitive.F64, double.class, Double.class, "F64"),
          entry(WitType.Primitive.CHAR, int.class, Integer.class, "Char"));

  private final WitType.Primitive type;
  private final Class<?> primitive;
  private final Class<?> boxed;
  private final MethodHandle put; // (address, value) -> void
  private final MethodHandle get; // (address) -> value

  private ScalarCodec(
      WitType.Primitive type,
      Class<?> primitive,
      Class<?> boxed,
      MethodHandle put,
      MethodHandle get) {
    this.type = type;
    this.primitive = primitive;
    this.boxed = boxed;
    this.put = put;
    this.get = get;
  }

  private static Map.Entry<WitType.Primitive, ScalarCodec> entry(
      WitType.Primitive type, Class<?> primitive, Class<?> boxed, String name) {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    return Map.entry(
        type,
        new ScalarCodec(
            type,
            primitive,
            boxed,
            HiddenClass.findStatic(lookup, "put" + name, void.class, long.class, primitive),
            HiddenClass.findStatic(lookup, "get" + name, primitive, long.class)));
  }

  /** Returns the codec of a type, {@code null} for {@code string}. */
  static @Nullable ScalarCodec of(WitType.Primitive type) {
    return ALL.get(type);
  }

  @Override
  Class<?> javaType() {
    return primitive;
  }

  /** The class of values that are objects. */
  Class<?> boxedType() {
    return boxed;
  }

  WitType.Primitive type() {
    return type;
  }

  @Override
  boolean isFlat() {
    return true;
  }

  @Override
  MethodHandle lowering() {
    return MethodHandles.dropArguments(
        MethodHandles.permuteArguments(
            put, MethodType.methodType(void.class, primitive, long.class), 1, 0),
        2,
        Space.class);
  }

  @Override
  MethodHandle lifting() {
    return MethodHandles.dropArguments(get, 1, ComponentStore.class);
  }

  @Override
  void lower(@Nullable Object value, long at, Space space) {
    if (!boxed.isInstance(value)) {
      throw new MisfitException(
          "%s is %s in Java, got %s"
              .formatted(
                  type,
                  WitText.withArticle(boxed.getSimpleName()),
                  value == null ? "null" : value.getClass().getName()));
    }
    switch (type) {
      case BOOL -> putBool(at, (Boolean) value);
      case S8 -> putS8(at, (Byte) value);
      case U8 -> putU8(at, (Integer) value);
      case S16 -> putS16(at, (Short) value);
      case U16 -> putU16(at, (Integer) value);
      case S32 -> putS32(at, (Integer) value);
      case U32 -> putU32(at, (Long) value);
      case S64 -> putS64(at, (Long) value);
      case U64 -> putU64(at, (Long) value);
      case F32 -> putF32(at, (Float) value);
      case F64 -> putF64(at, (Double) value);
      case CHAR -> putChar(at, (Integer) value);
      case STRING -> throw new AssertionError();
    }
  }

  @Override
  Object lift(long at, ComponentStore store) {
    return switch (type) {
      case BOOL -> getBool(at);
      case S8 -> getS8(at);
      case U8 -> getU8(at);
      case S16 -> getS16(at);
      case U16 -> getU16(at);
      case S32 -> getS32(at);
      case U32 -> getU32(at);
      case S64 -> getS64(at);
      case U64 -> getU64(at);
      case F32 -> getF32(at);
      case F64 -> getF64(at);
      case CHAR -> getChar(at);
      case STRING -> throw new AssertionError();
    };
  }

  // The engine takes a byte of 1 for true; all other values of it are undefined behaviour.
  private static void putBool(long at, boolean value) {
    setKind(at, WasmtimeComponentVal.WASMTIME_COMPONENT_BOOL);
    putByte(at + OF, value ? (byte) 1 : 0);
  }

  private static boolean getBool(long at) {
    return getByte(at + OF) != 0;
  }

  private static void putS8(long at, byte value) {
    setKind(at, WasmtimeComponentVal.WASMTIME_COMPONENT_S8);
    putByte(at + OF, value);
  }

  private static byte getS8(long at) {
    return getByte(at + OF);
  }

  private static void putU8(long at, int value) {
    checkRange(value, U8_MAX, WitType.Primitive.U8);
    setKind(at, WasmtimeComponentVal.WASMTIME_COMPONENT_U8);
    putByte(at + OF, (byte) value);
  }

  private static int getU8(long at) {
    return Byte.toUnsignedInt(getByte(at + OF));
  }

  private static void putS16(long at, short value) {
    setKind(at, WasmtimeComponentVal.WASMTIME_COMPONENT_S16);
    putInt(at + OF, value);
  }

  private static short getS16(long at) {
    return (short) getInt(at + OF);
  }

  private static void putU16(long at, int value) {
    checkRange(value, U16_MAX, WitType.Primitive.U16);
    setKind(at, WasmtimeComponentVal.WASMTIME_COMPONENT_U16);
    putInt(at + OF, value);
  }

  private static int getU16(long at) {
    return getInt(at + OF) & U16_MAX;
  }

  private static void putS32(long at, int value) {
    setKind(at, WasmtimeComponentVal.WASMTIME_COMPONENT_S32);
    putInt(at + OF, value);
  }

  private static int getS32(long at) {
    return getInt(at + OF);
  }

  private static void putU32(long at, long value) {
    checkRange(value, U32_MAX, WitType.Primitive.U32);
    setKind(at, WasmtimeComponentVal.WASMTIME_COMPONENT_U32);
    putInt(at + OF, (int) value);
  }

  private static long getU32(long at) {
    return Integer.toUnsignedLong(getInt(at + OF));
  }

  private static void putS64(long at, long value) {
    setKind(at, WasmtimeComponentVal.WASMTIME_COMPONENT_S64);
    putLong(at + OF, value);
  }

  private static long getS64(long at) {
    return getLong(at + OF);
  }

  private static void putU64(long at, long value) {
    setKind(at, WasmtimeComponentVal.WASMTIME_COMPONENT_U64);
    putLong(at + OF, value);
  }

  private static long getU64(long at) {
    return getLong(at + OF);
  }

  private static void putF32(long at, float value) {
    setKind(at, WasmtimeComponentVal.WASMTIME_COMPONENT_F32);
    putFloat(at + OF, value);
  }

  private static float getF32(long at) {
    return getFloat(at + OF);
  }

  private static void putF64(long at, double value) {
    setKind(at, WasmtimeComponentVal.WASMTIME_COMPONENT_F64);
    putDouble(at + OF, value);
  }

  private static double getF64(long at) {
    return getDouble(at + OF);
  }

  private static void putChar(long at, int value) {
    if (!Character.isValidCodePoint(value)
        || (value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE)) {
      throw new MisfitException(
          "a char is a Unicode scalar value, which 0x%x is not".formatted(value));
    }
    setKind(at, WasmtimeComponentVal.WASMTIME_COMPONENT_CHAR);
    putInt(at + OF, value);
  }

  private static int getChar(long at) {
    return getInt(at + OF);
  }

  private static void checkRange(long value, long max, WitType.Primitive type) {
    if (value < 0 || value > max) {
      throw new MisfitException("a %s is from 0 to %s, got %s".formatted(type, max, value));
    }
  }
}
