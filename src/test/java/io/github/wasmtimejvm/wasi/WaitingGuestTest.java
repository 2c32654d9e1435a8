package io.github.wasmtimejvm.wasi;

import static io.github.wasmtimejvm.wasi.Guest.RESULT;
import static io.github.wasmtimejvm.wasi.Guest.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.StoppedException;
import io.github.wasmtimejvm.testing.ChildJvm;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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

  private static void assertStopped(StoppedException.Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StoppedException.class, it -> assertThat(it.reason()).isEqualTo(reason));
  }

  @ParameterizedTest
  @EnumSource
  void aTimeoutEndsItAndTheStoreGoesOn(Waiting waiting) {
    OutputCapture output = new OutputCapture(10);
    WasiConfig config = WasiConfig.builder().stdin(silent()).stdout(output).build();
    try (Guest guest = new Guest(engine, config)) {
      guest.store.setTimeout(Duration.ofMillis(30));
      assertStopped(StoppedException.Reason.TIMEOUT, () -> waiting.call(guest));
      guest.store.setTimeout(null);
      assertThat(guest.write(1, "goes on")).isEqualTo(SUCCESS);
    }
    assertThat(output.text()).isEqualTo("goes on");
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptEndsIt(Waiting waiting) throws InterruptedException {
    WasiConfig config = WasiConfig.builder().stdin(silent()).build();
    try (Guest guest = new Guest(engine, config)) {
      Thread thread = Thread.currentThread();
      Thread other =
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (thread.getState() == Thread.State.RUNNABLE) {
                      Thread.onSpinWait();
                    }
                    thread.interrupt();
                  });
      boolean stays;
      try {
        assertStopped(StoppedException.Reason.INTERRUPT, () -> waiting.call(guest));
      } finally {
        stays = Thread.interrupted();
        other.join();
      }
      assertThat(stays).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void theTimeOfACallFurtherOutEndsIt(Waiting waiting) {
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
        outside.store.setTimeout(Duration.ofMillis(30));
        assertStopped(StoppedException.Reason.TIMEOUT, () -> outside.close(1));
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

  @ParameterizedTest
  @EnumSource
  void aGuestThatWaitsForTheProcesssOwnInputEndsToo(Waiting waiting) {
    ChildJvm.Result result = ChildJvm.with().openStdin().run(Inherited.class, waiting.name());
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).isEqualTo("TIMEOUT\n");
  }

  static final class Inherited {
    public static void main(String[] args) {
      try (Engine engine = Engine.builder().interruptible(true).build();
          Guest guest = new Guest(engine, WasiConfig.builder().inheritStdin().build())) {
        guest.store.setTimeout(Duration.ofMillis(30));
        Waiting.valueOf(args[0]).call(guest);
      } catch (StoppedException e) {
        System.out.println(e.reason());
      }
    }
  }
}
