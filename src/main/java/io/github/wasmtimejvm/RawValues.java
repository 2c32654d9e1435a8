package io.github.wasmtimejvm;

import io.github.wasmtimejvm.internal.NativeMemory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers and vectors between Java and the engine's unchecked calls, which take {@code
 * wasmtime_val_raw_t}: 16 bytes each, little-endian, and trust the caller. So everything is checked
 * here.
 */
final class RawValues {
  static final int SIZEOF = 16;

  private RawValues() {}

  /** Whether all values of a type are numbers or vectors. */
  static boolean fit(FuncType type) {
    return type.params().stream().allMatch(NumType.class::isInstance)
        && type.results().stream().allMatch(NumType.class::isInstance);
  }

  /**
   * Writes values, after a check of each.
   *
   * @param what what to call one in messages, for example {@code "argument"}
   * @throws IllegalArgumentException if their number or a type is wrong
   */
  static void write(List<ValType> types, @Nullable Object[] values, long address, String what) {
    Values.checkCount(types, values, what);
    for (int i = 0; i < values.length; i++) {
      if (!write(types.get(i), values[i], address + i * SIZEOF)) {
        throw Values.misfit(types.get(i), values[i], what, i);
      }
    }
  }

  private static boolean write(ValType type, @Nullable Object value, long address) {
    switch (value) {
      case Integer number when type == NumType.I32 -> NativeMemory.putInt(address, number);
      case Long number when type == NumType.I64 -> NativeMemory.putLong(address, number);
      case Float number when type == NumType.F32 -> NativeMemory.putFloat(address, number);
      case Double number when type == NumType.F64 -> NativeMemory.putDouble(address, number);
      case V128 vector when type == NumType.V128 -> putVector(address, vector);
      case null, default -> {
        return false;
      }
    }
    return true;
  }

  /**
   * Writes a vector; for generated code.
   *
   * @throws IllegalArgumentException if it is {@code null}
   */
  static void putVector(long address, @Nullable V128 vector) {
    if (vector == null) {
      throw new IllegalArgumentException("null is no value of type v128");
    }
    NativeMemory.putLong(address, vector.low());
    NativeMemory.putLong(address + 8, vector.high());
  }

  static V128 getVector(long address) {
    return new V128(NativeMemory.getLong(address), NativeMemory.getLong(address + 8));
  }

  /** Reads values. */
  static Object[] read(List<ValType> types, long address) {
    Object[] values = new Object[types.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = read(types.get(i), address + i * SIZEOF);
    }
    return values;
  }

  private static Object read(ValType type, long address) {
    return switch (type) {
      // One by one: a switch of mixed numbers would widen them all to double.
      case NumType.I32 -> (Object) NativeMemory.getInt(address);
      case NumType.I64 -> (Object) NativeMemory.getLong(address);
      case NumType.F32 -> (Object) NativeMemory.getFloat(address);
      case NumType.F64 -> (Object) NativeMemory.getDouble(address);
      case NumType.V128 -> getVector(address);
      case RefType _ -> throw new IllegalStateException("a reference in an unchecked call");
    };
  }
}
