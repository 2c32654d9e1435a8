package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.ADDRESS;

import io.github.wasmtimejvm.capi.WasmtimeError;
import io.github.wasmtimejvm.capi.WasmtimeInstance;
import io.github.wasmtimejvm.capi.WasmtimeLinker;
import io.github.wasmtimejvm.capi.WasmtimeTable;
import io.github.wasmtimejvm.internal.ScopedPointer;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the C API does not tell of a table's type. Tiny modules that import such a table, and that
 * the engine links or refuses, show it; they can be written for elements of abstract types only.
 *
 * @param is64 whether its indices have 64 bits
 * @param limited whether it has a maximum; one of 2<sup>32</sup>-1 looks like none in C
 */
record TableTraits(boolean is64, boolean limited) {
  private static final int LIMITED = 1;
  private static final int INDEX64 = 4;

  /**
   * Returns the traits of a table, nothing if they cannot be seen.
   *
   * @param element the type of its elements
   * @throws IllegalStateException if the engine is closed
   */
  static Optional<TableTraits> of(Table table, RefType element) {
    int code = code(element.heapType());
    if (code < 0) {
      return Optional.empty();
    }
    Engine engine = table.store().engine();
    MemorySegment nativeEngine = engine.object().lease();
    try (ScopedPointer linker =
        new ScopedPointer(
            WasmtimeLinker.wasmtime_linker_new(nativeEngine),
            WasmtimeLinker::wasmtime_linker_delete)) {
      LinkerItems.define(linker.pointer(), table.store(), "", "", table);
      for (int index : new int[] {0, INDEX64}) {
        if (accepts(linker.pointer(), engine, importing(element.nullable(), code, index))) {
          int both = index | LIMITED;
          return Optional.of(
              new TableTraits(
                  index == INDEX64,
                  accepts(linker.pointer(), engine, importing(element.nullable(), code, both))));
        }
      }
      return Optional.empty();
    } finally {
      engine.object().release();
    }
  }

  /**
   * Returns the traits of a type, nothing if they cannot be seen. A table of that type is made for
   * it.
   *
   * @param store where the table may be left behind, on this thread
   * @param nativeType a {@code wasm_tabletype_t*}, which stays the caller's
   * @param element the type of its elements
   * @throws IllegalStateException if the engine is closed
   */
  static Optional<TableTraits> of(Store store, MemorySegment nativeType, RefType element) {
    Object init = element.nullable() ? null : some(store, element.heapType());
    if (init == null && !element.nullable()) {
      return Optional.empty();
    }
    try (Arena arena = Arena.ofConfined();
        OwnedValues vals = OwnedValues.of(store, element, init, arena, "element")) {
      MemorySegment handle = arena.allocate(Extern.HANDLE_SIZE, 8);
      MemorySegment error =
          WasmtimeTable.wasmtime_table_new(
              store.state().context(), nativeType, vals.segment(), handle);
      if (error.address() != 0) {
        WasmtimeError.wasmtime_error_delete(error);
        return Optional.empty();
      }
      return of(new Table(store, handle), element);
    }
  }

  private static @Nullable Object some(Store store, HeapType type) {
    if (!(type instanceof AbstractHeapType known)) {
      return null;
    }
    return switch (known) {
      case FUNC -> Func.create(store, FuncType.of(), (caller, args) -> null);
      case EXTERN -> "";
      case ANY, EQ, I31 -> new I31(0);
      default -> null;
    };
  }

  private static boolean accepts(MemorySegment linker, Engine engine, byte[] wasm) {
    try (Arena arena = Arena.ofConfined();
        Module module = Module.fromBytes(engine, wasm)) {
      MemorySegment nativeModule = module.object().lease();
      try {
        MemorySegment out = arena.allocate(ADDRESS);
        MemorySegment error =
            WasmtimeLinker.wasmtime_linker_instantiate_pre(linker, nativeModule, out);
        if (error.address() != 0) {
          WasmtimeError.wasmtime_error_delete(error);
          return false;
        }
        WasmtimeInstance.wasmtime_instance_pre_delete(out.get(ADDRESS, 0));
        return true;
      } finally {
        module.object().release();
      }
    } catch (CompileException e) {
      return false; // without the feature no such table exists
    }
  }

  // (module (import "" "" (table ...))), from no elements on, and up to 2^32 - 1 where it is
  // limited.
  private static byte[] importing(boolean nullable, int element, int flags) {
    ByteArrayOutputStream table = new ByteArrayOutputStream();
    if (!nullable) {
      table.write(0x64);
    }
    table.write(element);
    table.write(flags);
    table.write(0);
    if ((flags & LIMITED) != 0) {
      table.writeBytes(new byte[] {-1, -1, -1, -1, 0x0f});
    }
    ByteArrayOutputStream module = new ByteArrayOutputStream();
    module.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
    module.write(2); // imports
    module.write(4 + table.size());
    module.writeBytes(new byte[] {1, 0, 0, 1}); // one, two empty names, a table
    module.writeBytes(table.toByteArray());
    return module.toByteArray();
  }

  private static int code(HeapType type) {
    if (!(type instanceof AbstractHeapType known)) {
      return -1;
    }
    return switch (known) {
      case FUNC -> 0x70;
      case EXTERN -> 0x6f;
      case ANY -> 0x6e;
      case EQ -> 0x6d;
      case I31 -> 0x6c;
      case STRUCT -> 0x6b;
      case ARRAY -> 0x6a;
      case EXN -> 0x69;
      case NONE -> 0x71;
      case NOEXTERN -> 0x72;
      case NOFUNC -> 0x73;
      case NOEXN -> 0x74;
    };
  }
}
