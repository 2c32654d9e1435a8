package io.github.wasmtimejvm.wasi;

import static io.github.wasmtimejvm.wasi.Guest.BADF;
import static io.github.wasmtimejvm.wasi.Guest.EVENTS;
import static io.github.wasmtimejvm.wasi.Guest.INVAL;
import static io.github.wasmtimejvm.wasi.Guest.NOMEM;
import static io.github.wasmtimejvm.wasi.Guest.RESULT;
import static io.github.wasmtimejvm.wasi.Guest.SUBSCRIPTIONS;
import static io.github.wasmtimejvm.wasi.Guest.SUCCESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.ExitException;
import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clocks, sleep, random numbers and functions of Java's, as guests see them. */
class VirtualHostTest {
  private static final int REALTIME = 0;
  private static final int MONOTONIC = 1;
  private static final long SECOND = 1_000_000_000;
  private static final int ABSOLUTE = 1;

  private static Engine engine;

  @BeforeAll
  static void create() {
    engine = Engine.create();
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @Test
  void aTimeThatCannotBeToldInNanosecondsIsRefused() {
    for (Instant start : List.of(Instant.MAX, Instant.MIN, Instant.parse("2262-04-12T00:00:00Z"))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> WasiClock.virtual(start))
          .withMessageContaining("between the years 1678 and 2262");
    }
    assertThat(WasiClock.virtual(Instant.parse("2262-04-11T00:00:00Z")).realtime()).isPositive();
  }

  private static Guest virtual() {
    return new Guest(
        engine, WasiConfig.builder().clock(WasiClock.virtual(Instant.ofEpochSecond(1000))).build());
  }

  private static long time(Guest guest, int clock) {
    assertThat(guest.call("clock_time_get", clock, 1L, RESULT)).isEqualTo(SUCCESS);
    return guest.longResult();
  }

  @Test
  void theTimeIsTheClocks() {
    try (Guest guest = virtual()) {
      assertThat(time(guest, REALTIME)).isBetween(1000 * SECOND, 1000 * SECOND + 100);
      assertThat(time(guest, MONOTONIC)).isBetween(0L, 100L);
      assertThat(guest.call("clock_res_get", REALTIME, RESULT)).isEqualTo(SUCCESS);
      assertThat(guest.longResult()).isEqualTo(1);
      assertThat(guest.call("clock_time_get", 2, 1L, RESULT)).isEqualTo(BADF);
      assertThat(guest.call("clock_res_get", 3, RESULT)).isEqualTo(BADF);
    }
  }

  @Test
  void sleepMovesAVirtualClockAndTakesNoTime() {
    try (Guest guest = virtual()) {
      guest.subscribe(0, MONOTONIC, 3600 * SECOND, 0);
      guest.subscribe(1, REALTIME, 60 * SECOND, 0);
      assertThat(guest.poll(2)).isEqualTo(List.of(1L));
      assertThat(time(guest, MONOTONIC)).isBetween(60 * SECOND, 60 * SECOND + 100);
      guest.subscribe(0, REALTIME, 2000 * SECOND, ABSOLUTE);
      assertThat(guest.poll(1)).isEqualTo(List.of(0L));
      assertThat(time(guest, REALTIME)).isBetween(2000 * SECOND, 2000 * SECOND + 100);
      guest.subscribe(0, MONOTONIC, 5, ABSOLUTE); // long ago
      guest.subscribe(1, MONOTONIC, -1, 0); // unsigned: never
      assertThat(guest.poll(2)).isEqualTo(List.of(0L));
    }
  }

  @Test
  void whoSleepsLongerThanThereIsTimeWakesAtItsEnd() {
    try (Guest guest = virtual()) {
      for (int i = 0; i < 2; i++) {
        guest.subscribe(0, MONOTONIC, Long.MAX_VALUE, 0);
        assertThat(guest.poll(1)).isEqualTo(List.of(0L));
        assertThat(time(guest, MONOTONIC)).isEqualTo(Long.MAX_VALUE);
        assertThat(time(guest, REALTIME)).isEqualTo(Long.MAX_VALUE);
      }
    }
  }

