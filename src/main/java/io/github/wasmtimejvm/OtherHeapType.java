package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeTypesExnref;
import io.github.wasmtimejvm.capi.WasmtimeTypesVal;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/** A function or exception type that a module defines, as a heap type: it can be passed on. */
final class OtherHeapType extends ConcreteHeapType {
  private OtherHeapType(
      Engine engine,
      AbstractHeapType supertype,
      byte kind,
      MemorySegment type,
      Consumer<MemorySegment> delete) {
    super(engine, supertype, kind, type, delete);
  }

  /** A function type. */
  OtherHeapType(Engine engine, NativeTypes.Place place) {
    super(
        engine,
        AbstractHeapType.FUNC,
        WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_CONCRETE_FUNC,
        place);
  }

  /**
   * @param type a {@code wasm_functype_t*}, which stays the caller's
   */
  static OtherHeapType func(Engine engine, MemorySegment type) {
    return new OtherHeapType(
        engine,
        AbstractHeapType.FUNC,
        WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_CONCRETE_FUNC,
        Wasm.wasm_functype_copy(type),
        Wasm::wasm_functype_delete);
  }

  /**
   * @param type a {@code wasmtime_exn_type_t*}, which stays the caller's
   */
  static OtherHeapType exn(Engine engine, MemorySegment type) {
    return new OtherHeapType(
        engine,
        AbstractHeapType.EXN,
        WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_CONCRETE_EXN,
        WasmtimeTypesExnref.wasmtime_exn_type_copy(type),
        WasmtimeTypesExnref::wasmtime_exn_type_delete);
  }
}
