package io.github.wasmtimejvm;

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
 * What a module declares, as the engine says it: for compiled code whose binary is not there. Such
 * code is trusted, also not to declare a table that the C API cannot describe.
 *
 * <p>An item's place is its number, imports first.
 */
final class NativeDeclarations extends Declarations {
  // The engine gives the types of each item anew, however many have the same.
  private static final long MOST_VALUE_TYPES = 1 << 16;

  private final Engine engine;
  private final List<MemorySegment> imports;
  private final List<MemorySegment> exports;
  private final NativeObject owner;
  private long valueTypes;

  /**
   * @param module a {@code wasmtime_module_t*}, which stays the caller's
   */
  NativeDeclarations(Engine engine, MemorySegment module) {
    this.engine = engine;
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
            new ImportType(
                NativeVector.text(Wasm.wasm_importtype_module(item)),
                NativeVector.text(Wasm.wasm_importtype_name(item)),
                this,
                found.size(),
                null));
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
            new ExportType(
                NativeVector.text(Wasm.wasm_exporttype_name(item)),
                this,
                imports.size() + found.size()));
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
      return Types.kind(externType(where));
    } finally {
      Reference.reachabilityFence(owner);
    }
  }

  @Override
  synchronized ExternType type(int where) {
    try {
      MemorySegment type = externType(where);
      valueTypes += Types.valueTypes(type);
      if (valueTypes > MOST_VALUE_TYPES) {
        throw new UnsupportedOperationException(
            "of compiled code that was not compiled here at most %s types of values are described"
                .formatted(MOST_VALUE_TYPES));
      }
      return Types.extern(type, engine);
    } finally {
      Reference.reachabilityFence(owner);
    }
  }

  @Override
  int importedFunctions() {
    return (int) imports().stream().filter(needed -> needed.kind() == ItemKind.FUNC).count();
  }

  @Override
  boolean mayDefineWideTables() {
    return false;
  }

  @Override
  boolean importsWideTables() {
    return false;
  }

  @Override
  Map<String, TableType> readDefinedTables() {
    return Map.of();
  }
}
