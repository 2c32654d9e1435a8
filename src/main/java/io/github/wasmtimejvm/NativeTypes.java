package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeModule;
import io.github.wasmtimejvm.internal.NativeObject;
import io.github.wasmtimejvm.internal.NativeVector;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The engine's objects for the heap types that a module defines, as far as its imports and exports
 * refer to them. The engine is asked when one of them is used, and all of them have one owner.
 */
final class NativeTypes {
  private final NativeObject module;
  private final Items items;
  private volatile @Nullable NativeObject owner;
  private @Nullable Objects objects;

  /** Which of the module's items stands where. */
  interface Items {
    boolean isImport(int where);

    /** Its number among the imports or exports. */
    int number(int where);
  }

  NativeTypes(NativeObject module, Items items) {
    this.module = module;
    this.items = items;
  }

  /**
   * Sees to it that the engine can be asked, also when the module is closed.
   *
   * @throws IllegalStateException if the module is closed, and this was not called before
   */
  void keep() {
    if (owner == null) {
      copy();
    }
  }

  private synchronized void copy() {
    if (owner == null) {
      MemorySegment original = module.lease();
      try {
        objects = new Objects();
        owner = new NativeObject("type", WasmtimeModule.wasmtime_module_clone(original), objects);
      } finally {
        module.release();
      }
    }
  }

  /**
   * Returns the C API's object for a heap type, which is there as long as this.
   *
   * @param where an item of the module that refers to it
   * @param position which of the item's value types does; results count after parameters
   */
  synchronized MemorySegment heapType(int where, int position) {
    MemorySegment copy = owner.lease();
    try {
      return objects.heapType(copy, items.isImport(where), items.number(where), position);
    } finally {
      owner.release();
    }
  }

  /** What is to be deleted in the end. */
  private static final class Objects implements Consumer<MemorySegment> {
    private @Nullable Arena arena;
    private final List<MemorySegment> types = new ArrayList<>();
    private @Nullable MemorySegment imports;
    private @Nullable MemorySegment exports;

    MemorySegment heapType(MemorySegment module, boolean imported, int number, int position) {
      if (arena == null) {
        arena = Arena.ofShared();
      }
      MemorySegment item =
          NativeVector.element(imported ? imports(module, arena) : exports(module, arena), number);
      MemorySegment type =
          Types.heapTypeOf(
              imported ? Wasm.wasm_importtype_type(item) : Wasm.wasm_exporttype_type(item),
              position,
              arena);
      types.add(type);
      return Types.concrete(type);
    }

    private MemorySegment imports(MemorySegment module, Arena arena) {
      if (imports == null) {
        MemorySegment vector = arena.allocate(NativeVector.SIZEOF, 8);
        WasmtimeModule.wasmtime_module_imports(module, vector);
        imports = vector;
      }
      return imports;
    }

    private MemorySegment exports(MemorySegment module, Arena arena) {
      if (exports == null) {
        MemorySegment vector = arena.allocate(NativeVector.SIZEOF, 8);
        WasmtimeModule.wasmtime_module_exports(module, vector);
        exports = vector;
      }
      return exports;
    }

    @Override
    public void accept(MemorySegment module) {
      types.forEach(Types::delete);
      if (imports != null) {
        Wasm.wasm_importtype_vec_delete(imports);
      }
      if (exports != null) {
        Wasm.wasm_exporttype_vec_delete(exports);
      }
      WasmtimeModule.wasmtime_module_delete(module);
      if (arena != null) {
        arena.close();
      }
    }
  }
}
