package io.github.wasmtimejvm.wasi;

import static io.github.wasmtimejvm.wasi.Guest.RESULT;
import static io.github.wasmtimejvm.wasi.Guest.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.StoppedException;
import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.EnoughTime;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guests that wait in WASI, and the ends of their waiting. */
class WaitingGuestTest {
  private static Engine engine;

  @BeforeAll
  static void create() {
    engine = Engine.builder().interruptible(true).build();
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  /** What a guest waits for, and would for ever. */
  enum Waiting {
    SLEEP {
      @Override
      void call(Guest guest) {
        guest.memory.asSlice(4096, 96).fill((byte) 0);
        guest.putInt(4096 + 16, 1);
        guest.putLong(4096 + 24, Long.MAX_VALUE);
        guest.call("poll_oneoff", 4096, 8192, 1, RESULT);
      }
    },
    POLL {
      @Override
      void call(Guest guest) {
        guest.memory.asSlice(4096, 96).fill((byte) 0);
        guest.putInt(4096 + 8, 1); // for descriptor 0 to be read
        guest.call("poll_oneoff", 4096, 8192, 1, RESULT);
      }
    },
    READ {
      @Override
      void call(Guest guest) {
        guest.read(0, 10);
      }
    },
    /** By the last one of many buffers; the others are empty. */
    READ_THE_LAST {
      @Override
      void call(Guest guest) {
        guest.memory.asSlice(4096, 1100 * 8).fill((byte) 0);
        guest.putInt(4096 + 1099 * 8, 1024);
        guest.putInt(4096 + 1099 * 8 + 4, 10);
        guest.call("fd_read", 0, 4096, 1100, RESULT);
      }
    },
    /** By the first one of more buffers than there is memory for. */
    READ_THE_FIRST {
      @Override
      void call(Guest guest) {
        guest.putInt(4096, 1024);
        guest.putInt(4096 + 4, 10);
        guest.call("fd_read", 0, 4096, 40_000, RESULT);
      }
    };

    abstract void call(Guest guest);
  }

  /** An input that nothing ever comes out of. */
  private static InputStream silent() {
    CountDownLatch never = new CountDownLatch(1);
    return new InputStream() {
      @Override
      public int read() throws IOException {
        try {
          never.await();
          return -1;
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }
    };
  }

  /**
   * Does on this thread what has a guest wait, and something else on another thread when it waits;
   * returns whether it did.
   */
  private static boolean whenItWaits(Runnable then, ThrowingCallable waiting) throws Throwable {
    Thread guest = Thread.currentThread();
    AtomicBoolean waited = new AtomicBoolean();
    AtomicBoolean over = new AtomicBoolean();
    Thread other =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!waited.get() && !over.get()) {
                    waited.set(LockSupport.getBlocker(guest) instanceof InterruptibleWait);
                    Thread.onSpinWait();
                  }
                  if (waited.get()) {
                    then.run();
                  }
                });
    boolean interrupted;
    try {
      waiting.call();
    } finally {
      interrupted = Thread.interrupted();
      over.set(true);
      other.join();
    }
    if (interrupted) {
      guest.interrupt();
    }
    return waited.get();
  }

  /** A guest waits as it would for ever, and its time is up. */
  private static void assertTimeout(Consumer<Duration> set, Runnable waiting) throws Throwable {
    EnoughTime.find(
        time -> {
          set.accept(time);
          return whenItWaits(
              () -> {}, () -> assertStopped(StoppedException.Reason.TIMEOUT, waiting::run));
        });
  }

  private static void assertStopped(StoppedException.Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StoppedException.class, it -> assertThat(it.reason()).isEqualTo(reason));
  }

  @ParameterizedTest
  @EnumSource
  void aTimeoutEndsItAndTheStoreGoesOn(Waiting waiting) throws Throwable {
    OutputCapture output = new OutputCapture(10);
    WasiConfig config = WasiConfig.builder().stdin(silent()).stdout(output).build();
    try (Guest guest = new Guest(engine, config)) {
      assertTimeout(guest.store::setTimeout, () -> waiting.call(guest));
      guest.store.setTimeout(null);
      assertThat(guest.write(1, "goes on")).isEqualTo(SUCCESS);
    }
    assertThat(output.text()).isEqualTo("goes on");
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptEndsIt(Waiting waiting) throws Throwable {
    WasiConfig config = WasiConfig.builder().stdin(silent()).build();
    try (Guest guest = new Guest(engine, config)) {
      boolean waited =
          whenItWaits(
              Thread.currentThread()::interrupt,
              () -> assertStopped(StoppedException.Reason.INTERRUPT, () -> waiting.call(guest)));
      assertThat(Thread.interrupted()).as("the status is kept").isTrue();
      assertThat(waited).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void theTimeOfACallFurtherOutEndsIt(Waiting waiting) throws Throwable {
    WasiConfig inner = WasiConfig.builder().stdin(silent()).build();
    try (Guest guest = new Guest(engine, inner)) {
      WasiConfig outer =
          WasiConfig.builder()
              .inFront(
                  "fd_close",
                  call -> {
                    waiting.call(guest);
                    return SUCCESS;
                  })
              .build();
      try (Guest outside = new Guest(engine, outer)) {
        assertTimeout(outside.store::setTimeout, () -> outside.close(1));
      }
    }
  }

  @Test
  void inputThatComesEndsTheWaiting() throws IOException {
    PipedOutputStream pipe = new PipedOutputStream();
    WasiConfig config = WasiConfig.builder().stdin(new PipedInputStream(pipe)).build();
    try (Guest guest = new Guest(engine, config)) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (pipe) {
                  pipe.write("now".getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      Waiting.POLL.call(guest);
      assertThat(guest.result()).isEqualTo(1);
      assertThat(guest.read(0, 10)).isEqualTo("now");
      assertThat(guest.read(0, 10)).isEmpty();
    }
  }

  @Test
  void guestsThatShareAnInputLoseNothingAndSeeNoEndBeforeItsEnd() throws InterruptedException {
    AtomicInteger left = new AtomicInteger(300);
    InputStream stream =
        new InputStream() {
          @Override
          public int read() {
            return left.getAndDecrement() > 0 ? 'x' : -1;
          }

          @Override
          public int read(byte[] bytes, int offset, int length) {
            bytes[offset] = 'x';
            return read() < 0 ? -1 : 1;
          }
        };
    WasiConfig config = WasiConfig.builder().stdin(stream).build();
    AtomicInteger early = new AtomicInteger();
    AtomicInteger count = new AtomicInteger();
    Runnable run =
        () -> {
          try (Guest guest = new Guest(engine, config)) {
            while (!guest.read(0, 1).isEmpty()) {
              count.incrementAndGet();
            }
            if (left.get() > 0) {
              early.incrementAndGet();
            }
          }
        };
    List<Thread> threads = List.of(new Thread(run), new Thread(run), new Thread(run));
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(early).hasValue(0);
    assertThat(count).hasValue(300);
  }

  @Test
  void withoutInterruptionAnInterruptIsKeptForLater() throws IOException {
    try (Engine plain = Engine.create();
        PipedOutputStream pipe = new PipedOutputStream();
        PipedInputStream input = new PipedInputStream(pipe);
        Guest guest = new Guest(plain, WasiConfig.builder().stdin(input).build())) {
      pipe.write('x');
      Thread.currentThread().interrupt();
      guest.memory.asSlice(4096, 96).fill((byte) 0);
      guest.putInt(4096 + 8, 1);
      guest.putInt(4096 + 48 + 16, 1);
      guest.putLong(4096 + 48 + 24, 1_000_000);
      assertThat(guest.call("poll_oneoff", 4096, 8192, 2, RESULT)).isEqualTo(SUCCESS);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Tag("child")
  @ParameterizedTest
  @EnumSource
  void aGuestThatWaitsForTheProcesssOwnInputEndsToo(Waiting waiting) {
    ChildJvm.Result result = ChildJvm.with().openStdin().run(Inherited.class, waiting.name());
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).isEqualTo("done\n");
  }

  static final class Inherited {
    public static void main(String[] args) throws Throwable {
      try (Engine engine = Engine.builder().interruptible(true).build();
          Guest guest = new Guest(engine, WasiConfig.builder().inheritStdin().build())) {
        assertTimeout(guest.store::setTimeout, () -> Waiting.valueOf(args[0]).call(guest));
      }
      System.out.println("done");
    }
  }
}
