package io.github.wasmtimejvm;

import static io.github.wasmtimejvm.Controlled.assertTrap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Deadlines in ticks that the user counts, and what happens at them. */
class EpochTest {
  @TestFactory
  Stream<DynamicTest> epochs() {
    return GuardCases.tests(EpochTest.class, cases());
  }

  public static void main(String[] args) {
    GuardCases.run(cases());
  }

  private interface Case {
    void run(Controlled world) throws Throwable;
  }

  private static Map<String, GuardCases.Case> cases() {
    Map<String, Case> cases = new LinkedHashMap<>();
    cases.put("without a deadline ticks end nothing", EpochTest::noDeadline);
    cases.put("a tick at the deadline ends the guest", EpochTest::ends);
    cases.put("ticks before the deadline do not", EpochTest::endsNotBefore);
    cases.put("no ticks are none", EpochTest::noTicks);
    cases.put("a negative number is refused", EpochTest::negative);
    cases.put("an engine without the option refuses", _ -> withoutOption());
    cases.put("a host function's tick ends its guest", EpochTest::tickInHostFunction);
    cases.put("another thread's only tick ends the guest", EpochTest::tickByOtherThread);
    cases.put("a callback lets the guest go on", EpochTest::callbackContinues);
    cases.put("a callback that gives no ticks is asked again", EpochTest::callbackGivesNone);
    cases.put("what a callback throws comes back", EpochTest::callbackThrows);
    cases.put("a WebAssembly exception of a callback comes back", EpochTest::callbackThrowsGuest);
    cases.put("a callback that gives negative ticks ends the guest", EpochTest::callbackNegative);
    cases.put("a callback cannot call its guest", EpochTest::callbackCalls);
    cases.put("a callback may call other stores", EpochTest::callbackCallsOther);
    cases.put("a callback cannot close its store", EpochTest::callbackCloses);
    cases.put("a callback replaces itself", EpochTest::callbackReplaces);
    cases.put("a callback uses all else of its store", EpochTest::callbackUses);
    cases.put("a callback for want of stack", EpochTest::callbackOverflows);
    cases.put("a callback at the deepest point", EpochTest::callbackAtDeepest);
    cases.put("a callback removed gives the trap again", EpochTest::callbackRemoved);
    cases.put("a timeout ends what a callback lets go on", EpochTest::timeoutBeside);
    cases.put("ticks after the engine was closed", EpochTest::engineClosed);
    cases.put("epochs and fuel", _ -> fuelBeside());
    cases.put("Winch", _ -> kind(Strategy.WINCH, null));
    cases.put("Pulley", _ -> kind(Strategy.AUTO, "pulley64"));
    Map<String, GuardCases.Case> all = new LinkedHashMap<>();
    cases.forEach(
        (name, test) ->
            all.put(
                name,
                _ -> {
                  try (Controlled w = new Controlled()) {
                    test.run(w);
                  }
                }));
    return all;
  }

  private static void assertInterrupt(ThrowingCallable call) {
    assertTrap(TrapCode.INTERRUPT, call);
  }

  private static void noDeadline(Controlled w) {
    w.host = _ -> w.engine.incrementEpoch();
    w.call("call");
    w.assertUsable();
  }

  private static void ends(Controlled w) {
    w.store.setEpochDeadline(1);
    assertThat(w.call("count", 10)).isEqualTo(10);
    w.engine.incrementEpoch();
    assertInterrupt(() -> w.call("spin"));
    assertInterrupt(() -> w.call("nothing"));
    w.store.setEpochDeadline(Long.MAX_VALUE);
    w.assertUsable();
  }

  private static void endsNotBefore(Controlled w) {
    w.store.setEpochDeadline(3);
    w.engine.incrementEpoch();
    w.engine.incrementEpoch();
    assertThat(w.call("count", 10)).isEqualTo(10);
    w.engine.incrementEpoch();
    assertInterrupt(() -> w.call("count", 10));
  }

  private static void noTicks(Controlled w) {
    w.store.setEpochDeadline(0);
    assertInterrupt(() -> w.call("spin"));
    w.store.setEpochDeadline(1);
    w.assertUsable();
    w.host = _ -> w.store.setEpochDeadline(0);
    assertInterrupt(() -> w.call("callThenSpin"));
  }

  private static void negative(Controlled w) {
    assertThatIllegalArgumentException().isThrownBy(() -> w.store.setEpochDeadline(-1));
    w.assertUsable();
  }

  private static void withoutOption() {
    try (Controlled w = new Controlled(Engine.create(), false)) {
      Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
      calls.put("setEpochDeadline", () -> w.store.setEpochDeadline(1));
      calls.put("onEpochDeadline", () -> w.store.onEpochDeadline(_ -> 1));
      calls.put("incrementEpoch", w.engine::incrementEpoch);
      calls.forEach(
          (what, call) ->
              assertThatIllegalStateException()
                  .as(what)
                  .isThrownBy(call)
                  .withMessageContaining("interruptible"));
    }
  }

