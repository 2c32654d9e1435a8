package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.testing.ChildJvm;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.junit.jupiter.api.Test;

/** Guests that wait, and virtual threads that have something else to do, on two carriers. */
class VirtualThreadsTest {
  @Test
  void aWaitingGuestHoldsItsCarrierAndOnAPlatformThreadNone() {
    ChildJvm.Result result =
        ChildJvm.with(
                "-Djdk.virtualThreadScheduler.parallelism=2",
                "-Djdk.virtualThreadScheduler.maxPoolSize=2")
            .run(TwoCarriers.class);
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).isEqualTo("held\nfree\n");
  }

  /** Each part is over when the guests are let go; if a third thread cannot, it never is. */
  static final class TwoCarriers {
    private static final VirtualThreadSchedulerMXBean SCHEDULER =
        ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);

    private final CountDownLatch waiting = new CountDownLatch(2);
    private final CountDownLatch goOn = new CountDownLatch(1);

    public static void main(String[] args) throws Exception {
      new TwoCarriers().held();
      System.out.println("held");
      new TwoCarriers().free();
      System.out.println("free");
    }

    private void held() throws Exception {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        threads.add(Thread.startVirtualThread(this::runGuest));
      }
      waiting.await();
      AtomicBoolean ran = new AtomicBoolean();
      threads.add(Thread.startVirtualThread(() -> ran.set(true)));
      while (SCHEDULER.getQueuedVirtualThreadCount() == 0) {
        Thread.onSpinWait();
      }
      assertThat(SCHEDULER.getMountedVirtualThreadCount()).isEqualTo(2);
      assertThat(ran).isFalse();
      goOn.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(ran).isTrue();
    }

    private void free() throws Exception {
      try (ExecutorService platform = Executors.newCachedThreadPool()) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
          threads.add(
              Thread.startVirtualThread(
                  () -> {
                    try {
                      platform.submit(this::runGuest).get();
                    } catch (Exception e) {
                      throw new AssertionError(e);
                    }
                  }));
        }
        waiting.await();
        threads.add(Thread.startVirtualThread(goOn::countDown));
        for (Thread thread : threads) {
          thread.join();
        }
      }
    }

    // It waits in a host function.
    private void runGuest() {
      try (Engine engine = Engine.create();
          Module module =
              Module.fromWat(
                  engine, "(module (import \"\" \"\" (func $f)) (func (export \"f\") (call $f)))");
          Store store = Store.create(engine)) {
        Func waits =
            Func.create(
                store,
                FuncType.of(),
                (caller, args) -> {
                  waiting.countDown();
                  goOn.await();
                  return null;
                });
        Instance.create(store, module, waits).func("f").call();
      }
    }
  }
}
