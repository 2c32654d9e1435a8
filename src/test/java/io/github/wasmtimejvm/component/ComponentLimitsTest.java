package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.wasmtimejvm.CompileException;
import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.EngineBuilder;
import io.github.wasmtimejvm.EngineException;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.StoppedException;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.StoreLimits;
import io.github.wasmtimejvm.TrapCode;
import io.github.wasmtimejvm.TrapException;
import io.github.wasmtimejvm.UntrustedGuests;
import io.github.wasmtimejvm.WasmtimeException;
import io.github.wasmtimejvm.testing.Guests;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What limits modules limits components: fuel, time, interruption, the limits of a store. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ComponentLimitsTest {
  private static final int SIZE = 1 << 20;

  /** Three core instances, two with a memory of a page, one with a table. */
  private static final String GREEDY =
      """
      (component
        (import "running" (func $running))
        (core func $running (canon lower (func $running)))
        (core module $plain (memory (export "m") 1) (table 10 funcref))
        (core module $empty)
        (core module $main
          (import "" "running" (func $running))
          (memory 1)
          (func (export "nothing"))
          (func (export "spin") (call $running) (loop br 0))
          (func $recurse (export "recurse") (call $recurse))
          (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
        (core instance (instantiate $plain))
        (core instance (instantiate $empty))
        (core instance $main (instantiate $main
          (with "" (instance (export "running" (func $running))))))
        (func (export "nothing") (canon lift (core func $main "nothing")))
        (func (export "spin") (canon lift (core func $main "spin")))
        (func (export "recurse") (canon lift (core func $main "recurse")))
        (func (export "grow") (param "pages" u32) (result s32) (canon lift (core func $main "grow"))))
      """;

  private static final String SPINS_AT_THE_START =
      """
      (component
        (core module $main (func $start (loop br 0)) (start $start))
        (core instance (instantiate $main)))
      """;

  /** A component in a store of its own, and what it calls when it runs. */
  private static final class World implements AutoCloseable {
    final Engine engine;
    final Component component;
    final Store store;
    final ComponentLinker linker;
    Runnable running = () -> {};

    World(EngineBuilder settings) {
      this(settings, GREEDY);
    }

    World(EngineBuilder settings, String text) {
      engine = settings.build();
      component = Component.fromWat(engine, text);
      store = Store.create(engine);
      linker = ComponentLinker.create(engine);
      linker.define(
          "",
          "running",
          args -> {
            running.run();
            return null;
          });
    }

    ComponentInstance instantiate() {
      return linker.instantiate(store, component);
    }

    /** The store's components are spent, by this; its modules are not, nor are other stores. */
    void assertSpentBy(ComponentInstance instance, Throwable cause) {
      assertThatIllegalStateException()
          .isThrownBy(() -> instance.func("nothing").call())
          .satisfies(e -> assertThat(e).cause().isSameAs(cause));
      try (Store other = Store.create(engine)) {
        refuel(other);
        linker.instantiate(other, component).func("nothing").call();
      }
      refuel(store);
      Instance module =
          Guests.instantiate(store, "(module (func (export \"f\") (result i32) (i32.const 1)))");
      assertThat(module.func("f").call()).isEqualTo(1);
    }

    private static void refuel(Store store) {
      try {
        store.setFuel(1_000_000);
      } catch (WasmtimeException | IllegalStateException e) {
        // It needs none.
      }
    }

    @Override
    public void close() {
      store.close();
      component.close();
      engine.close();
    }
  }

  private static <T extends Throwable> T thrownBy(Class<T> type, ComponentFunc function) {
    return catchThrowableOfType(type, function::call);
  }

  @Test
  void fuelEndsIt() {
    try (World world = new World(Engine.builder().consumeFuel(true))) {
      world.store.setFuel(10_000);
      ComponentInstance instance = world.instantiate();
      TrapException trap = thrownBy(TrapException.class, instance.func("spin"));

      assertThat(trap.code()).isEqualTo(TrapCode.OUT_OF_FUEL);
      assertThat(world.store.fuel()).isZero();
      world.assertSpentBy(instance, trap);
    }
  }

  @Test
  void timeEndsIt() {
    try (World world = new World(Engine.builder().interruptible(true))) {
      ComponentInstance instance = world.instantiate();
      world.store.setTimeout(Duration.ofMillis(20));
      StoppedException stopped = thrownBy(StoppedException.class, instance.func("spin"));

      assertThat(stopped.reason()).isEqualTo(StoppedException.Reason.TIMEOUT);
      world.store.setTimeout(Duration.ofHours(1));
      world.assertSpentBy(instance, stopped);
    }
  }

  @Test
  void timeForSeveralCallsEndsIt() {
    try (World world = new World(Engine.builder().interruptible(true))) {
      ComponentInstance instance = world.instantiate();
      StoppedException stopped =
          catchThrowableOfType(
              StoppedException.class,
              () ->
                  world.store.within(
                      Duration.ofMillis(20),
                      () -> {
                        while (true) {
                          instance.func("nothing").call();
                        }
                      }));

      assertThat(stopped.reason()).isEqualTo(StoppedException.Reason.TIMEOUT);
    }
  }

  @Test
  void timeEndsAnInstantiation() {
    try (World world = new World(Engine.builder().interruptible(true), SPINS_AT_THE_START)) {
      world.store.setTimeout(Duration.ofMillis(20));

      assertThatExceptionOfType(StoppedException.class).isThrownBy(world::instantiate);
      assertThatIllegalStateException().isThrownBy(world::instantiate);
    }
  }

  @Test
  void fuelEndsAnInstantiation() {
    try (World world = new World(Engine.builder().consumeFuel(true), SPINS_AT_THE_START)) {
      world.store.setFuel(10_000);

      assertThatExceptionOfType(TrapException.class)
          .isThrownBy(world::instantiate)
          .satisfies(e -> assertThat(e.code()).isEqualTo(TrapCode.OUT_OF_FUEL));
    }
  }

  @Test
  void interruptingItsThreadEndsIt() throws Exception {
    try (World world = new World(Engine.builder().interruptible(true))) {
      CountDownLatch running = new CountDownLatch(1);
      world.running = running::countDown;
      FutureTask<StoppedException> run =
          new FutureTask<>(
              () -> {
                try (Store store = Store.create(world.engine)) {
                  ComponentInstance instance = world.linker.instantiate(store, world.component);
                  StoppedException thrown = thrownBy(StoppedException.class, instance.func("spin"));
                  assertThat(Thread.interrupted()).as("the status is kept").isTrue();
                  assertThatIllegalStateException()
                      .isThrownBy(() -> instance.func("nothing").call())
                      .satisfies(e -> assertThat(e).cause().isSameAs(thrown));
                  return thrown;
                }
              });
      Thread thread = Thread.ofPlatform().start(run);
      running.await();
      thread.interrupt();

      assertThat(run.get().reason()).isEqualTo(StoppedException.Reason.INTERRUPT);
    }
  }

  @Test
  void aCallOnAnInterruptedThreadIsRefusedAndSpendsNothing() {
    try (World world = new World(Engine.builder().interruptible(true))) {
      ComponentInstance instance = world.instantiate();
      ComponentFunc nothing = instance.func("nothing");
      Thread.currentThread().interrupt();
      StoppedException stopped = thrownBy(StoppedException.class, nothing);

      assertThat(Thread.interrupted()).isTrue();
      assertThat(stopped.reason()).isEqualTo(StoppedException.Reason.INTERRUPT);
      nothing.call();
    }
  }

  @Test
  void itsStackIsLimited() {
    try (World world = new World(Engine.builder())) {
      ComponentInstance instance = world.instantiate();
      TrapException trap = thrownBy(TrapException.class, instance.func("recurse"));

      assertThat(trap.code()).isEqualTo(TrapCode.STACK_OVERFLOW);
      world.assertSpentBy(instance, trap);
    }
  }

  @Test
  void itsMemoriesAreLimited() {
    try (World world = new World(Engine.builder())) {
      world.store.limit(StoreLimits.NONE.withMemoryBytes(SIZE));
      ComponentInstance instance = world.instantiate();

      assertThat(instance.func("grow").call(15L)).isEqualTo(1);
      assertThat(instance.func("grow").call(1L)).isEqualTo(-1);
      instance.func("nothing").call();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "instances, 3, 2",
    "memories, 2, 1",
    "tables, 1, 0",
    "memoryBytes, 65536, 65535",
    "tableElements, 10, 9",
  })
  void whatItNeedsAtTheStartIsCountedByCoreInstances(String limit, long enough, long tooFew) {
    try (World world = new World(Engine.builder())) {
      world.store.limit(limit(limit, enough));
      world.instantiate().func("nothing").call();
    }
    try (World world = new World(Engine.builder())) {
      world.store.limit(limit(limit, tooFew));
      assertThatExceptionOfType(EngineException.class).isThrownBy(world::instantiate);
    }
  }

  private static StoreLimits limit(String name, long value) {
    StoreLimits none = StoreLimits.NONE;
    return switch (name) {
      case "instances" -> none.withInstances(value);
      case "memories" -> none.withMemories(value);
      case "tables" -> none.withTables(value);
      case "memoryBytes" -> none.withMemoryBytes(value);
      case "tableElements" -> none.withTableElements(value);
      default -> throw new AssertionError(name);
    };
  }

  private static UntrustedGuests.Builder patient() {
    return UntrustedGuests.builder().components(true).timePerCall(Duration.ofHours(1)).instances(3);
  }

  @Test
  void untrustedComponentsGetTheirShareOfTheMemory() {
    UntrustedGuests limits = patient().memories(2).memory(SIZE).build();
    try (World world = new World(limits.engineBuilder())) {
      limits.applyTo(world.store);
      ComponentInstance instance = world.instantiate();

      assertThat(limits.storeLimits().memories()).isEqualTo(2);
      assertThat(instance.func("grow").call(6L)).isEqualTo(1); // 7 of the 15 pages
      assertThat(instance.func("grow").call(1L)).isEqualTo(-1);
    }
  }

  @Test
  void untrustedComponentsHaveNoMoreInstancesAndMemoriesThanAllowed() {
    for (UntrustedGuests limits :
        List.of(patient().memories(1).build(), patient().instances(2).build())) {
      try (World world = new World(limits.engineBuilder())) {
        limits.applyTo(world.store);
        assertThatExceptionOfType(EngineException.class).isThrownBy(world::instantiate);
      }
    }
  }

  @Test
  void untrustedComponentsEndWhenTheirTimeIsUp() {
    UntrustedGuests limits = patient().timePerCall(Duration.ofMillis(20)).build();
    try (World world = new World(limits.engineBuilder(), SPINS_AT_THE_START)) {
      limits.applyTo(world.store);
      assertThatExceptionOfType(StoppedException.class).isThrownBy(world::instantiate);
    }
  }

  @Test
  void untrustedGuestsAreNoComponentsUnlessAllowed() {
    try (Engine engine = UntrustedGuests.builder().build().engineBuilder().build()) {
      assertThatExceptionOfType(CompileException.class)
          .isThrownBy(() -> Component.fromWat(engine, GREEDY));
    }
  }

  /** The engine bounds what a component makes of resources, in its own store. */
  @Test
  void aComponentCannotMakeAnyNumberOfResources() {
    String hoards =
        """
        (component
          (type $r (resource (rep i32)))
          (core func $new (canon resource.new $r))
          (core module $main
            (import "" "new" (func $new (param i32) (result i32)))
            (func (export "hoard") (loop (drop (call $new (i32.const 1))) br 0)))
          (core instance $main (instantiate $main
            (with "" (instance (export "new" (func $new))))))
          (func (export "hoard") (canon lift (core func $main "hoard"))))
        """;
    try (World world = new World(Engine.builder(), hoards)) {
      ComponentFunc hoard = world.instantiate().func("hoard");

      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(hoard::call)
          .withMessageContaining("handle limit exceeded");
    }
  }
}
