package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.TrapException;
import io.github.wasmtimejvm.testing.EngineFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

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
}
