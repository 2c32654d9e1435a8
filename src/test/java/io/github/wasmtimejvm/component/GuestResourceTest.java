package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.TrapException;
import io.github.wasmtimejvm.testing.Guests;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Resources of a guest: Java knows which are held, lent, moved and closed. */
class GuestResourceTest {
  public interface Thing extends AutoCloseable {
    long number();

    long plus(Thing other);

    @Override
    void close();
  }

  @WitName("t:t/things@1.0.0")
  public interface Things {
    Thing newThing(long number);

    long thingSum(Thing a, Thing b);

    long take(Thing it);

    void takeTwo(Thing a, Thing b);

    long takeAndLend(Thing a, Thing b);

    Thing pass(Thing it);

    void takeAll(List<Thing> all);

    void takeMore(Thing it, List<Thing> all);

    long ranged(Thing it, int number);

    List<Held> makeTwo(long a, long b);
  }

  /** May refuse to hold a thing. */
  public record Held(Thing thing) {
    static Consumer<Thing> onHold = _ -> {};

    public Held {
      onHold.accept(thing);
    }
  }

  @WitName("t:t/log")
  public interface Log {
    void dropped(long number);
  }

  private static Engine engine;
  private static Component component;

  private final List<Long> dropped = new ArrayList<>();
  private Runnable onDrop = () -> {};
  private ComponentLinker linker;
  private Store store;
  private ComponentInstance instance;
  private Things things;

  @BeforeAll
  static void compile() {
    engine = Engine.create();
    component = Component.fromWat(engine, Guests.read(GuestResourceTest.class, "things.wat"));
  }

  @AfterAll
  static void closeEngine() {
    component.close();
    engine.close();
  }

  @BeforeEach
  void instantiate() {
    linker = ComponentLinker.create(engine);
    linker.define(
        Log.class,
        number -> {
          dropped.add(number);
          onDrop.run();
        });
    store = Store.create(engine);
    instance = linker.instantiate(store, component);
    things = instance.as(Things.class);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void goesOn() {
    assertThat(instance.isUsable()).isTrue();
    try (Thing thing = things.newThing(1000)) {
      assertThat(thing.number()).isEqualTo(1000);
    }
    assertThat(dropped.removeLast()).isEqualTo(1000);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatAResultThatFailsHasOfResourcesIsDropped(boolean direct) {
    try (Engine engine = Engine.builder().directComponentCalls(direct).build();
        Component component =
            Component.fromWat(engine, Guests.read(GuestResourceTest.class, "things.wat"));
        Store store = Store.create(engine)) {
      ComponentLinker linker = ComponentLinker.create(engine);
      linker.define(Log.class, dropped::add);
      ComponentInstance instance = linker.instantiate(store, component);
      assertThat(instance.func("t:t/things@1.0.0", "make-two").path().isDirect()).isEqualTo(direct);
      Things things = instance.as(Things.class);
      for (Held held : things.makeTwo(1, 2)) {
        assertThat(held.thing().number()).isBetween(1L, 2L);
        held.thing().close();
      }
      assertThat(dropped).containsExactly(1L, 2L);

      Thing[] kept = new Thing[1];
      Held.onHold =
          thing -> {
            if (kept[0] != null) {
              throw new UnsupportedOperationException("only one");
            }
            kept[0] = thing;
          };
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(() -> things.makeTwo(3, 4));
      assertThat(dropped).containsExactly(1L, 2L, 4L, 3L);
      assertThatIllegalArgumentException().isThrownBy(() -> things.take(kept[0]));

      Held.onHold = _ -> {};
      assertThat(things.makeTwo(5, 6)).hasSize(2);
      assertThat(instance.isUsable()).isTrue();
    } finally {
      Held.onHold = _ -> {};
    }
  }

  @Test
  void constructorsMethodsAndStaticFunctionsAreCalled() {
    try (Thing a = things.newThing(1);
        Thing b = things.newThing(2)) {
      assertThat(a.number()).isEqualTo(1);
      assertThat(a.plus(b)).isEqualTo(3);
      assertThat(a.plus(a)).isEqualTo(2);
      assertThat(things.thingSum(b, b)).isEqualTo(4);
    }
    assertThat(dropped).containsExactly(2L, 1L);
  }

  @Test
  void aClosedOneIsClosedOnce() {
    Thing thing = things.newThing(1);
    thing.close();
    thing.close();
    assertThat(dropped).containsExactly(1L);
    goesOn();
  }

  @Test
  void aClosedOneIsNotUsed() {
    Thing thing = things.newThing(1);
    thing.close();
    assertThatIllegalArgumentException()
        .isThrownBy(thing::number)
        .withMessage("parameter self: the resource thing is closed");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> things.take(thing))
        .withMessage("parameter it: the resource thing is closed");
    goesOn();
  }

  @Test
  void aMovedOneIsNotUsedAndNotClosed() {
    Thing thing = things.newThing(1);
    assertThat(things.take(thing)).isEqualTo(1);
    assertThatIllegalArgumentException()
        .isThrownBy(thing::number)
        .withMessage("parameter self: the resource thing was moved to a component");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> things.take(thing))
        .withMessage("parameter it: the resource thing was moved to a component");
    thing.close();
    assertThat(dropped).containsExactly(1L);
    goesOn();
  }

