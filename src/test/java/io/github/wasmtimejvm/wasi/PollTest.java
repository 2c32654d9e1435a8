package io.github.wasmtimejvm.wasi;

import static io.github.wasmtimejvm.wasi.Guest.EVENTS;
import static io.github.wasmtimejvm.wasi.Guest.NOMEM;
import static io.github.wasmtimejvm.wasi.Guest.RESULT;
import static io.github.wasmtimejvm.wasi.Guest.SUBSCRIPTIONS;
import static io.github.wasmtimejvm.wasi.Guest.SUCCESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.EngineException;
import io.github.wasmtimejvm.StoppedException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What guests wait for at once, and how long they sleep for it. */
class PollTest {
  private static final int MONOTONIC = 1;
  private static final int ABSOLUTE = 1;
  private static final int READ = 1; // types of subscriptions
  private static final int WRITE = 2;
  private static final long MILLISECOND = 1_000_000;

  private static Engine engine;
  private static Engine interruptible;

  private final Sleeps clock = new Sleeps();
  private final CountDownLatch never = new CountDownLatch(1);

  @BeforeAll
  static void create() {
    engine = Engine.create();
    interruptible = Engine.builder().interruptible(true).build();
  }

  @AfterAll
  static void close() {
    interruptible.close();
    engine.close();
  }

  /** Stands still but for sleep, which takes no time. */
  private static class Sleeps implements WasiClock {
    final List<Long> sleeps = new ArrayList<>();
    long now = 1000;

    @Override
    public long realtime() {
      return now;
    }

    @Override
    public long monotonic() {
      return now;
    }

    @Override
    public void sleep(long nanos) throws InterruptedException {
      sleeps.add(nanos);
      now += nanos;
    }
  }

  private Guest guest(InputStream stdin) {
    return new Guest(engine, WasiConfig.builder().clock(clock).stdin(stdin).build());
  }

  private InputStream silent() {
    return new InputStream() {
      @Override
      public int read() {
        try {
          never.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        return -1;
      }
    };
  }

  @Test
  void theNearestTimeIsSleptForAtOnce() {
    try (Guest guest = guest(InputStream.nullInputStream())) {
      guest.subscribe(0, MONOTONIC, 40 * MILLISECOND, 0);
      guest.subscribe(1, MONOTONIC, 25 * MILLISECOND, 0);
      guest.subscribe(2, MONOTONIC, 1000 + 25 * MILLISECOND, ABSOLUTE);
      assertThat(guest.poll(3)).isEqualTo(List.of(1L, 2L));
    }
    assertThat(clock.sleeps).containsExactly(25 * MILLISECOND);
  }

  @Test
  void besideInputItIsSleptForInSteps() {
    try (Guest guest = guest(silent())) {
      guest.subscribeToStream(0, READ, 0);
      guest.subscribe(1, MONOTONIC, 25 * MILLISECOND, 0);
      assertThat(guest.poll(2)).isEqualTo(List.of(1L));
    } finally {
      never.countDown();
    }
    assertThat(clock.sleeps).containsExactly(10 * MILLISECOND, 10 * MILLISECOND, 5 * MILLISECOND);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1000})
  void aTimeThatIsUpIsNotSleptFor(long time) {
    try (Guest guest = guest(silent())) {
      guest.subscribeToStream(0, READ, 0);
      guest.subscribe(1, MONOTONIC, time, time == 0 ? 0 : ABSOLUTE);
      assertThat(guest.poll(2)).isEqualTo(List.of(1L));
    } finally {
      never.countDown();
    }
    assertThat(clock.sleeps).isEmpty();
  }

  /** Such a clock does not know when. */
  @Test
  void inputAloneIsWaitedForWithoutTheClock() {
    Thread waiting = Thread.currentThread();
    InputStream late =
        new InputStream() {
          @Override
          public int read() {
            while (!(LockSupport.getBlocker(waiting) instanceof InterruptibleWait)) {
              Thread.onSpinWait();
            }
            return 'x';
          }

          @Override
          public int read(byte[] bytes, int offset, int length) {
            bytes[offset] = (byte) read();
            return 1;
          }
        };
    try (Guest guest = guest(late)) {
      guest.subscribeToStream(0, READ, 0);
      assertThat(guest.poll(1)).isEqualTo(List.of(0L));
      assertThat(guest.read(0, 10)).isEqualTo("x");
    }
    assertThat(clock.sleeps).isEmpty();
  }

