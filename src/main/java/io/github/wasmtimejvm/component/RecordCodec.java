package io.github.wasmtimejvm.component;

import static io.github.wasmtimejvm.internal.NativeMemory.getLong;

import io.github.wasmtimejvm.capi.WasmtimeComponentVal;
import io.github.wasmtimejvm.interfaces.HiddenClass;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records and tuples. */
final class RecordCodec extends Codec {
  private static final long VALUE = 16; // in an entry of a record, behind the name
  private static final int MOST_FIELDS_BY_HANDLE = 32; // a handle takes no more than 255 words

  private static final MethodHandle BEGIN =
      HiddenClass.findVirtual(
          MethodHandles.lookup(),
          RecordCodec.class,
          "begin",
          long.class,
          Object.class,
          long.class,
          Space.class);
  private static final MethodHandle FIRST =
      HiddenClass.findVirtual(
          MethodHandles.lookup(), RecordCodec.class, "first", long.class, long.class);

  private final RecordShape shape;
  private final List<String> names; // for messages
  private final @Nullable NativeNames nativeNames; // null for a tuple
  private final Codec[] fields;
  private final Space.Vector vector;

  private RecordCodec(
      RecordShape shape,
      List<String> names,
      @Nullable NativeNames nativeNames,
      List<Codec> fields) {
    this.shape = shape;
    this.names = names;
    this.nativeNames = nativeNames;
    this.fields = fields.toArray(Codec[]::new);
    this.vector = nativeNames == null ? Space.Vector.TUPLE : Space.Vector.RECORD;
  }

  static RecordCodec ofRecord(RecordShape shape, List<String> names, List<Codec> fields) {
    return new RecordCodec(shape, names, new NativeNames(names), fields);
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
    long first = begin(at, space);
    for (int i = 0; i < fields.length; i++) {
      try {
        fields[i].lower(values[i], first + i * vector.elementSize, space);
      } catch (MisfitException e) {
        throw e.within("field " + names.get(i));
      }
    }
  }

  @SuppressWarnings("unused") // by handle
  private long begin(@Nullable Object value, long at, Space space) {
    if (!javaType().isInstance(value)) {
      throw MisfitException.expected("a " + javaType().getName(), value);
    }
    return begin(at, space);
  }

  // Makes the entries with their names and returns where the value of the first goes.
  private long begin(long at, Space space) {
    long data = space.vector(vector, at + OF, fields.length);
    if (nativeNames == null) {
      setKind(at, WasmtimeComponentVal.WASMTIME_COMPONENT_TUPLE);
      return data;
    }
    setKind(at, WasmtimeComponentVal.WASMTIME_COMPONENT_RECORD);
    for (int i = 0; i < fields.length; i++) {
      space.name(data + i * vector.elementSize, nativeNames.get(i));
    }
    return data + VALUE;
  }

  // Where the value of the first field lies.
  private long first(long at) {
    return getLong(at + OF + 8) + (nativeNames == null ? 0 : VALUE);
  }

  @Override
  Object lift(long at, ComponentStore store) {
    long first = first(at);
    @Nullable Object[] values = new Object[fields.length];
    for (int i = 0; i < fields.length; i++) {
      values[i] = fields[i].lift(first + i * vector.elementSize, store);
    }
    return shape.make(values);
  }

  // The handles do what the methods do, without boxes and arrays.

  @Override
  MethodHandle lowering() {
    if (!(shape instanceof JavaRecord java) || fields.length > MOST_FIELDS_BY_HANDLE) {
      return super.lowering();
    }
    MethodType type =
        MethodType.methodType(void.class, long.class, Object.class, long.class, Space.class);
    MethodHandle code = MethodHandles.empty(type); // (first, value, address, space) -> void
    for (int i = fields.length - 1; i >= 0; i--) {
      boolean mayBeNull =
          !(java.fieldTypes().get(i) instanceof Class<?> declared && declared.isPrimitive());
      MethodHandle field =
          mayBeNull && fields[i].javaType().isPrimitive()
              ? fields[i].loweringOfObjects()
              : fields[i].lowering();
      field = CallCode.named(field, "field " + names.get(i));
      MethodHandle accessor = java.accessors().get(i);
      field =
          MethodHandles.filterArguments(
              field,
              0,
              accessor.asType(accessor.type().changeReturnType(field.type().parameterType(0))),
              CallCode.plus(i * vector.elementSize));
      field = MethodHandles.permuteArguments(field, type, 1, 0, 3);
      code = MethodHandles.foldArguments(code, field);
    }
    return MethodHandles.foldArguments(code, BEGIN.bindTo(this))
        .asType(MethodType.methodType(void.class, javaType(), long.class, Space.class));
  }

  @Override
  MethodHandle lifting() {
    if (!(shape instanceof JavaRecord java) || fields.length > MOST_FIELDS_BY_HANDLE) {
      return super.lifting();
    }
    MethodHandle code = java.constructor();
    int[] order = new int[2 * fields.length];
    for (int i = 0; i < fields.length; i++) {
      MethodHandle field = fields[i].lifting();
      field = field.asType(field.type().changeReturnType(Object.class));
      field = MethodHandles.filterArguments(field, 0, CallCode.plus(i * vector.elementSize));
      code = MethodHandles.collectArguments(code, 2 * i, field);
      order[2 * i + 1] = 1;
    }
    MethodType type = MethodType.methodType(Object.class, long.class, ComponentStore.class);
    code = MethodHandles.permuteArguments(code, type, order); // (first, store) -> record
    return MethodHandles.filterArguments(code, 0, FIRST.bindTo(this))
        .asType(type.changeReturnType(javaType()));
  }
}
