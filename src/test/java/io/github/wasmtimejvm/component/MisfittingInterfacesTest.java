package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.WasmFeature;
import java.lang.invoke.MethodHandles;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A Java type that does not fit is found when an interface is bound, with the way to it. */
class MisfittingInterfacesTest {
  private static final String WAT =
      new EchoComponent()
          .type("point", "(record (field \"x\" s32) (field \"the-label\" string))")
          .type("color", "(enum \"red\" \"dark-blue\")")
          .type("paint", "(flags \"red\" \"dark-blue\")")
          .type("shape", "(variant (case \"nothing\") (case \"circle\" f64))")
          .type("vocabulary", "(record (field \"class\" s32) (field \"to-string\" s32))")
          .lists("points", "$point")
          .lists("words", "$vocabulary")
          .lists("pairs", "(tuple s32 string)")
          .lists("colors", "$color")
          .lists("paints", "$paint")
          .lists("shapes", "$shape")
          .lists("options", "(option u32)")
          .lists("results", "(result u32 (error string))")
          .lists("maps", "(map string s32)")
          .lists("u8s", "u8")
          .scalar("an-u8", "u8", "i32")
          .scalar("an-u32", "u32", "i32")
          .scalar("a-char", "char", "i32")
          .scalar("class", "u32", "i32")
          .scalar("notify", "u32", "i32")
          .wat();

  private static Engine engine;
  private static Component component;
  private static Store store;
  private static ComponentInstance instance;

  @BeforeAll
  static void instantiate() {
    engine = Engine.builder().feature(WasmFeature.COMPONENT_MODEL_MAP, true).build();
    component = Component.fromWat(engine, WAT);
    store = Store.create(engine);
    ComponentLinker linker = ComponentLinker.create(engine);
    linker.trapUnknownImports();
    instance = linker.instantiate(store, component);
  }

  @AfterAll
  static void close() {
    store.close();
    component.close();
    engine.close();
  }

  public record Point(int x, String theLabel) {}

  public record WithoutField(int x) {}

  public record WithMore(int x, String theLabel, int z) {}

  public record OtherType(long x, String theLabel) {}

  public record Generic<T>(int x, T theLabel) {}

  public record Twice(int x, @WitName("x") int y, String theLabel) {}

  record Hidden(int x, String theLabel) {}

  public enum OneColor {
    RED
  }

  public enum ThreeColors {
    RED,
    DARK_BLUE,
    GREEN
  }

  public enum Color {
    RED,
    DARK_BLUE
  }

  public enum NamedColor {
    @WitName("dark-blue")
    NAVY,
    RED
  }

  public sealed interface NoCircle {
    record Nothing() implements NoCircle {}
  }

  public sealed interface Third {
    record Nothing() implements Third {}

    record Circle(double radius) implements Third {}

    record Square(double side) implements Third {}
  }

  public sealed interface NoPayload {
    record Nothing() implements NoPayload {}

    record Circle() implements NoPayload {}
  }

  public sealed interface OtherPayload {
    record Nothing() implements OtherPayload {}

    record Circle(float radius) implements OtherPayload {}
  }

  public interface Open {}

  public interface NoFunction {
    int missing();
  }

  public interface FewerParameters {
    int anU8();
  }

  public interface NoResult {
    void anU8(int x);
  }

  public interface WrongPrimitive {
    int anU8(byte x);
  }

  public interface WrongResult {
    long anU8(int x);
  }

  public interface SignedU32 {
    int anU32(long x);
  }

  public interface JavaChar {
    char aChar(int x);
  }

  public interface RawList {
    @SuppressWarnings("rawtypes")
    List points(List<Point> x);
  }

  public interface MissingField {
    List<Point> points(List<WithoutField> x);
  }

  public interface MoreFields {
    List<Point> points(List<WithMore> x);
  }

  public interface OtherFieldType {
    List<OtherType> points(List<Point> x);
  }

  public interface GenericRecord {
    List<Generic<String>> points(List<Point> x);
  }

  public interface TwoComponents {
    List<Twice> points(List<Point> x);
  }

  public interface NoRecord {
    List<String> points(List<Point> x);
  }

  public interface ShortTuple {
    List<WithoutField> pairs(List<WithoutField> x);
  }

  public interface MissingConstant {
    List<OneColor> colors(List<OneColor> x);
  }

  public interface MoreConstants {
    List<ThreeColors> colors(List<ThreeColors> x);
  }

  public interface NoEnum {
    List<String> colors(List<String> x);
  }

