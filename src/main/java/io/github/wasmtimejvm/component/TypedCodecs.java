package io.github.wasmtimejvm.component;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes codecs for values of the user's own Java types. The type in WIT says what there is, never
 * the one in Java; what does not fit is refused here, with the way to it.
 */
final class TypedCodecs {
  /** Makes codecs of own and borrow types. */
  interface Resources {
    /**
     * Returns the codec of handles.
     *
     * @param own whether they own their resource
     * @param javaType the class in Java
     * @throws MisfitException if that cannot be
     */
    Codec of(ResourceType type, boolean own, Class<?> javaType);
  }

  private final JavaShapes shapes;
  private final Resources resources;
  private final DynamicCodecs dynamic;
  private final Map<WitType, Map<Type, Codec>> made = new IdentityHashMap<>();

  /**
   * @param lookup sees the Java types
   * @param dynamic for what is an {@link Object} in Java
   */
  TypedCodecs(MethodHandles.Lookup lookup, Resources resources, DynamicCodecs dynamic) {
    this.shapes = new JavaShapes(lookup);
    this.resources = resources;
    this.dynamic = dynamic;
  }

  /**
   * Returns the codec of a type.
   *
   * @throws MisfitException if the Java type does not fit
   */
  Codec of(WitType type, Type javaType) {
    Map<Type, Codec> ofType = made.computeIfAbsent(type, _ -> new HashMap<>());
    Codec known = ofType.get(javaType);
    if (known == null) {
      known = make(type, bound(javaType));
      ofType.put(javaType, known);
    }
    return known;
  }

  /** The codec of values as {@link DynamicCodecs} has them. */
  Codec dynamic(WitType type) {
    return dynamic.of(type);
  }

  private static Type bound(Type type) {
    return type instanceof WildcardType wildcard ? wildcard.getUpperBounds()[0] : type;
  }

  private Codec make(WitType type, Type javaType) {
    if (javaType == Object.class) {
      return dynamic.of(type);
    }
    return switch (type) {
      case WitType.Primitive primitive -> primitive(primitive, javaType);
      case WitType.ListType(WitType element) -> list(type, element, javaType);
      case WitType.MapType(WitType key, WitType value) -> {
        Type[] args = arguments(type, javaType, Map.class);
        yield new MapCodec(within("key", key, args[0]), within("value", value, args[1]));
      }
      case WitType.OptionType(WitType value) ->
          new OptionCodec(within("some", value, arguments(type, javaType, Optional.class)[0]));
      case WitType.ResultType result -> {
        Type[] args = arguments(type, javaType, Result.class);
        yield result(result, args[0], args[1]);
      }
      case WitType.RecordType(_, List<WitType.Field> fields) -> record(type, fields, javaType);
      case WitType.TupleType(List<WitType> types) -> tuple(type, types, javaType);
      case WitType.VariantType(_, List<WitType.Case> cases) -> variant(type, cases, javaType);
      case WitType.EnumType(_, List<String> cases) ->
          new EnumCodec(shapes.ofEnum(type, cases, javaType), cases);
      case WitType.FlagsType(_, List<String> flags) -> flags(type, flags, javaType);
      case WitType.OwnType(ResourceType resource) ->
          resources.of(resource, true, JavaShapes.classOf(type, javaType));
      case WitType.BorrowType(ResourceType resource) ->
          resources.of(resource, false, JavaShapes.classOf(type, javaType));
    };
  }

  private Codec within(String step, WitType type, Type javaType) {
    try {
      return of(type, javaType);
    } catch (MisfitException e) {
      throw e.within(step);
    }
  }

  private static Codec primitive(WitType.Primitive type, Type javaType) {
    ScalarCodec scalar = ScalarCodec.of(type);
    if (scalar == null) {
      JavaShapes.require(javaType == String.class, type, "a String", javaType);
      return StringCodec.INSTANCE;
    }
    JavaShapes.require(
        javaType == scalar.javaType() || javaType == scalar.boxedType(),
        type,
        WitText.withArticle(scalar.javaType().getName()),
        javaType);
    return scalar;
  }

