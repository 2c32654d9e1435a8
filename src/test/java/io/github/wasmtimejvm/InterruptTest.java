package io.github.wasmtimejvm;

import static io.github.wasmtimejvm.Controlled.assertInterrupt;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Interrupting a guest's thread ends the guest. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterruptTest {
  private enum Kind {
    PLATFORM {
      @Override
      Thread start(Runnable task) {
        return Thread.ofPlatform().start(task);
      }
    },
    VIRTUAL {
      @Override
      Thread start(Runnable task) {
        return Thread.ofVirtual().start(task);
      }
    };

    abstract Thread start(Runnable task);
  }

  @ParameterizedTest
  @EnumSource
  void aSpinningGuestEnds(Kind kind) throws Throwable {
    onThread(
        kind,
        (w, running) -> {
          w.host = _ -> running.countDown();
          assertInterrupt(() -> w.call("callThenSpin"));
          assertThat(Thread.interrupted()).as("the status is kept").isTrue();
          w.assertUsable();
        });
  }

  @ParameterizedTest
  @EnumSource
  void aCallOnAnInterruptedThreadIsRefused(Kind kind) throws Throwable {
    onThread(
        kind,
        (w, running) -> {
          // It does not say that it runs: nobody else interrupts it.
          Thread.currentThread().interrupt();
          assertInterrupt(() -> w.call("nothing"));
          assertInterrupt(() -> w.call("spin"));
          assertThat(Thread.interrupted()).isTrue();
          w.assertUsable();
        });
  }

  @Test
  void aNestedCallOnAnInterruptedThreadIsRefused() {
    try (Controlled w = new Controlled()) {
      w.host =
          _ -> {
            Thread.currentThread().interrupt();
            assertInterrupt(() -> w.call("nothing"));
            Thread.interrupted();
          };
      w.call("call");
      w.host =
          _ -> {
            Thread.currentThread().interrupt();
            w.call("nothing");
          };
      assertInterrupt(() -> w.call("call"));
      assertThat(Thread.interrupted()).isTrue();
      w.assertUsable();
    }
  }

  @Test
  void aHostFunctionThatInterruptsItsOwnThreadEndsTheGuest() {
    try (Controlled w = new Controlled()) {
      w.host = _ -> Thread.currentThread().interrupt();
      assertInterrupt(() -> w.call("callThenSpin"));
      assertThat(Thread.interrupted()).isTrue();
      assertInterrupt(() -> w.call("callForEver"));
      assertThat(Thread.interrupted()).isTrue();
      w.assertUsable();
    }
  }

  @Test
  void theGuestsOfAllStoresOnTheThreadEnd() {
    try (Controlled w = new Controlled();
        Controlled other = new Controlled()) {
      other.host = _ -> Thread.currentThread().interrupt();
      w.host = _ -> assertInterrupt(() -> other.call("callThenSpin"));
      assertInterrupt(() -> w.call("callThenSpin"));
      assertThat(Thread.interrupted()).isTrue();
      other.assertUsable();
      w.assertUsable();
    }
  }

  @Test
  void cancellingAFutureEndsItsGuest() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    AtomicReference<@Nullable Throwable> end = new AtomicReference<>();
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      Future<?> future =
          executor.submit(
              () -> {
                try (Controlled w = new Controlled()) {
                  w.host = _ -> running.countDown();
                  w.call("callThenSpin");
                } catch (Throwable t) {
                  end.set(t);
                }
              });
      running.await();
      assertThat(future.cancel(true)).isTrue();
      executor.submit(() -> {}).get(); // the thread is free again
      assertThat(end.get()).isInstanceOf(StoppedException.class);
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void anEngineWithoutTheOptionDoesNotCare() {
    try (Controlled w = new Controlled(Engine.create(), false)) {
      Thread.currentThread().interrupt();
      assertThat(w.call("count", 10)).isEqualTo(10);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private interface Task {
    void run(Controlled world, CountDownLatch running) throws Throwable;
  }

  /** Runs it on a thread of its own, which is interrupted when it says that it runs. */
  private static void onThread(Kind kind, Task task) throws Throwable {
    CountDownLatch running = new CountDownLatch(1);
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    Thread thread =
        kind.start(
            () -> {
              try (Controlled w = new Controlled()) {
                task.run(w, running);
              } catch (Throwable t) {
                thrown.set(t);
              } finally {
                running.countDown();
              }
            });
    running.await();
    thread.interrupt();
    thread.join();
    Throwable t = thrown.get();
    if (t != null) {
      throw t;
    }
  }
}
