package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.EnoughTime;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The clock of an engine that allows interruption, in a JVM where nobody else has an engine. */
class TickerTest {
  @ParameterizedTest
  @EnumSource
  void doesWhatItShould(Scenario scenario) {
    ChildJvm.Result result =
        ChildJvm.with("-Xmx64m", "-XX:+UseSerialGC").run(Alone.class, scenario.name());
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).isEqualTo("done\n");
  }

  /** One scenario. */
  static final class Alone {
    public static void main(String[] args) throws Throwable {
      Scenario.valueOf(args[0]).run();
      System.out.println("done");
    }
  }

  /** A thread that nobody else can ask whether it is interrupted. */
  private static final class Odd extends Thread {
    static final RuntimeException THROWN = new IllegalStateException("odd");

    Odd(Runnable task) {
      super(task);
    }

    @Override
    public boolean isInterrupted() {
      if (Thread.currentThread() != this) {
        throw THROWN;
      }
      return super.isInterrupted();
    }
  }

  /** What is logged, by whom must wait then. */
  private static final class Records extends Handler {
    final List<LogRecord> all = new CopyOnWriteArrayList<>();
    private final CountDownLatch one = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final Logger logger = Logger.getLogger("io.github.wasmtimejvm");

    Records() {
      logger.setUseParentHandlers(false);
      logger.addHandler(this);
    }

    void awaitOneAndGoOn() throws InterruptedException {
      one.await();
      goOn.countDown();
    }

    @Override
    public void publish(LogRecord entry) {
      all.add(entry);
      one.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  enum Scenario {
    HAS_NO_THREAD_WHEN_THE_OPTION_IS_NOT_USED {
      @Override
      void run() {
        try (Controlled w = new Controlled(Engine.create(), false)) {
          w.call("nothing");
        }
        try (Engine engine = Engine.builder().interruptible(true).build();
            Store store = Store.create(engine)) {
          store.setTimeout(Duration.ofDays(1));
        }
        assertThat(tickers()).isZero();
      }
    },

    HAS_ONE_THREAD_FOR_EACH_ENGINE_AND_ONLY_WHILE_GUESTS_RUN {
      @Override
      void run() {
        try (Controlled w = new Controlled();
            Controlled same = new Controlled(w.engine, false);
            Controlled other = new Controlled()) {
          other.host = _ -> assertThat(tickers()).isEqualTo(2);
          same.host = _ -> other.call("call");
          w.host = _ -> same.call("call");
          awaitNoTickers(); // of the guests that were made
          w.call("call");
          awaitNoTickers();
          w.call("call");
        }
        awaitNoTickers();
      }
    },

    SURVIVES_INTERRUPTS_OF_ITS_OWN_THREAD {
      @Override
      void run() throws Throwable {
        try (Controlled w = new Controlled()) {
          w.assertTimeoutInHost(
              "callThenSpin",
              _ ->
                  Thread.getAllStackTraces().keySet().stream()
                      .filter(Scenario::isTicker)
                      .forEach(Thread::interrupt));
          w.assertUsable();
        }
      }
    },

    LETS_FORGOTTEN_STORES_GO {
      @Override
      void run() throws Throwable {
        try (Engine engine = Engine.builder().interruptible(true).build()) {
          for (int i = 0; i < 300; i++) {
            forget(engine);
            if (i % 20 == 0) {
              System.gc();
            }
          }
          try (Controlled w = new Controlled(engine, false)) {
            w.assertTimeoutInHost("callForEver", _ -> System.gc());
          }
        }
        awaitNoTickers();
      }

      private void forget(Engine engine) {
        Controlled w = new Controlled(engine, false);
        w.store.setTimeout(Duration.ofDays(1));
        w.store.onEpochDeadline(_ -> 1);
        w.call("call");
      }
    },

    LOOKS_AT_THE_STORES_WHOSE_GUESTS_RUN_AND_NO_OTHERS {
      @Override
      void run() throws Throwable {
        try (Controlled w = new Controlled()) {
          List<Controlled> idle = new ArrayList<>();
          for (int i = 0; i < 50; i++) {
            idle.add(new Controlled(w.engine, false));
          }
          for (int round = 0; round < 2; round++) {
            idle.forEach(each -> each.call("nothing"));
            w.host =
                _ -> {
                  while (w.engine.ticker().watched() > 1) {
                    Thread.onSpinWait();
                  }
                };
            w.call("call");
            Controlled one = idle.get(round);
            one.store.setTimeout(Duration.ofMillis(20));
            Controlled.assertTimeout(() -> one.call("spin"));
          }
          idle.forEach(each -> each.store.close());
        }
        awaitNoTickers();
      }
    },

    NEVER_STOPS_A_CALL_THAT_ENDED_IN_TIME {
      @Override
      void run() throws InterruptedException {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        CountDownLatch built = new CountDownLatch(2);
        try (Engine engine = Engine.builder().interruptible(true).build()) {
          Runnable calls =
              () -> {
                try (Controlled w = new Controlled(engine, false)) {
                  built.countDown();
                  built.await(); // who ends first closes the engine
                  for (int i = 0; i < 3000; i++) {
                    // A call whose time is about up, or whose thread is interrupted as it ends,
                    // and then one that has time.
                    endsSomehow(w, i);
                    w.store.setTimeout(i % 2 == 0 ? null : Duration.ofDays(1));
                    assertThat(w.call("count", 200)).isEqualTo(200);
                  }
                } catch (Throwable t) {
                  failure.compareAndSet(null, t);
                } finally {
                  built.countDown();
                }
              };
          Thread first = Thread.ofPlatform().start(calls);
          Thread second = Thread.ofVirtual().start(calls);
          while (first.isAlive() || second.isAlive()) {
            engine.incrementEpoch();
            Thread.sleep(1);
          }
        }
        assertThat(failure.get()).isNull();
      }

      private void endsSomehow(Controlled w, int i) {
        w.store.setTimeout(Duration.ofNanos(100_000));
        if (i % 3 == 0) {
          w.host = _ -> Thread.currentThread().interrupt();
        } else {
          w.host = _ -> w.call("count", 20_000);
        }
        try {
          w.call("call");
        } catch (StoppedException inTimeOrNot) {
          // either is right
        }
        Thread.interrupted();
      }
    },

    STOPS_GUESTS_OF_ANOTHER_ENGINE_WITH_THE_ONE_THAT_WAITS_FOR_THEM {
      @Override
      void run() throws Throwable {
        try (Controlled outer = new Controlled();
            Controlled inner = new Controlled()) {
          outer.assertTimeoutInHost("call", _ -> inner.call("spin"));
          outer.assertUsable();
          inner.assertUsable();
          // Between two entries of the same store.
          AtomicBoolean again = new AtomicBoolean();
          outer.host = _ -> inner.call("call");
          inner.host =
              _ -> {
                again.set(true);
                outer.call("spin");
              };
          EnoughTime.find(
              time -> {
                inner.store.setTimeout(time);
                Controlled.assertTimeout(() -> outer.call("call"));
                return again.get();
              });
          outer.assertUsable();
          inner.assertUsable();
        }
      }
    },

    GOES_ON_WHEN_THE_HEAP_IS_FULL {
      @Override
      void run() throws Throwable {
        try (Controlled w = new Controlled()) {
          AtomicBoolean full = new AtomicBoolean();
          EnoughTime.find(
              time -> {
                long start = System.nanoTime();
                w.host = _ -> full.set(isFullBefore(start, time.toNanos()));
                w.store.setTimeout(time);
                Controlled.assertTimeout(() -> w.call("callThenSpin"));
                return full.get();
              });
          w.host = _ -> {};
          Controlled.assertTimeout(() -> w.call("callForEver"));
          w.assertUsable();
        }
      }

      // Fills the heap until twice the time is up; returns whether it was full before the time was.
      private boolean isFullBefore(long start, long time) {
        List<byte[]> kept = new ArrayList<>();
        for (int size = 1 << 20; size > 16; ) {
          try {
            kept.add(new byte[size]);
          } catch (OutOfMemoryError full) {
            size /= 2;
          }
        }
        boolean before = System.nanoTime() - start < time;
        while (System.nanoTime() - start < 2 * time) {
          Thread.onSpinWait();
        }
        Reference.reachabilityFence(kept);
        return before;
      }
    },

    GOES_ON_AND_SAYS_SO_WHEN_A_THREAD_OF_THE_USER_THROWS {
      private volatile boolean enough;

      @Override
      void run() throws Exception {
        Records records = new Records();
        CountDownLatch running = new CountDownLatch(1);
        try (Engine engine = Engine.builder().interruptible(true).build()) {
          FutureTask<Void> task = new FutureTask<>(() -> runUntilEnough(engine, running), null);
          Thread odd = new Odd(task);
          odd.start();
          running.await();
          // The odd one is looked at before some of them and after others.
          for (int i = 0; i < 20; i++) {
            Controlled w = new Controlled(engine, false);
            w.store.setTimeout(Duration.ofMillis(20));
            Controlled.assertTimeout(() -> w.call("spin"));
            w.store.close();
          }
          enough = true;
          task.get();
        }
        records.awaitOneAndGoOn();
        awaitNoTickers();
        assertThat(records.all).extracting(LogRecord::getThrown).containsExactly(Odd.THROWN);
      }

      private void runUntilEnough(Engine engine, CountDownLatch running) {
        try (Controlled w = new Controlled(engine, false)) {
          w.host =
              _ -> {
                running.countDown();
                if (enough) {
                  throw new IllegalStateException("enough");
                }
              };
          assertThatIllegalStateException()
              .isThrownBy(() -> w.call("callForEver"))
              .withMessage("enough");
        }
      }
    },

    IS_STARTED_FROM_THE_END_OF_A_STACK_OR_NOT_AT_ALL {
      private int depth;

      @Override
      void run() {
        try (Controlled w = new Controlled()) {
          w.store.setTimeout(Duration.ofDays(1));
          try {
            recurse(w.instance.func("nothing"));
          } catch (StackOverflowError expected) {
            // and all calls on the way were refused or made
          }
          assertThat(depth).isPositive();
          w.store.setTimeout(Duration.ofMillis(20));
          Controlled.assertTimeout(() -> w.call("spin"));
          w.assertUsable();
        }
      }

      private void recurse(Func nothing) {
        depth++;
        if (depth > 1000) {
          try {
            nothing.call();
          } catch (TrapException noRoom) {
            assertThat(noRoom.code()).isEqualTo(TrapCode.STACK_OVERFLOW);
          }
        }
        recurse(nothing);
      }
    };

    abstract void run() throws Throwable;

    static boolean isTicker(Thread thread) {
      return thread.getName().equals("wasmtime-jvm-ticker");
    }

    static long tickers() {
      return Thread.getAllStackTraces().keySet().stream().filter(Scenario::isTicker).count();
    }

    // They go away by themselves.
    static void awaitNoTickers() {
      while (tickers() > 0) {
        Thread.onSpinWait();
      }
    }
  }
}
