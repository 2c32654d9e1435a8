package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.WasmFeature;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Values of every type go to a guest and come back the same, and from a guest to the host and back:
 * through interfaces with the user's own types and in the dynamic form.
 */
class ValueTypesTest {
  public record Point(int x, long y, String label) {}

  public record Outer(Point point, List<Point> points, Optional<Color> color) {}

  public record Pair(long first, String second) {}

  public enum Color {
    RED,
    DARK_BLUE
  }

  public enum Permission {
    READ,
    WRITE,
    RUN_AS_ROOT
  }

  public sealed interface Shape {
    record Circle(double radius) implements Shape {}

    record Nothing() implements Shape {}

    record Named(Point at) implements Shape {}
  }

  @WitName("t:t/host")
  public interface Lists {
    boolean[] bools(boolean[] x);

    byte[] s8s(byte[] x);

    byte[] u8s(byte[] x);

    short[] s16s(short[] x);

    short[] u16s(short[] x);

    int[] s32s(int[] x);

    int[] u32s(int[] x);

    long[] s64s(long[] x);

    long[] u64s(long[] x);

    float[] f32s(float[] x);

    double[] f64s(double[] x);

    List<Integer> chars(List<Integer> x);

    List<String> strings(List<String> x);

    List<Point> points(List<Point> x);

    List<Outer> outers(List<Outer> x);

    List<Pair> pairs(List<Pair> x);

    List<Shape> shapes(List<Shape> x);

    List<Color> colors(List<Color> x);

    List<EnumSet<Permission>> permissions(List<EnumSet<Permission>> x);

    List<Optional<Long>> options(List<Optional<Long>> x);

    List<Optional<Optional<String>>> nestedOptions(List<Optional<Optional<String>>> x);

    List<Result<Long, String>> results(List<Result<Long, String>> x);

    List<Result<Void, Void>> emptyResults(List<Result<Void, Void>> x);

    List<byte[]> byteLists(List<byte[]> x);

    List<List<List<String>>> deepLists(List<List<List<String>>> x);

    List<Map<String, Point>> maps(List<Map<String, Point>> x);
  }

  /** The same and their twins, as the component exports them. */
  public interface Echoes extends Lists {
    boolean[] boolsRelay(boolean[] x);

    byte[] s8sRelay(byte[] x);

    byte[] u8sRelay(byte[] x);

    short[] s16sRelay(short[] x);

    short[] u16sRelay(short[] x);

    int[] s32sRelay(int[] x);

    int[] u32sRelay(int[] x);

    long[] s64sRelay(long[] x);

    long[] u64sRelay(long[] x);

    float[] f32sRelay(float[] x);

    double[] f64sRelay(double[] x);

    List<Integer> charsRelay(List<Integer> x);

    List<String> stringsRelay(List<String> x);

    List<Point> pointsRelay(List<Point> x);

    List<Outer> outersRelay(List<Outer> x);

    List<Pair> pairsRelay(List<Pair> x);

    List<Shape> shapesRelay(List<Shape> x);

    List<Color> colorsRelay(List<Color> x);

    List<EnumSet<Permission>> permissionsRelay(List<EnumSet<Permission>> x);

    List<Optional<Long>> optionsRelay(List<Optional<Long>> x);

    List<Optional<Optional<String>>> nestedOptionsRelay(List<Optional<Optional<String>>> x);

    List<Result<Long, String>> resultsRelay(List<Result<Long, String>> x);

    List<Result<Void, Void>> emptyResultsRelay(List<Result<Void, Void>> x);

    List<byte[]> byteListsRelay(List<byte[]> x);

    List<List<List<String>>> deepListsRelay(List<List<List<String>>> x);

    List<Map<String, Point>> mapsRelay(List<Map<String, Point>> x);
  }

  public interface Scalars {
    boolean aBool(boolean x);

    byte anS8(byte x);

    int aU8(int x);

    short anS16(short x);

    int aU16(int x);

    int anS32(int x);

    long aU32(long x);

    long anS64(long x);

    long aU64(long x);

    float anF32(float x);

    double anF64(double x);

    int aChar(int x);

    Color aColor(Color x);

    EnumSet<Permission> aPermission(EnumSet<Permission> x);
  }

  /** The lists of numbers, as lists of objects. */
  @WitName("t:t/host")
  public interface Boxes {
    List<Boolean> bools(List<Boolean> x);

