package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeExtern;
import io.github.wasmtimejvm.capi.WasmtimeTable;
import io.github.wasmtimejvm.capi.WasmtimeVal;
import io.github.wasmtimejvm.internal.ScopedPointer;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A table of references: {@code wasmtime_table_t} in C.
 *
 * <pre>{@code
 * Table table = Table.create(store, TableType.of(ValType.FUNCREF, 10), null);
 * table.set(3, func);
 * }</pre>
 *
 * <p>Elements are references as {@link Func#call} takes and returns them.
 */
public final class Table extends StoreItem {
  // Never changes; under the store's rules for threads.
  private @Nullable RefType element;

  // Where the module says it, and the C API might not be able to.
  private @Nullable TableType declared;

  Table(Store store, MemorySegment handle) {
    super(store, WasmtimeExtern.WASMTIME_EXTERN_TABLE, handle);
  }

  /**
   * Creates a table with 32-bit indices: {@code wasmtime_table_new}. Threads: the store's.
   *
   * @param store the store that it lives in
   * @param type its type
   * @param init what its elements are at first
   * @throws IllegalArgumentException if the sizes are out of range, {@code init} does not fit, or
   *     something belongs to another engine or store
   * @throws EngineException if {@code init} is not of the concrete type, or the engine refuses the
   *     table, for example for want of memory
   */
  public static Table create(Store store, TableType type, @Nullable Object init) {
    StoreState state = store.state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined();
        ScopedPointer nativeType = Types.nativeTable(type, store.engine());
        OwnedValues vals = OwnedValues.of(store, type.element(), init, arena, "element")) {
      MemorySegment handle = arena.allocate(HANDLE_SIZE, 8);
      Failures.check(
          WasmtimeTable.wasmtime_table_new(
              state.context(), nativeType.pointer(), vals.segment(), handle));
      return new Table(store, handle);
    }
  }

  /**
   * Returns the type that it was created with: {@code wasmtime_table_type}. Its minimum stays what
   * it was when the table grows; {@link #size} is what it has now. Threads: the store's.
   *
   * @throws UnsupportedOperationException if a module in the store defines a table with limits
   *     beyond 32 bits, or {@link Linker#defineUnknownImportsAsDefaults} may have made one, as this
   *     may be that one, which the C API cannot describe
   */
  public TableType type() {
    StoreState state = store().state();
    try (var _ = state.enter()) {
      if (declared != null) {
        return declared;
      }
      if (store().hasWideTables()) {
        throw new UnsupportedOperationException(
            "a table with limits beyond 32 bits cannot be described by the Wasmtime C API, and"
                + " there may be one in the store");
      }
      return (TableType) describe();
    }
  }

  void declare(@Nullable TableType type) {
    declared = type;
  }

  private RefType element(StoreState state) {
    RefType known = element;
    if (known == null) {
      MemorySegment type = WasmtimeTable.wasmtime_table_type(state.context(), nativeHandle());
      try {
        known = Types.element(type, store().engine());
      } finally {
        Wasm.wasm_tabletype_delete(type);
      }
      element = known;
    }
    return known;
  }

  /** Returns how many elements it has now: {@code wasmtime_table_size}. Threads: the store's. */
  public long size() {
    StoreState state = store().state();
    try (var _ = state.enter()) {
      return size(state);
    }
  }

  private long size(StoreState state) {
    return WasmtimeTable.wasmtime_table_size(state.context(), nativeHandle());
  }

  /**
   * Reads an element: {@code wasmtime_table_get}. Threads: the store's.
   *
   * @param index its index, from 0
   * @throws IndexOutOfBoundsException if there is no such element
   */
  public @Nullable Object get(long index) {
    StoreState state = store().state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined()) {
      Objects.checkIndex(index, size(state));
      RefType type = element(state);
      MemorySegment value = arena.allocate(Values.SIZEOF, 8);
      read(state, index, value);
      return Values.take(store(), type, value);
    }
  }

  /**
   * Changes an element: {@code wasmtime_table_set}. Threads: the store's.
   *
   * @param index its index, from 0
   * @param value its new value
   * @throws IndexOutOfBoundsException if there is no such element
   * @throws IllegalArgumentException if the value does not fit the type or belongs to another store
   * @throws EngineException if the value is not of the concrete type
   */
  public void set(long index, @Nullable Object value) {
    fill(index, 1, value);
  }

  /**
   * Changes elements to one value: {@code wasmtime_table_set}. Threads: the store's.
   *
   * @param index index of the first, from 0
   * @param count how many, not negative
   * @param value their new value
   * @throws IndexOutOfBoundsException if they do not all exist; nothing is changed
   * @throws IllegalArgumentException if the value does not fit the type or belongs to another store
   * @throws EngineException if the value is not of the concrete type
   */
  public void fill(long index, long count, @Nullable Object value) {
    StoreState state = store().state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined()) {
      Objects.checkFromIndexSize(index, count, size(state));
      try (OwnedValues vals = OwnedValues.of(store(), element(state), value, arena, "element")) {
        for (long i = index; i < index + count; i++) {
          write(state, i, vals.segment());
        }
      }
    }
  }

  /**
   * Copies elements to a place in this or another table of the store, as {@code table.copy} does:
   * {@code wasmtime_table_get} and {@code wasmtime_table_set}. The places may overlap: the elements
   * arrive as they were before. Threads: the store's.
   *
   * @param index index of the first in this table, from 0
   * @param destination the table that they go to
   * @param destinationIndex index that the first gets in it, from 0
   * @param count how many, not negative
   * @throws IndexOutOfBoundsException if they do not all exist in both tables; nothing is changed
   * @throws IllegalArgumentException if the destination belongs to another store, or its type can
   *     hold less: it is of another kind or without {@code null}
   * @throws EngineException if an element is not of the concrete type; nothing is changed
   */
  public void copy(long index, Table destination, long destinationIndex, long count) {
    store().checkSame(destination.store(), "table");
    StoreState state = store().state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined()) {
      RefType from = element(state);
      RefType to = destination.element(state);
      if (from.heapType().top() != to.heapType().top() || from.nullable() && !to.nullable()) {
        throw new IllegalArgumentException(
            "elements of type " + from + " do not fit a table of type " + to);
      }
      Objects.checkFromIndexSize(index, count, size(state));
      Objects.checkFromIndexSize(destinationIndex, count, destination.size(state));
      MemorySegment value = arena.allocate(Values.SIZEOF, 8);
      if (count > 0 && to.heapType() instanceof ConcreteHeapType && !to.equals(from)) {
        checkEach(state, index, destination, destinationIndex, count, arena, value);
      }
      boolean forwards = destinationIndex < index;
      for (long n = 0; n < count; n++) {
        long i = forwards ? n : count - 1 - n;
        copy(state, index + i, destination, destinationIndex + i, value);
      }
    }
  }

  // Only the engine can tell whether elements are of a concrete type: each is put into the first
  // place, which then gets back what it had.
  private void checkEach(
      StoreState state,
      long index,
      Table destination,
      long place,
      long count,
      Arena arena,
      MemorySegment value) {
    MemorySegment before = arena.allocate(Values.SIZEOF, 8);
    destination.read(state, place, before);
    try {
      for (long i = index; i < index + count; i++) {
        copy(state, i, destination, place, value);
      }
    } finally {
      try {
        destination.write(state, place, before);
      } finally {
        WasmtimeVal.wasmtime_val_unroot(before);
      }
    }
  }

  private void copy(StoreState state, long from, Table destination, long to, MemorySegment value) {
    read(state, from, value);
    try {
      destination.write(state, to, value);
    } finally {
      WasmtimeVal.wasmtime_val_unroot(value);
    }
  }

  /**
   * Makes it larger: {@code wasmtime_table_grow}. Each element takes 4 or 8 bytes of memory, at
   * once. Threads: the store's.
   *
   * @param delta how many elements to add, not negative
   * @param init what they are at first
   * @return how many elements it had before
   * @throws IllegalArgumentException if {@code delta} is negative, or {@code init} does not fit the
   *     type or belongs to another store
   * @throws EngineException if it cannot grow so far, by its maximum, a limit of the store or for
   *     want of memory, or {@code init} is not of the concrete type
   */
  public long grow(long delta, @Nullable Object init) {
    if (delta < 0) {
      throw new IllegalArgumentException("a table cannot shrink: " + delta);
    }
    StoreState state = store().state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined();
        OwnedValues vals = OwnedValues.of(store(), element(state), init, arena, "element")) {
      MemorySegment before = arena.allocate(JAVA_LONG);
      Failures.check(
          WasmtimeTable.wasmtime_table_grow(
              state.context(), nativeHandle(), delta, vals.segment(), before));
      return before.get(JAVA_LONG, 0);
    }
  }

  private void read(StoreState state, long index, MemorySegment value) {
    if (!WasmtimeTable.wasmtime_table_get(state.context(), nativeHandle(), index, value)) {
      throw new IndexOutOfBoundsException(index);
    }
  }

  private void write(StoreState state, long index, MemorySegment value) {
    Failures.check(WasmtimeTable.wasmtime_table_set(state.context(), nativeHandle(), index, value));
  }
}
