package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeTypesExnref;
import io.github.wasmtimejvm.capi.WasmtimeTypesVal;
import io.github.wasmtimejvm.declarations.NativeTypes;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/** A function or exception type that a module defines, as a heap type: it can be passed on. */
final class OtherHeapType extends ConcreteHeapType {
  private OtherHeapType(
      Engine engine, byte kind, MemorySegment type, Consumer<MemorySegment> delete) {
    super(engine, kind, type, delete);
  }

  /** A function type that a module defines. */
  OtherHeapType(Engine engine, NativeTypes types, int where, int position) {
    super(engine, WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_CONCRETE_FUNC, types, where, position);
  }

  /**
   * @param type a {@code wasm_functype_t*}, which stays the caller's
   */
  static OtherHeapType func(Engine engine, MemorySegment type) {
    return new OtherHeapType(
        engine,
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
        WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_CONCRETE_EXN,
        WasmtimeTypesExnref.wasmtime_exn_type_copy(type),
        WasmtimeTypesExnref::wasmtime_exn_type_delete);
  }
}