    List<Byte> s8s(List<Byte> x);

    List<Integer> u8s(List<Integer> x);

    List<Short> s16s(List<Short> x);

    List<Integer> u16s(List<Integer> x);

    List<Integer> s32s(List<Integer> x);

    List<Long> u32s(List<Long> x);

    List<Long> s64s(List<Long> x);

    List<Long> u64s(List<Long> x);

    List<Float> f32s(List<Float> x);

    List<Double> f64s(List<Double> x);
  }

  private static final String WAT =
      new EchoComponent()
          .type("point", "(record (field \"x\" s32) (field \"y\" u32) (field \"label\" string))")
          .type("color", "(enum \"red\" \"dark-blue\")")
          .type("permission", "(flags \"read\" \"write\" \"run-as-root\")")
          .type(
              "outer",
              "(record (field \"points\" (list $point)) (field \"color\" (option $color))"
                  + " (field \"point\" $point))")
          .type(
              "shape", "(variant (case \"nothing\") (case \"circle\" f64) (case \"named\" $point))")
          .lists("bools", "bool")
          .lists("s8s", "s8")
          .lists("u8s", "u8")
          .lists("s16s", "s16")
          .lists("u16s", "u16")
          .lists("s32s", "s32")
          .lists("u32s", "u32")
          .lists("s64s", "s64")
          .lists("u64s", "u64")
          .lists("f32s", "f32")
          .lists("f64s", "f64")
          .lists("chars", "char")
          .lists("strings", "string")
          .lists("points", "$point")
          .lists("outers", "$outer")
          .lists("pairs", "(tuple u32 string)")
          .lists("shapes", "$shape")
          .lists("colors", "$color")
          .lists("permissions", "$permission")
          .lists("options", "(option u32)")
          .lists("nested-options", "(option (option string))")
          .lists("results", "(result u32 (error string))")
          .lists("empty-results", "(result)")
          .lists("byte-lists", "(list u8)")
          .lists("deep-lists", "(list (list string))")
          .lists("maps", "(map string $point)")
          .scalar("a-bool", "bool", "i32")
          .scalar("an-s8", "s8", "i32")
          .scalar("a-u8", "u8", "i32")
          .scalar("an-s16", "s16", "i32")
          .scalar("a-u16", "u16", "i32")
          .scalar("an-s32", "s32", "i32")
          .scalar("a-u32", "u32", "i32")
          .scalar("an-s64", "s64", "i64")
          .scalar("a-u64", "u64", "i64")
          .scalar("an-f32", "f32", "f32")
          .scalar("an-f64", "f64", "f64")
          .scalar("a-char", "char", "i32")
          .scalar("a-color", "$color", "i32")
          .scalar("a-permission", "$permission", "i32")
          .wat();

  private static final Point POINT = new Point(-1, 0xffff_ffffL, "\ud83d\ude00 \u0000 ä");

  private static Engine engine;
  private static Component component;

  @BeforeAll
  static void compile() {
    engine = Engine.builder().feature(WasmFeature.COMPONENT_MODEL_MAP, true).build();
    component = Component.fromWat(engine, WAT);
  }

  @AfterAll
  static void close() {
    component.close();
    engine.close();
  }

  /** A value in the user's own types and in the dynamic form. */
  private record Value(Object typed, Object dynamic) {
    static Value same(Object value) {
      return new Value(value, value);
    }
  }

  private static Map<String, Object> dynamic(Point point) {
    return Map.of("x", point.x, "y", point.y, "label", point.label);
  }