  private static void tickInHostFunction(Controlled w) {
    w.host = _ -> w.engine.incrementEpoch();
    w.store.setEpochDeadline(1);
    assertInterrupt(() -> w.call("callThenSpin"));
    w.store.setEpochDeadline(100);
    assertInterrupt(() -> w.call("callForEver"));
  }

  // While other stores' timeouts move the engine's epoch all the time.
  private static void tickByOtherThread(Controlled w) throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    Thread noise =
        Thread.ofPlatform()
            .start(
                () -> {
                  try (Controlled other = new Controlled(w.engine, false)) {
                    while (!Thread.interrupted()) {
                      other.store.setTimeout(Duration.ofNanos(1000));
                      try {
                        other.call("count", 100_000);
                      } catch (StoppedException expected) {
                        begun.countDown();
                      }
                    }
                  } finally {
                    begun.countDown();
                  }
                });
    begun.await();
    for (int i = 0; i < 100; i++) {
      Thread[] ticks = new Thread[1];
      w.host = _ -> ticks[0] = Thread.ofVirtual().start(w.engine::incrementEpoch);
      w.store.setEpochDeadline(1);
      assertInterrupt(() -> w.call("callThenSpin"));
      ticks[0].join();
    }
    noise.interrupt();
    noise.join();
  }

  private static void callbackContinues(Controlled w) {
    AtomicInteger calls = new AtomicInteger();
    w.store.onEpochDeadline(
        store -> {
          assertThat(store).isSameAs(w.store);
          calls.incrementAndGet();
          return 2;
        });
    w.store.setEpochDeadline(1);
    w.host = _ -> w.engine.incrementEpoch();
    for (int i = 1; i <= 10; i++) {
      w.call("call");
      w.assertUsable();
    }
    assertThat(calls).hasValue(5);
  }

  private static void callbackGivesNone(Controlled w) {
    AtomicInteger calls = new AtomicInteger();
    w.store.onEpochDeadline(_ -> calls.incrementAndGet() < 100 ? 0 : 1);
    w.store.setEpochDeadline(0);
    assertThat(w.call("count", 1000)).isEqualTo(1000);
    assertThat(calls).hasValue(100);
  }

  private static void callbackThrows(Controlled w) {
    for (Throwable mine :
        new Throwable[] {
          new Exception("checked"), new IllegalStateException("unchecked"), new Error("error"),
        }) {
      w.store.onEpochDeadline(
          _ -> {
            throw mine;
          });
      w.store.setEpochDeadline(0);
      assertThatExceptionOfType(Throwable.class).isThrownBy(() -> w.call("spin")).isSameAs(mine);
      w.store.setEpochDeadline(10);
      w.assertUsable();
    }
  }

  private static void callbackThrowsGuest(Controlled w) {
    try (Module module = Module.fromWat(w.engine, "(module (tag (export \"t\") (param i32)))")) {
      Instance instance = w.linker.instantiate(w.store, module);
      Tag tag = (Tag) instance.export("t").orElseThrow();
      for (int i = 0; i < 3; i++) {
        GuestException mine = new GuestException(tag, 7);
        w.store.onEpochDeadline(
            _ -> {
              throw mine;
            });
        w.store.setEpochDeadline(0);
        assertThatExceptionOfType(GuestException.class)
            .isThrownBy(() -> w.call("spin"))
            .isSameAs(mine);
        w.store.setEpochDeadline(10);
        w.assertUsable();
      }
    }
  }

  private static void callbackNegative(Controlled w) {
    w.store.onEpochDeadline(_ -> -1);
    w.store.setEpochDeadline(0);
    assertThatIllegalArgumentException().isThrownBy(() -> w.call("spin"));
  }

  private static void callbackCalls(Controlled w) {
    w.store.onEpochDeadline(
        _ -> {
          assertThatIllegalStateException()
              .isThrownBy(() -> w.call("nothing"))
              .withMessageContaining("epoch callback");
          assertThatIllegalStateException()
              .isThrownBy(() -> w.linker.instantiate(w.store, w.module));
          return 1;
        });
    w.store.setEpochDeadline(0);
    w.assertUsable();
    w.host = _ -> w.call("nothing"); // elsewhere it may
    w.call("call");
  }

  private static void callbackCallsOther(Controlled w) {
    try (Controlled other = new Controlled(w.engine, false)) {
      w.store.onEpochDeadline(
          _ -> {
            other.assertUsable();
            return 1;
          });
      w.store.setEpochDeadline(0);
      w.assertUsable();
    }
  }

  private static void callbackCloses(Controlled w) {
    w.store.onEpochDeadline(
        store -> {
          assertThatIllegalStateException()
              .isThrownBy(store::close)
              .withMessageContaining("guest is running");
          return 1;
        });
    w.store.setEpochDeadline(0);
    w.assertUsable();
  }

  private static void callbackReplaces(Controlled w) {
    EpochCallback last = _ -> 7;
    w.store.onEpochDeadline(
        store -> {
          for (int i = 0; i < 100; i++) {
            store.onEpochDeadline(_ -> 1);
            Func.create(store, FuncType.of(), (caller, args) -> null); // frees dropped handles
          }
          System.gc();
          store.onEpochDeadline(last);
          return 0;
        });
    w.store.setEpochDeadline(0);
    w.assertUsable();
  }

  private static void callbackUses(Controlled w) {
    Memory memory = w.instance.memory("memory");
    w.store.onEpochDeadline(
        store -> {
          memory.grow(1);
          memory.write(65536, new byte[] {1});
          store.gc();
          store.setData("data");
          store.setTimeout(Duration.ofDays(1));
          store.limit(StoreLimits.NONE);
          store.within(Duration.ofDays(1), () -> null);
          return 1;
        });
    w.store.setEpochDeadline(0);
    w.assertUsable();
    assertThat(memory.size()).isEqualTo(2);
  }

  private static void callbackOverflows(Controlled w) {
    w.store.onEpochDeadline(_ -> recurse(1));
    w.store.setEpochDeadline(0);
    assertThatExceptionOfType(StackOverflowError.class).isThrownBy(() -> w.call("spin"));
    w.store.setEpochDeadline(10);
    w.assertUsable();
  }

  private static long recurse(long n) {
    return recurse(n + 1) + 1;
  }

  // The guest goes ever deeper, with the callback at each function, until its stack ends.
  private static void callbackAtDeepest(Controlled w) {
    AtomicInteger calls = new AtomicInteger();
    w.store.onEpochDeadline(_ -> calls.incrementAndGet() < 0 ? 1 : 0);
    w.store.setEpochDeadline(0);
    assertTrap(TrapCode.STACK_OVERFLOW, () -> w.call("deep", Integer.MAX_VALUE));
    assertThat(calls.get()).isGreaterThan(100);
    w.store.setEpochDeadline(0);
    w.store.onEpochDeadline(_ -> recurse(1));
    assertThatExceptionOfType(StackOverflowError.class).isThrownBy(() -> w.call("deep", 100));
  }

  private static void callbackRemoved(Controlled w) {
    w.store.onEpochDeadline(_ -> 1);
    w.store.onEpochDeadline(null);
    w.store.setEpochDeadline(0);
    assertInterrupt(() -> w.call("spin"));
  }

  private static void timeoutBeside(Controlled w) {
    w.store.onEpochDeadline(_ -> 0);
    w.store.setEpochDeadline(0);
    w.store.setTimeout(Duration.ofMillis(20));
    Controlled.assertTimeout(() -> w.call("spin"));
  }

  private static void engineClosed(Controlled w) {
    w.store.setEpochDeadline(1);
    w.engine.close();
    w.engine.incrementEpoch();
    assertInterrupt(() -> w.call("spin"));
  }

  private static void fuelBeside() {
    try (Controlled w = new Controlled(builder -> builder.consumeFuel(true))) {
      w.store.setFuel(10_000);
      assertTrap(TrapCode.OUT_OF_FUEL, () -> w.call("spin"));
      w.store.setFuel(-1);
      w.store.setEpochDeadline(0);
      assertInterrupt(() -> w.call("spin"));
      w.store.onEpochDeadline(_ -> 0);
      w.store.setFuel(10_000);
      assertTrap(TrapCode.OUT_OF_FUEL, () -> w.call("spin"));
      w.store.setFuel(10_000);
      w.store.onEpochDeadline(
          store -> {
            assertThatIllegalStateException().isThrownBy(store::fuel);
            assertThatIllegalStateException().isThrownBy(() -> store.setFuel(1));
            return 1;
          });
      assertThat(w.call("count", 10)).isEqualTo(10);
    }
  }

  private static void kind(Strategy strategy, String target) {
    try (Controlled w =
        new Controlled(
            builder -> {
              builder.strategy(strategy);
              return target == null ? builder : builder.target(target);
            })) {
      w.store.setEpochDeadline(1);
      w.host = _ -> w.engine.incrementEpoch();
      assertInterrupt(() -> w.call("callThenSpin"));
      AtomicInteger calls = new AtomicInteger();
      w.store.onEpochDeadline(_ -> calls.incrementAndGet());
      w.store.setEpochDeadline(0);
      w.assertUsable();
      assertThat(calls).hasValue(1);
    }
  }
}
