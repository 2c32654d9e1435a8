package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeMemory;
import io.github.wasmtimejvm.capi.WasmtimeTypesVal;
import io.github.wasmtimejvm.internal.NativeVector;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Between the types of the C API and ours. */
final class Types {
  private static final long VALTYPE_SIZE = WasmtimeTypesVal.wasmtime_valtype_t.SIZEOF;
  private static final long REFTYPE = WasmtimeTypesVal.wasmtime_valtype_t.reftype$OFFSET;
  private static final long HEAPTYPE =
      REFTYPE + WasmtimeTypesVal.wasmtime_reftype_t.heaptype$OFFSET;
  private static final int NO_LIMIT = 0xffffffff; // wasm_limits_max_default

  private Types() {}

  /** Decodes a {@code wasm_externtype_t*}, which stays the caller's. */
  static ExternType extern(MemorySegment type) {
    int kind = Wasm.wasm_externtype_kind(type);
    return switch (kind) {
      case Wasm.WASM_EXTERN_FUNC -> func(Wasm.wasm_externtype_as_functype_const(type));
      case Wasm.WASM_EXTERN_GLOBAL -> global(Wasm.wasm_externtype_as_globaltype_const(type));
      case Wasm.WASM_EXTERN_TABLE -> table(Wasm.wasm_externtype_as_tabletype_const(type));
      case Wasm.WASM_EXTERN_MEMORY -> memory(Wasm.wasm_externtype_as_memorytype_const(type));
      case Wasm.WASM_EXTERN_TAG ->
          new TagType(
              func(Wasm.wasm_tagtype_functype(Wasm.wasm_externtype_as_tagtype_const(type))));
      default -> throw new IllegalStateException("unknown kind of external type: " + kind);
    };
  }

  /** Decodes a {@code wasm_functype_t*}, which stays the caller's. */
  static FuncType func(MemorySegment type) {
    return new FuncType(
        vals(Wasm.wasm_functype_params(type)), vals(Wasm.wasm_functype_results(type)));
  }

  private static GlobalType global(MemorySegment type) {
    return new GlobalType(
        val(Wasm.wasm_globaltype_content(type)), Wasm.wasm_globaltype_mutability(type) != 0);
  }

  // A module whose limits do not fit the C struct, for which this call would end the process, is
  // refused when it is compiled (see TableLimits).
  private static TableType table(MemorySegment type) {
    MemorySegment limits = NativeVector.sized(Wasm.wasm_tabletype_limits(type), 8);
    int maximum = limits.get(JAVA_INT, 4);
    return new TableType(
        (RefType) val(Wasm.wasm_tabletype_element(type)),
        Integer.toUnsignedLong(limits.get(JAVA_INT, 0)),
        maximum == NO_LIMIT
            ? OptionalLong.empty()
            : OptionalLong.of(Integer.toUnsignedLong(maximum)));
  }