  private static Map<String, Value> lists() {
    Map<String, Value> values = new LinkedHashMap<>();
    values.put("bools", Value.same(new boolean[] {true, false, true}));
    values.put("s8s", Value.same(new byte[] {-128, 0, 127}));
    values.put("u8s", Value.same(new byte[] {-128, 0, 127, -1}));
    values.put("s16s", Value.same(new short[] {Short.MIN_VALUE, 0, Short.MAX_VALUE}));
    values.put("u16s", Value.same(new short[] {-1, 0, Short.MAX_VALUE, Short.MIN_VALUE}));
    values.put("s32s", Value.same(new int[] {Integer.MIN_VALUE, 0, Integer.MAX_VALUE}));
    values.put("u32s", Value.same(new int[] {-1, 0, Integer.MAX_VALUE, Integer.MIN_VALUE}));
    values.put("s64s", Value.same(new long[] {Long.MIN_VALUE, 0, Long.MAX_VALUE}));
    values.put("u64s", Value.same(new long[] {-1, 0, Long.MAX_VALUE, Long.MIN_VALUE}));
    values.put("f32s", Value.same(new float[] {-0f, Float.MIN_VALUE, Float.POSITIVE_INFINITY}));
    values.put("f64s", Value.same(new double[] {-0d, Double.MIN_VALUE, Double.NEGATIVE_INFINITY}));
    values.put(
        "chars", Value.same(List.of(0, 0x61, 0xd7ff, 0xe000, 0x1f600, Character.MAX_CODE_POINT)));
    values.put(
        "strings",
        Value.same(List.of("", "a", "\u0000", "äöü", "\ud83d\ude00", "x".repeat(70_000))));
    values.put("points", new Value(List.of(POINT, POINT), List.of(dynamic(POINT), dynamic(POINT))));
    values.put(
        "outers",
        new Value(
            List.of(
                new Outer(POINT, List.of(), Optional.empty()),
                new Outer(POINT, List.of(POINT), Optional.of(Color.DARK_BLUE))),
            List.of(
                Map.of("point", dynamic(POINT), "points", List.of(), "color", Optional.empty()),
                Map.of(
                    "point",
                    dynamic(POINT),
                    "points",
                    List.of(dynamic(POINT)),
                    "color",
                    Optional.of("dark-blue")))));
    values.put("pairs", new Value(List.of(new Pair(7, "seven")), List.of(List.of(7L, "seven"))));
    values.put(
        "shapes",
        new Value(
            List.of(new Shape.Nothing(), new Shape.Circle(1.5), new Shape.Named(POINT)),
            List.of(
                new WitVariant("nothing", null),
                new WitVariant("circle", 1.5),
                new WitVariant("named", dynamic(POINT)))));
    values.put(
        "colors", new Value(List.of(Color.DARK_BLUE, Color.RED), List.of("dark-blue", "red")));
    values.put(
        "permissions",
        new Value(
            List.of(
                EnumSet.noneOf(Permission.class),
                EnumSet.of(Permission.RUN_AS_ROOT),
                EnumSet.allOf(Permission.class)),
            List.of(Set.of(), Set.of("run-as-root"), Set.of("read", "write", "run-as-root"))));
    values.put("options", Value.same(List.of(Optional.empty(), Optional.of(0L), Optional.of(5L))));
    values.put(
        "nestedOptions",
        Value.same(
            List.of(
                Optional.empty(),
                Optional.of(Optional.empty()),
                Optional.of(Optional.of("deep")))));
    values.put("results", Value.same(List.of(Result.ok(5L), Result.err("no"), Result.ok(0L))));
    values.put("emptyResults", Value.same(List.of(Result.ok(null), Result.err(null))));
    values.put("byteLists", Value.same(List.of(new byte[0], new byte[] {1, -1})));
    values.put(
        "deepLists",
        Value.same(List.of(List.of(), List.of(List.of(), List.of("a", "b")), List.of(List.of()))));
    values.put(
        "maps",
        new Value(
            List.of(Map.of(), Map.of("a", POINT, "", POINT)),
            List.of(Map.of(), Map.of("a", dynamic(POINT), "", dynamic(POINT)))));
    return values;
  }

  private static final class Seen {
    private final List<Object> values = new ArrayList<>();

    <T> T as(Class<T> type) {
      return type.cast(
          Proxy.newProxyInstance(
              type.getClassLoader(),
              new Class<?>[] {type},
              (_, _, args) -> {
                values.add(args[0]);
                return args[0];
              }));
    }
  }