  @Test
  void oneThatComesBackIsAnother() {
    Thing thing = things.newThing(1);
    Thing again = things.pass(thing);
    assertThatIllegalArgumentException().isThrownBy(thing::number);
    assertThat(again.number()).isEqualTo(1);
    thing.close();
    assertThat(dropped).isEmpty();
    again.close();
    assertThat(dropped).containsExactly(1L);
  }

  @Test
  void oneIsNotMovedTwiceInACall() {
    Thing thing = things.newThing(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> things.takeTwo(thing, thing))
        .withMessage("parameter b: the resource thing was moved to a component");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> things.takeAll(List.of(thing, thing)))
        .withMessage("parameter all, element 1: the resource thing was moved to a component");
    assertThat(thing.number()).isEqualTo(1);
    assertThat(dropped).isEmpty();
    goesOn();
  }

  @Test
  void oneIsNotMovedAndLentInACall() {
    Thing thing = things.newThing(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> things.takeAndLend(thing, thing))
        .withMessage("parameter b: the resource thing was moved to a component");
    assertThat(thing.number()).isEqualTo(1);
    goesOn();
  }

  @Test
  void whatACallThatIsRefusedWouldHaveMovedStays() {
    Thing thing = things.newThing(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> things.ranged(thing, 256))
        .withMessage("parameter number: a u8 is from 0 to 255, got 256");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> things.takeAll(Arrays.asList(thing, null)))
        .withMessage("parameter all, element 1: expected a resource thing, got null");
    assertThat(thing.number()).isEqualTo(1);
    things.takeAll(List.of(thing, things.newThing(2)));
    assertThat(dropped).containsExactly(1L, 2L);
  }

  @Test
  void oneOfAnotherStoreIsRefused() {
    try (Store other = Store.create(engine)) {
      Thing thing = linker.instantiate(other, component).as(Things.class).newThing(1);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> things.take(thing))
          .withMessage("parameter it: the resource thing belongs to another store");
      assertThat(thing.number()).isEqualTo(1);
      goesOn();
    }
  }

  @Test
  void oneOfAnotherInstanceIsRefused() {
    Things others = linker.instantiate(store, component).as(Things.class);
    Thing thing = others.newThing(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> things.take(thing))
        .withMessage(
            "parameter it: the resource thing belongs to another instance of the component");
    assertThat(thing.number()).isEqualTo(1);
    assertThat(others.take(thing)).isEqualTo(1);
    goesOn();
  }

  @Test
  void anObjectOfTheUsersIsNoResource() {
    Thing mine =
        new Thing() {
          @Override
          public long number() {
            return 0;
          }

          @Override
          public long plus(Thing other) {
            return 0;
          }

          @Override
          public void close() {}
        };
    assertThatIllegalArgumentException()
        .isThrownBy(() -> things.take(mine))
        .withMessageStartingWith("parameter it: expected a resource thing, got ");
    goesOn();
  }

  @Test
  void closingOneAfterItsStoreDoesNothing() {
    Thing thing = things.newThing(1);
    store.close();
    assertThatCode(thing::close).doesNotThrowAnyException();
    assertThatIllegalStateException().isThrownBy(thing::number).withMessageContaining("is closed");
    assertThat(dropped).isEmpty();
  }

  @Test
  void closingOneOfASpentStoreDoesNothing() {
    Thing thing = things.newThing(1);
    Thing bad = things.newThing(13);
    assertThatExceptionOfType(TrapException.class).isThrownBy(bad::close);
    bad.close();
    assertThatCode(thing::close).doesNotThrowAnyException();
    assertThat(dropped).isEmpty();
    assertThatIllegalStateException()
        .isThrownBy(() -> things.newThing(2))
        .withMessageContaining("cannot be used any more")
        .withCauseInstanceOf(TrapException.class);
  }

  @Test
  void whatADestructorOfTheHostsThrowsComesOut() {
    Thing thing = things.newThing(1);
    IllegalCallerException mine = new IllegalCallerException();
    onDrop =
        () -> {
          throw mine;
        };
    assertThatExceptionOfType(IllegalCallerException.class).isThrownBy(thing::close).isSameAs(mine);
    assertThat(instance.isUsable()).isFalse();
  }

  @Test
  void aDestructorMayCallTheGuest() {
    Thing a = things.newThing(1);
    Thing b = things.newThing(2);
    onDrop =
        () -> {
          onDrop = () -> {};
          assertThat(b.number()).isEqualTo(2);
          b.close();
        };
    a.close();
    assertThat(dropped).containsExactly(1L, 2L);
    goesOn();
  }

  @Test
  void oneThatIsLentIsNotClosedByWhatTheCallRuns() {
    Thing lent = things.newThing(1);
    onDrop =
        () ->
            assertThatIllegalStateException()
                .isThrownBy(lent::close)
                .withMessage("the resource thing is lent to a call that is under way");
    assertThat(things.takeAndLend(things.newThing(2), lent)).isEqualTo(1);
    assertThat(dropped).containsExactly(2L);
    onDrop = () -> {};
    lent.close();
    assertThat(dropped).containsExactly(2L, 1L);
  }

  @Test
  void oneThatIsLentIsNotMovedByWhatTheCallRuns() {
    Thing lent = things.newThing(1);
    onDrop =
        () ->
            assertThatIllegalArgumentException()
                .isThrownBy(() -> things.take(lent))
                .withMessage("parameter it: the resource thing is lent, and cannot be moved");
    assertThat(things.takeAndLend(things.newThing(2), lent)).isEqualTo(1);
    onDrop = () -> {};
    goesOn();
  }

  @Test
  void anotherIsClosedInTheMidstOfAnArgument() {
    Thing moved = things.newThing(1);
    Thing other = things.newThing(2);
    List<Thing> all =
        new AbstractList<>() {
          @Override
          public Thing get(int index) {
            assertThatIllegalArgumentException().isThrownBy(moved::number);
            other.close();
            return other;
          }

          @Override
          public int size() {
            return 1;
          }
        };
    assertThatIllegalArgumentException()
        .isThrownBy(() -> things.takeMore(moved, all))
        .withMessage("parameter all, element 0: the resource thing is closed");
    assertThat(moved.number()).isEqualTo(1);
    things.takeMore(moved, List.of(things.newThing(3)));
    assertThat(dropped).containsExactly(2L, 1L, 3L);
    goesOn();
  }

  @Test
  void dynamicHandlesAreTheSame() {
    ComponentFunc make = instance.func("t:t/things@1.2.3", "[constructor]thing");
    ComponentFunc number = instance.func("t:t/things@1.0.0", "[method]thing.number");
    GuestResource resource = (GuestResource) make.call(7L);
    assertThat(number.call(resource)).isEqualTo(7L);
    assertThat(resource.isOwned()).isTrue();
    assertThat(resource.type().name()).isEqualTo("thing");
    assertThat(resource.type().importedFrom()).isNull();
    instance.func("t:t/things@1.0.0", "take").call(resource);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> number.call(resource))
        .withMessage("parameter self: the resource thing was moved to a component");
    assertThat(dropped).containsExactly(7L);
    goesOn();
  }

  public interface BadThing {
    long number();

    long missing();
  }

  @WitName("t:t/things@1.0.0")
  public interface BadFace {
    BadThing newThing(long number);

    long take(BadThing it);
  }

  @WitName("t:t/things@1.0.0")
  public interface NoFace {
    String newThing(long number);
  }

  @WitName("t:t/things@1.0.0")
  public interface OnlyTake {
    long take(BadThing it);
  }

  @Test
  void anInterfaceThatDoesNotFitTheResourceIsFoundEachTime() {
    for (Class<?> type : List.of(BadFace.class, OnlyTake.class, BadFace.class)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> instance.as(type))
          .withMessageContaining("BadThing.missing")
          .withMessageContaining("the resource thing has no such method");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> instance.as(NoFace.class))
        .withMessageStartingWith(NoFace.class.getName() + ".newThing, the result")
        .withMessageContaining("is not an interface to implement");
    goesOn();
  }
}
