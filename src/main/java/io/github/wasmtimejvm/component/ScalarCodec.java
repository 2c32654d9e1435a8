package io.github.wasmtimejvm.component;

import static io.github.wasmtimejvm.internal.NativeMemory.getByte;
import static io.github.wasmtimejvm.internal.NativeMemory.getDouble;
import static io.github.wasmtimejvm.internal.NativeMemory.getFloat;
import static io.github.wasmtimejvm.internal.NativeMemory.getInt;
import static io.github.wasmtimejvm.internal.NativeMemory.getLong;
import static io.github.wasmtimejvm.internal.NativeMemory.getShort;
import static io.github.wasmtimejvm.internal.NativeMemory.putByte;
import static io.github.wasmtimejvm.internal.NativeMemory.putDouble;
import static io.github.wasmtimejvm.internal.NativeMemory.putFloat;
import static io.github.wasmtimejvm.internal.NativeMemory.putInt;
import static io.github.wasmtimejvm.internal.NativeMemory.putLong;
import static io.github.wasmtimejvm.internal.NativeMemory.putShort;

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

  private static final MethodHandle ADDRESS =
      HiddenClass.findVirtual(
          MethodHandles.lookup(), DirectMemory.class, "address", long.class, long.class);
  private static final MethodHandle CHECKED_CHAR =
      HiddenClass.findStatic(
          MethodHandles.lookup(), "checkedChar", int.class, long.class, DirectMemory.class);
  private static final MethodHandle SET_KIND =
      HiddenClass.findStatic(MethodHandles.lookup(), "setKind", void.class, byte.class, long.class);

  private static final Map<WitType.Primitive, ScalarCodec> ALL =
      Map.ofEntries(
          entry(
              WitType.Primitive.BOOL,
              WasmtimeComponentVal.WASMTIME_COMPONENT_BOOL,
              boolean.class,
              Boolean.class,
              "Bool"),
          entry(
              WitType.Primitive.S8,
              WasmtimeComponentVal.WASMTIME_COMPONENT_S8,
              byte.class,
              Byte.class,
              "S8"),
          entry(
              WitType.Primitive.U8,
              WasmtimeComponentVal.WASMTIME_COMPONENT_U8,
              int.class,
              Integer.class,
              "U8"),
          entry(
              WitType.Primitive.S16,
              WasmtimeComponentVal.WASMTIME_COMPONENT_S16,
              short.class,
              Short.class,
              "S16"),
          entry(
              WitType.Primitive.U16,
              WasmtimeComponentVal.WASMTIME_COMPONENT_U16,
              int.class,
              Integer.class,
              "U16"),
          entry(
              WitType.Primitive.S32,
              WasmtimeComponentVal.WASMTIME_COMPONENT_S32,
              int.class,
              Integer.class,
              "S32"),
          entry(
              WitType.Primitive.U32,
              WasmtimeComponentVal.WASMTIME_COMPONENT_U32,
              long.class,
              Long.class,
              "U32"),
          entry(
              WitType.Primitive.S64,
              WasmtimeComponentVal.WASMTIME_COMPONENT_S64,
              long.class,
              Long.class,
              "S64"),
          entry(
              WitType.Primitive.U64,
              WasmtimeComponentVal.WASMTIME_COMPONENT_U64,
              long.class,
              Long.class,
              "U64"),
          entry(
              WitType.Primitive.F32,
              WasmtimeComponentVal.WASMTIME_COMPONENT_F32,
              float.class,
              Float.class,
              "F32"),
          entry(
              WitType.Primitive.F64,
              WasmtimeComponentVal.WASMTIME_COMPONENT_F64,
              double.class,
              Double.class,
              "F64"),
          entry(
              WitType.Primitive.CHAR,
              WasmtimeComponentVal.WASMTIME_COMPONENT_CHAR,
              int.class,
              Integer.class,
              "Char"));

  private final WitType.Primitive type;
  private final byte kind;
  private final Layout.Scalar layout;
  private final Class<?> primitive;
  private final Class<?> boxed;
  private final MethodHandle put; // (address, value) -> void
  private final MethodHandle get; // (address) -> value

  private ScalarCodec(
      WitType.Primitive type,
      byte kind,
      Class<?> primitive,
      Class<?> boxed,
      MethodHandle put,
      MethodHandle get) {
    this.type = type;
    this.kind = kind;
    this.layout = Layout.Scalar.of(type);
    this.primitive = primitive;
    this.boxed = boxed;
    this.put = put;
    this.get = get;
  }

  private static Map.Entry<WitType.Primitive, ScalarCodec> entry(
      WitType.Primitive type, byte kind, Class<?> primitive, Class<?> boxed, String name) {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    return Map.entry(
        type,
        new ScalarCodec(
            type,
            kind,
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

  // A value that does not fit has no kind either.
  @Override
  MethodHandle lowering() {
    MethodHandle value = // (address, value) -> void
        MethodHandles.filterArguments(put, 0, CallCode.plus(OF));
    MethodHandle setKind =
        MethodHandles.dropArguments(MethodHandles.insertArguments(SET_KIND, 0, kind), 1, primitive);
    MethodHandle both = // (address, value) -> void
        MethodHandles.foldArguments(setKind, value);
    return MethodHandles.dropArguments(
        MethodHandles.permuteArguments(
            both, MethodType.methodType(void.class, primitive, long.class), 1, 0),
        2,
        Space.class);
  }

  @Override
  MethodHandle lifting() {
    return MethodHandles.dropArguments(
        MethodHandles.filterArguments(get, 0, CallCode.plus(OF)), 1, ComponentStore.class);
  }

  @Override
  Layout layout() {
    return layout;
  }

  @Override
  MethodHandle storing() {
    return MethodHandles.dropArguments(
        MethodHandles.permuteArguments(
            put, MethodType.methodType(void.class, primitive, long.class), 1, 0),
        2,
        DirectWriter.class);
  }

  @Override
  MethodHandle loading() {
    if (type == WitType.Primitive.CHAR) {
      return CHECKED_CHAR;
    }
    MethodHandle load = MethodHandles.collectArguments(get, 0, ADDRESS); // (memory, at)
    return MethodHandles.permuteArguments(
        load, MethodType.methodType(primitive, long.class, DirectMemory.class), 1, 0);
  }

  @Override
  void store(@Nullable Object value, long at, DirectWriter out) {
    put(value, at);
  }

  @Override
  Object load(long at, DirectMemory memory) {
    return type == WitType.Primitive.CHAR ? checkedChar(at, memory) : get(memory.address(at));
  }

  private static int checkedChar(long at, DirectMemory memory) {
    int value = memory.getInt(at);
    if (!isChar(value)) {
      throw memory.lie("the guest returned 0x%x for a char".formatted(value));
    }
    return value;
  }

  @Override
  void lower(@Nullable Object value, long at, Space space) {
    put(value, at + OF);
    setKind(at, kind);
  }

  private static void setKind(byte kind, long at) {
    Codec.setKind(at, kind);
  }

  private void put(@Nullable Object value, long at) {
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
    return get(at + OF);
  }

  private Object get(long at) {
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
    putByte(at, value ? (byte) 1 : 0);
  }

  private static boolean getBool(long at) {
    return getByte(at) != 0;
  }

  private static void putS8(long at, byte value) {
    putByte(at, value);
  }

  private static byte getS8(long at) {
    return getByte(at);
  }

  private static void putU8(long at, int value) {
    checkRange(value, U8_MAX, WitType.Primitive.U8);
    putByte(at, (byte) value);
  }

  private static int getU8(long at) {
    return Byte.toUnsignedInt(getByte(at));
  }

  private static void putS16(long at, short value) {
    putShort(at, value);
  }

  private static short getS16(long at) {
    return getShort(at);
  }

  private static void putU16(long at, int value) {
    checkRange(value, U16_MAX, WitType.Primitive.U16);
    putShort(at, (short) value);
  }

  private static int getU16(long at) {
    return Short.toUnsignedInt(getShort(at));
  }

  private static void putS32(long at, int value) {
    putInt(at, value);
  }

  private static int getS32(long at) {
    return getInt(at);
  }

  private static void putU32(long at, long value) {
    checkRange(value, U32_MAX, WitType.Primitive.U32);
    putInt(at, (int) value);
  }

  private static long getU32(long at) {
    return Integer.toUnsignedLong(getInt(at));
  }

  private static void putS64(long at, long value) {
    putLong(at, value);
  }

  private static long getS64(long at) {
    return getLong(at);
  }

  private static void putU64(long at, long value) {
    putLong(at, value);
  }

  private static long getU64(long at) {
    return getLong(at);
  }

  private static void putF32(long at, float value) {
    putFloat(at, value);
  }

  private static float getF32(long at) {
    return getFloat(at);
  }

  private static void putF64(long at, double value) {
    putDouble(at, value);
  }

  private static double getF64(long at) {
    return getDouble(at);
  }

  private static void putChar(long at, int value) {
    if (!isChar(value)) {
      throw new MisfitException(
          "a char is a Unicode scalar value, which 0x%x is not".formatted(value));
    }
    putInt(at, value);
  }

  private static int getChar(long at) {
    return getInt(at);
  }

  private static boolean isChar(int value) {
    return Character.isValidCodePoint(value)
        && (value < Character.MIN_SURROGATE || value > Character.MAX_SURROGATE);
  }

  private static void checkRange(long value, long max, WitType.Primitive type) {
    if (value < 0 || value > max) {
      throw new MisfitException("a %s is from 0 to %s, got %s".formatted(type, max, value));
    }
  }
}
