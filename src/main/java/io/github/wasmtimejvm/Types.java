package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeMemory;
import io.github.wasmtimejvm.capi.WasmtimeTypesStructref;
import io.github.wasmtimejvm.capi.WasmtimeTypesStructref.wasmtime_field_type_t;
import io.github.wasmtimejvm.capi.WasmtimeTypesVal;
import io.github.wasmtimejvm.declarations.ItemKind;
import io.github.wasmtimejvm.internal.NativeVector;
import io.github.wasmtimejvm.internal.ScopedPointer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Between the types of the C API and ours. */
final class Types {
  private static final long VALTYPE_SIZE = WasmtimeTypesVal.wasmtime_valtype_t.SIZEOF;
  private static final long REFTYPE = WasmtimeTypesVal.wasmtime_valtype_t.reftype$OFFSET;
  private static final long HEAPTYPE =
      REFTYPE + WasmtimeTypesVal.wasmtime_reftype_t.heaptype$OFFSET;
  private static final long CONCRETE = WasmtimeTypesVal.wasmtime_heaptype_t.of$OFFSET;
  private static final long FIELD_VALTYPE =
      wasmtime_field_type_t.storage$OFFSET
          + WasmtimeTypesStructref.wasmtime_storage_type_t.valtype$OFFSET;
  private static final int NO_LIMIT = 0xffffffff; // wasm_limits_max_default

  private Types() {}

  /** Decodes a {@code wasm_externtype_t*}, which stays the caller's. */
  static ExternType extern(MemorySegment type, Engine engine) {
    return switch (ItemKind.ofNative(type)) {
      case FUNC -> func(Wasm.wasm_externtype_as_functype_const(type), engine);
      case GLOBAL -> global(Wasm.wasm_externtype_as_globaltype_const(type), engine);
      case TABLE -> table(Wasm.wasm_externtype_as_tabletype_const(type), engine);
      case MEMORY -> memory(Wasm.wasm_externtype_as_memorytype_const(type));
      case TAG ->
          new TagType(
              func(
                  Wasm.wasm_tagtype_functype(Wasm.wasm_externtype_as_tagtype_const(type)), engine));
    };
  }

  /** Decodes a {@code wasm_functype_t*}, which stays the caller's. */
  static FuncType func(MemorySegment type, Engine engine) {
    return new FuncType(
        vals(Wasm.wasm_functype_params(type), engine),
        vals(Wasm.wasm_functype_results(type), engine));
  }

  private static GlobalType global(MemorySegment type, Engine engine) {
    return new GlobalType(
        val(Wasm.wasm_globaltype_content(type), engine),
        Wasm.wasm_globaltype_mutability(type) != 0);
  }

  // For limits that do not fit the C struct this call would end the process: see
  // Store.hasWideTables.
  private static TableType table(MemorySegment type, Engine engine) {
    MemorySegment limits = NativeVector.sized(Wasm.wasm_tabletype_limits(type), 8);
    int maximum = limits.get(JAVA_INT, 4);
    return new TableType(
        element(type, engine),
        Integer.toUnsignedLong(limits.get(JAVA_INT, 0)),
        maximum == NO_LIMIT
            ? OptionalLong.empty()
            : OptionalLong.of(Integer.toUnsignedLong(maximum)));
  }

