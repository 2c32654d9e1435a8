package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.WasmtimeStructref;
import io.github.wasmtimejvm.capi.WasmtimeTypesStructref;
import io.github.wasmtimejvm.internal.GcRoot;
import io.github.wasmtimejvm.internal.ScopedPointer;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A struct on the guests' heap: {@code wasmtime_structref_t} in C.
 *
 * <pre>{@code
 * StructType point = StructType.create(engine, FieldType.mutable(ValType.I32));
 * StructRef p = StructRef.create(store, point, 7);
 * p.set(0, (int) p.get(0) + 1);
 * }</pre>
 *
 * <p>Fields are values as {@link Func#call} takes and returns them; packed ones are {@code
 * Integer}s, of which the lower bits are stored and returned without a sign.
 */
public final class StructRef implements EqRef {
  private final HeapObject object;
  private @Nullable List<FieldType> fields;

  /**
   * @param reference a {@code wasmtime_structref_t}, whose root is owned from now on
   */
  StructRef(Store store, MemorySegment reference) {
    this.object = new HeapObject(store, reference, WasmtimeStructref::wasmtime_structref_unroot);
  }

  /**
   * Creates a struct: {@code wasmtime_struct_ref_pre_new} and {@code wasmtime_structref_new}.
   * Threads: the store's.
   *
   * @param store the store that it lives in
   * @param type its type
   * @param values its fields
   * @throws IllegalArgumentException if a value does not fit, or something belongs to another
   *     engine or store
   * @throws EngineException if a value is not of the field's concrete type
   * @throws GcHeapOutOfMemoryException if the heap is full
   */
  public static StructRef create(Store store, StructType type, @Nullable Object... values) {
    store.engine().checkSame(type.engine(), "struct type");
    List<FieldType> fields = type.fields();
    StoreState state = store.state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined();
        ScopedPointer pre = allocator(state, type);
        OwnedValues vals =
            OwnedValues.of(
                store, fields.stream().map(FieldType::value).toList(), values, arena, "field")) {
      MemorySegment out = arena.allocate(GcRoot.SIZEOF, 8);
      Failures.check(
          WasmtimeStructref.wasmtime_structref_new(
              state.context(), pre.pointer(), vals.segment(), fields.size(), out));
      return new StructRef(store, out);
    }
  }

  private static ScopedPointer allocator(StoreState state, StructType type) {
    MemorySegment nativeType = type.lease();
    try {
      return new ScopedPointer(
          WasmtimeStructref.wasmtime_struct_ref_pre_new(state.context(), nativeType),
          WasmtimeStructref::wasmtime_struct_ref_pre_delete);
    } finally {
      type.release();
    }
  }

  /** Returns the store that it lives in. Threads: any. */
  public Store store() {
    return object.store();
  }

  /** Returns its type: {@code wasmtime_structref_type}. Threads: the store's. */
  public StructType type() {
    return object.use((context, struct, arena) -> type(context, struct));
  }

  private StructType type(MemorySegment context, MemorySegment struct) {
    try (ScopedPointer type =
        new ScopedPointer(
            WasmtimeStructref.wasmtime_structref_type(context, struct),
            WasmtimeTypesStructref::wasmtime_struct_type_delete)) {
      return StructType.of(store().engine(), type.pointer());
    }
  }

  // Within a use of the object.
  private FieldType field(MemorySegment context, MemorySegment struct, int index) {
    List<FieldType> known = fields;
    if (known == null) {
      known = type(context, struct).fields();
      fields = known;
    }
    return known.get(Objects.checkIndex(index, known.size()));
  }

  /**
   * Reads a field: {@code wasmtime_structref_field}. Threads: the store's.
   *
   * @param index its index, from 0
   * @throws IndexOutOfBoundsException if there is no such field
   */
  public @Nullable Object get(int index) {
    return object.<@Nullable Object>use(
        (context, struct, arena) -> {
          FieldType type = field(context, struct, index);
          MemorySegment value = arena.allocate(Values.SIZEOF, 8);
          Failures.check(WasmtimeStructref.wasmtime_structref_field(context, struct, index, value));
          return Values.take(store(), type.value(), value);
        });
  }

  /**
   * Changes a field: {@code wasmtime_structref_set_field}. Threads: the store's.
   *
   * @param index its index, from 0
   * @param value its new value
   * @throws IndexOutOfBoundsException if there is no such field
   * @throws IllegalArgumentException if the value does not fit the field's type, or the field
   *     cannot be changed
   * @throws EngineException if the value is not of the field's concrete type
   */
  public void set(int index, @Nullable Object value) {
    object.<@Nullable Void>use(
        (context, struct, arena) -> {
          FieldType type = field(context, struct, index);
          if (!type.mutable()) {
            throw new IllegalArgumentException("field " + index + " cannot be changed");
          }
          try (OwnedValues vals = OwnedValues.of(store(), type.value(), value, arena, "field")) {
            Failures.check(
                WasmtimeStructref.wasmtime_structref_set_field(
                    context, struct, index, vals.segment()));
          }
          return null;
        });
  }

  void write(MemorySegment reference) {
    object.write(reference);
  }
}
