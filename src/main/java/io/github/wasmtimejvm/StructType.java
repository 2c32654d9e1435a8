package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.WasmtimeTypesStructref;
import io.github.wasmtimejvm.capi.WasmtimeTypesStructref.wasmtime_field_type_t;
import io.github.wasmtimejvm.capi.WasmtimeTypesVal;
import io.github.wasmtimejvm.declarations.NativeTypes;
import io.github.wasmtimejvm.internal.TypeText;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.AbstractList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The type of a struct on the guests' heap: {@code wasmtime_struct_type_t} in C. */
public final class StructType extends ConcreteHeapType {
  // What the engine allows; more ends the process.
  private static final int MOST_FIELDS = 10_000;

  private @Nullable List<FieldType> fields; // where two threads decode them, they do so alike

  // Longer lists would take more room than the module that declares them.
  private static final int MOST_KEPT = 256;

  private StructType(Engine engine, MemorySegment type) {
    super(
        engine,
        WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_CONCRETE_STRUCT,
        type,
        WasmtimeTypesStructref::wasmtime_struct_type_delete);
  }

  /** A type that a module defines. */
  StructType(Engine engine, NativeTypes types, int where, int position) {
    super(engine, WasmtimeTypesVal.WASMTIME_HEAPTYPE_KIND_CONCRETE_STRUCT, types, where, position);
  }

  /**
   * @param type a {@code wasmtime_struct_type_t*}, which stays the caller's
   */
  static StructType of(Engine engine, MemorySegment type) {
    return new StructType(engine, WasmtimeTypesStructref.wasmtime_struct_type_copy(type));
  }

  /**
   * Creates a type without supertype or subtypes: {@code wasmtime_struct_type_new}. Threads: any.
   *
   * @param engine the engine that is to know the type
   * @param fields its fields, at most 10000
   * @throws IllegalArgumentException if a type in it belongs to another engine, or there are too
   *     many fields
   * @throws IllegalStateException if the engine is closed or has no garbage collector
   */
  public static StructType create(Engine engine, FieldType... fields) {
    List<FieldType> types = List.of(fields);
    if (types.size() > MOST_FIELDS) {
      throw new IllegalArgumentException("a struct has at most " + MOST_FIELDS + " fields");
    }
    engine.requireGc();
    types.forEach(type -> Types.checkEngine(type.value(), engine));
    MemorySegment nativeEngine = engine.object().lease();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment nativeFields = Types.nativeFields(types, engine, arena);
      return new StructType(
          engine,
          WasmtimeTypesStructref.wasmtime_struct_type_new(
              nativeEngine, nativeFields, types.size()));
    } finally {
      engine.object().release();
    }
  }

  /**
   * Returns its fields: {@code wasmtime_struct_type_num_fields} and {@code
   * wasmtime_struct_type_field}. They are decoded when this is first called, or each time where
   * they are very many. Threads: any.
   */
  public List<FieldType> fields() {
    List<FieldType> known = fields;
    if (known == null) {
      FieldType[] all = new FieldType[size()];
      for (int i = 0; i < all.length; i++) {
        all[i] = field(i);
      }
      known = List.of(all);
      if (all.length <= MOST_KEPT) {
        fields = known;
      }
    }
    return known;
  }

  private int size() {
    MemorySegment type = lease();
    try {
      return (int) WasmtimeTypesStructref.wasmtime_struct_type_num_fields(type);
    } finally {
      release();
    }
  }

  private FieldType field(int index) {
    MemorySegment type = lease();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment field = arena.allocate(wasmtime_field_type_t.SIZEOF, 8);
      WasmtimeTypesStructref.wasmtime_struct_type_field(type, index, field);
      return Types.takeField(field, engine());
    } finally {
      release();
    }
  }

  /** Decodes each of the fields whenever it is asked for: a text shows few of very many. */
  private final class Fields extends AbstractList<FieldType> {
    private final int size = StructType.this.size();

    @Override
    public int size() {
      return size;
    }

    @Override
    public FieldType get(int index) {
      return field(index);
    }
  }

  /**
   * Returns a description, for example {@code (struct i32 (mut i8))}, which is no text format. Very
   * long ones are cut off. Threads: any.
   */
  @Override
  public String toString() {
    return "(struct "
        + TypeText.list(fields == null ? new Fields() : fields, " ", StructType::shortly)
        + ")";
  }

  // Types may refer to themselves.
  static String shortly(FieldType field) {
    if (field.storage() instanceof RefType(boolean nullable, ConcreteHeapType heap)) {
      String shortly = "(ref " + (nullable ? "null " : "") + "(concrete " + heap.supertype() + "))";
      return field.mutable() ? "(mut " + shortly + ")" : shortly;
    }
    return field.toString();
  }
}
