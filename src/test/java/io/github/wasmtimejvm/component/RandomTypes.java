package io.github.wasmtimejvm.component;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Random types, with the text of those that have to have a name. */
final class RandomTypes {
  private static final List<WitType.Primitive> PRIMITIVES = List.of(WitType.Primitive.values());
  private static final int DEEPEST = 3;

  private final Random random;
  private final List<WitType> named = new ArrayList<>();
  private final StringBuilder definitions = new StringBuilder();

  RandomTypes(Random random) {
    this.random = random;
  }

  /** Returns another type. */
  WitType next() {
    return type(0);
  }

  /** Returns the definitions of all types that have names, for the type of an instance. */
  String definitions() {
    return definitions.toString();
  }

  /** Returns the names. */
  List<String> names() {
    return IntStream.range(0, named.size()).mapToObj(i -> "t" + i).toList();
  }

  private WitType type(int depth) {
    int kind = random.nextInt(depth > DEEPEST ? 2 : 12);
    return switch (kind) {
      case 2, 3, 4 -> new WitType.ListType(type(depth + 1));
      case 5 -> new WitType.OptionType(type(depth + 1));
      case 6 -> new WitType.TupleType(some(1 + random.nextInt(4), depth));
      case 7 -> new WitType.ResultType(maybe(depth), maybe(depth));
      case 8, 9, 10 -> defined(depth);
      default ->
          random.nextInt(3) == 0
              ? WitType.Primitive.STRING
              : PRIMITIVES.get(random.nextInt(PRIMITIVES.size()));
    };
  }

  private List<WitType> some(int count, int depth) {
    return IntStream.range(0, count).mapToObj(_ -> type(depth + 1)).toList();
  }

  private @Nullable WitType maybe(int depth) {
    return random.nextInt(3) == 0 ? null : type(depth + 1);
  }

  // A type that has to have a name.
  private WitType defined(int depth) {
    if (!named.isEmpty() && random.nextInt(3) == 0) {
      return named.get(random.nextInt(named.size()));
    }
    int size = 1 + random.nextInt(random.nextInt(10) == 0 ? 20 : 5);
    WitType made =
        switch (random.nextInt(4)) {
          case 0 -> {
            List<WitType.Field> fields = new ArrayList<>();
            some(size, depth).forEach(type -> fields.add(new WitType.Field(part(fields), type)));
            yield new WitType.RecordType(nextName(), fields);
          }
          case 1 -> {
            List<WitType.Case> cases = new ArrayList<>();
            for (int i = 0; i < size; i++) {
              cases.add(new WitType.Case(part(cases), maybe(depth)));
            }
            yield new WitType.VariantType(nextName(), cases);
          }
          case 2 ->
              new WitType.EnumType(nextName(), parts(random.nextInt(6) == 0 ? 255 + size : size));
          default -> new WitType.FlagsType(nextName(), parts(Math.min(32, 4 * size)));
        };
    String name = "t" + named.size();
    definitions.append(
        "    (type $%1$s_ %2$s) (export \"%1$s\" (type $%1$s (eq $%1$s_)))%n"
            .formatted(name, definition(made)));
    named.add(made);
    return made;
  }

  // Made when all parts are, as they may be defined types as well.
  private String nextName() {
    return "t" + named.size();
  }

  private static String part(List<?> before) {
    return "x" + before.size();
  }

  private static List<String> parts(int count) {
    return IntStream.range(0, count).mapToObj(i -> "x" + i).toList();
  }

  private static String definition(WitType type) {
    return switch (type) {
      case WitType.RecordType(_, List<WitType.Field> fields) ->
          fields.stream()
              .map(field -> " (field \"%s\" %s)".formatted(field.name(), text(field.type())))
              .collect(Collectors.joining("", "(record", ")"));
      case WitType.VariantType(_, List<WitType.Case> cases) ->
          cases.stream()
              .map(one -> " (case \"%s\"%s)".formatted(one.name(), optional(" %s", one.type())))
              .collect(Collectors.joining("", "(variant", ")"));
      case WitType.EnumType(_, List<String> cases) -> names("enum", cases);
      case WitType.FlagsType(_, List<String> flags) -> names("flags", flags);
      default -> throw new AssertionError(type);
    };
  }

  private static String names(String what, List<String> names) {
    return names.stream()
        .map(" \"%s\""::formatted)
        .collect(Collectors.joining("", "(" + what, ")"));
  }

  private static String optional(String format, @Nullable WitType type) {
    return type == null ? "" : format.formatted(text(type));
  }

  /** Returns a type as the text of a component has it. */
  static String text(WitType type) {
    return switch (type) {
      case WitType.Primitive primitive -> primitive.toString();
      case WitType.ListType(WitType element) -> "(list %s)".formatted(text(element));
      case WitType.OptionType(WitType value) -> "(option %s)".formatted(text(value));
      case WitType.TupleType(List<WitType> types) ->
          types.stream().map(RandomTypes::text).collect(Collectors.joining(" ", "(tuple ", ")"));
      case WitType.ResultType(WitType ok, WitType err) ->
          "(result%s%s)".formatted(optional(" %s", ok), optional(" (error %s)", err));
      case WitType.RecordType(String name, _) -> "$" + name;
      case WitType.VariantType(String name, _) -> "$" + name;
      case WitType.EnumType(String name, _) -> "$" + name;
      case WitType.FlagsType(String name, _) -> "$" + name;
      default -> throw new AssertionError(type);
    };
  }
}
