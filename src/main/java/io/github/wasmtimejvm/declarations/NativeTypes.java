package io.github.wasmtimejvm.declarations;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeModule;
import io.github.wasmtimejvm.capi.WasmtimeTypesVal;
import io.github.wasmtimejvm.internal.NativeObject;
import io.github.wasmtimejvm.internal.NativeVector;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The engine's objects for those heap types of a module that its imports and exports refer to. The
 * engine is asked for an object when the type is used. All objects have one owner.
 */
public final class NativeTypes {
  // Offsets in a wasmtime_valtype_t: of a reference's heap type, and of the defined type in that.
  private static final long HEAPTYPE =
      WasmtimeTypesVal.wasmtime_valtype_t.reftype$OFFSET
          + WasmtimeTypesVal.wasmtime_reftype_t.heaptype$OFFSET;
  private static final long CONCRETE = WasmtimeTypesVal.wasmtime_heaptype_t.of$OFFSET;

  private final NativeObject module;
  private final Items items;
  private volatile @Nullable NativeObject owner;
  private @Nullable Objects objects;

  /** Tells which of the module's items is at a place. */
  interface Items {
    boolean isImport(int where);

    /** Returns the number of the item among the imports or among the exports. */
    int number(int where);
  }

  NativeTypes(NativeObject module, Items items) {
    this.module = module;
    this.items = items;
  }

  /**
   * Keeps a native copy of the module, so that the engine can be asked after the module is closed.
   *
   * @throws IllegalStateException if the module is closed, and this method was not called before
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
   * Returns the C API's object for a heap type, which is there as long as this object is.
   *
   * @param where the place of an item that refers to the heap type
   * @param position which of the item's value types does; results count after parameters
   */
  public synchronized MemorySegment heapType(int where, int position) {
    MemorySegment copy = owner.lease();
    try {
      return objects.heapType(copy, items.isImport(where), items.number(where), position);
    } finally {
      owner.release();
    }
  }

  /** The native objects that are deleted together. */
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
          heapTypeOf(
              imported ? Wasm.wasm_importtype_type(item) : Wasm.wasm_exporttype_type(item),
              position,
              arena);
      types.add(type);
      return type.get(ADDRESS, HEAPTYPE + CONCRETE);
    }

    private MemorySegment imports(MemorySegment module, Arena arena) {
      if (imports == null) {
        imports = vector(arena, out -> WasmtimeModule.wasmtime_module_imports(module, out));
      }
      return imports;
    }

    private MemorySegment exports(MemorySegment module, Arena arena) {
      if (exports == null) {
        exports = vector(arena, out -> WasmtimeModule.wasmtime_module_exports(module, out));
      }
      return exports;
    }

    private static MemorySegment vector(Arena arena, Consumer<MemorySegment> fill) {
      MemorySegment vector = arena.allocate(NativeVector.SIZEOF, 8);
      fill.accept(vector);
      return vector;
    }

    /**
     * Decodes a value type of an item that refers to a heap type.
     *
     * @param extern the item's {@code wasm_externtype_t*}
     * @param position which of the item's value types; results count after parameters
     * @return a {@code wasmtime_valtype_t} to be deleted
     */
    private static MemorySegment heapTypeOf(MemorySegment extern, int position, Arena arena) {
      MemorySegment type =
          switch (ItemKind.ofNative(extern)) {
            case FUNC -> valOf(Wasm.wasm_externtype_as_functype_const(extern), position);
            case TAG ->
                valOf(
                    Wasm.wasm_tagtype_functype(Wasm.wasm_externtype_as_tagtype_const(extern)),
                    position);
            case GLOBAL ->
                Wasm.wasm_globaltype_content(Wasm.wasm_externtype_as_globaltype_const(extern));
            case TABLE ->
                Wasm.wasm_tabletype_element(Wasm.wasm_externtype_as_tabletype_const(extern));
            case MEMORY -> throw new IllegalArgumentException("a memory has no type of values");
          };
      MemorySegment out = arena.allocate(WasmtimeTypesVal.wasmtime_valtype_t.SIZEOF, 8);
      WasmtimeTypesVal.wasmtime_valtype_new(type, out);
      if (out.get(JAVA_BYTE, 0) != WasmtimeTypesVal.WASMTIME_VALTYPE_KIND_REF
          || !isConcrete(out.get(JAVA_BYTE, HEAPTYPE))) {
        throw new IllegalStateException("the engine has another type there");
      }
      return out;
    }

    private static boolean isConcrete(byte heapKind) {
      return switch (heapKind) {
        case WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_CONCRETE_FUNC,
            WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_CONCRETE_ARRAY,
            WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_CONCRETE_STRUCT ->
            true;
        default -> false;
      };
    }

    private static MemorySegment valOf(MemorySegment functype, int position) {
      MemorySegment params = Wasm.wasm_functype_params(functype);
      int results = position - (int) NativeVector.size(params);
      return results < 0
          ? NativeVector.element(params, position)
          : NativeVector.element(Wasm.wasm_functype_results(functype), results);
    }

    @Override
    public void accept(MemorySegment module) {
      types.forEach(WasmtimeTypesVal::wasmtime_valtype_delete);
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
