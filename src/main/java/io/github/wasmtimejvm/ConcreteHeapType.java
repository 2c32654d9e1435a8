package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeTypesVal;
import io.github.wasmtimejvm.declarations.NativeTypes;
import io.github.wasmtimejvm.internal.NativeObject;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A heap type that a module or the host defines. Two are equal if their engine holds them for the
 * same type.
 */
public abstract sealed class ConcreteHeapType implements HeapType
    permits StructType, ArrayType, OtherHeapType {
  private final Engine engine;
  private final byte kind;

  // Of a type with an owner of its own.
  private final @Nullable NativeObject object;

  // Of a type that a module defines: where the engine finds it, once it is used. A guest can refer
  // to very many, so they take little room.
  private final @Nullable NativeTypes types;
  private final int where;
  private final short position;
  private @Nullable MemorySegment pointer;

  /**
   * @param type the C API's object for it, owned from now on
   */
  ConcreteHeapType(Engine engine, byte kind, MemorySegment type, Consumer<MemorySegment> delete) {
    this.engine = engine;
    this.kind = kind;
    this.object = new NativeObject("type", type, delete);
    this.types = null;
    this.where = 0;
    this.position = 0;
  }

  /**
   * @param where an item of the module that refers to it
   * @param position which of the item's value types does; results count after parameters
   */
  ConcreteHeapType(Engine engine, byte kind, NativeTypes types, int where, int position) {
    this.engine = engine;
    this.kind = kind;
    this.object = null;
    this.types = types;
    this.where = where;
    this.position = (short) position; // a function has at most 2000
  }

  /** Returns the engine that knows the type; others cannot use it. Threads: any. */
  public final Engine engine() {
    return engine;
  }

  /**
   * Returns the abstract type that it belongs to: {@code FUNC}, {@code STRUCT}, {@code ARRAY} or
   * {@code EXN}. Threads: any.
   */
  public final AbstractHeapType supertype() {
    return switch (kind) {
      case WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_CONCRETE_FUNC -> AbstractHeapType.FUNC;
      case WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_CONCRETE_STRUCT -> AbstractHeapType.STRUCT;
      case WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_CONCRETE_ARRAY -> AbstractHeapType.ARRAY;
      default -> AbstractHeapType.EXN;
    };
  }

  /** The C API's object for it; to be given back by {@link #release}. */
  final MemorySegment lease() {
    return object == null ? pointer() : object.lease();
  }

  private synchronized MemorySegment pointer() {
    if (pointer == null) {
      pointer = Objects.requireNonNull(types).heapType(where, position);
    }
    return pointer;
  }

  /** Ends a lease. */
  final void release() {
    if (object == null) {
      Reference.reachabilityFence(this);
    } else {
      object.release();
    }
  }

  /** Writes a {@code wasmtime_heaptype_t} that is valid while this object is reachable. */
  final void write(MemorySegment heapType) {
    heapType.set(JAVA_BYTE, 0, kind);
    MemorySegment type = lease();
    heapType.set(ADDRESS, WasmtimeTypesVal.wasmtime_heaptype_t.of$OFFSET, type);
    release();
  }

  /** {@inheritDoc} */
  @Override
  public final boolean equals(Object other) {
    if (other == this) {
      return true;
    }
    if (!(other instanceof ConcreteHeapType that) || engine != that.engine || kind != that.kind) {
      return false;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment a = Types.nativeVal(new RefType(true, this), engine, arena);
      try {
        MemorySegment b = Types.nativeVal(new RefType(true, that), engine, arena);
        boolean equal = WasmtimeTypesVal.wasmtime_wasm_valtype_equal(a, b);
        Wasm.wasm_valtype_delete(b);
        return equal;
      } finally { // also where the engine has been closed since
        Wasm.wasm_valtype_delete(a);
      }
    }
  }

  /** {@inheritDoc} */
  @Override
  public final int hashCode() {
    return supertype().hashCode();
  }

  /** Returns a description, for example {@code (concrete func)}. Threads: any. */
  @Override
  public String toString() {
    return "(concrete " + supertype() + ")";
  }
}
