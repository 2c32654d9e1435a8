package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.EngineBuilder;
import io.github.wasmtimejvm.EngineException;
import io.github.wasmtimejvm.PoolingAllocation;
import io.github.wasmtimejvm.StoppedException;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.StoreLimits;
import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.Guests;
import io.github.wasmtimejvm.wasi.WasiConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Components that wait in WASI, and the ends of their waiting. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WaitingComponentTest {
  private static final long DAY = Duration.ofDays(1).toNanos();

  public interface Guest {
    void sleep(long nanos);

    int[] first(long[] nanos);

    byte[] read(long len);

    long copy();

    long splice();

    void writeTooMuch();

    void writeTooManyZeroes();
  }

  /** What a guest waits for, and would for ever. */
  enum Waiting {
    SLEEP(guest -> guest.sleep(DAY)),
    POLL(guest -> guest.first(new long[] {DAY, DAY}));

    final Consumer<Guest> call;

    Waiting(Consumer<Guest> call) {
      this.call = call;
    }
  }

  private static final class World implements AutoCloseable {
    final Engine engine;
    final Component component;
    final PreparedComponent prepared;

    World(EngineBuilder settings) {
      engine = settings.build();
      component = Component.fromWat(engine, Guests.read(WaitingComponentTest.class, "waiting.wat"));
      ComponentLinker linker = ComponentLinker.create(engine);
      linker.defineWasi();
      prepared = linker.prepare(component);
    }

    Store store(WasiConfig.Builder config) {
      Store store = Store.create(engine);
      config.build().applyTo(store);
      return store;
    }

    Guest guest(Store store) {
      return prepared.instantiate(store).as(Guest.class);
    }

    @Override
    public void close() {
      component.close();
      engine.close();
    }
  }

  private static EngineBuilder interruptible() {
    return Engine.builder().interruptible(true);
  }

  private static void assertStopped(StoppedException.Reason reason, ThrowingCallable call) {
    assertThatExceptionOfType(StoppedException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @ParameterizedTest
  @EnumSource
  void aTimeoutEndsIt(Waiting waiting) {
    try (World world = new World(interruptible());
        Store store = world.store(WasiConfig.builder())) {
      Guest guest = world.guest(store);
      guest.sleep(1); // what waits is there
      store.setTimeout(Duration.ofMillis(50));
      assertStopped(StoppedException.Reason.TIMEOUT, () -> waiting.call.accept(guest));
      assertThatIllegalStateException()
          .isThrownBy(() -> guest.sleep(1))
          .withMessageContaining("cannot be used any more");
    }
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptionEndsIt(Waiting waiting) throws InterruptedException {
    try (World world = new World(interruptible());
        Store store = world.store(WasiConfig.builder())) {
      Guest guest = world.guest(store);
      Thread waiter = Thread.currentThread();
      CountDownLatch begun = new CountDownLatch(1);
      Thread other =
          new Thread(
              () -> {
                try {
                  begun.await();
                  Thread.sleep(50);
                  waiter.interrupt();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      other.start();
      guest.sleep(1);
      begun.countDown();
      assertStopped(StoppedException.Reason.INTERRUPT, () -> waiting.call.accept(guest));
      assertThat(Thread.interrupted()).as("the status is kept").isTrue();
      other.join();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void itWaitsForWhatComesFirst(boolean interruptible) {
    try (World world = new World(Engine.builder().interruptible(interruptible));
        Store store = world.store(WasiConfig.builder())) {
      Guest guest = world.guest(store);
      guest.sleep(0);
      long before = System.nanoTime();
      guest.sleep(70_000_000); // more than it waits at a time
      assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(70_000_000);
      assertThat(guest.first(new long[] {DAY, 1, DAY})).containsExactly(1);
      assertThat(guest.first(new long[] {DAY, DAY, DAY, 50_000_000})).containsExactly(3);
      guest.sleep(10_000_000);
      assertThat(guest.first(new long[] {0, DAY, 0})).containsExactlyInAnyOrder(0, 2);
      long[] many = new long[500];
      Arrays.fill(many, DAY);
      many[123] = 1;
      for (int i = 0; i < 20; i++) {
        assertThat(guest.first(many)).containsExactly(123);
      }
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> guest.first(new long[0]))
          .withMessageContaining("empty poll list");
    }
  }

  @Test
  void toWaitTakesNoFuel() {
    try (World world = new World(interruptible().consumeFuel(true));
        Store store = world.store(WasiConfig.builder())) {
      store.setFuel(100_000);
      Guest guest = world.guest(store);
      guest.sleep(1);
      long before = store.fuel();
      guest.sleep(1);
      long took = before - store.fuel();
      before = store.fuel();
      guest.sleep(100_000_000);
      assertThat(before - store.fuel()).isEqualTo(took).isPositive();
    }
  }

  @Test
  void whatWaitsCountsForNoLimit() {
    StoreLimits exact = StoreLimits.NONE.withInstances(2).withMemories(1).withTables(0);
    try (World world = new World(interruptible());
        Store store = world.store(WasiConfig.builder())) {
      store.limit(exact);
      world.guest(store).sleep(1);
      store.limit(exact);
      assertThatExceptionOfType(EngineException.class).isThrownBy(() -> world.guest(store));
    }
  }

  @Test
  void aPoolHasRoomForWhatWaitsButForItsMemory() {
    PoolingAllocation pool =
        PoolingAllocation.builder()
            .totalComponentInstances(1)
            .totalCoreInstances(2)
            .maxCoreInstancesPerComponent(2)
            .totalMemories(2)
            .maxMemoriesPerComponent(1)
            .totalTables(1)
            .build();
    try (World world = new World(interruptible().pooling(pool));
        Store store = world.store(WasiConfig.builder())) {
      world.guest(store).sleep(1);
    }
  }

  @Test
  void anEngineThatIsClosedHasWhatWaits() {
    World world = new World(interruptible());
    try (Store store = world.store(WasiConfig.builder())) {
      Guest guest = world.guest(store);
      world.close();
      guest.sleep(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "true, copy, true",
    "true, copy, false",
    "true, splice, true",
    "true, splice, false",
    "false, copy, true",
    "false, splice, true"
  })
  @Tag("child")
  void streamsThatWaitCarryTheSameBytes(boolean interruptible, String how, boolean network) {
    String text = "0123456789 größer 🎈\n".repeat(3000);
    ChildJvm.Result result =
        ChildJvm.with()
            .stdin(text)
            .run(Copying.class, String.valueOf(interruptible), how, String.valueOf(network));
    assertThat(result.exitCode()).as(result.toString()).isZero();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String expected = how.equals("copy") ? text + "\0".repeat(4096) : text.substring(3);
    assertThat(result.stdout()).isEqualTo(expected);
    assertThat(result.stderr()).endsWith(bytes.length + " bytes\n");
  }

  static final class Copying {
    public static void main(String[] args) {
      WasiConfig.Builder config = WasiConfig.builder().inheritStdin().inheritStdout();
      if (Boolean.parseBoolean(args[2])) {
        config.inheritNetwork();
      }
      try (World world = new World(Engine.builder().interruptible(Boolean.parseBoolean(args[0])));
          Store store = world.store(config)) {
        Guest guest = world.guest(store);
        long copied = args[1].equals("copy") ? guest.copy() : guest.splice();
        System.err.println(copied + " bytes");
      }
    }
  }

  @Test
  @Tag("child")
  void aTimeoutEndsTheReadingOfAnInputThatIsSilent() {
    ChildJvm.Result result = ChildJvm.with().openStdin().run(Silent.class);
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).isEqualTo("done\n");
  }

  static final class Silent {
    public static void main(String[] args) {
      try (World world = new World(interruptible())) {
        for (Consumer<Guest> waiting :
            List.<Consumer<Guest>>of(guest -> guest.read(10), Guest::copy, Guest::splice)) {
          try (Store store = world.store(WasiConfig.builder().inheritStdin())) {
            Guest guest = world.guest(store);
            store.setTimeout(Duration.ofMillis(50));
            assertStopped(StoppedException.Reason.TIMEOUT, () -> waiting.accept(guest));
          }
        }
      }
      System.out.println("done");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatTheEngineRefusesItRefuses(boolean interruptible) {
    try (World world = new World(Engine.builder().interruptible(interruptible))) {
      for (Consumer<Guest> refused :
          List.<Consumer<Guest>>of(Guest::writeTooMuch, Guest::writeTooManyZeroes)) {
        try (Store store = world.store(WasiConfig.builder().inheritNetwork())) {
          Guest guest = world.guest(store);
          assertThatExceptionOfType(EngineException.class)
              .isThrownBy(() -> refused.accept(guest))
              .withMessageContaining("4096");
        }
      }
    }
  }

  @Test
  void filesGoTheEnginesWay(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("in"), "x".repeat(100_000));
    try (World world = new World(interruptible());
        Store store = world.store(WasiConfig.builder().stdinFile(file))) {
      // More than is read at a time where an input may wait.
      assertThat(world.guest(store).read(60_000).length).isGreaterThan(16 * 1024);
    }
  }
}