  @Test
  void wrongSubscriptionsAreRefusedAsByTheEngine() {
    try (Guest guest = virtual()) {
      assertThat(guest.poll(0)).isEqualTo("errno " + INVAL);
      guest.subscribe(0, 2, SECOND, 0);
      assertThat(guest.poll(1)).isEqualTo("errno " + INVAL);
      guest.subscribeToStream(0, 1, 99);
      assertThat(guest.poll(1)).isEqualTo("errno " + BADF);
      assertThat(guest.poll(5000)).isEqualTo("errno " + NOMEM); // more than we look at
      assertThatThrownBy(() -> guest.call("poll_oneoff", SUBSCRIPTIONS + 1, EVENTS, 1, RESULT))
          .isInstanceOf(RuntimeException.class);
      assertThatThrownBy(() -> guest.call("poll_oneoff", -48, EVENTS, 1, RESULT))
          .isInstanceOf(RuntimeException.class);
    }
  }

  @Test
  void streamsOfJavasAndOfTheEnginesCanBeWaitedForTogether() {
    WasiConfig config =
        WasiConfig.builder()
            .stdin(new ByteArrayInputStream(new byte[] {'x'}))
            .stdout(new OutputCapture(10))
            .build();
    try (Guest guest = new Guest(engine, config)) {
      guest.subscribe(0, MONOTONIC, 3600 * SECOND, 0);
      guest.subscribeToStream(1, 1, 0);
      assertThat(guest.poll(2)).isEqualTo(List.of(1L));
      guest.subscribeToStream(2, 2, 1);
      guest.subscribeToStream(3, 2, 2); // the engine's
      assertThat(guest.poll(4)).isEqualTo(List.of(3L, 1L, 2L));
      assertThat(guest.read(0, 10)).isEqualTo("x");
      assertThat(guest.poll(2)).isEqualTo(List.of(1L)); // the end can be read
      assertThat(guest.read(0, 10)).isEmpty();
    }
  }

  @Test
  void randomNumbersComeFromTheSource() {
    WasiConfig config = WasiConfig.builder().random(new Random(42)).build();
    byte[] expected = new byte[20];
    new Random(42).nextBytes(expected);
    try (Guest guest = new Guest(engine, config)) {
      assertThat(guest.call("random_get", 100, 20)).isEqualTo(SUCCESS);
      assertThat(guest.memory.asSlice(100, 20).toArray(JAVA_BYTE)).isEqualTo(expected);
      assertThat(guest.call("random_get", 100, 0)).isEqualTo(SUCCESS);
      assertThatThrownBy(() -> guest.call("random_get", 100, -1))
          .isInstanceOf(RuntimeException.class);
    }
  }

  @Test
  void aFunctionInFrontAnswersOrPassesOn() {
    List<String> calls = new ArrayList<>();
    WasiConfig config =
        WasiConfig.builder()
            .clock(WasiClock.virtual(Instant.EPOCH))
            .args("one", "two")
            .inFront(
                "clock_time_get",
                call -> {
                  calls.add("inner " + call.intArg(0));
                  return call.proceed();
                })
            .inFront(
                "clock_time_get",
                call -> {
                  calls.add(call.name() + " " + call.longArg(1));
                  int errno = call.proceed(MONOTONIC, 0L, call.intArg(2));
                  call.memory()
                      .writeLong(call.intArg(2), call.memory().readLong(call.intArg(2)) + SECOND);
                  return errno;
                })
            .inFront("args_sizes_get", call -> call.intArg(0) == 0 ? 77 : call.proceed())
            .build();
    try (Guest guest = new Guest(engine, config)) {
      assertThat(time(guest, REALTIME)).isBetween(SECOND, SECOND + 100);
      assertThat(calls).containsExactly("clock_time_get 1", "inner 1");
      assertThat(guest.call("args_sizes_get", 0, RESULT)).isEqualTo(77);
      assertThat(guest.call("args_sizes_get", RESULT, RESULT + 4)).isEqualTo(SUCCESS);
      assertThat(guest.result()).isEqualTo(2);
    }
  }

