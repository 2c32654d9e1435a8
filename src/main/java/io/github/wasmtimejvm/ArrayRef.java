package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.github.wasmtimejvm.capi.WasmtimeArrayref;
import io.github.wasmtimejvm.capi.WasmtimeTypesArrayref;
import io.github.wasmtimejvm.internal.GcRoot;
import io.github.wasmtimejvm.internal.ScopedPointer;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An array on the guests' heap: {@code wasmtime_arrayref_t} in C.
 *
 * <p>Elements are values as {@link Func#call} takes and returns them; packed ones are {@code
 * Integer}s, of which the lower bits are stored and returned without a sign.
 */
public final class ArrayRef implements EqRef {
  private final HeapObject object;
  private @Nullable FieldType element;

  /**
   * @param reference a {@code wasmtime_arrayref_t}, whose root is owned from now on
   */
  ArrayRef(Store store, MemorySegment reference) {
    this.object = new HeapObject(store, reference, WasmtimeArrayref::wasmtime_arrayref_unroot);
  }

  /**
   * Creates an array: {@code wasmtime_array_ref_pre_new} and {@code wasmtime_arrayref_new}.
   * Threads: the store's.
   *
   * @param store the store that it lives in
   * @param type its type
   * @param value the first value of all elements
   * @param length how many elements it has, not negative
   * @throws IllegalArgumentException if the value does not fit, the length is negative, or
   *     something belongs to another engine or store
   * @throws EngineException if the value is not of the elements' concrete type
   * @throws GcHeapOutOfMemoryException if the heap is full
   */
  public static ArrayRef create(Store store, ArrayType type, @Nullable Object value, int length) {
    store.engine().checkSame(type.engine(), "array type");
    if (length < 0) {
      throw new IllegalArgumentException("negative length: " + length);
    }
    FieldType element = type.element();
    checkElement(store, element, value);
    StoreState state = store.state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined();
        ScopedPointer pre = allocator(state, type);
        OwnedValues vals = OwnedValues.of(store, element.value(), value, arena, "element")) {
      MemorySegment out = arena.allocate(GcRoot.SIZEOF, 8);
      Failures.check(
          WasmtimeArrayref.wasmtime_arrayref_new(
              state.context(), pre.pointer(), vals.segment(), length, out));
      return new ArrayRef(store, out);
    }
  }

  private static ScopedPointer allocator(StoreState state, ArrayType type) {
    MemorySegment nativeType = type.lease();
    try {
      return new ScopedPointer(
          WasmtimeArrayref.wasmtime_array_ref_pre_new(state.context(), nativeType),
          WasmtimeArrayref::wasmtime_array_ref_pre_delete);
    } finally {
      type.release();
    }
  }

  // The engine checks an array's elements when it has taken memory for it already, which it then
  // leaves uninitialized for the collector to find. A struct's fields it checks before.
  private static void checkElement(Store store, FieldType element, @Nullable Object value) {
    if (value != null && element.storage() instanceof RefType(_, ConcreteHeapType _)) {
      FieldType field = FieldType.constant(element.storage());
      StructRef.create(store, StructType.create(store.engine(), field), value);
    }
  }

  /** Returns the store that it lives in. Threads: any. */
  public Store store() {
    return object.store();
  }

  /** Returns its type: {@code wasmtime_arrayref_type}. Threads: the store's. */
  public ArrayType type() {
    return object.use((context, array, arena) -> type(context, array));
  }

  private ArrayType type(MemorySegment context, MemorySegment array) {
    try (ScopedPointer type =
        new ScopedPointer(
            WasmtimeArrayref.wasmtime_arrayref_type(context, array),
            WasmtimeTypesArrayref::wasmtime_array_type_delete)) {
      return ArrayType.of(store().engine(), type.pointer());
    }
  }

  // Within a use of the object, as all below.
  private FieldType element(MemorySegment context, MemorySegment array) {
    FieldType known = element;
    if (known == null) {
      known = type(context, array).element();
      element = known;
    }
    return known;
  }

  /**
   * Returns how many elements it has, unsigned: {@code wasmtime_arrayref_len}. Threads: the
   * store's.
   */
  public int length() {
    return object.use(ArrayRef::length);
  }

  private static int length(MemorySegment context, MemorySegment array, Arena arena) {
    MemorySegment length = arena.allocate(JAVA_INT);
    Failures.check(WasmtimeArrayref.wasmtime_arrayref_len(context, array, length));
    return length.get(JAVA_INT, 0);
  }

  private static void checkIndex(
      int index, MemorySegment context, MemorySegment array, Arena arena) {
    long length = Integer.toUnsignedLong(length(context, array, arena));
    Objects.checkIndex(Integer.toUnsignedLong(index), length);
  }

  /**
   * Reads an element: {@code wasmtime_arrayref_get}. Threads: the store's.
   *
   * @param index its index, from 0, unsigned
   * @throws IndexOutOfBoundsException if there is no such element
   */
  public @Nullable Object get(int index) {
    return object.<@Nullable Object>use(
        (context, array, arena) -> {
          FieldType type = element(context, array);
          checkIndex(index, context, array, arena);
          MemorySegment value = arena.allocate(Values.SIZEOF, 8);
          Failures.check(WasmtimeArrayref.wasmtime_arrayref_get(context, array, index, value));
          return Values.take(store(), type.value(), value);
        });
  }

  /**
   * Changes an element: {@code wasmtime_arrayref_set}. Threads: the store's.
   *
   * @param index its index, from 0, unsigned
   * @param value its new value
   * @throws IndexOutOfBoundsException if there is no such element
   * @throws IllegalArgumentException if the value does not fit the elements' type, or they cannot
   *     be changed
   * @throws EngineException if the value is not of the elements' concrete type
   */
  public void set(int index, @Nullable Object value) {
    object.<@Nullable Void>use(
        (context, array, arena) -> {
          FieldType type = element(context, array);
          if (!type.mutable()) {
            throw new IllegalArgumentException("the elements of this array cannot be changed");
          }
          checkIndex(index, context, array, arena);
          try (OwnedValues vals = OwnedValues.of(store(), type.value(), value, arena, "element")) {
            Failures.check(
                WasmtimeArrayref.wasmtime_arrayref_set(context, array, index, vals.segment()));
          }
          return null;
        });
  }

  void write(MemorySegment reference) {
    object.write(reference);
  }
}