  @Test
  void anEventSaysWhatItIsOf() {
    WasiConfig config =
        WasiConfig.builder()
            .clock(clock)
            .stdin(new ByteArrayInputStream(new byte[10]))
            .stdout(new OutputCapture(10))
            .build();
    try (Guest guest = new Guest(engine, config)) {
      guest.memory.asSlice(EVENTS, 96).fill((byte) 0xff);
      guest.subscribe(0, MONOTONIC, 0, 0);
      guest.subscribeToStream(1, WRITE, 1);
      assertThat(guest.poll(2)).isEqualTo(List.of(0L, 1L));
      assertEvent(guest, 0, 0, 0);
      assertEvent(guest, 1, WRITE, 1);
      assertThat(guest.memory.get(JAVA_LONG, EVENTS + 64)).as("no third").isEqualTo(-1);

      guest.subscribe(0, MONOTONIC, Long.MAX_VALUE, 0);
      guest.subscribeToStream(1, READ, 0);
      Object happened = guest.poll(2);
      while (happened.equals(List.of(0L))) { // until the stream was read, time may go on
        clock.now = 1000;
        happened = guest.poll(2);
      }
      assertThat(happened).isEqualTo(List.of(1L));
      assertEvent(guest, 0, READ, 1);
    }
  }

  private static void assertEvent(Guest guest, int index, int type, long bytes) {
    int event = EVENTS + 32 * index;
    assertThat(guest.memory.get(JAVA_SHORT, event + 8)).as("errno").isZero();
    assertThat(guest.memory.get(JAVA_BYTE, event + 10)).as("type").isEqualTo((byte) type);
    assertThat(guest.memory.get(JAVA_LONG, event + 16)).as("bytes").isEqualTo(bytes);
    assertThat(guest.memory.get(JAVA_SHORT, event + 24)).as("flags").isZero();
  }

  @Test
  void whatIsNotOfJavasTheEngineAnswers() {
    WasiConfig ours =
        WasiConfig.builder()
            .clock(clock)
            .stdin(InputStream.nullInputStream())
            .stdout(new OutputCapture(10))
            .build();
    try (Guest guest = new Guest(engine, ours);
        Guest engines = new Guest(engine, WasiConfig.builder().build())) {
      for (Guest each : List.of(guest, engines)) {
        each.subscribeToStream(0, WRITE, 2);
        each.subscribeToStream(1, WRITE, 2);
      }
      assertThat(guest.poll(2)).isEqualTo(engines.poll(2)).isEqualTo(List.of(0L, 1L));
      assertThat(guest.memory.asSlice(EVENTS, 64).mismatch(engines.memory.asSlice(EVENTS, 64)))
          .isEqualTo(-1);
      for (int[] wrong : new int[][] {{READ, 1}, {WRITE, 0}, {3, 0}, {READ, 99}, {-1, 1}}) {
        for (Guest each : List.of(guest, engines)) {
          each.subscribeToStream(0, wrong[0], wrong[1]);
        }
        assertThat(outcome(guest, 1)).as("%s", wrong).isEqualTo(outcome(engines, 1));
      }
      for (int flags : new int[] {2, 3, 0x8000}) {
        for (Guest each : List.of(guest, engines)) {
          each.subscribe(0, MONOTONIC, 1, flags);
        }
        assertThat(outcome(guest, 1)).isEqualTo(outcome(engines, 1));
      }
      guest.subscribe(0, -1, 1, 0);
      engines.subscribe(0, -1, 1, 0);
      assertThat(outcome(guest, 1)).isEqualTo(outcome(engines, 1));
    }
    assertThat(clock.sleeps).isEmpty();
  }

  private static Object outcome(Guest guest, int count) {
    try {
      return guest.poll(count);
    } catch (RuntimeException e) {
      return e.getClass();
    }
  }

