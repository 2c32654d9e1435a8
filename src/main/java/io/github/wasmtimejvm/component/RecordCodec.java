package io.github.wasmtimejvm.component;

import static io.github.wasmtimejvm.internal.NativeMemory.getLong;

import io.github.wasmtimejvm.capi.WasmtimeComponentVal;
import io.github.wasmtimejvm.interfaces.HiddenClass;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.function.Function;
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

  private static final MethodHandle CHECK =
      HiddenClass.findVirtual(
          MethodHandles.lookup(),
          RecordCodec.class,
          "check",
          long.class,
          Object.class,
          long.class,
          DirectWriter.class);

  private final RecordShape shape;
  private final List<String> names; // for messages
  private final @Nullable NativeNames nativeNames; // null for a tuple
  private final Codec[] fields;
  private final Space.Vector vector;
  private final Layout.Fields layout;

  private RecordCodec(
      RecordShape shape,
      List<String> names,
      @Nullable NativeNames nativeNames,
      List<Codec> fields) {
    this.shape = shape;
    this.names = names;
    this.nativeNames = nativeNames;
    this.fields = fields.toArray(Codec[]::new);
    this.layout = Layout.Fields.of(fields.stream().map(Codec::layout).toList());
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
    check(value);
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

  @Override
  Layout layout() {
    return layout;
  }

  @Override
  void store(@Nullable Object value, long at, DirectWriter out) {
    @Nullable Object[] values = shape.take(value);
    for (int i = 0; i < fields.length; i++) {
      try {
        fields[i].store(values[i], at + layout.offset(i), out);
      } catch (MisfitException e) {
        throw e.within("field " + names.get(i));
      }
    }
  }

  @Override
  Object load(long at, DirectMemory memory) {
    @Nullable Object[] values = new Object[fields.length];
    for (int i = 0; i < fields.length; i++) {
      values[i] = fields[i].load(at + layout.offset(i), memory);
    }
    return shape.make(values);
  }

  // The handles do what the methods do, without boxes and arrays.

  private @Nullable JavaRecord byHandle() {
    return shape instanceof JavaRecord java && fields.length <= MOST_FIELDS_BY_HANDLE ? java : null;
  }

  @Override
  boolean isCompiled() {
    return byHandle() != null;
  }

  private interface Writing {
    /** A handle (value, address, destination) -> void; of any object if the value may be null. */
    MethodHandle of(Codec field, boolean mayBeNull);
  }

  private interface Offset {
    long of(int field);
  }

  /**
   * A handle (record, address, destination) -> void that writes the fields.
   *
   * @param begin (record, address, destination) -> the address that the fields' offsets are from
   */
  private MethodHandle writing(
      JavaRecord java, MethodHandle begin, Writing writing, Offset offsets) {
    Class<?> destination = begin.type().parameterType(2);
    MethodType type =
        MethodType.methodType(void.class, long.class, Object.class, long.class, destination);
    MethodHandle code = MethodHandles.empty(type); // (first, record, address, destination) -> void
    for (int i = fields.length - 1; i >= 0; i--) {
      boolean mayBeNull =
          !(java.fieldTypes().get(i) instanceof Class<?> declared && declared.isPrimitive());
      MethodHandle field =
          CallCode.step(
              writing.of(fields[i], mayBeNull && fields[i].javaType().isPrimitive()),
              "field " + names.get(i));
      MethodHandle accessor = java.accessors().get(i);
      field =
          MethodHandles.filterArguments(
              field,
              0,
              accessor.asType(accessor.type().changeReturnType(field.type().parameterType(0))),
              CallCode.plus(offsets.of(i)));
      field = MethodHandles.permuteArguments(field, type, 1, 0, 3);
      code = MethodHandles.foldArguments(code, field);
    }
    return MethodHandles.foldArguments(code, begin)
        .asType(MethodType.methodType(void.class, javaType(), long.class, destination));
  }

  /**
   * A handle (address, source) -> record that reads the fields.
   *
   * @param first the address -> the address that the fields' offsets are from
   */
  private MethodHandle reading(
      JavaRecord java,
      MethodHandle first,
      Class<?> source,
      Function<Codec, MethodHandle> reading,
      Offset offsets) {
    MethodHandle code = java.constructor();
    int[] order = new int[2 * fields.length];
    for (int i = 0; i < fields.length; i++) {
      MethodHandle field = reading.apply(fields[i]);
      field = field.asType(field.type().changeReturnType(Object.class));
      field = MethodHandles.filterArguments(field, 0, CallCode.plus(offsets.of(i)));
      code = MethodHandles.collectArguments(code, 2 * i, field);
      order[2 * i + 1] = 1;
    }
    MethodType type = MethodType.methodType(Object.class, long.class, source);
    code = MethodHandles.permuteArguments(code, type, order); // (first, source) -> record
    return MethodHandles.filterArguments(code, 0, first).asType(type.changeReturnType(javaType()));
  }

  private long inValues(int field) {
    return field * vector.elementSize;
  }

  @Override
  MethodHandle lowering() {
    JavaRecord java = byHandle();
    return java == null
        ? super.lowering()
        : writing(
            java,
            BEGIN.bindTo(this),
            (field, boxed) -> boxed ? field.loweringOfObjects() : field.lowering(),
            this::inValues);
  }

  @Override
  MethodHandle lifting() {
    JavaRecord java = byHandle();
    return java == null
        ? super.lifting()
        : reading(java, FIRST.bindTo(this), ComponentStore.class, Codec::lifting, this::inValues);
  }

  @Override
  MethodHandle storing() {
    JavaRecord java = byHandle();
    return java == null
        ? super.storing()
        : writing(
            java,
            CHECK.bindTo(this),
            (field, boxed) -> boxed ? field.storingOfObjects() : field.storing(),
            layout::offset);
  }

  @Override
  MethodHandle loading() {
    JavaRecord java = byHandle();
    return java == null
        ? super.loading()
        : reading(
            java,
            MethodHandles.identity(long.class),
            DirectMemory.class,
            Codec::loading,
            layout::offset);
  }

  @SuppressWarnings("unused") // by handle
  private long check(@Nullable Object value, long at, DirectWriter out) {
    check(value);
    return at;
  }

  private void check(@Nullable Object value) {
    if (!javaType().isInstance(value)) {
      throw MisfitException.expected("a " + javaType().getName(), value);
    }
  }
}
