package io.github.wasmtimejvm.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.ExitException;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.LinkException;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.TrapCode;
import io.github.wasmtimejvm.TrapException;
import io.github.wasmtimejvm.component.Component;
import io.github.wasmtimejvm.component.ComponentInstance;
import io.github.wasmtimejvm.component.ComponentLinker;
import io.github.wasmtimejvm.component.Result;
import io.github.wasmtimejvm.testing.Guests;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComponentProgramTest {
  private static final WasiConfig NOTHING = WasiConfig.builder().build();

  private static Engine engine;
  private static Component exits;
  private static Component startExit;

  @BeforeAll
  static void compile() {
    engine = Engine.create();
    exits = guest("component-exit.wat");
    startExit = guest("component-exit-start.wat");
  }

  @AfterAll
  static void close() {
    startExit.close();
    exits.close();
    engine.close();
  }

  private static Component guest(String file) {
    return Component.fromWat(engine, Guests.read(ComponentProgramTest.class, file));
  }

  /** A component whose {@code wasi:cli/run} has this body, which may call $exit. */
  private static Component running(String version, String body) {
    return Component.fromWat(
        engine,
        """
        (component
          (import "wasi:cli/exit@0.2.3" (instance $exit
            (export "exit-with-code" (func (param "status-code" u8)))))
          (core func $exit (canon lower (func $exit "exit-with-code")))
          (core module $main
            (import "wasi" "exit" (func $exit (param i32)))
            (global $runs (mut i32) (i32.const 0))
            (func (export "run") (result i32) %s))
          (core instance $main (instantiate $main
            (with "wasi" (instance (export "exit" (func $exit))))))
          (func $run (result (result)) (canon lift (core func $main "run")))
          (instance $run (export "run" (func $run)))
          (export "wasi:cli/run@%s" (instance $run)))
        """
            .formatted(body, version));
  }

  @ParameterizedTest
  @CsvSource({"(i32.const 0), 0", "(i32.const 1), 1"})
  void theResultOfRunIsTheStatus(String body, int status) {
    for (String version : List.of("0.2.0", "0.2.12")) {
      try (Component component = running(version, body)) {
        assertThat(WasiProgram.of(component).run(NOTHING)).isEqualTo(new ExitStatus(status));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 125, 126, 128, 200, 255})
  void exitWithCodeHasItsWholeCode(int code) {
    try (Component component =
        running("0.2.0", "(call $exit (i32.const %d)) unreachable".formatted(code))) {
      assertThat(WasiProgram.of(component).run(NOTHING)).isEqualTo(new ExitStatus(code));
    }
  }

  @Test
  void anExitAtTheStartIsTheEnd() {
    assertThat(WasiProgram.of(startExit).run(NOTHING)).isEqualTo(new ExitStatus(7));
  }

  @Test
  void aTrapIsThrown() {
    try (Component component = running("0.2.0", "unreachable")) {
      assertThatExceptionOfType(TrapException.class)
          .isThrownBy(() -> WasiProgram.of(component).run(NOTHING))
          .satisfies(e -> assertThat(e.code()).isEqualTo(TrapCode.UNREACHABLE_CODE_REACHED));
    }
  }

  @Test
  void everyRunBeginsAnew() {
    try (Component component =
        running(
            "0.2.0",
            """
            (global.set $runs (i32.add (global.get $runs) (i32.const 1)))
            (call $exit (global.get $runs)) unreachable
            """)) {
      WasiProgram program = WasiProgram.of(component);

      assertThat(program.run(NOTHING)).isEqualTo(new ExitStatus(1));
      assertThat(program.run(NOTHING)).isEqualTo(new ExitStatus(1));
    }
  }

  @Test
  void callsAnotherFunctionWithItsArguments() {
    try (Component component =
        Component.fromWat(
            engine,
            """
            (component
              (core module $main
                (func (export "check") (param i32) (result i32)
                  (i32.ne (local.get 0) (i32.const 5)))
                (func (export "add") (param i32 i32) (result i32)
                  (i32.add (local.get 0) (local.get 1))))
              (core instance $main (instantiate $main))
              (func $check (param "n" u32) (result (result)) (canon lift (core func $main "check")))
              (func (export "add") (param "a" u8) (param "b" u8) (result u32)
                (canon lift (core func $main "add")))
              (instance $checks (export "check" (func $check)))
              (export "t:t/checks@1.2.0" (instance $checks)))
            """)) {
      WasiProgram program = WasiProgram.of(component);

      assertThat(program.run(NOTHING, "add", 1, 2)).isEqualTo(ExitStatus.SUCCESS);
      assertThat(program.run(NOTHING, "t:t/checks@1.0.0#check", 5L)).isEqualTo(ExitStatus.SUCCESS);
      assertThat(program.run(NOTHING, "t:t/checks@1.0.0#check", 6L)).isEqualTo(new ExitStatus(1));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> program.run(NOTHING, "add", 1, 256))
          .withMessage("parameter b: a u8 is from 0 to 255, got 256");
      assertThatExceptionOfType(NoSuchElementException.class)
          .isThrownBy(() -> program.run(NOTHING, "subtract"))
          .withMessageContaining("the component exports no function subtract");
      assertThatExceptionOfType(NoSuchElementException.class)
          .isThrownBy(() -> program.run(NOTHING))
          .withMessageContaining("the component exports no function wasi:cli/run@0.2.0 run");
    }
  }

  @Test
  void aComponentThatNeedsMoreThanWasiIsNotLinked() {
    assertThatExceptionOfType(LinkException.class)
        .isThrownBy(() -> WasiProgram.of(exits).run(NOTHING))
        .withMessageContaining("h:h/host@1.0.0: there is no such interface");
  }

  @Test
  void aClosedComponentIsNoProgram() {
    Component component = running("0.2.0", "(i32.const 0)");
    WasiProgram program = WasiProgram.of(component);
    component.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> program.run(NOTHING))
        .withMessage("the component is closed");
  }

  @Test
  void anyNumberOfThreadsRunIt() throws InterruptedException, ExecutionException {
    try (Component component = guest("component.wat");
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      WasiProgram program = WasiProgram.of(component);
      List<Future<ExitStatus>> results = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        results.add(threads.submit(() -> program.run(NOTHING)));
      }
      for (Future<ExitStatus> result : results) {
        assertThat(result.get()).isEqualTo(ExitStatus.SUCCESS);
      }
    }
  }

  @Test
  void eachRunIsPreparedInTheOrderThatWasGiven() {
    List<String> prepared = new ArrayList<>();
    WasiProgram program =
        WasiProgram.of(startExit)
            .with(store -> prepared.add("first " + (store.engine() == engine)))
            .with(store -> prepared.add("second"));

    assertThat(program.run(NOTHING)).isEqualTo(new ExitStatus(7));
    assertThat(program.run(NOTHING)).isEqualTo(new ExitStatus(7));
    assertThat(prepared).containsExactly("first true", "second", "first true", "second");
  }

  /** An instance of a guest in a store of its own, whose host function does something. */
  private static ComponentInstance instance(Store store, Runnable callBack) {
    NOTHING.applyTo(store);
    ComponentLinker linker = ComponentLinker.create(engine);
    linker.defineWasi();
    linker.define(
        "h:h/host@1.0.0",
        "call-back",
        args -> {
          callBack.run();
          return null;
        });
    return linker.instantiate(store, exits);
  }

  @Test
  void anExitInAHostFunctionInsideAnotherComponentEndsBoth() {
    try (Store outer = Store.create(engine);
        Store inner = Store.create(engine)) {
      ComponentInstance exiting = instance(inner, () -> {});
      ComponentInstance calling = instance(outer, () -> exiting.func("exit-with-code").call(9));

      assertThat(ExitStatus.of(() -> calling.func("call-back").call()))
          .isEqualTo(new ExitStatus(9));
      for (ComponentInstance ended : List.of(calling, exiting)) {
        assertThatIllegalStateException()
            .isThrownBy(() -> ended.func("return").call(Result.ok(null)))
            .satisfies(e -> assertThat(e.getCause()).isInstanceOf(ExitException.class));
      }
    }
  }

  @Test
  void aHostFunctionMayCatchTheExitOfAnotherComponent() {
    List<ExitStatus> caught = new ArrayList<>();
    try (Store outer = Store.create(engine)) {
      ComponentInstance calling =
          instance(outer, () -> caught.add(WasiProgram.of(startExit).run(NOTHING)));

      calling.func("call-back").call();
      assertThat(caught).containsExactly(new ExitStatus(7));
      assertThat(calling.func("return").call(Result.err(null))).isEqualTo(Result.err(null));
    }
  }

  @Test
  void anExitInsideTheSameStoreSpendsItEvenIfItIsCaught() {
    try (Store store = Store.create(engine)) {
      List<ComponentInstance> inner = new ArrayList<>();
      List<Integer> caught = new ArrayList<>();
      ComponentInstance calling =
          instance(
              store,
              () ->
                  caught.add(
                      ExitStatus.of(() -> inner.getFirst().func("exit-with-code").call(3)).code()));
      inner.add(calling);

      calling.func("call-back").call(); // goes on to its end; none after it is possible
      assertThat(caught).containsExactly(3);
      assertThatIllegalStateException().isThrownBy(() -> calling.func("call-back").call());
    }
  }

  @Test
  void anExitOfAComponentInsideAModuleEndsBothAndTheOtherWayRound() {
    try (Store store = Store.create(engine);
        Store other = Store.create(engine);
        Linker linker = Linker.create(engine);
        Module module =
            Module.fromWat(
                engine,
                """
                (module
                  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
                  (import "host" "call-back" (func $call-back))
                  (func (export "call-back") (call $call-back))
                  (func (export "exit") (param i32) (call $exit (local.get 0))))
                """)) {
      ComponentInstance component = instance(store, () -> {});
      NOTHING.applyTo(other);
      linker.defineWasi();
      linker.define(
          "host", "call-back", Runnable.class, () -> component.func("exit").call(Result.err(null)));
      Instance instance = linker.instantiate(other, module);

      assertThat(ExitStatus.of(() -> instance.func("call-back").call()))
          .isEqualTo(new ExitStatus(1));

      // A module's store is not spent by that.
      try (Store third = Store.create(engine)) {
        ComponentInstance calling = instance(third, () -> instance.func("exit").call(1000));
        assertThat(ExitStatus.of(() -> calling.func("call-back").call()))
            .isEqualTo(new ExitStatus(1000));
      }
    }
  }

  @Test
  void aModuleOfTheSameStoreRunsOnAfterAnExit() {
    try (Store store = Store.create(engine)) {
      ComponentInstance component = instance(store, () -> {});
      Instance module =
          Guests.instantiate(store, "(module (func (export \"f\") (result i32) (i32.const 4)))");

      assertThat(ExitStatus.of(() -> component.func("exit").call(Result.ok(null))))
          .isEqualTo(ExitStatus.SUCCESS);
      assertThat(module.func("f").call()).isEqualTo(4);
      assertThatIllegalStateException()
          .isThrownBy(() -> component.func("exit").call(Result.ok(null)));
    }
  }
}
