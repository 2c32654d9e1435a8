package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.LinkException;
import io.github.wasmtimejvm.Store;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a world imports and exports outside of interfaces is a Java interface, too. */
class HostWorldTest {
  private static final String WAT =
      """
      (component
        (import "counter" (type $counter (sub resource)))
        (import "[constructor]counter" (func $new (param "start" u32) (result (own $counter))))
        (import "[method]counter.next" (func $next (param "self" (borrow $counter)) (result u32)))
        (import "log-number" (func $log (param "number" u32)))
        (core func $new (canon lower (func $new)))
        (core func $next (canon lower (func $next)))
        (core func $log (canon lower (func $log)))
        (core func $drop (canon resource.drop $counter))
        (core module $code
          (import "host" "new" (func $new (param i32) (result i32)))
          (import "host" "next" (func $next (param i32) (result i32)))
          (import "host" "drop" (func $drop (param i32)))
          (import "host" "log" (func $log (param i32)))
          (func (export "run") (param $start i32)
            (local $counter i32)
            (local.set $counter (call $new (local.get $start)))
            (call $log (call $next (local.get $counter)))
            (call $log (call $next (local.get $counter)))
            (call $drop (local.get $counter)))
          (func (export "get") (result i32) (i32.const 42)))
        (core instance $code (instantiate $code (with "host" (instance
          (export "new" (func $new))
          (export "next" (func $next))
          (export "drop" (func $drop))
          (export "log" (func $log))))))
        (func (export "run") (param "start" u32) (canon lift (core func $code "run")))
        (func $get (result u32) (canon lift (core func $code "get")))
        (instance $guest (export "get" (func $get)))
        (export "t:t/guest" (instance $guest)))
      """;

  /** What the world imports. */
  @WitName("")
  public interface Imports {
    Counter newCounter(long start);

    void logNumber(long number);
  }

  /** The resource. */
  @WitName("counter")
  public static final class Counter implements AutoCloseable {
    private final List<Object> log;
    private long next;

    Counter(List<Object> log, long next) {
      this.log = log;
      this.next = next;
    }

    public long next() {
      return next++;
    }

    @Override
    public void close() {
      log.add("closed");
    }
  }

  /** Its name is that of an exported interface, which it does not stand for. */
  @WitName("")
  public interface Guest {
    void run(long start);

    Exported guest();
  }

  /** The exported interface. */
  public interface Exported {
    long get();
  }

  private static Engine engine;
  private static Component component;

  @BeforeAll
  static void compile() {
    engine = Engine.create();
    component = Component.fromWat(engine, WAT);
  }

  @AfterAll
  static void close() {
    component.close();
    engine.close();
  }

  private static Imports imports(List<Object> log) {
    return new Imports() {
      @Override
      public Counter newCounter(long start) {
        return new Counter(log, start);
      }

      @Override
      public void logNumber(long number) {
        log.add(number);
      }
    };
  }

  @Test
  void anInterfaceWithTheEmptyNameServesTheWorld() {
    List<Object> log = new ArrayList<>();
    ComponentLinker linker = ComponentLinker.create(engine);
    linker.define(Imports.class, imports(log));
    try (Store store = Store.create(engine)) {
      Guest guest = linker.instantiate(store, component).as(Guest.class);

      guest.run(7);

      assertThat(log).containsExactly(7L, 8L, "closed");
      assertThat(guest.guest().get()).isEqualTo(42);
    }
  }

  @Test
  void aFunctionWithoutTypesIsTakenBeforeItsMethod() {
    List<Object> log = new ArrayList<>();
    ComponentLinker linker = ComponentLinker.create(engine);
    linker.define(Imports.class, imports(log));
    linker.define(
        "",
        "log-number",
        args -> {
          log.add("number " + args[0]);
          return null;
        });
    try (Store store = Store.create(engine)) {
      linker.instantiate(store, component).as(Guest.class).run(1);
    }
    assertThat(log).containsExactly("number 1", "number 2", "closed");
  }

  @Test
  void itIsDefinedOnce() {
    ComponentLinker linker = ComponentLinker.create(engine);
    linker.define(Imports.class, imports(new ArrayList<>()));
    assertThatExceptionOfType(LinkException.class)
        .isThrownBy(() -> linker.define(Imports.class, imports(new ArrayList<>())))
        .withMessage("an interface for what belongs to none is defined already");
    linker.allowShadowing(true);
    linker.define(Imports.class, imports(new ArrayList<>()));
  }

  /** Has another type than the world. */
  @WitName("")
  public interface Misfit {
    void logNumber(int number);
  }

  @Test
  void whatIsMissingOrDoesNotFitIsSaid() {
    ComponentLinker linker = ComponentLinker.create(engine);
    linker.define(Misfit.class, number -> {});
    assertThatExceptionOfType(LinkException.class)
        .isThrownBy(() -> linker.prepare(component))
        .withMessageContaining("[constructor]counter: nothing defines it; it is func(start: u32)")
        .withMessageContaining("[method]counter.next: nothing defines it")
        .withMessageContaining("log-number: ")
        .withMessageContaining(
            "Misfit.logNumber, parameter number: u32 is a long in Java, not int");
  }

  /** Makes another class than it takes. */
  @WitName("")
  public interface Ambiguous {
    Counter newCounter(long start);

    @WitName("[method]counter.next")
    long next(Other counter);
  }

  /** Another class that says it is the resource. */
  @WitName("counter")
  public static final class Other {}

  @Test
  void aResourceThatIsOfSeveralClassesIsSaid() {
    ComponentLinker linker = ComponentLinker.create(engine);
    linker.define(
        Ambiguous.class,
        new Ambiguous() {
          @Override
          public Counter newCounter(long start) {
            throw new AssertionError();
          }

          @Override
          public long next(Other counter) {
            throw new AssertionError();
          }
        });
    assertThatExceptionOfType(LinkException.class)
        .isThrownBy(() -> linker.prepare(component))
        .withMessageContaining("counter: the resource counter is each of ");
  }

  @Test
  void aPreparedComponentKeepsWhatWasDefined() {
    List<Object> first = new ArrayList<>();
    List<Object> second = new ArrayList<>();
    ComponentLinker linker = ComponentLinker.create(engine);
    linker.allowShadowing(true);
    linker.define(Imports.class, imports(first));
    PreparedComponent prepared = linker.prepare(component);
    linker.define(Imports.class, imports(second));
    try (Store store = Store.create(engine)) {
      prepared.instantiate(store).as(Guest.class).run(1);
    }
    try (Store store = Store.create(engine)) {
      linker.instantiate(store, component).as(Guest.class).run(5);
    }
    assertThat(first).containsExactly(1L, 2L, "closed");
    assertThat(second).containsExactly(5L, 6L, "closed");
  }
}