  public interface NoSet {
    List<List<Color>> paints(List<List<Color>> x);
  }

  public interface SetOfTexts {
    List<Set<String>> paints(List<Set<String>> x);
  }

  public interface MissingCase {
    List<NoCircle> shapes(List<NoCircle> x);
  }

  public interface MoreCases {
    List<Third> shapes(List<Third> x);
  }

  public interface CaseWithoutPayload {
    List<NoPayload> shapes(List<NoPayload> x);
  }

  public interface OtherCasePayload {
    List<OtherPayload> shapes(List<OtherPayload> x);
  }

  public interface NotSealed {
    List<Open> shapes(List<Open> x);
  }

  public interface NullableOption {
    List<Long> options(List<Long> x);
  }

  public interface OtherOption {
    List<Optional<Integer>> options(List<Optional<Integer>> x);
  }

  public interface OtherErr {
    List<Result<Long, Long>> results(List<Result<Long, Long>> x);
  }

  public interface OtherKey {
    List<Map<Integer, Integer>> maps(List<Map<Integer, Integer>> x);
  }

  public interface OtherArray {
    int[] u8s(int[] x);
  }

  private record Case(Class<?> type, String path, String problem) {}

  @TestFactory
  Stream<DynamicTest> isSaidWithTheWayToIt() {
    return Stream.of(
            new Case(NoFunction.class, "missing", "the component exports nothing of the kind"),
            new Case(FewerParameters.class, "anU8", "has 0 parameters, the function has x: u8"),
            new Case(NoResult.class, "anU8, the result", "u8 is an int in Java, not void"),
            new Case(WrongPrimitive.class, "anU8, parameter x", "u8 is an int in Java, not byte"),
            new Case(WrongResult.class, "anU8, the result", "u8 is an int in Java, not long"),
            new Case(SignedU32.class, "anU32, the result", "u32 is a long in Java, not int"),
            new Case(JavaChar.class, "aChar, the result", "char is an int in Java, not char"),
            new Case(RawList.class, "points, the result", "is a List in Java, not java.util.List"),
            new Case(
                MissingField.class,
                "points, parameter x, element",
                "WithoutField has no component theLabel for the field the-label"),
            new Case(
                MoreFields.class,
                "points, parameter x, element",
                "has the component z, but point only has x, the-label"),
            new Case(
                OtherFieldType.class,
                "points, the result, element, field x",
                "s32 is an int in Java, not long"),
            new Case(GenericRecord.class, "points, the result, element", "point is a record"),
            new Case(
                TwoComponents.class,
                "points, the result, element",
                "Twice has two components for the field x"),
            new Case(
                NoRecord.class,
                "points, the result, element",
                "point is a record in Java, not java.lang.String"),
            new Case(ShortTuple.class, "pairs, parameter x, element", "a record with 2 components"),
            new Case(
                MissingConstant.class,
                "colors, parameter x, element",
                "OneColor has no constant DARK_BLUE for dark-blue"),
            new Case(
                MoreConstants.class,
                "colors, parameter x, element",
                "GREEN stands for none of red, dark-blue"),
            new Case(
                NoEnum.class,
                "colors, parameter x, element",
                "color is an enum in Java, not java.lang.String"),
            new Case(NoSet.class, "paints, parameter x, element", "paint is an EnumSet or a Set"),
            new Case(
                SetOfTexts.class,
                "paints, parameter x, element",
                "paint is a set of the constants of an enum in Java, not java.lang.String"),
            new Case(
                MissingCase.class,
                "shapes, parameter x, element",
                "NoCircle has no record Circle for the case circle"),
            new Case(
                MoreCases.class,
                "shapes, parameter x, element",
                "Square stands for no case of shape"),
            new Case(
                CaseWithoutPayload.class,
                "shapes, parameter x, element",
                "the case circle(f64) is a record with 1 components"),
            new Case(
                OtherCasePayload.class,
                "shapes, parameter x, element, case circle",
                "f64 is a double in Java, not float"),
            new Case(
                NotSealed.class,
                "shapes, parameter x, element",
                "shape is a sealed interface of records"),
            new Case(
                NullableOption.class,
                "options, parameter x, element",
                "option<u32> is an Optional in Java, not java.lang.Long"),
            new Case(
                OtherOption.class,
                "options, parameter x, element, some",
                "u32 is a long in Java, not java.lang.Integer"),
            new Case(
                OtherErr.class,
                "results, parameter x, element, err",
                "string is a String in Java, not java.lang.Long"),
            new Case(
                OtherKey.class,
                "maps, parameter x, element, key",
                "string is a String in Java, not java.lang.Integer"),
            new Case(
                OtherArray.class,
                "u8s, parameter x",
                "list<u8> is a byte[] or a List in Java, not int[]"))
        .map(one -> DynamicTest.dynamicTest(one.type.getSimpleName(), () -> isRefused(one)));
  }

