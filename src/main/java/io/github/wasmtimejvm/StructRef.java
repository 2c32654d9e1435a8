package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.WasmtimeStructref;
import io.github.wasmtimejvm.capi.WasmtimeTypesStructref;
import io.github.wasmtimejvm.internal.Root;
import io.github.wasmtimejvm.internal.ScopedPointer;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
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
  private final Store store;
  private final Root root;
  private @Nullable List<FieldType> fields;

  /**
   * @param reference a {@code wasmtime_structref_t}, whose root is owned from now on
   */
  StructRef(Store store, MemorySegment reference) {
    this.store = store;
    this.root = new Root(reference, WasmtimeStructref::wasmtime_structref_unroot);
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
      MemorySegment out = arena.allocate(Root.SIZEOF, 8);
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
    return store;
  }

  /** Returns its type: {@code wasmtime_structref_type}. Threads: the store's. */
  public StructType type() {
    StoreState state = store.state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined()) {
      return typeWithin(state, arena);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private StructType typeWithin(StoreState state, Arena arena) {
    MemorySegment type = WasmtimeStructref.wasmtime_structref_type(state.context(), root.in(arena));
    try {
      return StructType.of(store.engine(), type);
    } finally {
      WasmtimeTypesStructref.wasmtime_struct_type_delete(type);
    }
  }

  private FieldType field(StoreState state, Arena arena, int index) {
    List<FieldType> known = fields;
    if (known == null) {
      known = typeWithin(state, arena).fields();
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
    StoreState state = store.state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined()) {
      FieldType type = field(state, arena, index);
      MemorySegment value = arena.allocate(Values.SIZEOF, 8);
      Failures.check(
          WasmtimeStructref.wasmtime_structref_field(
              state.context(), root.in(arena), index, value));
      return Values.take(store, type.value(), value);
    } finally {
      Reference.reachabilityFence(this);
    }
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
    StoreState state = store.state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined()) {
      FieldType type = field(state, arena, index);
      if (!type.mutable()) {
        throw new IllegalArgumentException("field " + index + " cannot be changed");
      }
      try (OwnedValues vals = OwnedValues.of(store, type.value(), value, arena, "field")) {
        Failures.check(
            WasmtimeStructref.wasmtime_structref_set_field(
                state.context(), root.in(arena), index, vals.segment()));
      }
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  void write(MemorySegment reference) {
    root.write(reference);
  }
}