  @Test
  void whatAFunctionInFrontThrowsReachesTheCaller() {
    Exception thrown = new Exception("checked");
    WasiConfig config =
        WasiConfig.builder()
            .inFront(
                "fd_close",
                call -> {
                  throw thrown;
                })
            .inFront(
                "fd_seek",
                call -> {
                  throw new ExitException(300);
                })
            .build();
    try (Guest guest = new Guest(engine, config)) {
      assertThatThrownBy(() -> guest.close(1)).isSameAs(thrown);
      assertThat(ExitStatus.of(() -> guest.call("fd_seek", 0, 0L, 0, RESULT)).code())
          .isEqualTo(300);
      assertThat(guest.call("args_sizes_get", RESULT, RESULT)).isEqualTo(SUCCESS);
    }
  }

  @Test
  void nothingCanBeInFrontOfWhatIsNotThere() {
    WasiConfig config = WasiConfig.builder().inFront("fd_fly", call -> 0).build();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Guest(engine, config))
        .withMessageContaining("fd_fly");
  }

  @Test
  void argumentsHaveTheirTypes() {
    WasiConfig config =
        WasiConfig.builder()
            .inFront(
                "fd_seek",
                call -> {
                  assertThat(call.intArg(0)).isZero();
                  assertThat(call.longArg(1)).isEqualTo(-5);
                  assertThatThrownBy(() -> call.longArg(0)).isInstanceOf(ClassCastException.class);
                  assertThatThrownBy(() -> call.intArg(4))
                      .isInstanceOf(IndexOutOfBoundsException.class);
                  assertThat(call.store()).isSameAs(call.caller().store());
                  assertThatThrownBy(() -> call.caller().memory("nothing"))
                      .isInstanceOf(NoSuchElementException.class);
                  assertThat(call.memory().byteSize()).isEqualTo(4 * 65536);
                  return 1;
                })
            .build();
    try (Guest guest = new Guest(engine, config)) {
      assertThat(guest.call("fd_seek", 0, -5L, 0, RESULT)).isEqualTo(1);
    }
  }

  @Test
  void theResolutionIsTheClocks() {
    WasiClock virtual = WasiClock.virtual(Instant.EPOCH);
    WasiClock coarse =
        new WasiClock() {
          @Override
          public long realtime() {
            return virtual.realtime();
          }

          @Override
          public long monotonic() {
            return virtual.monotonic();
          }

          @Override
          public void sleep(long nanos) throws InterruptedException {
            virtual.sleep(nanos);
          }

          @Override
          public long resolution() {
            return 5000;
          }
        };
    try (Guest guest = new Guest(engine, WasiConfig.builder().clock(coarse).build())) {
      for (int clock : new int[] {REALTIME, MONOTONIC}) {
        assertThat(guest.call("clock_res_get", clock, RESULT)).isEqualTo(SUCCESS);
        assertThat(guest.longResult()).isEqualTo(5000);
      }
    }
  }

  /** More than are made at once. */
  @Test
  void manyRandomNumbersComeFromTheSourceInOrder() {
    byte[] expected = new byte[150_001];
    new Random(42).nextBytes(expected);
    WasiConfig config = WasiConfig.builder().random(new Random(42)).build();
    try (Guest guest = new Guest(engine, config)) {
      assertThat(guest.call("random_get", 100, expected.length)).isEqualTo(SUCCESS);
      assertThat(guest.memory.asSlice(100, expected.length).toArray(JAVA_BYTE)).isEqualTo(expected);
      assertThat(guest.memory.asSlice(100 + expected.length, 64).toArray(JAVA_BYTE))
          .as("what is behind them")
          .containsOnly(0);
    }
  }
}
