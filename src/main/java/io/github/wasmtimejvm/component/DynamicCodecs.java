package io.github.wasmtimejvm.component;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes codecs for values without Java types of their own: a record is a {@link Map} by the names
 * of its fields, a tuple a {@link List}, a variant a {@link WitVariant}, an enum its name, flags a
 * {@link Set} of names. What has a Java type anyway has the same one here: see {@link
 * ComponentFunc#call}.
 */
final class DynamicCodecs {
  private final Function<WitType, Codec> resources;
  private final Map<WitType, Codec> made = new IdentityHashMap<>(); // under this

  /**
   * @param resources makes the codec of an own or borrow type
   */
  DynamicCodecs(Function<WitType, Codec> resources) {
    this.resources = resources;
  }

  /** Returns the codec of a type. Threads: any. */
  synchronized Codec of(WitType type) {
    Codec known = made.get(type);
    if (known == null) {
      known = make(type);
      made.put(type, known);
    }
    return known;
  }

  private Codec make(WitType type) {
    return switch (type) {
      case WitType.Primitive primitive -> {
        ScalarCodec scalar = ScalarCodec.of(primitive);
        yield scalar == null ? StringCodec.INSTANCE : scalar;
      }
      case WitType.ListType(WitType element) -> {
        ArrayCodec array = ArrayCodec.of(element);
        yield array == null ? new ListCodec(of(element)) : array;
      }
      case WitType.MapType(WitType key, WitType value) -> new MapCodec(of(key), of(value));
      case WitType.RecordType(_, List<WitType.Field> fields) -> {
        List<String> names = fields.stream().map(WitType.Field::name).toList();
        yield RecordCodec.ofRecord(
            new MapShape(names), names, fields.stream().map(field -> of(field.type())).toList());
      }
      case WitType.TupleType(List<WitType> types) -> {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
          names.add(String.valueOf(i));
        }
        yield RecordCodec.ofTuple(
            new ListShape(types.size()), names, types.stream().map(this::of).toList());
      }
      case WitType.VariantType(_, List<WitType.Case> cases) -> {
        @Nullable Codec[] payloads = new Codec[cases.size()];
        for (int i = 0; i < payloads.length; i++) {
          WitType payload = cases.get(i).type();
          payloads[i] = payload == null ? null : of(payload);
        }
        List<String> names = cases.stream().map(WitType.Case::name).toList();
        yield new VariantCodec(new NamedVariant(names, payloads), names, payloads);
      }
      case WitType.EnumType(_, List<String> cases) -> new EnumCodec(new TextNames(cases), cases);
      case WitType.FlagsType(_, List<String> flags) ->
          new FlagsCodec(new TextNames(flags), Set.class, LinkedHashSet::new, flags);
      case WitType.OptionType(WitType value) -> new OptionCodec(of(value));
      case WitType.ResultType(WitType ok, WitType err) ->
          new ResultCodec(ok == null ? null : of(ok), err == null ? null : of(err));
      case WitType.OwnType _, WitType.BorrowType _ -> resources.apply(type);
    };
  }

  private record MapShape(List<String> names) implements RecordShape {
    @Override
    public Class<?> javaType() {
      return Map.class;
    }

    @Override
    public @Nullable Object[] take(@Nullable Object value) {
      if (!(value instanceof Map<?, ?> map)) {
        throw MisfitException.expected("a Map", value);
      }
      @Nullable Object[] fields = new Object[names.size()];
      for (int i = 0; i < fields.length; i++) {
        fields[i] = map.get(names.get(i));
        if (fields[i] == null) {
          throw new MisfitException("the record has no field " + names.get(i));
        }
      }
      if (map.size() != fields.length) {
        throw new MisfitException("the record has the fields %s only".formatted(names));
      }
      return fields;
    }

    @Override
    public Object make(@Nullable Object[] fields) {
      Map<String, @Nullable Object> map = LinkedHashMap.newLinkedHashMap(fields.length);
      for (int i = 0; i < fields.length; i++) {
        map.put(names.get(i), fields[i]);
      }
      return map;
    }
  }

  private record ListShape(int size) implements RecordShape {
    @Override
    public Class<?> javaType() {
      return List.class;
    }

    @Override
    public @Nullable Object[] take(@Nullable Object value) {
      if (!(value instanceof List<?> list)) {
        throw MisfitException.expected("a List", value);
      }
      @Nullable Object[] fields = list.toArray();
      if (fields.length != size) {
        throw new MisfitException("the tuple has %s fields, got %s".formatted(size, fields.length));
      }
      return fields;
    }

    @Override
    public Object make(@Nullable Object[] fields) {
      return java.util.Arrays.asList(fields);
    }
  }

  private record NamedVariant(List<String> names, @Nullable Codec[] payloads)
      implements VariantShape {
    @Override
    public Class<?> javaType() {
      return WitVariant.class;
    }

    @Override
    public int caseOf(@Nullable Object value) {
      if (!(value instanceof WitVariant(String name, Object payload))) {
        throw MisfitException.expected("a WitVariant", value);
      }
      int index = indexOf(name, names, names::indexOf);
      if (payloads[index] == null && payload != null) {
        throw new MisfitException("the case %s has no payload".formatted(name));
      }
      return index;
    }

    @Override
    public @Nullable Object payload(Object value, int index) {
      return ((WitVariant) value).payload();
    }

    @Override
    public Object make(int index, @Nullable Object payload) {
      return new WitVariant(names.get(index), payload);
    }
  }

  private record TextNames(List<String> names) implements NamesShape {
    @Override
    public Class<?> javaType() {
      return String.class;
    }

    @Override
    public int indexOf(@Nullable Object value) {
      if (!(value instanceof String name)) {
        throw MisfitException.expected("a String", value);
      }
      return DynamicCodecs.indexOf(name, names, names::indexOf);
    }

    @Override
    public Object at(int index) {
      return names.get(index);
    }
  }

  private static int indexOf(String name, List<String> names, ToIntFunction<String> find) {
    int index = name == null ? -1 : find.applyAsInt(name);
    if (index < 0) {
      throw new MisfitException(WitText.of("there is no " + name + ", but ", names, ""));
    }
    return index;
  }
}