  /** They may lie where their events go. */
  @Test
  void manyCanBeWaitedForAndNotMore() {
    try (Guest guest = guest(InputStream.nullInputStream())) {
      for (int i = 0; i < 4096; i++) {
        guest.subscribe(i, MONOTONIC, i < 4095 ? Long.MAX_VALUE : MILLISECOND, 0);
      }
      assertThat(guest.call("poll_oneoff", SUBSCRIPTIONS, SUBSCRIPTIONS, 4096, RESULT))
          .isEqualTo(SUCCESS);
      assertThat(guest.result()).isEqualTo(1);
      assertThat(guest.memory.get(JAVA_INT, SUBSCRIPTIONS)).isEqualTo(4095);
      assertThatThrownBy(() -> guest.call("poll_oneoff", SUBSCRIPTIONS, -32, 4096, RESULT))
          .as("so many and outside of the memory")
          .isInstanceOf(EngineException.class);
      for (int count : new int[] {4097, -1, Integer.MIN_VALUE}) {
        assertThat(guest.poll(count)).as("%s", count).isEqualTo("errno " + NOMEM);
      }
    }
    assertThat(clock.sleeps).containsExactly(MILLISECOND);
  }

  @Test
  void aSleepThatIsInterruptedUnwindsTheGuest() {
    InterruptedException thrown = new InterruptedException("by the clock");
    WasiClock interrupted =
        new Sleeps() {
          @Override
          public void sleep(long nanos) throws InterruptedException {
            throw thrown;
          }
        };
    WasiConfig config = WasiConfig.builder().clock(interrupted).build();
    try (Guest guest = new Guest(engine, config);
        Guest stoppable = new Guest(interruptible, config)) {
      guest.subscribe(0, MONOTONIC, MILLISECOND, 0);
      assertThatThrownBy(() -> guest.poll(1)).isSameAs(thrown);
      assertThat(Thread.interrupted()).isFalse();
      stoppable.subscribe(0, MONOTONIC, MILLISECOND, 0);
      assertInterrupted(stoppable);
    }
  }

  @Test
  void anInterruptWhileAClockSleepsEndsTheGuest() {
    WasiClock interrupting =
        new Sleeps() {
          @Override
          public void sleep(long nanos) throws InterruptedException {
            super.sleep(nanos);
            Thread.currentThread().interrupt();
          }
        };
    try (Guest guest = new Guest(interruptible, WasiConfig.builder().clock(interrupting).build())) {
      guest.subscribe(0, MONOTONIC, MILLISECOND, 0);
      assertInterrupted(guest);
    }
  }

  @Test
  void aGuestThatMustEndDoesNotSleepFirst() {
    WasiConfig config =
        WasiConfig.builder()
            .clock(clock)
            .inFront(
                "poll_oneoff",
                call -> {
                  Thread.currentThread().interrupt();
                  return call.proceed();
                })
            .build();
    try (Guest guest = new Guest(interruptible, config)) {
      guest.subscribe(0, MONOTONIC, MILLISECOND, 0);
      assertInterrupted(guest);
    }
    assertThat(clock.sleeps).isEmpty();
  }

  private static void assertInterrupted(Guest guest) {
    assertThatThrownBy(() -> guest.poll(1))
        .isInstanceOfSatisfying(
            StoppedException.class,
            it -> assertThat(it.reason()).isEqualTo(StoppedException.Reason.INTERRUPT));
    assertThat(Thread.interrupted()).as("the status is kept").isTrue();
  }

  /** What is in front of the clock may say that there is none. */
  @Test
  void whereTheClockFailsAMomentIsATimeFromNow() {
    WasiConfig config =
        WasiConfig.builder().clock(clock).inFront("clock_time_get", call -> 77).build();
    try (Guest guest = new Guest(engine, config)) {
      guest.subscribe(0, MONOTONIC, MILLISECOND, ABSOLUTE);
      guest.putLong(EVENTS, MILLISECOND - 5); // no time that anybody told
      assertThat(guest.poll(1)).isEqualTo(List.of(0L));
    }
    assertThat(clock.sleeps).containsExactly(MILLISECOND);
  }
}
