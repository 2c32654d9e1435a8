package io.github.wasmtimejvm.declarations;

import io.github.wasmtimejvm.ExportType;
import io.github.wasmtimejvm.ExternType;
import io.github.wasmtimejvm.ImportType;
import io.github.wasmtimejvm.TableType;
import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeModule;
import io.github.wasmtimejvm.internal.NativeObject;
import io.github.wasmtimejvm.internal.NativeVector;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a module declares, as the engine says it. This is for compiled code whose module's bytes are
 * not there. Such code is trusted, also not to declare a table that the C API cannot describe.
 *
 * <p>The place of an item is its number; exports are counted after imports.
 */
public final class NativeDeclarations extends Declarations {
  // The engine makes new types for each item, even where many items have the same type.
  private static final long MOST_VALUE_TYPES = 1 << 16;

  private final TypeFactory factory;
  private final List<MemorySegment> imports;
  private final List<MemorySegment> exports;
  private final NativeObject owner;
  private long valueTypes;

  /**
   * @param factory makes the objects for what is found
   * @param module a {@code wasmtime_module_t*}, which stays the caller's
   */
  public NativeDeclarations(TypeFactory factory, MemorySegment module) {
    this.factory = factory;
    Arena arena = Arena.ofShared();
    MemorySegment vectors = arena.allocate(2 * NativeVector.SIZEOF, 8);
    MemorySegment importVector = vectors.asSlice(0, NativeVector.SIZEOF);
    MemorySegment exportVector = vectors.asSlice(NativeVector.SIZEOF);
    WasmtimeModule.wasmtime_module_imports(module, importVector);
    WasmtimeModule.wasmtime_module_exports(module, exportVector);
    this.owner =
        new NativeObject(
            "list of imports and exports",
            vectors,
            _ -> {
              Wasm.wasm_importtype_vec_delete(importVector);
              Wasm.wasm_exporttype_vec_delete(exportVector);
              arena.close();
            });
    this.imports = NativeVector.elements(importVector);
    this.exports = NativeVector.elements(exportVector);
  }

  @Override
  List<ImportType> readImports() {
    try {
      List<ImportType> found = new ArrayList<>();
      for (MemorySegment item : imports) {
        found.add(
            factory.importType(
                NativeVector.text(Wasm.wasm_importtype_module(item)),
                NativeVector.text(Wasm.wasm_importtype_name(item)),
                new DeclaredType(this, found.size(), null)));
      }
      return List.copyOf(found);
    } finally {
      Reference.reachabilityFence(owner);
    }
  }

  @Override
  List<ExportType> readExports() {
    try {
      List<ExportType> found = new ArrayList<>();
      for (MemorySegment item : exports) {
        found.add(
            factory.exportType(
                NativeVector.text(Wasm.wasm_exporttype_name(item)),
                new DeclaredType(this, imports.size() + found.size(), null)));
      }
      return List.copyOf(found);
    } finally {
      Reference.reachabilityFence(owner);
    }
  }

  private MemorySegment externType(int where) {
    return where < imports.size()
        ? Wasm.wasm_importtype_type(imports.get(where))
        : Wasm.wasm_exporttype_type(exports.get(where - imports.size()));
  }

  @Override
  ItemKind kind(int where) {
    try {
      return ItemKind.ofNative(externType(where));
    } finally {
      Reference.reachabilityFence(owner);
    }
  }

  @Override
  synchronized ExternType type(int where) {
    try {
      MemorySegment type = externType(where);
      valueTypes += valueTypes(type);
      if (valueTypes > MOST_VALUE_TYPES) {
        throw new UnsupportedOperationException(
            "of compiled code that was not compiled here at most %s types of values are described"
                .formatted(MOST_VALUE_TYPES));
      }
      return factory.externType(type);
    } finally {
      Reference.reachabilityFence(owner);
    }
  }

  // Returns how many value types a wasm_externtype_t* has.
  private static long valueTypes(MemorySegment type) {
    MemorySegment func =
        switch (ItemKind.ofNative(type)) {
          case FUNC -> Wasm.wasm_externtype_as_functype_const(type);
          case TAG -> Wasm.wasm_tagtype_functype(Wasm.wasm_externtype_as_tagtype_const(type));
          default -> MemorySegment.NULL;
        };
    return func.address() == 0
        ? 1
        : NativeVector.size(Wasm.wasm_functype_params(func))
            + NativeVector.size(Wasm.wasm_functype_results(func));
  }

  @Override
  public int importedFunctions() {
    int count = 0;
    for (int i = 0; i < imports.size(); i++) {
      if (kind(i) == ItemKind.FUNC) {
        count++;
      }
    }
    return count;
  }

  @Override
  boolean mayDefineWideTables() {
    return false;
  }

  @Override
  public boolean importsWideTables() {
    return false;
  }

  @Override
  Map<String, TableType> readDefinedTables() {
    return Map.of();
  }
}
