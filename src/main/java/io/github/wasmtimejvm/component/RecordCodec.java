package io.github.wasmtimejvm.component;

import static io.github.wasmtimejvm.internal.NativeMemory.getLong;

import io.github.wasmtimejvm.capi.WasmtimeComponentVal;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records and tuples. */
final class RecordCodec extends Codec {
  private static final long VALUE = 16; // in an entry of a record, behind the name

  private final RecordShape shape;
  private final List<String> names; // for messages
  private final @Nullable List<MemorySegment> nativeNames; // null for a tuple
  private final Codec[] fields;
  private final Space.Vector vector;

  private RecordCodec(
      RecordShape shape,
      List<String> names,
      @Nullable List<MemorySegment> nativeNames,
      List<Codec> fields) {
    this.shape = shape;
    this.names = names;
    this.nativeNames = nativeNames;
    this.fields = fields.toArray(Codec[]::new);
    this.vector = nativeNames == null ? Space.Vector.TUPLE : Space.Vector.RECORD;
  }

  static RecordCodec ofRecord(RecordShape shape, List<String> names, List<Codec> fields) {
    return new RecordCodec(shape, names, NativeName.of(names), fields);
  }

  /**
   * @param names what to call the fields in messages
   */
  static RecordCodec ofTuple(RecordShape shape, List<String> names, List<Codec> fields) {
    return new RecordCodec(shape, names, null, fields);
  }

  @Override
  Class<?> javaType() {
    return shape.javaType();
  }

  @Override
  void lower(@Nullable Object value, long at, Space space) {
    @Nullable Object[] values = shape.take(value);
    long data = space.vector(vector, at + OF, fields.length);
    setKind(
        at,
        nativeNames == null
            ? WasmtimeComponentVal.WASMTIME_COMPONENT_TUPLE
            : WasmtimeComponentVal.WASMTIME_COMPONENT_RECORD);
    for (int i = 0; i < fields.length; i++) {
      long entry = data + i * vector.elementSize;
      if (nativeNames != null) {
        space.name(entry, nativeNames.get(i));
        entry += VALUE;
      }
      try {
        fields[i].lower(values[i], entry, space);
      } catch (MisfitException e) {
        throw e.within("field " + names.get(i));
      }
    }
  }

  @Override
  Object lift(long at, ComponentStore store) {
    long data = getLong(at + OF + 8) + (nativeNames == null ? 0 : VALUE);
    @Nullable Object[] values = new Object[fields.length];
    for (int i = 0; i < fields.length; i++) {
      values[i] = fields[i].lift(data + i * vector.elementSize, store);
    }
    return shape.make(values);
  }
}