  private static void isRefused(Case one) {
    for (int i = 0; i < 2; i++) { // what is kept of the first attempt changes nothing
      assertThatIllegalArgumentException()
          .isThrownBy(() -> instance.as(one.type))
          .withMessageStartingWith(one.type.getName() + "." + one.path)
          .withMessageContaining(one.problem);
    }
  }

  public interface WithHidden {
    List<Hidden> points(List<Hidden> x);
  }

  interface Package {
    int anU8(int x);
  }

  @Test
  void whatIsNotPublicNeedsALookup() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> instance.as(Package.class))
        .withMessageContaining("not a public interface");
    assertThat(instance.as(Package.class, MethodHandles.lookup()).anU8(7)).isEqualTo(7);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> instance.as(WithHidden.class))
        .withMessageContaining("points, parameter x, element")
        .withMessageContaining("not accessible");
    Hidden hidden = new Hidden(1, "a");
    assertThat(instance.as(WithHidden.class, MethodHandles.lookup()).points(List.of(hidden)))
        .isEqualTo(List.of(hidden));
  }

  @Test
  void whatIsNoInterfaceIsRefused() {
    for (Class<?> type :
        List.of(String.class, int.class, int[].class, WitName.class, Third.class)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> instance.as(type))
          .withMessageContaining("is not an interface to implement");
    }
  }

  public record Words(int class_, int toString_) {}

  public interface Keywords {
    List<Words> words(List<Words> x);

    long class_(long x);

    long notify_(long x);
  }

  public record NamedWords(@WitName("class") int kind, @WitName("to-string") int text) {}

  public interface Named {
    @WitName("words")
    List<NamedWords> vocabulary(List<NamedWords> x);

    @WitName("class")
    long kind(long x);

    List<NamedColor> colors(List<NamedColor> x);
  }

  @Test
  void namesThatJavaDoesNotAllowHaveAnUnderscore() {
    Keywords keywords = instance.as(Keywords.class);
    assertThat(keywords.class_(5)).isEqualTo(5);
    assertThat(keywords.notify_(5)).isEqualTo(5);
    assertThat(keywords.words(List.of(new Words(1, 2)))).isEqualTo(List.of(new Words(1, 2)));
  }

  @Test
  void annotationsGiveNames() {
    Named named = instance.as(Named.class);
    assertThat(named.kind(5)).isEqualTo(5);
    assertThat(named.vocabulary(List.of(new NamedWords(1, 2))))
        .isEqualTo(List.of(new NamedWords(1, 2)));
    assertThat(named.colors(List.of(NamedColor.NAVY))).isEqualTo(List.of(NamedColor.NAVY));
  }

  public interface OfObject {
    @Override
    String toString();

    long anU32(long x);
  }

  @Test
  void methodsOfObjectStandForNothing() {
    OfObject bound = instance.as(OfObject.class);
    assertThat(bound.anU32(1)).isEqualTo(1);
    assertThat(bound.toString()).isNotEmpty();
  }

  public interface Wildcards {
    Object points(List<? extends Object> x);

    List<EnumSet<Color>> paints(List<? extends Set<Color>> x);
  }

  @Test
  void wildcardsAreTheirBounds() {
    Wildcards bound = instance.as(Wildcards.class);
    Object dynamic = List.of(Map.of("x", 1, "the-label", "a"));
    assertThat(bound.points((List<?>) dynamic)).isEqualTo(dynamic);
    assertThat(bound.paints(List.of(Set.of(Color.RED)))).isEqualTo(List.of(EnumSet.of(Color.RED)));
  }

  @WitName("a:b/c@1.2.0")
  public interface Version {
    long anU32(long x);
  }

  @Test
  void anInterfaceThatIsNotExportedIsSaid() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> instance.as(Version.class))
        .withMessageContaining("the component exports no interface a:b/c@1.2.0");
  }

  @Test
  void eachMethodOfAnInterfaceIsBoundOnceForAComponent() {
    Map<Object, Integer> classes = new LinkedHashMap<>();
    for (int i = 0; i < 3; i++) {
      classes.merge(instance.as(Named.class).getClass(), 1, Integer::sum);
    }
    assertThat(classes).hasSize(1);
  }
}
