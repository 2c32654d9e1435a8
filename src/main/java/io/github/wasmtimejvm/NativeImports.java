package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeModule;
import io.github.wasmtimejvm.internal.NativeVector;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The imports of a module as the C API describes them: {@code wasm_importtype_vec_t}. */
final class NativeImports implements AutoCloseable {
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment vector = arena.allocate(NativeVector.SIZEOF, 8);

  /**
   * @throws IllegalStateException if the module is closed
   */
  NativeImports(Module module) {
    MemorySegment nativeModule = module.object().lease();
    try {
      WasmtimeModule.wasmtime_module_imports(nativeModule, vector);
    } finally {
      module.object().release();
    }
  }

  /** Returns the {@code wasm_externtype_t*} of one, which ends with this object. */
  MemorySegment type(int index) {
    return Wasm.wasm_importtype_type(NativeVector.element(vector, index));
  }

  @Override
  public void close() {
    Wasm.wasm_importtype_vec_delete(vector);
    arena.close();
  }
}