  @TestFactory
  Stream<DynamicTest> valuesComeBackThroughInterfaces() {
    return lists().entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(), () -> comesBack(entry.getKey(), entry.getValue().typed())));
  }

  private static void comesBack(String name, Object value) throws Exception {
    Seen seen = new Seen();
    ComponentLinker linker = ComponentLinker.create(engine);
    linker.define(Lists.class, seen.as(Lists.class));
    try (Store store = Store.create(engine)) {
      Echoes echoes = linker.instantiate(store, component).as(Echoes.class);
      for (Method method : Echoes.class.getMethods()) {
        if (method.getName().equals(name) || method.getName().equals(name + "Relay")) {
          assertThat(method.invoke(echoes, value)).usingRecursiveComparison().isEqualTo(value);
        }
      }
    }
    assertThat(seen.values).usingRecursiveComparison().isEqualTo(List.of(value));
  }

  @TestFactory
  Stream<DynamicTest> valuesComeBackInTheDynamicForm() {
    return lists().entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () -> comesBackDynamically(entry.getKey(), entry.getValue().dynamic())));
  }

  private static void comesBackDynamically(String javaName, Object value) {
    String name = javaName.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    List<Object> seen = new ArrayList<>();
    ComponentLinker linker = ComponentLinker.create(engine);
    linker.trapUnknownImports();
    linker.define(
        "t:t/host",
        name,
        args -> {
          seen.add(args[0]);
          return args[0];
        });
    try (Store store = Store.create(engine)) {
      ComponentInstance instance = linker.instantiate(store, component);
      assertThat(instance.func(name).call(value)).usingRecursiveComparison().isEqualTo(value);
      assertThat(instance.func(name + "-relay").call(value))
          .usingRecursiveComparison()
          .isEqualTo(value);
    }
    assertThat(seen).usingRecursiveComparison().isEqualTo(List.of(value));
  }

  private static Scalars scalars(Store store) {
    ComponentLinker linker = ComponentLinker.create(engine);
    linker.trapUnknownImports();
    return linker.instantiate(store, component).as(Scalars.class);
  }

  @Test
  void theLimitsOfScalarsComeBack() {
    try (Store store = Store.create(engine)) {
      Scalars scalars = scalars(store);
      assertThat(scalars.aBool(true)).isTrue();
      assertThat(scalars.aBool(false)).isFalse();
      assertThat(scalars.anS8(Byte.MIN_VALUE)).isEqualTo(Byte.MIN_VALUE);
      assertThat(scalars.aU8(255)).isEqualTo(255);
      assertThat(scalars.anS16(Short.MIN_VALUE)).isEqualTo(Short.MIN_VALUE);
      assertThat(scalars.aU16(65_535)).isEqualTo(65_535);
      assertThat(scalars.anS32(Integer.MIN_VALUE)).isEqualTo(Integer.MIN_VALUE);
      assertThat(scalars.aU32(0xffff_ffffL)).isEqualTo(0xffff_ffffL);
      assertThat(scalars.anS64(Long.MIN_VALUE)).isEqualTo(Long.MIN_VALUE);
      assertThat(scalars.aU64(-1)).isEqualTo(-1);
      assertThat(scalars.anF32(Float.MIN_VALUE)).isEqualTo(Float.MIN_VALUE);
      assertThat(scalars.anF32(Float.NaN)).isNaN();
      assertThat(scalars.anF64(-0d)).isEqualTo(-0d);
      assertThat(scalars.aChar(0x10ffff)).isEqualTo(0x10ffff);
      assertThat(scalars.aColor(Color.DARK_BLUE)).isEqualTo(Color.DARK_BLUE);
      assertThat(scalars.aPermission(EnumSet.of(Permission.WRITE)))
          .isEqualTo(EnumSet.of(Permission.WRITE));
    }
  }

  @Test
  void numbersAreListsOfObjectsToo() {
    Seen seen = new Seen();
    ComponentLinker linker = ComponentLinker.create(engine);
    linker.trapUnknownImports();
    linker.define(Boxes.class, seen.as(Boxes.class));
    try (Store store = Store.create(engine)) {
      ComponentInstance instance = linker.instantiate(store, component);
      assertThat(instance.func("u8s-relay").call(new byte[] {-1, 0})).isEqualTo(new byte[] {-1, 0});
      assertThat(instance.func("u32s-relay").call(new int[] {-1})).isEqualTo(new int[] {-1});
      assertThat(seen.values).isEqualTo(List.of(List.of(255, 0), List.of(0xffff_ffffL)));
    }
  }

  @Test
  void whatIsLiftedAsAListCannotBeChanged() {
    try (Store store = Store.create(engine)) {
      ComponentLinker linker = ComponentLinker.create(engine);
      linker.trapUnknownImports();
      Echoes echoes = linker.instantiate(store, component).as(Echoes.class);
      List<String> strings = echoes.strings(List.of("a"));
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(() -> strings.add("b"));
    }
  }
}
