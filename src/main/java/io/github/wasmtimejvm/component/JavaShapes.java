package io.github.wasmtimejvm.component;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds how Java types have the parts of types in WIT: by names, which {@link WitName} can give.
 */
final class JavaShapes {
  private final MethodHandles.Lookup lookup;

  /**
   * @param lookup sees the types
   */
  JavaShapes(MethodHandles.Lookup lookup) {
    this.lookup = lookup;
  }

  static void require(boolean fits, WitType type, String expected, Type javaType) {
    if (!fits) {
      throw new MisfitException(
          "%s is %s in Java, not %s".formatted(type, expected, javaType.getTypeName()));
    }
  }

  static Class<?> classOf(WitType type, Type javaType) {
    require(javaType instanceof Class<?>, type, "a class without type parameters", javaType);
    return (Class<?>) javaType;
  }

  /** Returns the record for a type with named fields. */
  JavaRecord ofRecord(WitType type, List<String> fields, Type javaType) {
    require(
        javaType instanceof Class<?> known
            && known.isRecord()
            && known.getTypeParameters().length == 0,
        type,
        "a record",
        javaType);
    Class<?> known = (Class<?>) javaType;
    RecordComponent[] components = known.getRecordComponents();
    int[] order = new int[fields.size()];
    Arrays.fill(order, -1);
    for (int i = 0; i < components.length; i++) {
      int field = field(components[i], fields);
      if (field < 0) {
        throw new MisfitException(
            WitText.of(
                "%s has the component %s, but %s only has "
                    .formatted(known.getName(), components[i].getName(), type),
                fields,
                ""));
      }
      if (order[field] >= 0) {
        throw new MisfitException(
            "%s has two components for the field %s".formatted(known.getName(), fields.get(field)));
      }
      order[field] = i;
    }
    for (int i = 0; i < order.length; i++) {
      if (order[i] < 0) {
        throw new MisfitException(
            "%s has no component %s for the field %s"
                .formatted(known.getName(), WitNames.camel(fields.get(i)), fields.get(i)));
      }
    }
    return record(known, order);
  }

  private static int field(RecordComponent component, List<String> fields) {
    String given = given(component);
    if (given != null) {
      return fields.indexOf(given);
    }
    for (int i = 0; i < fields.size(); i++) {
      if (WitNames.camel(fields.get(i)).equals(component.getName())) {
        return i;
      }
    }
    return -1;
  }

  private static @Nullable String given(RecordComponent component) {
    String given = WitNames.given(component);
    return given != null ? given : WitNames.given(component.getAccessor());
  }

  /** Returns the record for a type whose fields have no names. */
  JavaRecord ofTuple(WitType type, int fields, Type javaType) {
    require(
        javaType instanceof Class<?> known
            && known.isRecord()
            && known.getRecordComponents().length == fields
            && known.getTypeParameters().length == 0,
        type,
        "a record with %s components".formatted(fields),
        javaType);
    int[] order = new int[fields];
    Arrays.setAll(order, i -> i);
    return record((Class<?>) javaType, order);
  }

  /** Returns the sealed interface for a variant. */
  JavaVariant ofVariant(WitType type, List<WitType.Case> cases, Type javaType) {
    require(
        javaType instanceof Class<?> known && known.isSealed() && known.isInterface(),
        type,
        "a sealed interface of records",
        javaType);
    Class<?> known = (Class<?>) javaType;
    List<Class<?>> left = new ArrayList<>(Arrays.asList(known.getPermittedSubclasses()));
    List<JavaRecord> records = new ArrayList<>();
    Map<Class<?>, Integer> indices = new HashMap<>();
    for (WitType.Case one : cases) {
      Class<?> javaCase = javaCase(known, left, one.name());
      left.remove(javaCase);
      int components = one.type() == null ? 0 : 1;
      if (!javaCase.isRecord() || javaCase.getRecordComponents().length != components) {
        throw new MisfitException(
            "the case %s is a record with %s components in Java, which %s is not"
                .formatted(one, components, javaCase.getName()));
      }
      indices.put(javaCase, records.size());
      records.add(record(javaCase, components == 0 ? new int[0] : new int[1]));
    }
    if (!left.isEmpty()) {
      throw new MisfitException(
          "%s stands for no case of %s".formatted(left.getFirst().getName(), type));
    }
    return new JavaVariant(known, List.copyOf(records), Map.copyOf(indices));
  }