  /** Decodes the element type of a {@code wasm_tabletype_t*}, which stays the caller's. */
  static RefType element(MemorySegment type, Engine engine) {
    return (RefType) val(Wasm.wasm_tabletype_element(type), engine);
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

  private static List<ValType> vals(MemorySegment vector, Engine engine) {
    List<ValType> types = new ArrayList<>();
    for (MemorySegment type : NativeVector.elements(vector)) {
      types.add(val(type, engine));
    }
    return types;
  }

  private static ValType val(MemorySegment type, Engine engine) {
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
              new RefType(out.get(JAVA_BOOLEAN, REFTYPE), heap(out.asSlice(HEAPTYPE), engine));
        };
      } finally {
        WasmtimeTypesVal.wasmtime_valtype_delete(out);
      }
    }
  }

  private static HeapType heap(MemorySegment type, Engine engine) {
    MemorySegment concrete = type.get(ADDRESS, CONCRETE);
    byte kind = type.get(JAVA_BYTE, 0);
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
          OtherHeapType.func(engine, concrete);
      case WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_CONCRETE_ARRAY -> ArrayType.of(engine, concrete);
      case WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_CONCRETE_STRUCT ->
          StructType.of(engine, concrete);
      case WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_CONCRETE_EXN ->
          OtherHeapType.exn(engine, concrete);
      default -> throw new IllegalStateException("unknown kind of heap type: " + kind);
    };
  }

  private static byte heapKind(AbstractHeapType type) {
    return switch (type) {
      case EXTERN -> WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_EXTERN;
      case NOEXTERN -> WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_NOEXTERN;
      case FUNC -> WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_FUNC;
      case NOFUNC -> WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_NOFUNC;
      case ANY -> WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_ANY;
      case NONE -> WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_NONE;
      case EQ -> WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_EQ;
      case I31 -> WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_I31;
      case ARRAY -> WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_ARRAY;
      case STRUCT -> WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_STRUCT;
      case EXN -> WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_EXN;
      case NOEXN -> WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_NOEXN;
    };
  }

  /**
   * Throws if a type is known to another engine than this one, which would end the process.
   *
   * @throws IllegalArgumentException then
   */
  static void checkEngine(ValType type, Engine engine) {
    if (type instanceof RefType(_, ConcreteHeapType concrete)) {
      engine.checkSame(concrete.engine(), "type " + concrete);
    }
  }

  /**
   * Makes a {@code wasm_functype_t*}. It must serve this engine only: the engine registers the type
   * in itself on first use and a second engine would end the process.
   *
   * @throws IllegalArgumentException if a type in it belongs to another engine
   */
  static ScopedPointer nativeFunc(FuncType type, Engine engine) {
    return new ScopedPointer(newFunc(type, engine), Wasm::wasm_functype_delete);
  }

  private static MemorySegment newFunc(FuncType type, Engine engine) {
    type.params().forEach(param -> checkEngine(param, engine));
    type.results().forEach(result -> checkEngine(result, engine));
    boolean concrete =
        type.params().stream().anyMatch(Types::isConcrete)
            || type.results().stream().anyMatch(Types::isConcrete);
    // Before anything is made: an engine that is closed refuses.
    MemorySegment nativeEngine = concrete ? engine.object().lease() : MemorySegment.NULL;
    try (Arena arena = Arena.ofConfined()) {
      return Wasm.wasm_functype_new(
          nativeVals(type.params(), nativeEngine, arena),
          nativeVals(type.results(), nativeEngine, arena));
    } finally {
      if (concrete) {
        engine.object().release();
      }
    }
  }

  /**
   * Makes a {@code wasm_tagtype_t*}.
   *
   * @throws IllegalArgumentException if a type in it belongs to another engine
   */
  static ScopedPointer nativeTag(TagType type, Engine engine) {
    MemorySegment payload = newFunc(type.payload(), engine); // the tag's type takes it over
    return new ScopedPointer(Wasm.wasm_tagtype_new(payload), Wasm::wasm_tagtype_delete);
  }

  private static MemorySegment nativeVals(List<ValType> types, MemorySegment engine, Arena arena) {
    MemorySegment vector = arena.allocate(16, 8);
    Wasm.wasm_valtype_vec_new_uninitialized(vector, types.size());
    MemorySegment elements = NativeVector.sized(vector.get(ADDRESS, 8), types.size() * 8L);
    for (int i = 0; i < types.size(); i++) {
      elements.setAtIndex(ADDRESS, i, nativeVal(types.get(i), engine, arena));
    }
    return vector;
  }

  /** Makes a {@code wasm_valtype_t*}, to be deleted by the caller. */
  static MemorySegment nativeVal(ValType type, Engine engine, Arena arena) {
    boolean concrete = isConcrete(type);
    MemorySegment nativeEngine = concrete ? engine.object().lease() : MemorySegment.NULL;
    try {
      return nativeVal(type, nativeEngine, arena);
    } finally {
      if (concrete) {
        engine.object().release();
      }
    }
  }

  // Only a concrete type needs the engine. The call borrows it: the types hold it themselves.
  private static boolean isConcrete(ValType type) {
    return type instanceof RefType(_, ConcreteHeapType _);
  }

  private static MemorySegment nativeVal(ValType type, MemorySegment engine, Arena arena) {
    MemorySegment encoded = arena.allocate(VALTYPE_SIZE, 8);
    switch (type) {
      case NumType number -> encoded.set(JAVA_BYTE, 0, (byte) number.ordinal());
      case RefType(boolean nullable, HeapType heap) -> {
        encoded.set(JAVA_BYTE, 0, WasmtimeTypesVal.WASMTIME_VALTYPE_KIND_REF);
        encoded.set(JAVA_BOOLEAN, REFTYPE, nullable);
        switch (heap) {
          case AbstractHeapType kind -> encoded.set(JAVA_BYTE, HEAPTYPE, heapKind(kind));
          case ConcreteHeapType concrete -> concrete.write(encoded.asSlice(HEAPTYPE));
        }
      }
    }
    try {
      return WasmtimeTypesVal.wasmtime_valtype_to_wasm(engine, encoded);
    } finally {
      Reference.reachabilityFence(type);
    }
  }

  /** Makes an array of {@code wasmtime_field_type_t} whose value types the arena's end deletes. */
  static MemorySegment nativeFields(List<FieldType> fields, Engine engine, Arena arena) {
    MemorySegment encoded = arena.allocate((fields.size() + 1) * wasmtime_field_type_t.SIZEOF, 8);
    for (int i = 0; i < fields.size(); i++) {
      FieldType field = fields.get(i);
      MemorySegment out = encoded.asSlice(i * wasmtime_field_type_t.SIZEOF);
      out.set(JAVA_BOOLEAN, wasmtime_field_type_t.mutable_$OFFSET, field.mutable());
      switch (field.storage()) {
        case PackedType packed ->
            out.set(JAVA_BYTE, wasmtime_field_type_t.storage$OFFSET, (byte) packed.ordinal());
        case ValType value -> {
          out.set(
              JAVA_BYTE,
              wasmtime_field_type_t.storage$OFFSET,
              WasmtimeTypesStructref.WASMTIME_STORAGE_TYPE_KIND_VALTYPE);
          out.set(ADDRESS, FIELD_VALTYPE, owned(nativeVal(value, engine, arena), arena));
        }
      }
    }
    return encoded;
  }

  @SuppressWarnings("restricted") // ties the deletion to the arena
  private static MemorySegment owned(MemorySegment type, Arena arena) {
    return type.reinterpret(arena, Wasm::wasm_valtype_delete);
  }

  /** Decodes a {@code wasmtime_field_type_t} and deletes what it owns. */
  static FieldType takeField(MemorySegment field, Engine engine) {
    try {
      byte kind = field.get(JAVA_BYTE, wasmtime_field_type_t.storage$OFFSET);
      StorageType storage =
          switch (kind) {
            case WasmtimeTypesStructref.WASMTIME_STORAGE_TYPE_KIND_I8 -> PackedType.I8;
            case WasmtimeTypesStructref.WASMTIME_STORAGE_TYPE_KIND_I16 -> PackedType.I16;
            default -> val(field.get(ADDRESS, FIELD_VALTYPE), engine);
          };
      return new FieldType(storage, field.get(JAVA_BOOLEAN, wasmtime_field_type_t.mutable_$OFFSET));
    } finally {
      WasmtimeTypesStructref.wasmtime_field_type_delete(field);
    }
  }

  /**
   * Makes a {@code wasm_tabletype_t*}.
   *
   * @throws IllegalArgumentException if the sizes are out of range
   */
  static ScopedPointer nativeTable(TableType type, Engine engine) {
    checkEngine(type.element(), engine);
    long largest = Integer.toUnsignedLong(NO_LIMIT) - 1;
    long maximum = type.maximum().orElse(largest);
    if (type.minimum() < 0 || maximum > largest || type.minimum() > maximum) {
      throw new IllegalArgumentException(
          "a table has from 0 to "
              + largest
              + " elements, its maximum not below its minimum: "
              + type);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment limits = arena.allocate(8, 4);
      limits.set(JAVA_INT, 0, (int) type.minimum());
      limits.set(JAVA_INT, 4, type.maximum().isPresent() ? (int) maximum : NO_LIMIT);
      return new ScopedPointer(
          Wasm.wasm_tabletype_new(nativeVal(type.element(), engine, arena), limits),
          Wasm::wasm_tabletype_delete);
    }
  }

  /**
   * Makes a {@code wasm_globaltype_t*}.
   *
   * @throws IllegalArgumentException if a type in it belongs to another engine
   */
  static ScopedPointer nativeGlobal(GlobalType type, Engine engine) {
    checkEngine(type.content(), engine);
    try (Arena arena = Arena.ofConfined()) {
      return new ScopedPointer(
          Wasm.wasm_globaltype_new(
              nativeVal(type.content(), engine, arena), (byte) (type.mutable() ? 1 : 0)),
          Wasm::wasm_globaltype_delete);
    }
  }

  /**
   * Makes a {@code wasm_memorytype_t*}.
   *
   * @throws IllegalArgumentException if the sizes do not fit the kind of memory
   */
  static ScopedPointer nativeMemory(MemoryType type) {
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
        throw new IllegalArgumentException(Failures.takeMessage(error));
      }
      return new ScopedPointer(out.get(ADDRESS, 0), Wasm::wasm_memorytype_delete);
    }
  }
}
