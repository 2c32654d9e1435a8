package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.wasmtimejvm.testing.EnoughTime;
import io.github.wasmtimejvm.testing.Guests;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A guest of {@code controlled.wat}, whose import {@code host.f} is {@link #host}. */
final class Controlled implements AutoCloseable {
  /** What the guest's import does. */
  interface Host {
    void call(Controlled world) throws Throwable;
  }

  final Engine engine;
  final Module module;
  final Linker linker;
  final Store store;
  final Instance instance;
  volatile Host host = _ -> {};

  Controlled() {
    this(builder -> builder);
  }

  Controlled(UnaryOperator<EngineBuilder> settings) {
    this(settings.apply(Engine.builder().interruptible(true)).build(), false);
  }

  Controlled(Engine engine, boolean shared) {
    this.engine = engine;
    this.module = Guests.compile(engine, Controlled.class, "controlled.wat");
    this.linker = Linker.create(engine);
    linker.define(
        "host",
        "f",
        FuncType.of(),
        (caller, args) -> {
          host.call(this);
          return null;
        });
    this.store = shared ? Store.createShared(engine) : Store.create(engine);
    if (engine.consumesFuel()) {
      store.setFuel(1_000_000);
    }
    this.instance = linker.instantiate(store, module);
  }

  Object call(String name, Object... args) {
    return instance.func(name).call(args);
  }

  static void assertTimeout(ThrowingCallable call) {
    assertStopped(StoppedException.Reason.TIMEOUT, call);
  }

  /** The guest comes to its host function, and its time is up there or later. */
  void assertTimeoutInHost(String name, Host host) throws Throwable {
    AtomicBoolean called = new AtomicBoolean();
    this.host =
        world -> {
          called.set(true);
          host.call(world);
        };
    EnoughTime.find(
        time -> {
          store.setTimeout(time);
          assertTimeout(() -> call(name));
          return called.get();
        });
  }

  static void assertInterrupt(ThrowingCallable call) {
    assertStopped(StoppedException.Reason.INTERRUPT, call);
  }

  private static void assertStopped(StoppedException.Reason reason, ThrowingCallable call) {
    assertThatExceptionOfType(StoppedException.class)
        .isThrownBy(call)
        .satisfies(stopped -> assertThat(stopped.reason()).isEqualTo(reason));
  }

  static void assertTrap(TrapCode code, ThrowingCallable call) {
    assertThatExceptionOfType(TrapException.class)
        .isThrownBy(call)
        .satisfies(trap -> assertThat(trap.code()).isEqualTo(code));
  }

  /** What was stopped can be used again, and closed. */
  void assertUsable() {
    store.setTimeout(null);
    assertThat(call("count", 1000)).isEqualTo(1000);
  }

  @Override
  public void close() {
    store.close();
    linker.close();
    module.close();
    engine.close();
  }
}