  /** Decodes a {@code wasm_memorytype_t*}, which stays the caller's. */
  static MemoryType memory(MemorySegment type) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment maximum = arena.allocate(JAVA_LONG);
      boolean limited = WasmtimeMemory.wasmtime_memorytype_maximum(type, maximum);
      return new MemoryType(
          WasmtimeMemory.wasmtime_memorytype_minimum(type),
          limited ? OptionalLong.of(maximum.get(JAVA_LONG, 0)) : OptionalLong.empty(),
          WasmtimeMemory.wasmtime_memorytype_is64(type),
          WasmtimeMemory.wasmtime_memorytype_isshared(type),
          WasmtimeMemory.wasmtime_memorytype_page_size(type));
    }
  }

  private static List<ValType> vals(MemorySegment vector) {
    List<ValType> types = new ArrayList<>();
    for (MemorySegment type : NativeVector.elements(vector)) {
      types.add(val(type));
    }
    return types;
  }

  private static ValType val(MemorySegment type) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(VALTYPE_SIZE, 8);
      WasmtimeTypesVal.wasmtime_valtype_new(type, out);
      try {
        return switch (out.get(JAVA_BYTE, 0)) {
          case WasmtimeTypesVal.WASMTIME_VALTYPE_KIND_I32 -> NumType.I32;
          case WasmtimeTypesVal.WASMTIME_VALTYPE_KIND_I64 -> NumType.I64;
          case WasmtimeTypesVal.WASMTIME_VALTYPE_KIND_F32 -> NumType.F32;
          case WasmtimeTypesVal.WASMTIME_VALTYPE_KIND_F64 -> NumType.F64;
          case WasmtimeTypesVal.WASMTIME_VALTYPE_KIND_V128 -> NumType.V128;
          default ->
              new RefType(out.get(JAVA_BOOLEAN, REFTYPE), heap(out.get(JAVA_BYTE, HEAPTYPE)));
        };
      } finally {
        WasmtimeTypesVal.wasmtime_valtype_delete(out);
      }
    }
  }

  private static HeapType heap(byte kind) {
    return switch (kind) {
      case WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_EXTERN -> AbstractHeapType.EXTERN;
      case WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_NOEXTERN -> AbstractHeapType.NOEXTERN;
      case WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_FUNC -> AbstractHeapType.FUNC;
      case WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_NOFUNC -> AbstractHeapType.NOFUNC;
      case WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_ANY -> AbstractHeapType.ANY;
      case WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_NONE -> AbstractHeapType.NONE;
      case WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_EQ -> AbstractHeapType.EQ;
      case WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_I31 -> AbstractHeapType.I31;
      case WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_ARRAY -> AbstractHeapType.ARRAY;
      case WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_STRUCT -> AbstractHeapType.STRUCT;
      case WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_EXN -> AbstractHeapType.EXN;
      case WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_NOEXN -> AbstractHeapType.NOEXN;
      case WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_CONCRETE_FUNC ->
          new ConcreteHeapType(AbstractHeapType.FUNC);
      case WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_CONCRETE_ARRAY ->
          new ConcreteHeapType(AbstractHeapType.ARRAY);
      case WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_CONCRETE_STRUCT ->
          new ConcreteHeapType(AbstractHeapType.STRUCT);
      case WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_CONCRETE_EXN ->
          new ConcreteHeapType(AbstractHeapType.EXN);
      default -> throw new IllegalStateException("unknown kind of heap type: " + kind);
    };
  }

  private static byte heapKind(HeapType type) {
    return switch (type) {
      case AbstractHeapType.EXTERN -> WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_EXTERN;
      case AbstractHeapType.NOEXTERN -> WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_NOEXTERN;
      case AbstractHeapType.FUNC -> WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_FUNC;
      case AbstractHeapType.NOFUNC -> WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_NOFUNC;
      case AbstractHeapType.ANY -> WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_ANY;
      case AbstractHeapType.NONE -> WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_NONE;
      case AbstractHeapType.EQ -> WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_EQ;
      case AbstractHeapType.I31 -> WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_I31;
      case AbstractHeapType.ARRAY -> WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_ARRAY;
      case AbstractHeapType.STRUCT -> WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_STRUCT;
      case AbstractHeapType.EXN -> WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_EXN;
      case AbstractHeapType.NOEXN -> WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_NOEXN;
      case ConcreteHeapType concrete ->
          throw new IllegalArgumentException(
              "a type that a module defines cannot be used here: " + concrete);
    };
  }

  /**
   * Makes a {@code wasm_functype_t*}, to be deleted by the caller. It must serve one engine only:
   * the engine registers the type in itself on first use and a second engine would end the process.
   *
   * @throws IllegalArgumentException if a type is one that a module defines
   */
  static MemorySegment nativeFunc(FuncType type) {
    try (Arena arena = Arena.ofConfined()) {
      // First all that can throw, then what must be owned by somebody.
      MemorySegment params = encode(type.params(), arena);
      MemorySegment results = encode(type.results(), arena);
      return Wasm.wasm_functype_new(
          nativeVals(params, type.params().size(), arena),
          nativeVals(results, type.results().size(), arena));
    }
  }

  private static MemorySegment encode(List<ValType> types, Arena arena) {
    MemorySegment encoded = arena.allocate(Math.max(1, types.size()) * VALTYPE_SIZE, 8);
    for (int i = 0; i < types.size(); i++) {
      MemorySegment out = encoded.asSlice(i * VALTYPE_SIZE, VALTYPE_SIZE);
      switch (types.get(i)) {
        case NumType number -> out.set(JAVA_BYTE, 0, (byte) number.ordinal());
        case RefType reference -> {
          out.set(JAVA_BYTE, 0, WasmtimeTypesVal.WASMTIME_VALTYPE_KIND_REF);
          out.set(JAVA_BOOLEAN, REFTYPE, reference.nullable());
          out.set(JAVA_BYTE, HEAPTYPE, heapKind(reference.heapType()));
        }
      }
    }
    return encoded;
  }

  private static MemorySegment nativeVals(MemorySegment encoded, int count, Arena arena) {
    MemorySegment vector = arena.allocate(16, 8);
    Wasm.wasm_valtype_vec_new_uninitialized(vector, count);
    MemorySegment elements = NativeVector.sized(vector.get(ADDRESS, 8), count * 8L);
    for (int i = 0; i < count; i++) {
      MemorySegment element =
          WasmtimeTypesVal.wasmtime_valtype_to_wasm(
              MemorySegment.NULL, encoded.asSlice(i * VALTYPE_SIZE, VALTYPE_SIZE));
      elements.setAtIndex(ADDRESS, i, element);
    }
    return vector;
  }

  /**
   * Makes a {@code wasm_memorytype_t*}, to be deleted by the caller.
   *
   * @throws IllegalArgumentException if the sizes do not fit the kind of memory
   */
  static MemorySegment nativeMemory(MemoryType type) {
    if (Long.bitCount(type.pageSize()) != 1) {
      throw new IllegalArgumentException("the page size must be 65536 or 1: " + type.pageSize());
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      MemorySegment error =
          WasmtimeMemory.wasmtime_memorytype_new(
              type.minimum(),
              type.maximum().isPresent(),
              type.maximum().orElse(0),
              type.is64(),
              type.shared(),
              (byte) Long.numberOfTrailingZeros(type.pageSize()),
              out);
      if (error.address() != 0) {
        throw new IllegalArgumentException(Outcome.takeMessage(error));
      }
      return out.get(ADDRESS, 0);
    }
  }
}
