package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.ExitException;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.TrapCode;
import io.github.wasmtimejvm.TrapException;
import io.github.wasmtimejvm.wasi.WasiConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** After a component was unwound, no component of its store is called; the first cause is said. */
class SpentStoreTest {
  private static final String WAT =
      """
      (component
        (import "host" (func $host))
        (import "wasi:cli/exit@0.2.0" (instance $exit
          (export "exit" (func (param "status" (result))))))
        (core func $host (canon lower (func $host)))
        (core func $exit (canon lower (func $exit "exit")))
        (core module $guest
          (import "h" "host" (func $host))
          (import "h" "exit" (func $exit (param i32)))
          (func (export "nothing"))
          (func (export "trap") unreachable)
          (func (export "exit") (call $exit (i32.const 1)))
          (func (export "host") (call $host)))
        (core instance $guest (instantiate $guest (with "h" (instance
          (export "host" (func $host))
          (export "exit" (func $exit))))))
        (func (export "nothing") (canon lift (core func $guest "nothing")))
        (func (export "trap") (canon lift (core func $guest "trap")))
        (func (export "exit") (canon lift (core func $guest "exit")))
        (func (export "call-host") (canon lift (core func $guest "host"))))
      """;

  private static final String TRAPS_AT_THE_START =
      """
      (component
        (core module $m (func $f unreachable) (start $f))
        (core instance (instantiate $m)))
      """;

  public interface Guest {
    void nothing();

    void trap();

    void exit();

    void callHost();
  }

  private static Engine engine;
  private static Component component;

  private Runnable host = () -> {};
  private ComponentLinker linker;
  private Store store;
  private ComponentInstance instance;
  private Guest guest;
  private Guest other;

  @BeforeAll
  static void compile() {
    engine = Engine.create();
    component = Component.fromWat(engine, WAT);
  }

  @AfterAll
  static void closeEngine() {
    component.close();
    engine.close();
  }

  @BeforeEach
  void instantiate() {
    linker = ComponentLinker.create(engine);
    linker.defineWasi();
    linker.define(
        "",
        "host",
        _ -> {
          host.run();
          return null;
        });
    store = newStore();
    instance = linker.instantiate(store, component);
    guest = instance.as(Guest.class);
    other = linker.instantiate(store, component).as(Guest.class);
  }

