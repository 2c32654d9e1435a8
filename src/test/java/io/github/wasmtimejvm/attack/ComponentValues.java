package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.component.Result;
import io.github.wasmtimejvm.component.WitType;
import io.github.wasmtimejvm.component.WitType.Primitive;
import io.github.wasmtimejvm.component.WitVariant;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Values of components' types, in the form that functions without Java types take. Some do not fit,
 * if they shall.
 */
final class ComponentValues {
  private static final int[] POINTS = {
    0, 'a', 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfeff, 0xffff, 0x10000, 0x10ffff
  };
  private static final int DEEPEST = 6;

  private final Random random;
  private final Function<WitType, @Nullable Object> resources;
  private final int wrong;
  private boolean fits = true;

  /**
   * @param resources gives an object for an own or borrow type
   * @param wrong one of so many values does not fit; 0 if all shall
   */
  ComponentValues(Random random, Function<WitType, @Nullable Object> resources, int wrong) {
    this.random = random;
    this.resources = resources;
    this.wrong = wrong;
  }

  /** Whether all values up to now fit. */
  boolean fits() {
    return fits;
  }

  /** Makes arguments. */
  @Nullable Object[] of(List<WitType.Field> params) {
    return params.stream().map(param -> of(param.type())).toArray();
  }

  /** Makes a value. */
  @Nullable Object of(WitType type) {
    return of(type, 0);
  }

  private @Nullable Object of(WitType type, int depth) {
    if (wrong > 0 && random.nextInt(wrong) == 0) {
      fits = false;
      return misfit();
    }
    return switch (type) {
      case Primitive primitive -> primitive(primitive);
      case WitType.ListType(Primitive element)
          when element != Primitive.CHAR && element != Primitive.STRING ->
          array(element);
      case WitType.ListType(WitType element) -> {
        List<@Nullable Object> list = new ArrayList<>();
        for (int n = size(depth); n > 0; n--) {
          list.add(of(element, depth + 1));
        }
        yield list;
      }
      case WitType.MapType(WitType key, WitType value) -> {
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        for (int n = size(depth); n > 0; n--) {
          map.put(of(key, depth + 1), of(value, depth + 1));
        }
        yield map;
      }
      case WitType.RecordType(_, List<WitType.Field> fields) -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        fields.forEach(field -> map.put(field.name(), of(field.type(), depth + 1)));
        yield map;
      }
      case WitType.TupleType(List<WitType> types) -> {
        List<@Nullable Object> list = new ArrayList<>();
        types.forEach(field -> list.add(of(field, depth + 1)));
        yield list;
      }
      case WitType.VariantType(_, List<WitType.Case> cases) -> {
        WitType.Case one = cases.get(random.nextInt(cases.size()));
        WitType payload = one.type();
        yield new WitVariant(one.name(), payload == null ? null : of(payload, depth + 1));
      }
      case WitType.EnumType(_, List<String> cases) -> cases.get(random.nextInt(cases.size()));
      case WitType.FlagsType(_, List<String> flags) -> {
        Set<String> set = new LinkedHashSet<>();
        flags.stream().filter(_ -> random.nextBoolean()).forEach(set::add);
        yield set;
      }
      case WitType.OptionType(WitType value) ->
          random.nextInt(3) == 0 ? Optional.empty() : Optional.ofNullable(of(value, depth + 1));
      case WitType.ResultType(WitType ok, WitType err) -> {
        boolean isOk = random.nextBoolean();
        WitType payload = isOk ? ok : err;
        Object value = payload == null ? null : of(payload, depth + 1);
        yield isOk ? Result.ok(value) : Result.err(value);
      }
      case WitType.OwnType _, WitType.BorrowType _ -> {
        fits = false; // or may not
        yield resources.apply(type);
      }
    };
  }

  private int size(int depth) {
    if (depth == 0 && random.nextInt(200) == 0) {
      return 3000;
    }
    return depth > DEEPEST ? 0 : random.nextInt(5);
  }

  private Object primitive(Primitive type) {
    return switch (type) {
      case BOOL -> random.nextBoolean();
      case S8 -> (byte) Arguments.number(random);
      case U8 -> Arguments.number(random) & 0xff;
      case S16 -> (short) Arguments.number(random);
      case U16 -> Arguments.number(random) & 0xffff;
      case S32 -> Arguments.number(random);
      case U32 -> Arguments.number(random) & 0xffff_ffffL;
      case S64, U64 -> random.nextBoolean() ? random.nextLong() : (long) Arguments.number(random);
      case F32 -> Float.intBitsToFloat(random.nextInt());
      case F64 -> Double.longBitsToDouble(random.nextLong());
      case CHAR -> POINTS[random.nextInt(POINTS.length)];
      case STRING -> text();
    };
  }

  private String text() {
    if (random.nextInt(300) == 0) {
      return "\uFEFFlong".repeat(40_000);
    }
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(6); n > 0; n--) {
      text.appendCodePoint(POINTS[random.nextInt(POINTS.length)]);
    }
    return text.toString();
  }

  private Object array(Primitive element) {
    int length = random.nextInt(200) == 0 ? 20_000 : random.nextInt(6);
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
    Object array = Array.newInstance(type, length);
    for (int i = 0; i < length; i++) {
      switch (array) {
        case boolean[] booleans -> booleans[i] = random.nextBoolean();
        case byte[] bytes -> bytes[i] = (byte) random.nextInt();
        case short[] shorts -> shorts[i] = (short) random.nextInt();
        case int[] ints -> ints[i] = random.nextInt();
        case long[] longs -> longs[i] = random.nextLong();
        case float[] floats -> floats[i] = Float.intBitsToFloat(random.nextInt());
        case double[] doubles -> doubles[i] = Double.longBitsToDouble(random.nextLong());
        default -> throw new AssertionError(type);
      }
    }
    return array;
  }

  // Mostly something that fits elsewhere.
  private @Nullable Object misfit() {
    return switch (random.nextInt(20)) {
      case 0 -> null;
      case 1 -> 0xd800;
      case 2 -> 0x110000;
      case 3 -> -1;
      case 4 -> Long.MIN_VALUE;
      case 5 -> 1L << 32;
      case 6 -> "\ud800";
      case 7 -> "\udc00x";
      case 8 -> new WitVariant("no-such", 1);
      case 9 -> new WitVariant("a", new Object());
      case 10 -> Map.of("x", 1);
      case 11 -> List.of(1, "two", new Object());
      case 12 -> Set.of("no-such");
      case 13 -> Optional.of(Optional.of(new Object()));
      case 14 -> Result.ok(new Object());
      case 15 -> Result.err(null);
      case 16 -> new byte[3];
      case 17 -> 1.5f;
      case 18 -> new Object();
      default -> "no-such";
    };
  }
}
