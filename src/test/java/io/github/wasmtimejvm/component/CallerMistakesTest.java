package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.TrapException;
import io.github.wasmtimejvm.WasmFeature;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a caller gives that does not fit is refused with the way to it, and the store goes on. */
class CallerMistakesTest {
  public record Point(int x, String label) {}

  public enum Color {
    RED,
    BLUE
  }

  public sealed interface Shape {
    record Circle(double radius) implements Shape {}

    record Nothing() implements Shape {}

    record Named(Point at) implements Shape {}
  }

  public record Trick(int x, String label) {
    static Runnable task = () -> {};

    @Override
    public String label() {
      task.run();
      return label;
    }
  }

  public interface Functions {
    List<Point> points(List<Point> x);

    List<String> strings(List<String> x);

    List<Integer> chars(List<Integer> x);

    List<Integer> u8s(List<Integer> x);

    List<Color> colors(List<Color> x);

    List<Set<Color>> paints(List<Set<Color>> x);

    List<Shape> shapes(List<Shape> x);

    List<Optional<String>> options(List<Optional<String>> x);

    List<Result<Long, String>> results(List<Result<Long, String>> x);

    List<Map<String, Integer>> maps(List<Map<String, Integer>> x);

    long aU32(long x);

    int aU8(int x);

    int aU16(int x);

    int aChar(int x);
  }

  public interface Tricks {
    List<Trick> points(List<Trick> x);
  }

  public interface Boxed {
    Long aU32(Long x);

    Integer aU8(Integer x);
  }

  public interface Arrays8 {
    byte[] u8s(byte[] x);
  }

  private static final String WAT =
      new EchoComponent()
          .type("point", "(record (field \"x\" s32) (field \"label\" string))")
          .type("color", "(enum \"red\" \"blue\")")
          .type("paint", "(flags \"red\" \"blue\")")
          .type(
              "shape", "(variant (case \"nothing\") (case \"circle\" f64) (case \"named\" $point))")
          .lists("points", "$point")
          .lists("strings", "string")
          .lists("chars", "char")
          .lists("u8s", "u8")
          .lists("colors", "$color")
          .lists("paints", "$paint")
          .lists("shapes", "$shape")
          .lists("options", "(option string)")
          .lists("results", "(result u32 (error string))")
          .lists("maps", "(map string s32)")
          .lists("pairs", "(tuple s32 string)")
          .scalar("a-u32", "u32", "i32")
          .scalar("a-u8", "u8", "i32")
          .scalar("a-u16", "u16", "i32")
          .scalar("a-char", "char", "i32")
          .trap("boom")
          .wat();

  private static Engine engine;
  private static Component component;
  private static ComponentLinker linker;

  private Store store;
  private ComponentInstance instance;
  private Functions functions;

  @BeforeAll
  static void compile() {
    engine = Engine.builder().feature(WasmFeature.COMPONENT_MODEL_MAP, true).build();
    component = Component.fromWat(engine, WAT);
    linker = ComponentLinker.create(engine);
    linker.trapUnknownImports();
  }

  @AfterAll
  static void closeEngine() {
    component.close();
    engine.close();
  }

