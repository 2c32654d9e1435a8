package io.github.wasmtimejvm.component;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Values of Java types and the same values without Java types: written apart from the codecs, to
 * judge them by.
 */
final class JavaForm {
  private JavaForm() {}

  /** Returns a value without Java types as one of that type. */
  static @Nullable Object typed(@Nullable WitType type, Type javaType, @Nullable Object value) {
    if (javaType == Object.class) {
      return value;
    }
    return switch (type) {
      case WitType.ListType(WitType element) when value instanceof List<?> list ->
          list.stream().map(one -> typed(element, argument(javaType, 0), one)).toList();
      case WitType.RecordType(_, List<WitType.Field> fields) ->
          make(
              (Class<?>) javaType,
              fields.stream().map(WitType.Field::type).toList(),
              fields.stream().map(field -> ((Map<?, ?>) value).get(field.name())).toList());
      case WitType.TupleType(List<WitType> types) ->
          make((Class<?>) javaType, types, (List<?>) value);
      case WitType.VariantType(_, List<WitType.Case> cases)
          when value instanceof WitVariant(String name, Object payload) -> {
        Class<?> one = caseOf((Class<?>) javaType, name);
        WitType of =
            cases.stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow().type();
        yield of == null
            ? make(one, List.of(), List.of())
            : make(one, List.of(of), List.of(payload));
      }
      case WitType.EnumType _ -> constant((Class<?>) javaType, (String) value);
      case WitType.FlagsType _ -> flags((Class<?>) argument(javaType, 0), (Set<?>) value);
      case WitType.OptionType(WitType inner) ->
          ((Optional<?>) value).map(one -> typed(inner, argument(javaType, 0), one));
      case WitType.ResultType(WitType ok, WitType err) ->
          switch (value) {
            case Result.Ok<?, ?>(Object one) ->
                Result.ok(one == null ? null : typed(ok, argument(javaType, 0), one));
            case Result.Err<?, ?>(Object one) ->
                Result.err(one == null ? null : typed(err, argument(javaType, 1), one));
            default -> throw new AssertionError(value);
          };
      default -> value;
    };
  }

  /** Returns a value of a Java type as one without. */
  static @Nullable Object untyped(@Nullable WitType type, @Nullable Object value) {
    return switch (type) {
      case WitType.ListType(WitType element) when value instanceof List<?> list ->
          list.stream().map(one -> untyped(element, one)).toList();
      case WitType.RecordType(_, List<WitType.Field> fields)
          when value instanceof Record record -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        List<@Nullable Object> parts = parts(record);
        for (int i = 0; i < fields.size(); i++) {
          map.put(fields.get(i).name(), untyped(fields.get(i).type(), parts.get(i)));
        }
        yield map;
      }
      case WitType.TupleType(List<WitType> types) when value instanceof Record record -> {
        List<@Nullable Object> list = new ArrayList<>();
        List<@Nullable Object> parts = parts(record);
        for (int i = 0; i < types.size(); i++) {
          list.add(untyped(types.get(i), parts.get(i)));
        }
        yield list;
      }
      case WitType.VariantType(_, List<WitType.Case> cases) when !(value instanceof WitVariant) -> {
        WitType.Case one =
            cases.stream()
                .filter(c -> WitNames.pascal(c.name()).equals(value.getClass().getSimpleName()))
                .findFirst()
                .orElseThrow();
        yield new WitVariant(
            one.name(),
            one.type() == null ? null : untyped(one.type(), parts((Record) value).getFirst()));
      }
      case WitType.EnumType _ when value instanceof Enum<?> constant -> wit(constant);
      case WitType.FlagsType _ -> {
        Set<Object> names = new LinkedHashSet<>();
        ((Set<?>) value).forEach(one -> names.add(one instanceof Enum<?> e ? wit(e) : one));
        yield names;
      }
      case WitType.OptionType(WitType inner) -> ((Optional<?>) value).map(o -> untyped(inner, o));
      case WitType.ResultType(WitType ok, WitType err) ->
          switch (value) {
            case Result.Ok<?, ?>(Object one) -> Result.ok(one == null ? null : untyped(ok, one));
            case Result.Err<?, ?>(Object one) -> Result.err(one == null ? null : untyped(err, one));
            default -> throw new AssertionError(value);
          };
      default -> value;
    };
  }

  /** Makes a record of parts that have its types. */
  static Object make(Class<?> record, @Nullable Object[] parts) {
    try {
      Constructor<?> constructor = record.getDeclaredConstructors()[0];
      constructor.setAccessible(true);
      return constructor.newInstance(parts);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private static Object make(Class<?> record, List<WitType> types, List<?> values) {
    RecordComponent[] components = record.getRecordComponents();
    @Nullable Object[] parts = new Object[components.length];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = typed(types.get(i), components[i].getGenericType(), values.get(i));
    }
    return make(record, parts);
  }

  private static List<@Nullable Object> parts(Record record) {
    List<@Nullable Object> parts = new ArrayList<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      try {
        component.getAccessor().setAccessible(true);
        parts.add(component.getAccessor().invoke(record));
      } catch (ReflectiveOperationException e) {
        throw new AssertionError(e);
      }
    }
    return parts;
  }

  private static Class<?> caseOf(Class<?> sealed, String name) {
    for (Class<?> one : sealed.getPermittedSubclasses()) {
      if (one.getSimpleName().equals(WitNames.pascal(name))) {
        return one;
      }
    }
    throw new AssertionError(name);
  }

  private static Object constant(Class<?> type, String name) {
    for (Object constant : type.getEnumConstants()) {
      if (wit((Enum<?>) constant).equals(name)) {
        return constant;
      }
    }
    throw new AssertionError(name);
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // the constants are of that type
  private static Object flags(Class<?> type, Set<?> names) {
    EnumSet set = EnumSet.noneOf((Class) type);
    names.forEach(name -> set.add(constant(type, (String) name)));
    return set;
  }

  private static String wit(Enum<?> constant) {
    return constant.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  private static Type argument(Type type, int index) {
    return ((ParameterizedType) type).getActualTypeArguments()[index];
  }
}
