package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.component.EchoComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Makes the text of components whose functions give back values of random types. */
final class ComponentTypes {
  private static final List<String> PRIMITIVES =
      List.of(
          "bool", "s8", "u8", "s16", "u16", "s32", "u32", "s64", "u64", "f32", "f64", "char",
          "string");
  private static final int DEEPEST = 3;

  private final Random random;
  private final EchoComponent component = new EchoComponent();
  private final List<String> named = new ArrayList<>();

  ComponentTypes(Random random) {
    this.random = random;
  }

  /** Makes one. */
  String wat() {
    for (int n = random.nextInt(5); n > 0; n--) {
      String name = "t" + named.size();
      component.type(name, definition());
      named.add("$" + name);
    }
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      component.lists("f" + n, type(0));
    }
    return component.wat();
  }

  private String definition() {
    int size = 1 + random.nextInt(random.nextInt(10) == 0 ? 40 : 6);
    return switch (random.nextInt(4)) {
      case 0 -> "(record" + each(size, i -> " (field \"f" + i + "\" " + type(1) + ")") + ")";
      case 1 ->
          "(variant"
              + each(
                  size,
                  i -> " (case \"c" + i + "\"" + (random.nextBoolean() ? " " + type(1) : "") + ")")
              + ")";
      case 2 -> {
        int cases = random.nextInt(10) == 0 ? 300 : size;
        yield "(enum" + each(cases, i -> " \"e" + i + "\"") + ")";
      }
      default -> "(flags" + each(Math.min(32, size), i -> " \"g" + i + "\"") + ")";
    };
  }

  private static String each(int size, java.util.function.IntFunction<String> part) {
    StringBuilder all = new StringBuilder();
    IntStream.range(0, size).mapToObj(part).forEach(all::append);
    return all.toString();
  }

  private String type(int depth) {
    int kind = random.nextInt(depth > DEEPEST ? 2 : 10);
    if (kind == 0 && !named.isEmpty()) {
      return named.get(random.nextInt(named.size()));
    }
    return switch (kind) {
      case 2, 3 -> "(list " + type(depth + 1) + ")";
      case 4 -> "(option " + type(depth + 1) + ")";
      case 5, 6 -> "(tuple" + each(1 + random.nextInt(4), _ -> " " + type(depth + 1)) + ")";
      case 7 -> "(result " + type(depth + 1) + " (error " + type(depth + 1) + "))";
      case 8 -> random.nextBoolean() ? "(result)" : "(result (error " + type(depth + 1) + "))";
      default -> PRIMITIVES.get(random.nextInt(PRIMITIVES.size()));
    };
  }
}
