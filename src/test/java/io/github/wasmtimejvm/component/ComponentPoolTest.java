package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.TrapException;
import io.github.wasmtimejvm.testing.EngineFixture;
import io.github.wasmtimejvm.testing.Guests;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(600)
class ComponentPoolTest {
  private static final String COUNTER =
      """
      (component
        (core module $m
          (global $n (mut i32) (i32.const 0))
          (func (export "next") (result i32)
            (global.set $n (i32.add (global.get $n) (i32.const 1)))
            (global.get $n))
          (func (export "boom") unreachable))
        (core instance $i (instantiate $m))
        (func (export "next") (result u32) (canon lift (core func $i "next")))
        (func (export "boom") (canon lift (core func $i "boom"))))
      """;

  /** The component's world. */
  public interface Counter {
    long next();

    void boom();
  }

  @RegisterExtension private final EngineFixture fixture = EngineFixture.create();

  private PreparedComponent prepared() {
    Component component = Component.fromWat(fixture.engine(), COUNTER);
    return ComponentLinker.create(fixture.engine()).prepare(component);
  }

  @Test
  void eachCallerGetsANewInstance() throws InterruptedException {
    List<Store> stores = new ArrayList<>();
    try (ComponentPool pool = ComponentPool.fresh(prepared(), 1, stores::add)) {
      for (int i = 0; i < 3; i++) {
        try (ComponentPool.Lease lease = pool.take()) {
          assertThat(lease.instance().as(Counter.class).next()).isEqualTo(1);
        }
      }
    }
    assertThat(new HashSet<>(stores)).hasSize(3);
    assertThat(stores)
        .allSatisfy(
            store -> assertThatIllegalStateException().isThrownBy(() -> store.setData(null)));
  }

  @Test
  void aReusingPoolHandsAnInstanceOutAgainUnlessItTrapped() throws InterruptedException {
    AtomicInteger made = new AtomicInteger();
    try (ComponentPool pool = ComponentPool.reusing(prepared(), 1, _ -> made.incrementAndGet())) {
      for (int i = 1; i <= 3; i++) {
        try (ComponentPool.Lease lease = pool.take()) {
          assertThat(lease.instance().as(Counter.class).next()).isEqualTo(i);
        }
      }
      try (ComponentPool.Lease lease = pool.take()) {
        Counter counter = lease.instance().as(Counter.class);
        assertThatExceptionOfType(TrapException.class).isThrownBy(counter::boom);
        assertThat(lease.instance().isUsable()).isFalse();
      }
      try (ComponentPool.Lease lease = pool.take()) {
        assertThat(lease.instance().as(Counter.class).next()).isEqualTo(1);
      }
    }
    assertThat(made).hasValue(2);
  }

  @Test
  void noMoreAreOutThanThePoolAllows() throws Exception {
    try (ComponentPool pool = ComponentPool.fresh(prepared(), 2, _ -> {})) {
      ComponentPool.Lease first = pool.take();
      pool.take();
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(() -> pool.take(Duration.ofMillis(1)));
      first.close();
      first.close(); // once is enough
      pool.take(Duration.ofSeconds(Long.MAX_VALUE));
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(() -> pool.take(Duration.ofSeconds(Long.MIN_VALUE)));
      assertThatIllegalStateException().isThrownBy(first::instance);
    }
  }

