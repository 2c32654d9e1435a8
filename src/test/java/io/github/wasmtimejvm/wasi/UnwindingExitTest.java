package io.github.wasmtimejvm.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.ExitException;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.HostFunction;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.ValType;
import io.github.wasmtimejvm.testing.Guests;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a guest still runs when it exits, by default and with {@code unwindingExit}. */
class UnwindingExitTest {
  private static final WasiConfig DEFAULT = WasiConfig.builder().build();
  private static final WasiConfig UNWINDING = WasiConfig.builder().unwindingExit().build();

  private static Engine engine;
  private static Module module;

  @BeforeAll
  static void compile() {
    engine = Engine.create();
    module = Guests.compile(engine, UnwindingExitTest.class, "swallow.wat");
  }

  @AfterAll
  static void close() {
    module.close();
    engine.close();
  }

  private static Instance instance(Store store, WasiConfig config, HostFunction nested) {
    try (Linker linker = Linker.create(engine)) {
      linker.defineWasi();
      linker.define("host", "nested", FuncType.of(ValType.I32), nested);
      config.applyTo(store);
      return linker.instantiate(store, module);
    }
  }

  private static int status(Func func, int status) {
    return ExitStatus.of(() -> func.call(status)).code();
  }

  private static Object handled(Instance instance) {
    return instance.global("handled").get();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 200, 255, 256, -1, Integer.MIN_VALUE})
  void cleanupRunsAndTheStatusArrives(int status) {
    try (Store store = Store.create(engine)) {
      Instance instance = instance(store, UNWINDING, (caller, args) -> null);
      assertThat(status(instance.func("cleanup"), status)).isEqualTo(status);
      assertThat(handled(instance)).isEqualTo(1);
      assertThat(status(instance.func("cleanup"), status)).isEqualTo(status);
      assertThat(handled(instance)).isEqualTo(2);
    }
  }

  @Test
  void byDefaultNoHandlerRuns() {
    try (Store store = Store.create(engine)) {
      Instance instance =
          instance(
              store,
              DEFAULT,
              (caller, args) -> {
                caller.func("cleanup").call(args);
                return null;
              });
      for (String function : new String[] {"cleanup", "outer", "swallow"}) {
        assertThat(status(instance.func(function), 3)).isEqualTo(3);
      }
      assertThat(handled(instance)).isEqualTo(0);
    }
  }

  @Test
  void allFramesAreUnwoundAlsoThoseBehindTheHosts() {
    AtomicReference<ExitException> seen = new AtomicReference<>();
    try (Store store = Store.create(engine)) {
      Instance instance =
          instance(
              store,
              UNWINDING,
              (caller, args) -> {
                try {
                  return caller.func("cleanup").call(args);
                } catch (ExitException exit) {
                  seen.set(exit);
                  throw exit;
                }
              });
      assertThatThrownBy(() -> instance.func("outer").call(200))
          .isInstanceOf(ExitException.class)
          .satisfies(exit -> assertThat(exit).isSameAs(seen.get()))
          .hasFieldOrPropertyWithValue("status", 200);
      assertThat(handled(instance)).isEqualTo(11);
    }
  }

  @Test
  void anExitOfTheHostsUnwindsToo() {
    try (Store store = Store.create(engine)) {
      Instance instance =
          instance(
              store,
              UNWINDING,
              (caller, args) -> {
                throw new ExitException(7);
              });
      assertThat(status(instance.func("outer"), 0)).isEqualTo(7);
      assertThat(handled(instance)).isEqualTo(10);
    }
  }

  @Test
  void aGuestMaySwallowIt() {
    try (Store store = Store.create(engine)) {
      Instance instance = instance(store, UNWINDING, (caller, args) -> null);
      assertThat(status(instance.func("swallow"), 3)).isZero(); // it returned
      assertThat(handled(instance)).isEqualTo(100);
      assertThat(status(instance.func("cleanup"), 4)).isEqualTo(4);
    }
  }

  /** A configuration counts for exits from then on, not for one that a guest has caught. */
  @Test
  void anExitUnderWayStaysOneWhereTheConfigurationChanges() {
    String wat =
        """
        (module
          (import "host" "exit" (func $exit))
          (import "host" "configure" (func $configure))
          (func (export "run")
            (local $e exnref)
            (local.set $e
              (block $handler (result exnref)
                (try_table (catch_all_ref $handler) (call $exit))
                (return)))
            (call $configure)
            (throw_ref (local.get $e))))
        """;
    ExitException exit = new ExitException(5);
    try (Store store = Store.create(engine);
        Linker linker = Linker.create(engine);
        Module rethrows = Module.fromWat(engine, wat)) {
      UNWINDING.applyTo(store);
      linker.define(
          "host",
          "exit",
          FuncType.of(),
          (caller, args) -> {
            throw exit;
          });
      linker.define(
          "host",
          "configure",
          FuncType.of(),
          (caller, args) -> {
            DEFAULT.applyTo(caller.store());
            return null;
          });
      Func run = linker.instantiate(store, rethrows).func("run");

      assertThatThrownBy(run::call).isSameAs(exit);
      assertThatThrownBy(run::call).as("now it passes the handler").isSameAs(exit);
    }
  }

  @Test
  void anEngineWithoutExceptionsSaysSo() {
    try (Engine small = Engine.builder().gcSupport(false).build();
        Store store = Store.create(small)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> UNWINDING.applyTo(store))
          .withMessageContaining("gcSupport");
    }
  }

  @Test
  void aConfigurationThatCannotBeAppliedLeavesTheOneBefore() {
    OutputCapture output = new OutputCapture(10);
    try (Engine small = Engine.builder().gcSupport(false).build();
        Guest guest = new Guest(small, WasiConfig.builder().stdout(output).build())) {
      assertThatIllegalStateException().isThrownBy(() -> UNWINDING.applyTo(guest.store));
      guest.write(1, "as before");
    }
    assertThat(output.text()).isEqualTo("as before");
  }
}
