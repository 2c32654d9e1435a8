package io.github.wasmtimejvm;

import static io.github.wasmtimejvm.Controlled.assertTimeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.testing.EnoughTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests end when their time is up. None of these says how soon. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TimeoutTest {
  private static final Duration SOON = Duration.ofMillis(20);
  private static final Duration LATE = Duration.ofDays(1000);
  private static final String SPINNING_START =
      "(module (func $spin (loop $again (br $again))) (start $spin))";

  @Test
  void aSpinningGuestEndsAndItsStoreStaysUsable() {
    try (Controlled w = new Controlled()) {
      w.store.setTimeout(SOON);
      for (int i = 0; i < 3; i++) {
        assertTimeout(() -> w.call("spin"));
      }
      w.assertUsable();
    }
  }

  @Test
  void theExceptionSaysWhereTheGuestWas() {
    try (Controlled w = new Controlled()) {
      w.store.setTimeout(SOON);
      assertThatExceptionOfType(StoppedException.class)
          .isThrownBy(() -> w.call("spin"))
          .withMessage("the guest's time was up")
          .satisfies(
              stopped -> assertThat(stopped.frames().getFirst().functionName()).isEqualTo("spin"));
    }
  }

  @Test
  void aGuestThatCallsWithoutALoopEndsToo() {
    try (Controlled w = new Controlled()) {
      w.store.setTimeout(SOON);
      assertTimeout(() -> w.call("callForEver"));
      w.assertUsable();
    }
  }

  @Test
  void withNoTimeNoGuestIsStarted() {
    try (Controlled w = new Controlled()) {
      AtomicInteger calls = new AtomicInteger();
      w.host = _ -> calls.incrementAndGet();
      w.store.setTimeout(Duration.ZERO);
      assertTimeout(() -> w.call("call"));
      w.store.setTimeout(null);
      assertTimeout(() -> w.store.within(Duration.ZERO, () -> w.call("call")));
      assertThat(calls).hasValue(0);
      w.assertUsable();
    }
  }

  @Test
  void anEndlessTimeNeverEnds() {
    try (Controlled w = new Controlled()) {
      for (Duration time : List.of(LATE, Duration.ofSeconds(Long.MAX_VALUE))) {
        w.store.setTimeout(time);
        assertThat(w.call("count", 10)).isEqualTo(10);
        assertThat(w.store.<Object, RuntimeException>within(time, () -> w.call("count", 10)))
            .isEqualTo(10);
      }
    }
  }

  @Test
  void aNegativeTimeIsRefused() {
    try (Controlled w = new Controlled()) {
      Duration negative = Duration.ofNanos(-1);
      assertThatIllegalArgumentException().isThrownBy(() -> w.store.setTimeout(negative));
      assertThatIllegalArgumentException().isThrownBy(() -> w.store.within(negative, () -> null));
      w.assertUsable();
    }
  }

  @Test
  void anEngineWithoutTheOptionRefuses() {
    try (Controlled w = new Controlled(Engine.create(), false)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> w.store.setTimeout(LATE))
          .withMessageContaining("interruptible");
      assertThatIllegalStateException()
          .isThrownBy(() -> w.store.within(LATE, () -> null))
          .withMessageContaining("interruptible");
    }
  }

  @Test
  void withinStopsWhatRunsInItAndNothingAfter() {
    try (Controlled w = new Controlled()) {
      assertTimeout(() -> w.store.within(SOON, () -> w.call("spin")));
      assertThat(w.call("count", 10)).isEqualTo(10);
      assertTimeout(
          () ->
              w.store.within(
                  SOON,
                  () -> {
                    assertTimeout(() -> w.call("spin"));
                    return w.call("nothing"); // not even started
                  }));
      w.assertUsable();
    }
  }

  @Test
  void anInnerTimeOnlyShortensTheOuterOne() {
    try (Controlled w = new Controlled()) {
      w.store.within(
          LATE,
          () -> {
            assertTimeout(() -> w.store.within(SOON, () -> w.call("spin")));
            return w.call("nothing");
          });
      assertTimeout(() -> w.store.within(SOON, () -> w.store.within(LATE, () -> w.call("spin"))));
      w.store.setTimeout(LATE);
      assertTimeout(() -> w.store.within(SOON, () -> w.call("spin")));
      w.store.setTimeout(SOON);
      assertTimeout(() -> w.store.within(LATE, () -> w.call("spin")));
      w.assertUsable();
    }
  }

  @Test
  void withinGivesBackWhatTheActionDoes() {
    try (Controlled w = new Controlled()) {
      Exception mine = new Exception("mine");
      assertThatExceptionOfType(Exception.class)
          .isThrownBy(
              () ->
                  w.store.within(
                      LATE,
                      () -> {
                        throw mine;
                      }))
          .isSameAs(mine);
      w.assertUsable();
    }
  }

  @Test
  void aNestedCallHasTheTimeOfTheOuterOne() throws Throwable {
    try (Controlled w = new Controlled()) {
      w.assertTimeoutInHost("call", _ -> w.call("spin"));
      w.assertTimeoutInHost("call", _ -> w.store.within(LATE, () -> w.call("spin")));
      w.assertTimeoutInHost("callThenSpin", _ -> w.store.setTimeout(null));
      w.assertUsable();
    }
  }

  @Test
  void withinInAHostFunctionStopsTheInnerCallOnly() throws Throwable {
    try (Controlled w = new Controlled()) {
      Controlled.Host stopsAnInnerCall =
          _ -> assertTimeout(() -> w.store.within(SOON, () -> w.call("spin")));
      w.host = stopsAnInnerCall;
      for (int i = 0; i < 3; i++) {
        w.call("call");
      }
      w.store.setTimeout(LATE);
      w.call("call");
      w.assertTimeoutInHost("callThenSpin", stopsAnInnerCall);
      w.assertUsable();
    }
  }

  @Test
  void aHostFunctionThatCatchesItDoesNotSaveTheGuest() throws Throwable {
    try (Controlled w = new Controlled()) {
      Controlled.Host catches = _ -> assertTimeout(() -> w.call("spin"));
      w.assertTimeoutInHost("callThenSpin", catches);
      w.assertTimeoutInHost("callForEver", catches);
      w.assertUsable();
    }
  }

  @Test
  void theOuterStoresTimeEndsTheInnerStoresGuest() throws Throwable {
    try (Controlled w = new Controlled();
        Store other = Store.create(w.engine)) {
      Func spin = w.linker.instantiate(other, w.module).func("spin");
      Func count = w.linker.instantiate(other, w.module).func("count");
      w.assertTimeoutInHost("call", _ -> spin.call());
      assertThat(count.call(1000)).isEqualTo(1000);
      w.assertUsable();
    }
  }

  @Test
  void theInnerStoresTimeDoesNotEndTheOuterStoresGuest() {
    try (Controlled w = new Controlled();
        Store other = Store.create(w.engine)) {
      Func spin = w.linker.instantiate(other, w.module).func("spin");
      other.setTimeout(SOON);
      w.host = _ -> assertTimeout(spin::call);
      w.call("call");
      w.store.setTimeout(LATE);
      w.call("call");
    }
  }

  @Test
  void theTimeOfAStoreFurtherOutCountsWhenItIsEnteredAgain() throws Throwable {
    try (Controlled w = new Controlled();
        Store other = Store.create(w.engine)) {
      AtomicInteger depth = new AtomicInteger();
      AtomicInteger inner = new AtomicInteger();
      Func call = w.linker.instantiate(other, w.module).func("call");
      w.host =
          _ -> {
            if (depth.getAndIncrement() == 0) {
              call.call();
            } else {
              inner.incrementAndGet();
              w.call("spin");
            }
          };
      EnoughTime.find(
          time -> {
            depth.set(0);
            other.setTimeout(time);
            assertTimeout(() -> w.call("call"));
            return inner.get() > 0;
          });
      w.assertUsable();
    }
  }

  @Test
  void aStartFunctionEndsToo() {
    try (Controlled w = new Controlled();
        Module spins = Module.fromWat(w.engine, SPINNING_START);
        InstancePre pre = w.linker.instantiatePre(spins)) {
      w.store.setTimeout(SOON);
      assertTimeout(() -> Instance.create(w.store, spins));
      assertTimeout(() -> w.linker.instantiate(w.store, spins));
      assertTimeout(() -> pre.instantiate(w.store));
      assertTimeout(() -> w.linker.defineModule(w.store, "spins", spins));
      w.assertUsable();
    }
  }

  @Test
  void typedCallsEndToo() throws Throwable {
    try (Controlled w = new Controlled()) {
      w.store.setTimeout(SOON);
      Runnable spin = w.instance.func("spin").as(Runnable.class);
      assertTimeout(spin::run);
      var handle = w.instance.func("spin").handle();
      assertTimeout(() -> handle.invoke());
      w.assertUsable();
    }
  }

  @Test
  void aSharedStoreEndsOnWhateverThread() throws InterruptedException {
    try (Controlled w = new Controlled(Engine.builder().interruptible(true).build(), true)) {
      w.store.setTimeout(SOON);
      List<Thread> threads = new ArrayList<>();
      AtomicInteger stopped = new AtomicInteger();
      for (int i = 0; i < 4; i++) {
        Thread.Builder kind = i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
        threads.add(
            kind.start(
                () -> {
                  assertTimeout(() -> w.call("spin"));
                  stopped.incrementAndGet();
                }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(stopped).hasValue(4);
      w.assertUsable();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"winch", "pulley", "fuel", "no signals"})
  void everyKindOfEngineStops(String kind) {
    try (Controlled w =
        new Controlled(
            builder ->
                switch (kind) {
                  case "winch" -> builder.strategy(Strategy.WINCH);
                  case "pulley" -> builder.target("pulley64");
                  case "fuel" -> builder.consumeFuel(true);
                  default -> builder.signalsBasedTraps(false);
                })) {
      if (kind.equals("fuel")) {
        w.store.setFuel(-1); // the most there is
      }
      w.store.setTimeout(SOON);
      assertTimeout(() -> w.call("spin"));
      w.assertUsable();
    }
  }

  @Test
  void anEngineClosedWhileItsGuestRunsStopsItStill() throws Throwable {
    try (Controlled w = new Controlled()) {
      w.assertTimeoutInHost("callThenSpin", _ -> w.engine.close());
      assertTimeout(() -> w.call("spin"));
      w.assertUsable();
    }
  }

  @Test
  void aGuestIsStoppedAtTheDeepestPointOfItsStack() {
    try (Controlled w = new Controlled()) {
      w.store.setTimeout(SOON);
      int deep = 1;
      while (true) {
        int depth = deep;
        try {
          w.call("deep", depth);
        } catch (StoppedException stopped) {
          deep += Math.max(1, deep / 2);
          continue;
        } catch (TrapException overflow) {
          assertThat(overflow.code()).isEqualTo(TrapCode.STACK_OVERFLOW);
          break;
        }
      }
      w.assertUsable();
    }
  }
}