  private static Store newStore() {
    Store store = Store.create(engine);
    WasiConfig.builder().build().applyTo(store);
    return store;
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void isSpentBy(Throwable cause) {
    isRefusedFor(cause, guest::nothing);
    isRefusedFor(cause, other::nothing);
    isRefusedFor(cause, () -> instance.func("nothing").call());
    isRefusedFor(cause, () -> linker.instantiate(store, component));
    assertThat(instance.isUsable()).isFalse();
    try (Store fresh = newStore()) {
      linker.instantiate(fresh, component).as(Guest.class).nothing();
    }
    try (Module module =
        Module.fromWat(engine, "(module (func (export \"f\") (result i32) (i32.const 7)))")) {
      assertThat(Instance.create(store, module).func("f").call()).isEqualTo(7);
    }
  }

  private static void isRefusedFor(
      Throwable cause, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatIllegalStateException()
        .isThrownBy(call)
        .withMessageContaining("cannot be used any more")
        .withMessageContaining(cause.toString())
        .satisfies(thrown -> assertThat(thrown.getCause()).isSameAs(cause));
  }

  private static Throwable thrownBy(Runnable call) {
    try {
      call.run();
    } catch (Throwable thrown) {
      return thrown;
    }
    throw new AssertionError("nothing was thrown");
  }

  @Test
  void aTrapSpendsIt() {
    Throwable trap = thrownBy(guest::trap);
    assertThat(trap)
        .isInstanceOfSatisfying(
            TrapException.class,
            thrown -> assertThat(thrown.code()).isEqualTo(TrapCode.UNREACHABLE_CODE_REACHED));
    isSpentBy(trap);
    thrownBy(guest::trap);
    isSpentBy(trap); // still the first
  }

  @Test
  void anExitSpendsIt() {
    Throwable exit = thrownBy(guest::exit);
    assertThat(exit)
        .isInstanceOfSatisfying(
            ExitException.class, thrown -> assertThat(thrown.status()).isEqualTo(1));
    isSpentBy(exit);
  }

  @Test
  void anExceptionOfTheHostsSpendsIt() {
    host =
        () -> {
          throw new IllegalCallerException("mine");
        };
    Throwable mine = thrownBy(guest::callHost);
    assertThat(mine).isInstanceOf(IllegalCallerException.class).hasMessage("mine");
    isSpentBy(mine);
  }

  @Test
  void aStartThatTrapsSpendsIt() {
    try (Component starting = Component.fromWat(engine, TRAPS_AT_THE_START)) {
      Throwable trap = thrownBy(() -> linker.instantiate(store, starting));
      assertThat(trap).isInstanceOf(TrapException.class);
      isSpentBy(trap);
    }
  }

  @Test
  void aTrapThatTheHostSwallowsSpendsItAfterTheCall() {
    Throwable[] swallowed = new Throwable[1];
    host = () -> swallowed[0] = thrownBy(other::trap);
    guest.callHost();
    assertThat(swallowed[0]).isInstanceOf(TrapException.class);
    isSpentBy(swallowed[0]);
  }

  @Test
  void aHostThatSwallowsATrapIsToldWhenItCallsAgain() {
    Throwable[] swallowed = new Throwable[2];
    host =
        () -> {
          swallowed[0] = thrownBy(other::trap);
          swallowed[1] = thrownBy(guest::nothing);
        };
    guest.callHost();
    assertThat(swallowed[1]).isInstanceOf(IllegalStateException.class).hasCause(swallowed[0]);
  }

  @Test
  void aHostMayCallTheGuestThatCalledIt() {
    int[] depth = new int[1];
    host =
        () -> {
          if (depth[0]++ < 10) {
            guest.callHost();
            other.nothing();
          }
        };
    guest.callHost();
    assertThat(depth[0]).isEqualTo(11);
    assertThat(instance.isUsable()).isTrue();
  }

  @Test
  void aHostMayInstantiate() {
    host =
        () -> {
          host = () -> {};
          linker.instantiate(store, component).as(Guest.class).callHost();
        };
    guest.callHost();
    assertThat(instance.isUsable()).isTrue();
  }

  @Test
  void aStoreKeepsItsWasiConfigurationOnceAComponentHasIt() {
    WasiConfig config = WasiConfig.builder().build();
    assertThatIllegalStateException()
        .isThrownBy(() -> config.applyTo(store))
        .withMessageContaining("cannot be replaced");
    guest.nothing();
    try (Store fresh = newStore();
        Component plain = Component.fromWat(engine, "(component)")) {
      linker.instantiate(fresh, plain);
      config.applyTo(fresh); // nothing has imported WASI yet
      linker.instantiate(fresh, component).as(Guest.class).nothing();
    }
  }

  @Test
  void whatFailsBeforeAnythingRanSpendsNothing() {
    try (Component unlinked =
        Component.fromWat(engine, "(component (import \"missing\" (func)))")) {
      assertThatExceptionOfType(io.github.wasmtimejvm.LinkException.class)
          .isThrownBy(() -> linker.instantiate(store, unlinked));
    }
    try (Component mistyped =
        Component.fromWat(
            engine,
            """
            (component (import "wasi:cli/exit@0.2.0" (instance
              (export "exit" (func (param "status" u64))))))
            """)) {
      Throwable refused = thrownBy(() -> linker.instantiate(store, mistyped));
      assertThat(refused).isInstanceOf(io.github.wasmtimejvm.WasmtimeException.class);
    }
    assertThat(instance.isUsable()).isTrue();
    guest.nothing();
  }
}