  @Test
  void whoWaitsGetsTheInstanceThatIsGivenBack() throws Exception {
    Set<Long> answers = Collections.synchronizedSet(new HashSet<>());
    try (ComponentPool pool = ComponentPool.reusing(prepared(), 2, _ -> {})) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        threads.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      try (ComponentPool.Lease lease = pool.take()) {
                        answers.add(lease.instance().as(Counter.class).next());
                      } catch (InterruptedException e) {
                        throw new AssertionError(e);
                      }
                    }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertThat(answers).contains(1L, 4L);
  }

  @Test
  void aFailedStartLeavesRoomForTheNextOne() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    try (ComponentPool pool =
        ComponentPool.fresh(
            prepared(),
            1,
            _ -> {
              if (calls.getAndIncrement() == 0) {
                throw new IllegalStateException("not now");
              }
            })) {
      assertThatIllegalStateException().isThrownBy(pool::take).withMessage("not now");
      pool.take(Duration.ZERO).close();
    }
  }

  @Test
  void aClosedPoolHandsNothingOutAndClosesWhatComesBack() throws Exception {
    ComponentPool pool = ComponentPool.reusing(prepared(), 2, _ -> {});
    ComponentPool.Lease out = pool.take();
    pool.take().close();
    pool.close();
    pool.close();
    assertThatIllegalStateException().isThrownBy(pool::take).withMessage("the pool is closed");
    ComponentInstance instance = out.instance();
    assertThat(instance.as(Counter.class).next()).isEqualTo(1);
    out.close();
    assertThatIllegalStateException().isThrownBy(instance::isUsable);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ComponentPool.fresh(prepared(), 0, _ -> {}));
  }

  // What it calls is an import.
  private PreparedComponent callingBack(Runnable host) {
    Component component =
        Component.fromWat(
            fixture.engine(),
            """
            (component
              (import "host" (func $host))
              (core func $host (canon lower (func $host)))
              (core module $m
                (import "h" "host" (func $host))
                (func (export "run") (call $host)))
              (core instance $i (instantiate $m
                (with "h" (instance (export "host" (func $host))))))
              (func (export "run") (canon lift (core func $i "run"))))
            """);
    ComponentLinker linker = ComponentLinker.create(fixture.engine());
    linker.define(
        "",
        "host",
        _ -> {
          host.run();
          return null;
        });
    return linker.prepare(component);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anInstanceThatIsBeingCalledStaysOut(boolean reuse) throws Exception {
    AtomicReference<ComponentPool.Lease> out = new AtomicReference<>();
    PreparedComponent prepared =
        callingBack(() -> assertThatIllegalStateException().isThrownBy(() -> out.get().close()));
    try (ComponentPool pool =
        reuse
            ? ComponentPool.reusing(prepared, 1, _ -> {})
            : ComponentPool.fresh(prepared, 1, _ -> {})) {
      ComponentPool.Lease lease = pool.take();
      out.set(lease);
      lease.instance().func("run").call();
      assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> pool.take(Duration.ZERO));
      ComponentInstance instance = lease.instance();
      lease.close();
      try (ComponentPool.Lease next = pool.take(Duration.ZERO)) {
        assertThat(next.instance() == instance).isEqualTo(reuse);
      }
    }
  }

  @Test
  void thePoolServesOthersWhileALeaseWaitsForItsStore() throws Exception {
    AtomicReference<ComponentPool> pool = new AtomicReference<>();
    AtomicReference<ComponentPool.Lease> out = new AtomicReference<>();
    AtomicReference<Boolean> served = new AtomicReference<>();
    Runnable giveBack = () -> out.get().close();
    Runnable take =
        () -> {
          try {
            pool.get().take().close();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    List<Thread> threads = new ArrayList<>();
    Runnable host =
        () -> {
          Thread giving = Thread.ofPlatform().start(giveBack);
          threads.add(giving);
          while (giving.getState() != Thread.State.WAITING) { // for this thread's store
            Thread.onSpinWait();
          }
          Thread taking = Thread.ofPlatform().start(take);
          threads.add(taking);
          try {
            served.set(taking.join(Duration.ofMinutes(10)));
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    pool.set(ComponentPool.reusing(callingBack(host), 2, _ -> {}));
    out.set(pool.get().take());
    out.get().instance().func("run").call();
    for (Thread thread : threads) {
      thread.join();
    }
    pool.get().close();
    assertThat(served).hasValue(true);
  }

  @Test
  void aStoreThatFailsToCloseLeavesNoOtherOpen() throws Exception {
    Component component =
        Component.fromWat(fixture.engine(), Guests.read(ComponentPoolTest.class, "blobs.wat"));
    ComponentLinker linker = ComponentLinker.create(fixture.engine());
    for (String name :
        List.of(
            "[constructor]blob",
            "[method]blob.size",
            "[method]blob.join",
            "[static]blob.count",
            "look",
            "keep")) {
      linker.define("t:t/blobs@1.0.0", name, _ -> null);
    }
    List<Store> stores = new ArrayList<>();
    ComponentPool pool = ComponentPool.reusing(linker.prepare(component), 3, stores::add);
    List<ComponentPool.Lease> leases = List.of(pool.take(), pool.take(), pool.take());
    List<RuntimeException> failures = new ArrayList<>();
    for (ComponentPool.Lease lease : leases) {
      RuntimeException failure = new RuntimeException("mine");
      failures.add(failure);
      lease
          .instance()
          .func("hold")
          .call(
              (AutoCloseable)
                  () -> {
                    throw failure;
                  });
    }
    for (ComponentPool.Lease lease : leases) {
      lease.close();
    }
    Throwable thrown = catchThrowable(pool::close);
    assertThat(thrown).isInstanceOf(IllegalStateException.class);
    assertThat(thrown.getSuppressed()).hasSize(3).startsWith(failures.getFirst());
    assertThat(thrown.getSuppressed()[1].getSuppressed()).containsExactly(failures.get(1));
    assertThat(thrown.getSuppressed()[2].getSuppressed()).containsExactly(failures.get(2));
    assertThat(stores)
        .allSatisfy(
            store -> assertThatIllegalStateException().isThrownBy(() -> store.setData(null)));
    pool.close();
  }

  @Test
  void aLeaseWhoseStoreTheCallerClosedIsGivenBack() throws Exception {
    try (ComponentPool pool = ComponentPool.reusing(prepared(), 1, _ -> {})) {
      ComponentPool.Lease lease = pool.take();
      lease.instance().store().close();
      lease.close();
      try (ComponentPool.Lease next = pool.take(Duration.ZERO)) {
        assertThat(next.instance().as(Counter.class).next()).isEqualTo(1);
      }
    }
  }
}
