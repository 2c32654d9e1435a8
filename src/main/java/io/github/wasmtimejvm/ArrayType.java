package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.WasmtimeTypesArrayref;
import io.github.wasmtimejvm.capi.WasmtimeTypesStructref.wasmtime_field_type_t;
import io.github.wasmtimejvm.capi.WasmtimeTypesVal;
import io.github.wasmtimejvm.declarations.NativeTypes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The type of an array on the guests' heap: {@code wasmtime_array_type_t} in C. */
public final class ArrayType extends ConcreteHeapType {
  private @Nullable FieldType element; // where two threads decode it, they do so alike

  private ArrayType(Engine engine, MemorySegment type) {
    super(
        engine,
        WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_CONCRETE_ARRAY,
        type,
        WasmtimeTypesArrayref::wasmtime_array_type_delete);
  }

  /** A type that a module defines. */
  ArrayType(Engine engine, NativeTypes types, int where, int position) {
    super(engine, WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_CONCRETE_ARRAY, types, where, position);
  }

  /**
   * @param type a {@code wasmtime_array_type_t*}, which stays the caller's
   */
  static ArrayType of(Engine engine, MemorySegment type) {
    return new ArrayType(engine, WasmtimeTypesArrayref.wasmtime_array_type_copy(type));
  }

  /**
   * Creates a type without supertype or subtypes: {@code wasmtime_array_type_new}. Threads: any.
   *
   * @param engine the engine that is to know the type
   * @param element the type of its elements
   * @throws IllegalArgumentException if a type in it belongs to another engine
   * @throws IllegalStateException if the engine is closed or has no garbage collector
   */
  public static ArrayType create(Engine engine, FieldType element) {
    engine.requireGc();
    Types.checkEngine(element.value(), engine);
    MemorySegment nativeEngine = engine.object().lease();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment field = Types.nativeFields(List.of(element), engine, arena);
      return new ArrayType(
          engine, WasmtimeTypesArrayref.wasmtime_array_type_new(nativeEngine, field));
    } finally {
      engine.object().release();
    }
  }

  /**
   * Returns the type of its elements: {@code wasmtime_array_type_element}. It is decoded when this
   * is first called. Threads: any.
   */
  public FieldType element() {
    FieldType known = element;
    if (known == null) {
      known = readElement();
      element = known;
    }
    return known;
  }

  private FieldType readElement() {
    MemorySegment type = lease();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment field = arena.allocate(wasmtime_field_type_t.SIZEOF, 8);
      WasmtimeTypesArrayref.wasmtime_array_type_element(type, field);
      return Types.takeField(field, engine());
    } finally {
      release();
    }
  }

  /** Returns a description, for example {@code (array (mut i8))}. Threads: any. */
  @Override
  public String toString() {
    return "(array " + StructType.shortly(element()) + ")";
  }
}
