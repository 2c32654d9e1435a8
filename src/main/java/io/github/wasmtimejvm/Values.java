package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.wasmtimejvm.capi.WasmtimeAnyref;
import io.github.wasmtimejvm.capi.WasmtimeArrayref;
import io.github.wasmtimejvm.capi.WasmtimeExnref;
import io.github.wasmtimejvm.capi.WasmtimeExternref;
import io.github.wasmtimejvm.capi.WasmtimeStructref;
import io.github.wasmtimejvm.capi.WasmtimeVal;
import io.github.wasmtimejvm.capi.WasmtimeVal.wasmtime_val_t;
import io.github.wasmtimejvm.internal.GcRoot;
import io.github.wasmtimejvm.internal.Handles;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Values of all types between Java and the C functions that check them: {@code wasmtime_val_t}.
 *
 * <p>Types are checked here first, for a clear message; whether a reference is of a concrete type
 * only the engine can tell.
 */
final class Values {
  static final long SIZEOF = wasmtime_val_t.SIZEOF;

  private static final long OF = wasmtime_val_t.of$OFFSET;

  private Values() {}

  /**
   * Throws unless there are as many values as types.
   *
   * @param what what to call a value in the message, for example {@code "argument"}
   */
  static void checkCount(List<ValType> types, @Nullable Object[] values, String what) {
    if (values.length != types.size()) {
      throw new IllegalArgumentException(
          "%s %s(s) expected, %s given".formatted(types.size(), what, values.length));
    }
  }

  /** The exception for a value that does not fit. */
  static IllegalArgumentException misfit(
      ValType type, @Nullable Object value, String what, int index) {
    return new IllegalArgumentException(
        "%s %s must be %s for %s, is %s"
            .formatted(
                what,
                index,
                JavaTypes.describe(type),
                type,
                value == null ? "null" : value.getClass().getName()));
  }

  /**
   * Writes a value with a root of its own, if it needs one: to be given back by {@code
   * wasmtime_val_unroot}. Within a use of the store.
   *
   * @param what what to call it in messages
   * @param index its number, for messages
   * @throws IllegalArgumentException if it does not fit the type or belongs to another store
   */
  static void put(
      Store store,
      ValType type,
      @Nullable Object value,
      MemorySegment out,
      String what,
      int index) {
    boolean fits =
        switch (type) {
          case NumType number -> putNumber(number, value, out);
          case RefType(boolean nullable, HeapType heap) ->
              value == null
                  ? nullable && putNull(heap, out)
                  : putReference(store, heap, value, out);
        };
    if (!fits) {
      throw misfit(type, value, what, index);
    }
  }

  private static boolean putNumber(NumType type, @Nullable Object value, MemorySegment out) {
    out.set(JAVA_BYTE, 0, (byte) type.ordinal());
    switch (value) {
      case Integer number when type == NumType.I32 -> out.set(JAVA_INT, OF, number);
      case Long number when type == NumType.I64 -> out.set(JAVA_LONG, OF, number);
      case Float number when type == NumType.F32 -> out.set(JAVA_FLOAT, OF, number);
      case Double number when type == NumType.F64 -> out.set(JAVA_DOUBLE, OF, number);
      case V128(long low, long high) when type == NumType.V128 -> {
        out.set(JAVA_LONG, OF, low);
        out.set(JAVA_LONG, OF + 8, high);
      }
      case null, default -> {
        return false;
      }
    }
    return true;
  }

  private static boolean putNull(HeapType heap, MemorySegment out) {
    out.set(
        JAVA_BYTE,
        0,
        switch (heap.top()) {
          case FUNC -> WasmtimeVal.WASMTIME_FUNCREF;
          case EXTERN -> WasmtimeVal.WASMTIME_EXTERNREF;
          case EXN -> WasmtimeVal.WASMTIME_EXNREF;
          default -> WasmtimeVal.WASMTIME_ANYREF;
        });
    out.set(JAVA_LONG, OF, 0); // the store's number
    return true;
  }

  private static boolean putReference(Store store, HeapType heap, Object value, MemorySegment out) {
    if (!JavaTypes.mayBe(heap, value)) {
      return false;
    }
    MemorySegment context = store.state().context();
    MemorySegment own = store.state().scratch();
    MemorySegment reference = out.asSlice(OF);
    AbstractHeapType top = heap.top();
    byte kind =
        switch (value) {
          case Func func when top == AbstractHeapType.FUNC -> {
            store.checkSame(func.store(), "function reference");
            reference.set(JAVA_LONG, 0, func.word0);
            reference.set(JAVA_LONG, 8, func.word1);
            yield WasmtimeVal.WASMTIME_FUNCREF;
          }
          case ExnRef exception when top == AbstractHeapType.EXN -> {
            store.checkSame(exception.store(), "exception reference");
            exception.write(own);
            WasmtimeExnref.wasmtime_exnref_clone(own, reference);
            yield WasmtimeVal.WASMTIME_EXNREF;
          }
          case I31(int number) when top == AbstractHeapType.ANY -> {
            WasmtimeAnyref.wasmtime_anyref_from_i31(context, number, reference);
            yield WasmtimeVal.WASMTIME_ANYREF;
          }
          case StructRef struct when top == AbstractHeapType.ANY -> {
            store.checkSame(struct.store(), "struct reference");
            struct.write(own);
            WasmtimeStructref.wasmtime_structref_to_anyref(own, reference);
            yield WasmtimeVal.WASMTIME_ANYREF;
          }
          case ArrayRef array when top == AbstractHeapType.ANY -> {
            store.checkSame(array.store(), "array reference");
            array.write(own);
            WasmtimeArrayref.wasmtime_arrayref_to_anyref(own, reference);
            yield WasmtimeVal.WASMTIME_ANYREF;
          }
          case ConvertedRef converted -> {
            store.checkSame(converted.store(), "reference");
            converted.write(own);
            yield converted.isExternal() ? cloneExternal(own, reference) : cloneAny(own, reference);
          }
          default -> external(store, context, value, reference);
        };
    Reference.reachabilityFence(value);
    // Last: a half-written value must not look like one that has a root.
    out.set(JAVA_BYTE, 0, kind);
    return true;
  }

