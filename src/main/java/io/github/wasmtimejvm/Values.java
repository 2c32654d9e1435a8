package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.wasmtimejvm.capi.WasmtimeFunc;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values between Java and the engine's unchecked calls, which take {@code wasmtime_val_raw_t}: 16
 * bytes each, little-endian, and trust the caller. So everything is checked here.
 */
final class Values {
  static final long SIZEOF = 16;

  private Values() {}

  /**
   * Throws unless values of all these types can be passed.
   *
   * @param what what to call it in the message
   */
  static void checkPassable(FuncType type, String what) {
    for (List<ValType> types : List.of(type.params(), type.results())) {
      for (ValType val : types) {
        if (val instanceof RefType(_, HeapType heap) && !isFunc(heap)) {
          throw new IllegalArgumentException(
              "%s has the type %s: values of %s cannot be passed to or from Java"
                  .formatted(what, type, val));
        }
      }
    }
  }

  private static boolean isFunc(HeapType type) {
    return type == AbstractHeapType.FUNC || type == AbstractHeapType.NOFUNC;
  }

  /** How many values there must be room for. */
  static int slots(FuncType type) {
    return Math.max(type.params().size(), type.results().size());
  }

  /**
   * Writes values, after a check of each; within a use of the store.
   *
   * @param what what to call one in messages, for example {@code "argument"}
   * @throws IllegalArgumentException if their number or a type is wrong
   */
  static void write(
      Store store, List<ValType> types, @Nullable Object[] values, MemorySegment out, String what) {
    if (values.length != types.size()) {
      throw new IllegalArgumentException(
          "%d %s(s) expected, %d given".formatted(types.size(), what, values.length));
    }
    for (int i = 0; i < values.length; i++) {
      write(store, types.get(i), values[i], out, i, what);
    }
  }

  private static void write(
      Store store, ValType type, @Nullable Object value, MemorySegment out, int i, String what) {
    if (!write(store, type, value, out, i * SIZEOF)) {
      throw new IllegalArgumentException(
          "%s %d must be %s for %s, is %s"
              .formatted(
                  what,
                  i,
                  javaType(type),
                  type,
                  value == null ? "null" : value.getClass().getName()));
    }
  }

  private static boolean write(
      Store store, ValType type, @Nullable Object value, MemorySegment out, long offset) {
    switch (value) {
      case Integer number when type == NumType.I32 -> out.set(JAVA_INT, offset, number);
      case Long number when type == NumType.I64 -> out.set(JAVA_LONG, offset, number);
      case Float number when type == NumType.F32 -> out.set(JAVA_FLOAT, offset, number);
      case Double number when type == NumType.F64 -> out.set(JAVA_DOUBLE, offset, number);
      case V128(long low, long high) when type == NumType.V128 -> {
        out.set(JAVA_LONG, offset, low);
        out.set(JAVA_LONG, offset + 8, high);
      }
      case Func func
          when type instanceof RefType reference
              && reference.heapType() == AbstractHeapType.FUNC -> {
        store.checkSame(func.store(), "function reference");
        out.set(JAVA_LONG, offset, raw(store, func));
      }
      case null -> {
        if (!isNullable(type)) {
          return false;
        }
        out.set(JAVA_LONG, offset, 0);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static boolean isNullable(ValType type) {
    return type instanceof RefType reference && reference.nullable();
  }

  private static long raw(Store store, Func func) {
    return WasmtimeFunc.wasmtime_func_to_raw(store.state().context(), func.handle()).address();
  }

  private static String javaType(ValType type) {
    return switch (type) {
      case NumType.I32 -> "java.lang.Integer";
      case NumType.I64 -> "java.lang.Long";
      case NumType.F32 -> "java.lang.Float";
      case NumType.F64 -> "java.lang.Double";
      case NumType.V128 -> V128.class.getName();
      case RefType(boolean nullable, _) -> Func.class.getName() + (nullable ? " or null" : "");
    };
  }

  /** Reads values; within a use of the store. */
  static @Nullable Object[] read(Store store, List<ValType> types, MemorySegment in) {
    @Nullable Object[] values = new Object[types.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = read(store, types.get(i), in, i * SIZEOF);
    }
    return values;
  }

  private static @Nullable Object read(Store store, ValType type, MemorySegment in, long offset) {
    return switch (type) {
      // One by one: a switch of mixed numbers would widen them all to double.
      case NumType.I32 -> (Object) in.get(JAVA_INT, offset);
      case NumType.I64 -> (Object) in.get(JAVA_LONG, offset);
      case NumType.F32 -> (Object) in.get(JAVA_FLOAT, offset);
      case NumType.F64 -> (Object) in.get(JAVA_DOUBLE, offset);
      case NumType.V128 -> new V128(in.get(JAVA_LONG, offset), in.get(JAVA_LONG, offset + 8));
      case RefType _ -> func(store, in.get(JAVA_LONG, offset));
    };
  }

  // The C function that this asks would end the process for 0, which is the null reference.
  private static @Nullable Func func(Store store, long raw) {
    if (raw == 0) {
      return null;
    }
    MemorySegment handle = store.state().scratch();
    WasmtimeFunc.wasmtime_func_from_raw(
        store.state().context(), MemorySegment.ofAddress(raw), handle);
    return new Func(store, handle);
  }

  /** Turns results into what {@link Func#call} returns. */
  static @Nullable Object pack(@Nullable Object[] results) {
    return switch (results.length) {
      case 0 -> null;
      case 1 -> results[0];
      default -> results;
    };
  }

  /** Turns what a host function returned into results; their number is checked on writing. */
  static @Nullable Object[] unpack(@Nullable Object returned, int count) {
    if (count == 0 && returned == null) {
      return new Object[0];
    }
    if (count != 1 && returned instanceof Object[] results) {
      return results;
    }
    return new Object[] {returned};
  }
}
