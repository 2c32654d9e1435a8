package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeTypesVal;
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
  private final AbstractHeapType supertype;
  private final byte kind;

  // One of both. An object that the C API is asked for when it is needed has an owner of its own.
  private final @Nullable NativeObject object;
  private final NativeTypes.@Nullable Place place;

  /**
   * @param type the C API's object for it, owned from now on
   */
  ConcreteHeapType(
      Engine engine,
      AbstractHeapType supertype,
      byte kind,
      MemorySegment type,
      Consumer<MemorySegment> delete) {
    this.engine = engine;
    this.supertype = supertype;
    this.kind = kind;
    this.object = new NativeObject("type", type, delete);
    this.place = null;
  }

  /**
   * @param place where a module refers to it
   */
  ConcreteHeapType(
      Engine engine, AbstractHeapType supertype, byte kind, NativeTypes.Place place) {
    this.engine = engine;
    this.supertype = supertype;
    this.kind = kind;
    this.object = null;
    this.place = place;
  }

  /** Returns the engine that knows the type; others cannot use it. */
  public final Engine engine() {
    return engine;
  }

  /**
   * Returns the abstract type that it belongs to: {@code FUNC}, {@code STRUCT}, {@code ARRAY} or
   * {@code EXN}.
   */
  public final AbstractHeapType supertype() {
    return supertype;
  }

  /** The C API's object for it; to be given back by {@link #release}. */
  final MemorySegment lease() {
    return object == null ? Objects.requireNonNull(place).pointer() : object.lease();
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
    if (!(other instanceof ConcreteHeapType that)
        || engine != that.engine
        || supertype != that.supertype) {
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
    return supertype.hashCode();
  }

  /** Returns a description, for example {@code (concrete func)}. */
  @Override
  public String toString() {
    return "(concrete " + supertype + ")";
  }
}