  private Codec list(WitType type, WitType element, Type javaType) {
    ArrayCodec array = ArrayCodec.of(element);
    if (array != null && javaType == array.javaType()) {
      return array;
    }
    BytesCodec bytes = BytesCodec.of(array, javaType);
    if (bytes != null) {
      return bytes;
    }
    String expected =
        (array == null ? "" : WitText.withArticle(array.javaType().getSimpleName()) + " or ")
            + "a List";
    return new ListCodec(
        within("element", element, arguments(type, javaType, List.class, expected)[0]));
  }

  /**
   * Returns the codec of results whose values are of these types.
   *
   * @throws MisfitException if the Java types do not fit
   */
  ResultCodec result(WitType.ResultType type, Type ok, Type err) {
    return new ResultCodec(payload("ok", type.ok(), ok), payload("err", type.err(), err));
  }

  private @Nullable Codec payload(String step, @Nullable WitType type, Type javaType) {
    if (type == null) {
      if (javaType != Void.class && javaType != void.class && javaType != Object.class) {
        throw new MisfitException(
                "there is no value, which is a Void in Java, not a " + javaType.getTypeName())
            .within(step);
      }
      return null;
    }
    return within(step, type, javaType);
  }

  private Codec record(WitType type, List<WitType.Field> fields, Type javaType) {
    List<String> names = fields.stream().map(WitType.Field::name).toList();
    JavaRecord shape = shapes.ofRecord(type, names, javaType);
    List<Codec> codecs = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      codecs.add(within("field " + names.get(i), fields.get(i).type(), shape.fieldTypes().get(i)));
    }
    return RecordCodec.ofRecord(shape, names, codecs);
  }

  private Codec tuple(WitType type, List<WitType> types, Type javaType) {
    JavaRecord shape = shapes.ofTuple(type, types.size(), javaType);
    List<Codec> codecs = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      codecs.add(
          within("field " + shape.fieldNames().get(i), types.get(i), shape.fieldTypes().get(i)));
    }
    return RecordCodec.ofTuple(shape, shape.fieldNames(), codecs);
  }

  private Codec variant(WitType type, List<WitType.Case> cases, Type javaType) {
    JavaVariant shape = shapes.ofVariant(type, cases, javaType);
    @Nullable Codec[] payloads = new Codec[cases.size()];
    for (int i = 0; i < payloads.length; i++) {
      WitType payload = cases.get(i).type();
      if (payload != null) {
        payloads[i] = within("case " + cases.get(i).name(), payload, shape.payloadType(i));
      }
    }
    return new VariantCodec(shape, cases.stream().map(WitType.Case::name).toList(), payloads);
  }

  private Codec flags(WitType type, List<String> flags, Type javaType) {
    Type[] args =
        javaType instanceof ParameterizedType parameterized
                && parameterized.getRawType() == EnumSet.class
            ? parameterized.getActualTypeArguments()
            : arguments(type, javaType, Set.class, "an EnumSet or a Set");
    NamesShape shape = shapes.ofEnum(type, flags, bound(args[0]));
    Class<?> raw = (Class<?>) ((ParameterizedType) javaType).getRawType();
    return new FlagsCodec(shape, raw, () -> JavaShapes.emptySet(shape.javaType()), flags);
  }

  private static Type[] arguments(WitType type, Type javaType, Class<?> raw) {
    return arguments(type, javaType, raw, WitText.withArticle(raw.getSimpleName()));
  }

  private static Type[] arguments(WitType type, Type javaType, Class<?> raw, String expected) {
    JavaShapes.require(
        javaType instanceof ParameterizedType parameterized && parameterized.getRawType() == raw,
        type,
        expected,
        javaType);
    return ((ParameterizedType) javaType).getActualTypeArguments();
  }
}
