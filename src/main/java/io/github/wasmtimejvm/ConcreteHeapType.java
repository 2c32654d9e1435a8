package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeTypesVal;
import io.github.wasmtimejvm.internal.NativeObject;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/**
 * A heap type that a module or the host defines. Two are equal if their engine holds them for the
 * same type.
 */
public abstract sealed class ConcreteHeapType implements HeapType
    permits StructType, ArrayType, OtherHeapType {
  private final Engine engine;
  private final AbstractHeapType supertype;
  private final byte kind;
  final NativeObject object;

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
    return supertype;
  }

  /** Writes a {@code wasmtime_heaptype_t} that is valid while this object is reachable. */
  final void write(MemorySegment heapType) {
    heapType.set(JAVA_BYTE, 0, kind);
    MemorySegment type = object.lease();
    heapType.set(ADDRESS, WasmtimeTypesVal.wasmtime_heaptype_t.of$OFFSET, type);
    object.release();
  }

  /** {@inheritDoc} */
  @Override
  public final boolean equals(Object other) {
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

  /** Returns a description, for example {@code (concrete func)}. Threads: any. */
  @Override
  public String toString() {
    return "(concrete " + supertype + ")";
  }
}