  private static Class<?> javaCase(Class<?> type, List<Class<?>> classes, String name) {
    for (Class<?> one : classes) {
      String given = WitNames.given(one);
      if (given != null ? given.equals(name) : one.getSimpleName().equals(WitNames.pascal(name))) {
        return one;
      }
    }
    throw new MisfitException(
        "%s has no record %s for the case %s"
            .formatted(type.getName(), WitNames.pascal(name), name));
  }

  /** Returns the Java enum for the names of an enum or of flags. */
  NamesShape ofEnum(WitType type, List<String> names, Type javaType) {
    require(
        javaType instanceof Class<?> known && known.isEnum(),
        type,
        type instanceof WitType.FlagsType ? "a set of the constants of an enum" : "an enum",
        javaType);
    Class<?> known = (Class<?>) javaType;
    Object[] constants = new Object[names.size()];
    Map<Object, Integer> indices = new HashMap<>();
    for (Object constant : known.getEnumConstants()) {
      int index = indexOf((Enum<?>) constant, names);
      if (index < 0 || constants[index] != null) {
        throw new MisfitException(
            WitText.of(
                "%s.%s stands for none of ".formatted(known.getName(), constant), names, ""));
      }
      constants[index] = constant;
      indices.put(constant, index);
    }
    for (int i = 0; i < constants.length; i++) {
      if (constants[i] == null) {
        throw new MisfitException(
            "%s has no constant %s for %s"
                .formatted(known.getName(), WitNames.constant(names.get(i)), names.get(i)));
      }
    }
    return new Constants(known, constants, Map.copyOf(indices));
  }

  private static int indexOf(Enum<?> constant, List<String> names) {
    String given = null;
    try {
      Field field = constant.getDeclaringClass().getField(constant.name());
      given = WitNames.given(field);
    } catch (NoSuchFieldException e) {
      throw new AssertionError(e);
    }
    if (given != null) {
      return names.indexOf(given);
    }
    for (int i = 0; i < names.size(); i++) {
      if (WitNames.constant(names.get(i)).equals(constant.name())) {
        return i;
      }
    }
    return -1;
  }

  /** Returns an empty set of the constants of an enum. */
  @SuppressWarnings({"unchecked", "rawtypes"}) // the class is that of an enum
  static Set<Object> emptySet(Class<?> constants) {
    return (Set) EnumSet.noneOf((Class) constants);
  }

  private record Constants(Class<?> javaType, Object[] constants, Map<Object, Integer> indices)
      implements NamesShape {
    @Override
    public int indexOf(@Nullable Object value) {
      Integer index = value == null ? null : indices.get(value);
      if (index == null) {
        throw MisfitException.expected("a " + javaType.getName(), value);
      }
      return index;
    }

    @Override
    public Object at(int index) {
      return constants[index];
    }
  }

  // `order` has the index of the component for each field.
  private JavaRecord record(Class<?> type, int[] order) {
    RecordComponent[] components = type.getRecordComponents();
    List<String> names = new ArrayList<>();
    List<Type> types = new ArrayList<>();
    List<MethodHandle> accessors = new ArrayList<>();
    Class<?>[] params = new Class<?>[components.length];
    int[] fieldOf = new int[components.length];
    for (int i = 0; i < components.length; i++) {
      params[i] = components[i].getType();
    }
    try {
      for (int i = 0; i < order.length; i++) {
        RecordComponent component = components[order[i]];
        fieldOf[order[i]] = i;
        names.add(component.getName());
        types.add(component.getGenericType());
        accessors.add(
            lookup
                .unreflect(component.getAccessor())
                .asType(MethodType.methodType(Object.class, Object.class)));
      }
      MethodHandle constructor =
          lookup.findConstructor(type, MethodType.methodType(void.class, params)).asFixedArity();
      MethodHandle generic = constructor.asType(MethodType.genericMethodType(params.length));
      MethodHandle ordered =
          MethodHandles.permuteArguments(
              generic, MethodType.genericMethodType(params.length), fieldOf);
      return new JavaRecord(
          type,
          List.copyOf(names),
          List.copyOf(types),
          List.copyOf(accessors),
          ordered,
          ordered.asSpreader(Object[].class, params.length));
    } catch (NoSuchMethodException e) {
      throw new AssertionError("every record has its constructor", e);
    } catch (IllegalAccessException e) {
      throw new MisfitException(
          "%s is not accessible: make it public, or give MethodHandles.lookup()"
              .formatted(type.getName()));
    }
  }
}
