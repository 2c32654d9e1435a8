package io.github.wasmtimejvm.component;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.jspecify.annotations.Nullable;

/** Values of types in WIT, in the form that functions without Java types take. */
final class WitArbitraries {
  private static final int MOST = 6;
  private static final long[] EDGES = {
    0,
    1,
    -1,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0x8000,
    0xffff,
    0x7fff_ffffL,
    0x8000_0000L,
    0xffff_ffffL,
    (1L << 53) - 1,
    1L << 53,
    (1L << 53) + 1,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };
  private static final Integer[] POINTS = {
    0, 0x61, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfeff, 0xfffd, 0xffff, 0x10000, 0x10ffff
  };

  private final boolean doubles;

  /**
   * @param doubles whether integers are only those that a double has
   */
  WitArbitraries(boolean doubles) {
    this.doubles = doubles;
  }

  /** Values for parameters, in their order. */
  Arbitrary<List<Object>> of(List<WitType.Field> params) {
    return all(params.stream().map(param -> of(param.type())).toList());
  }

  Arbitrary<Object> of(WitType type) {
    return switch (type) {
      case WitType.Primitive primitive -> primitive(primitive);
      case WitType.ListType(WitType.Primitive element)
          when element != WitType.Primitive.CHAR && element != WitType.Primitive.STRING ->
          array(element);
      case WitType.ListType(WitType element) ->
          of(element).list().ofMaxSize(MOST).map(list -> (Object) list);
      case WitType.MapType(WitType key, WitType value) ->
          Arbitraries.maps(of(key), of(value)).ofMaxSize(MOST).map(map -> (Object) map);
      case WitType.RecordType(_, List<WitType.Field> fields) ->
          of(fields)
              .map(
                  values -> {
                    Map<String, Object> map = new LinkedHashMap<>();
                    for (int i = 0; i < values.size(); i++) {
                      map.put(fields.get(i).name(), values.get(i));
                    }
                    return map;
                  });
      case WitType.TupleType(List<WitType> types) ->
          all(types.stream().map(this::of).toList()).map(list -> (Object) list);
      case WitType.VariantType(_, List<WitType.Case> cases) ->
          Arbitraries.oneOf(
              cases.stream()
                  .<Arbitrary<Object>>map(
                      one ->
                          payload(one.type()).map(p -> new WitVariant(one.name(), p.orElse(null))))
                  .toList());
      case WitType.EnumType(_, List<String> cases) ->
          Arbitraries.of(cases).map(name -> (Object) name);
      case WitType.FlagsType(_, List<String> flags) ->
          Arbitraries.subsetOf(flags).map(set -> (Object) inOrder(flags, set));
      case WitType.OptionType(WitType value) ->
          Arbitraries.frequencyOf(
              net.jqwik.api.Tuple.of(1, Arbitraries.just((Object) Optional.empty())),
              net.jqwik.api.Tuple.of(3, of(value).map(v -> (Object) Optional.of(v))));
      case WitType.ResultType(WitType ok, WitType err) ->
          Arbitraries.oneOf(
              payload(ok).map(p -> (Object) Result.ok(p.orElse(null))),
              payload(err).map(p -> (Object) Result.err(p.orElse(null))));
      case WitType.OwnType _, WitType.BorrowType _ -> throw new AssertionError(type);
    };
  }

  private Arbitrary<Optional<Object>> payload(@Nullable WitType type) {
    return type == null ? Arbitraries.just(Optional.empty()) : of(type).map(Optional::of);
  }

  private static Set<String> inOrder(List<String> flags, Set<String> some) {
    Set<String> ordered = new LinkedHashSet<>(flags);
    ordered.retainAll(some);
    return ordered;
  }

  private static Arbitrary<List<Object>> all(List<Arbitrary<Object>> parts) {
    return Combinators.combine(parts).as(list -> (List<Object>) new ArrayList<>(list));
  }

  private Arbitrary<Object> primitive(WitType.Primitive type) {
    return switch (type) {
      case BOOL -> Arbitraries.of(true, false);
      case S8 -> integer(-0x80, 0x7f).map(Long::byteValue);
      case U8 -> integer(0, 0xff).map(Long::intValue);
      case S16 -> integer(-0x8000, 0x7fff).map(Long::shortValue);
      case U16 -> integer(0, 0xffff).map(Long::intValue);
      case S32 -> integer(Integer.MIN_VALUE, Integer.MAX_VALUE).map(Long::intValue);
      case U32 -> integer(0, 0xffff_ffffL).map(v -> v);
      case S64 ->
          (doubles ? integer(-(1L << 53), 1L << 53) : integer(Long.MIN_VALUE, Long.MAX_VALUE))
              .map(v -> v);
      case U64 ->
          (doubles ? integer(0, 1L << 53) : integer(Long.MIN_VALUE, Long.MAX_VALUE)).map(v -> v);
      case F32 ->
          integer(Integer.MIN_VALUE, Integer.MAX_VALUE)
              .map(bits -> Float.intBitsToFloat(bits.intValue()));
      case F64 -> integer(Long.MIN_VALUE, Long.MAX_VALUE).map(Double::longBitsToDouble);
      case CHAR -> points().map(point -> point);
      case STRING -> strings().map(text -> text);
    };
  }

  private static Arbitrary<Long> integer(long min, long max) {
    List<Long> edges = new ArrayList<>(List.of(min, max));
    for (long edge : EDGES) {
      if (edge >= min && edge <= max) {
        edges.add(edge);
      }
    }
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(1, Arbitraries.of(edges)),
        net.jqwik.api.Tuple.of(2, Arbitraries.longs().between(min, max)));
  }

  private static Arbitrary<Integer> points() {
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(1, Arbitraries.of(POINTS)),
        net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(0, 0xd7ff)),
        net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(0xe000, 0x10ffff)));
  }

  private static Arbitrary<String> strings() {
    return points()
        .list()
        .ofMaxSize(2 * MOST)
        .map(
            list -> {
              StringBuilder text = new StringBuilder();
              list.forEach(text::appendCodePoint);
              return text.toString();
            });
  }

  private Arbitrary<Object> array(WitType.Primitive element) {
    Class<?> type =
        switch (element) {
          case BOOL -> boolean.class;
          case S8, U8 -> byte.class;
          case S16, U16 -> short.class;
          case S32, U32 -> int.class;
          case S64, U64 -> long.class;
          case F32 -> float.class;
          case F64 -> double.class;
          case CHAR, STRING -> throw new AssertionError(element);
        };
    return of(element)
        .list()
        .ofMaxSize(4 * MOST)
        .map(
            list -> {
              Object array = Array.newInstance(type, list.size());
              for (int i = 0; i < list.size(); i++) {
                set(array, i, list.get(i));
              }
              return array;
            });
  }

  private static void set(Object array, int index, Object value) {
    switch (array) {
      case byte[] bytes -> bytes[index] = ((Number) value).byteValue();
      case short[] shorts -> shorts[index] = ((Number) value).shortValue();
      case int[] ints -> ints[index] = ((Number) value).intValue();
      default -> Array.set(array, index, value);
    }
  }
}