  @BeforeEach
  void instantiate() {
    store = Store.create(engine);
    instance = linker.instantiate(store, component);
    functions = instance.as(Functions.class);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void goesOn() {
    assertThat(instance.isUsable()).isTrue();
    assertThat(functions.points(List.of(new Point(1, "a")))).isEqualTo(List.of(new Point(1, "a")));
    assertThat(functions.aU32(7)).isEqualTo(7);
  }

  private void isRefused(ThrowingCallable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    goesOn();
  }

  @SuppressWarnings("unchecked") // that is what is tested
  private static <T> T polluted(Object value) {
    return (T) value;
  }

  @Test
  void numbersOutOfRange() {
    isRefused(() -> functions.aU32(-1), "parameter x: a u32 is from 0 to 4294967295, got -1");
    isRefused(
        () -> functions.aU32(1L << 32),
        "parameter x: a u32 is from 0 to 4294967295, got 4294967296");
    isRefused(() -> functions.aU8(256), "parameter x: a u8 is from 0 to 255, got 256");
    isRefused(() -> functions.aU16(65_536), "parameter x: a u16 is from 0 to 65535, got 65536");
    isRefused(
        () -> functions.u8s(List.of(0, -1)),
        "parameter x, element 1: a u8 is from 0 to 255, got -1");
  }

  @Test
  void charactersThatAreNone() {
    isRefused(
        () -> functions.aChar(0xd800),
        "parameter x: a char is a Unicode scalar value, which 0xd800 is not");
    isRefused(
        () -> functions.chars(List.of(0x61, 0x110000)),
        "parameter x, element 1: a char is a Unicode scalar value, which 0x110000 is not");
    isRefused(
        () -> functions.aChar(-1),
        "parameter x: a char is a Unicode scalar value, which 0xffffffff is not");
  }

  @Test
  void halvesOfSurrogatePairs() {
    isRefused(
        () -> functions.strings(List.of("a", "b\udc00")),
        "parameter x, element 1: the text cannot be UTF-8: its character 1 is half of a surrogate"
            + " pair, \\udc00");
    isRefused(
        () -> functions.points(List.of(new Point(1, "\ud800"))),
        "parameter x, element 0, field label: the text cannot be UTF-8: its character 0 is half of"
            + " a surrogate pair, \\ud800");
  }

  @Test
  void nulls() {
    isRefused(() -> functions.points(null), "parameter x: expected a List, got null");
    isRefused(
        () -> functions.points(Collections.singletonList(null)),
        "parameter x, element 0: expected a " + Point.class.getName() + ", got null");
    isRefused(
        () -> functions.points(List.of(new Point(1, null))),
        "parameter x, element 0, field label: expected a String, got null");
    isRefused(
        () -> functions.options(Arrays.asList(Optional.empty(), null)),
        "parameter x, element 1: expected an Optional, got null");
    isRefused(
        () -> functions.results(List.of(Result.ok(null))),
        "parameter x, element 0, ok: u32 is a Long in Java, got null");
    isRefused(
        () -> functions.shapes(List.of(new Shape.Named(null))),
        "parameter x, element 0, case named: expected a " + Point.class.getName() + ", got null");
    isRefused(
        () -> instance.as(Arrays8.class).u8s(null), "parameter x: expected a byte[], got null");
    isRefused(
        () -> functions.colors(Collections.singletonList(null)),
        "parameter x, element 0: expected a " + Color.class.getName() + ", got null");
  }

  @Test
  void nullsInPlaceOfPrimitiveValues() {
    Boxed boxed = instance.as(Boxed.class);
    assertThat(boxed.aU32(5L)).isEqualTo(5L);
    isRefused(() -> boxed.aU32(null), "parameter x: u32 is a Long in Java, got null");
    isRefused(() -> boxed.aU8(256), "parameter x: a u8 is from 0 to 255, got 256");
  }

  @Test
  void objectsOfAnotherClass() {
    isRefused(
        () -> functions.strings(polluted(List.of("a", 1))),
        "parameter x, element 1: expected a String, got java.lang.Integer");
    isRefused(
        () -> functions.u8s(polluted(List.of(1L))),
        "parameter x, element 0: u8 is an Integer in Java, got java.lang.Long");
    isRefused(
        () ->
            functions.options(
                List.of(CallerMistakesTest.<Optional<String>>polluted(Optional.of(1)))),
        "parameter x, element 0, some: expected a String, got java.lang.Integer");
    isRefused(
        () ->
            functions.maps(
                List.of(CallerMistakesTest.<Map<String, Integer>>polluted(Map.of(1, 1)))),
        "parameter x, element 0, entry 0, key: expected a String, got java.lang.Integer");
    isRefused(
        () ->
            functions.maps(
                List.of(CallerMistakesTest.<Map<String, Integer>>polluted(Map.of("a", "b")))),
        "parameter x, element 0, entry 0, value: s32 is an Integer in Java, got java.lang.String");
    isRefused(
        () -> functions.paints(List.of(CallerMistakesTest.<Set<Color>>polluted(Set.of("red")))),
        "parameter x, element 0: expected a " + Color.class.getName() + ", got java.lang.String");
    isRefused(
        () ->
            functions.results(
                List.of(CallerMistakesTest.<Result<Long, String>>polluted(Result.err(5)))),
        "parameter x, element 0, err: expected a String, got java.lang.Integer");
    isRefused(
        () -> functions.shapes(polluted(List.of("circle"))),
        "parameter x, element 0: expected a " + Shape.class.getName() + ", got java.lang.String");
  }

  @Test
  void mapsWithNullKeysOrValues() {
    Map<String, Integer> map = new HashMap<>();
    map.put(null, 1);
    isRefused(
        () -> functions.maps(List.of(map)),
        "parameter x, element 0, entry 0, key: expected a String, got null");
    map.clear();
    map.put("a", null);
    isRefused(
        () -> functions.maps(List.of(map)),
        "parameter x, element 0, entry 0, value: s32 is an Integer in Java, got null");
  }

  @Test
  void mapsWhoseEntriesAreNone() {
    isRefused(
        () -> functions.maps(List.of(mapOf(Collections.singleton(null)))),
        "parameter x, element 0, entry 0: expected a Map.Entry, got null");
    isRefused(
        () -> functions.maps(List.of(mapOf(polluted(Set.of("a"))))),
        "parameter x, element 0, entry 0: expected a Map.Entry, got java.lang.String");
  }

  private static Map<String, Integer> mapOf(Set<Map.Entry<String, Integer>> entries) {
    return new AbstractMap<>() {
      @Override
      public Set<Entry<String, Integer>> entrySet() {
        return entries;
      }
    };
  }

  @Test
  void unknownNamesInTheDynamicForm() {
    isRefused(
        () -> instance.func("colors").call(List.of("green")),
        "parameter x, element 0: there is no green, but red, blue");
    isRefused(
        () -> instance.func("paints").call(List.of(Set.of("red", "green"))),
        "parameter x, element 0: there is no green, but red, blue");
    isRefused(
        () -> instance.func("shapes").call(List.of(new WitVariant("square", null))),
        "parameter x, element 0: there is no square, but nothing, circle, named");
    isRefused(
        () -> instance.func("shapes").call(List.of(new WitVariant(null, null))),
        "parameter x, element 0: there is no null, but nothing, circle, named");
    isRefused(
        () -> instance.func("shapes").call(List.of(new WitVariant("nothing", 1))),
        "parameter x, element 0: the case nothing has no payload");
    isRefused(
        () -> instance.func("shapes").call(List.of(new WitVariant("circle", null))),
        "parameter x, element 0, case circle: f64 is a Double in Java, got null");
  }

  @Test
  void otherFieldsInTheDynamicForm() {
    isRefused(
        () -> instance.func("points").call(List.of(Map.of("x", 1))),
        "parameter x, element 0: the record has no field label");
    isRefused(
        () -> instance.func("points").call(List.of(Map.of("x", 1, "label", "", "y", 2))),
        "parameter x, element 0: the record has the fields [x, label] only");
    isRefused(
        () -> instance.func("points").call(List.of(new Point(1, ""))),
        "parameter x, element 0: expected a Map, got " + Point.class.getName());
    isRefused(
        () -> instance.func("pairs").call(List.of(List.of(1))),
        "parameter x, element 0: the tuple has 2 fields, got 1");
  }

  @Test
  void anotherNumberOfArguments() {
    isRefused(() -> instance.func("a-u32").call(), "expected 1 arguments, got 0");
    isRefused(() -> instance.func("a-u32").call(1L, 2L), "expected 1 arguments, got 2");
    assertThatNullPointerException().isThrownBy(() -> instance.func("a-u32").call((Object[]) null));
    goesOn();
  }

  private static <T> List<T> listThat(Runnable task, List<T> list) {
    return new AbstractList<>() {
      @Override
      public T get(int index) {
        task.run();
        return list.get(index);
      }

      @Override
      public int size() {
        return list.size();
      }
    };
  }

  private static Runnable failing(RuntimeException failure) {
    return () -> {
      throw failure;
    };
  }

  @Test
  void whatCodeOfTheCallerThrowsComesOut() {
    RuntimeException failure = new RuntimeException("mine");
    assertThatExceptionOfType(RuntimeException.class)
        .isThrownBy(() -> functions.strings(listThat(failing(failure), List.of("a"))))
        .isSameAs(failure);
    Trick.task = failing(failure);
    assertThatExceptionOfType(RuntimeException.class)
        .isThrownBy(() -> instance.as(Tricks.class).points(List.of(new Trick(1, "a"))))
        .isSameAs(failure);
    Set<Color> flags =
        new AbstractSet<>() {
          @Override
          public Iterator<Color> iterator() {
            throw failure;
          }

          @Override
          public int size() {
            return 1;
          }
        };
    assertThatExceptionOfType(RuntimeException.class)
        .isThrownBy(() -> functions.paints(List.of(flags)))
        .isSameAs(failure);
    goesOn();
  }

  @Test
  void collectionsThatLieAboutTheirSize() {
    List<String> list =
        new AbstractList<>() {
          private int asked;

          @Override
          public String get(int index) {
            return "a";
          }

          @Override
          public int size() {
            return asked++ % 2 == 0 ? 1000 : 3;
          }

          @Override
          public Object[] toArray() {
            return new Object[] {"one", "two"};
          }
        };
    assertThat(functions.strings(list)).isEqualTo(List.of("one", "two"));
    Set<Color> flags =
        new AbstractSet<>() {
          @Override
          public Iterator<Color> iterator() {
            return Arrays.asList(Color.BLUE, Color.RED, Color.BLUE).iterator();
          }

          @Override
          public int size() {
            return 0;
          }
        };
    assertThat(functions.paints(List.of(flags))).isEqualTo(List.of(EnumSet.allOf(Color.class)));
    goesOn();
  }

  @Test
  void theGuestCanBeCalledInTheMidstOfAnArgument() {
    List<String> strings =
        listThat(
            () -> {
              assertThat(functions.strings(List.of("inner", "x".repeat(100_000)))).hasSize(2);
              assertThat(functions.aU8(3)).isEqualTo(3);
            },
            List.of("a", "b"));
    assertThat(functions.strings(strings)).isEqualTo(List.of("a", "b"));
    goesOn();
  }

  @Test
  void aMistakeInTheMidstOfAnArgumentNamesItsOwnCallOnly() {
    List<String> strings = listThat(() -> functions.aU8(-1), List.of("a"));
    isRefused(() -> functions.strings(strings), "parameter x: a u8 is from 0 to 255, got -1");
  }

  @Test
  void theStoreCannotBeClosedInTheMidstOfAnArgument() {
    assertThatIllegalStateException()
        .isThrownBy(() -> functions.strings(listThat(store::close, List.of("a"))))
        .withMessageContaining("the store cannot be closed");
    goesOn();
  }

  @Test
  void aTrapInTheMidstOfAnArgumentEndsTheCallThatItIsFor() {
    ComponentFunc boom = instance.func("boom");
    List<String> strings =
        listThat(
            () -> assertThatExceptionOfType(TrapException.class).isThrownBy(boom::call),
            List.of("a"));
    assertThatIllegalStateException()
        .isThrownBy(() -> functions.strings(strings))
        .withMessageContaining("cannot be used any more")
        .withCauseInstanceOf(TrapException.class);
    assertThat(instance.isUsable()).isFalse();
  }
}