  private static byte cloneExternal(MemorySegment from, MemorySegment to) {
    WasmtimeExternref.wasmtime_externref_clone(from, to);
    return WasmtimeVal.WASMTIME_EXTERNREF;
  }

  private static byte cloneAny(MemorySegment from, MemorySegment to) {
    WasmtimeAnyref.wasmtime_anyref_clone(from, to);
    return WasmtimeVal.WASMTIME_ANYREF;
  }

  private static byte external(
      Store store, MemorySegment context, Object value, MemorySegment reference) {
    store.engine().requireGc();
    MemorySegment handle = Handles.register(value);
    if (!WasmtimeExternref.wasmtime_externref_new(
        context, handle, Handles.finalizer(), reference)) {
      throw new GcHeapOutOfMemoryException(
          "the engine cannot make an external reference: the heap of collected objects is full, or"
              + " the engine's pool has no room for one",
          List.of());
    }
    return WasmtimeVal.WASMTIME_EXTERNREF;
  }

  /** Reads a value that a C function has written, and gives back its root. */
  static @Nullable Object take(Store store, ValType type, MemorySegment value) {
    return read(store, type, value, true);
  }

  /** Reads a value that a C function lends. */
  static @Nullable Object borrow(Store store, ValType type, MemorySegment value) {
    return read(store, type, value, false);
  }

  private static @Nullable Object read(
      Store store, ValType type, MemorySegment value, boolean owned) {
    return switch (type) {
      // One by one: a switch of mixed numbers would widen them all to double.
      case NumType.I32 -> (Object) value.get(JAVA_INT, OF);
      case NumType.I64 -> (Object) value.get(JAVA_LONG, OF);
      case NumType.F32 -> (Object) value.get(JAVA_FLOAT, OF);
      case NumType.F64 -> (Object) value.get(JAVA_DOUBLE, OF);
      case NumType.V128 -> new V128(value.get(JAVA_LONG, OF), value.get(JAVA_LONG, OF + 8));
      case RefType _ -> value.get(JAVA_LONG, OF) == 0 ? null : reference(store, value, owned);
    };
  }

  private static Object reference(Store store, MemorySegment value, boolean owned) {
    MemorySegment reference = value.asSlice(OF, GcRoot.SIZEOF);
    byte kind = value.get(JAVA_BYTE, 0);
    return switch (kind) {
      case WasmtimeVal.WASMTIME_FUNCREF -> new Func(store, reference);
      case WasmtimeVal.WASMTIME_EXTERNREF -> external(store, reference, owned);
      case WasmtimeVal.WASMTIME_ANYREF -> any(store, reference, owned);
      case WasmtimeVal.WASMTIME_EXNREF ->
          new ExnRef(store, own(store, reference, owned, WasmtimeExnref::wasmtime_exnref_clone));
      default -> throw new IllegalStateException("unknown kind of value: " + kind);
    };
  }

  private static Object external(Store store, MemorySegment reference, boolean owned) {
    MemorySegment data =
        WasmtimeExternref.wasmtime_externref_data(store.state().context(), reference);
    if (data.address() != 0) {
      Object object = Handles.object(data);
      if (owned) {
        WasmtimeExternref.wasmtime_externref_unroot(reference);
      }
      return object;
    }
    MemorySegment own = own(store, reference, owned, WasmtimeExternref::wasmtime_externref_clone);
    return new ConvertedRef(
        store, true, new GcRoot(own, WasmtimeExternref::wasmtime_externref_unroot));
  }

  // A reference with a root that is ours: the one that we got, or a new one.
  private static MemorySegment own(
      Store store,
      MemorySegment reference,
      boolean owned,
      BiConsumer<MemorySegment, MemorySegment> clone) {
    if (owned) {
      return reference;
    }
    MemorySegment own = store.state().scratch();
    clone.accept(reference, own);
    return own;
  }

  private static AnyRef any(Store store, MemorySegment reference, boolean owned) {
    MemorySegment context = store.state().context();
    MemorySegment other = store.state().scratch();
    AnyRef any = null;
    if (WasmtimeAnyref.wasmtime_anyref_i31_get_s(context, reference, other)) {
      any = new I31(other.get(JAVA_INT, 0));
    } else if (WasmtimeAnyref.wasmtime_anyref_as_struct(context, reference, other)) {
      any = new StructRef(store, other);
    } else if (WasmtimeAnyref.wasmtime_anyref_as_array(context, reference, other)) {
      any = new ArrayRef(store, other);
    }
    if (any != null) {
      if (owned) {
        WasmtimeAnyref.wasmtime_anyref_unroot(reference);
      }
      return any;
    }
    MemorySegment own = own(store, reference, owned, WasmtimeAnyref::wasmtime_anyref_clone);
    return new ConvertedRef(store, false, new GcRoot(own, WasmtimeAnyref::wasmtime_anyref_unroot));
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
