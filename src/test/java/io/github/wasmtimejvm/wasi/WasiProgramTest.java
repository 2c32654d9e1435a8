package io.github.wasmtimejvm.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.GuestException;
import io.github.wasmtimejvm.LinkException;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.TrapCode;
import io.github.wasmtimejvm.TrapException;
import io.github.wasmtimejvm.testing.Guests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WasiProgramTest {
  private static final WasiConfig NOTHING = WasiConfig.builder().build();

  private static Engine engine;

  @BeforeAll
  static void createEngine() {
    engine = Engine.create();
  }

  @AfterAll
  static void closeEngine() {
    engine.close();
  }

  private static Module guest(String file) {
    return Guests.compile(engine, WasiProgramTest.class, file);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 256, -1, Integer.MIN_VALUE})
  void returnsTheStatusOfAnExit(int status) {
    WasiConfig config = WasiConfig.builder().args("exit", String.valueOf(status)).build();
    try (Module exit = guest("exit.wat");
        Module startSection = guest("exit-start-section.wat")) {
      assertThat(WasiProgram.of(exit).run(config).code()).isEqualTo(status);
      assertThat(WasiProgram.of(exit).run(config, "leave").code()).isEqualTo(status);
      assertThat(WasiProgram.of(startSection).run(config).code()).isEqualTo(status);
    }
  }

  @Test
  void aReturnIsSuccess() {
    try (Module module = guest("return.wat")) {
      assertThat(WasiProgram.of(module).run(NOTHING)).isEqualTo(ExitStatus.SUCCESS);
    }
  }

  @Test
  void callsAnotherFunctionWithItsArguments() {
    try (Module module =
        Module.fromWat(
            engine,
            """
            (module
              (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
              (func (export "exit_if") (param i32 i64) (result i32)
                (if (local.get 0) (then (call $exit (i32.wrap_i64 (local.get 1)))))
                (i32.const 42)))
            """)) {
      WasiProgram program = WasiProgram.of(module);

      assertThat(program.run(NOTHING, "exit_if", 1, 9L)).isEqualTo(new ExitStatus(9));
      assertThat(program.run(NOTHING, "exit_if", 0, 9L)).isEqualTo(ExitStatus.SUCCESS);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> program.run(NOTHING, "exit_if", 1))
          .withMessage("2 argument(s) expected, 1 given");
    }
  }

  @Test
  void everyRunBeginsAnew() {
    try (Module module =
        Module.fromWat(
            engine,
            """
            (module
              (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
              (global $runs (mut i32) (i32.const 0))
              (func (export "_start")
                (global.set $runs (i32.add (global.get $runs) (i32.const 1)))
                (call $exit (global.get $runs))))
            """)) {
      WasiProgram program = WasiProgram.of(module);

      assertThat(program.run(NOTHING)).isEqualTo(new ExitStatus(1));
      assertThat(program.run(NOTHING)).isEqualTo(new ExitStatus(1));
    }
  }

  @Test
  void aTrapIsThrownAfterTheOutputArrived(@TempDir Path folder) throws IOException {
    Path stdout = folder.resolve("stdout");
    try (Module module = guest("traps.wat")) {
      assertThatExceptionOfType(TrapException.class)
          .isThrownBy(
              () -> WasiProgram.of(module).run(WasiConfig.builder().stdoutFile(stdout).build()))
          .satisfies(e -> assertThat(e.code()).isEqualTo(TrapCode.UNREACHABLE_CODE_REACHED));
    }
    assertThat(Files.readString(stdout)).isEqualTo("trapping\n");
  }

  @Test
  void anUncaughtExceptionIsThrown() {
    try (Module module =
        Module.fromWat(engine, "(module (tag $e) (func (export \"_start\") (throw $e)))")) {
      assertThatExceptionOfType(GuestException.class)
          .isThrownBy(() -> WasiProgram.of(module).run(NOTHING));
    }
  }

  @Test
  void aReactorIsInitializedFirst() {
    try (Module reactor =
        Module.fromWat(
            engine,
            """
            (module
              (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
              (global $ready (mut i32) (i32.const 0))
              (func (export "_initialize")
                (global.set $ready (i32.add (global.get $ready) (i32.const 3))))
              (func (export "leave") (call $exit (global.get $ready))))
            """)) {
      WasiProgram program = WasiProgram.of(reactor);

      assertThat(program.run(NOTHING, "leave").code()).isEqualTo(3);
      assertThat(program.run(NOTHING, "leave").code()).isEqualTo(3);
    }
  }

  @Test
  void anExitWhileInitializingIsTheEnd() {
    try (Module reactor =
        Module.fromWat(
            engine,
            """
            (module
              (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
              (func (export "_initialize") (call $exit (i32.const 200)))
              (func (export "_start") unreachable))
            """)) {
      assertThat(WasiProgram.of(reactor).run(NOTHING).code()).isEqualTo(200);
    }
  }

  @Test
  void theExportWithoutANameComesFirst() {
    try (Module module =
        Module.fromWat(
            engine,
            """
            (module
              (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
              (func (export "") (call $exit (i32.const 5)))
              (func (export "_start") (call $exit (i32.const 6))))
            """)) {
      assertThat(WasiProgram.of(module).run(NOTHING).code()).isEqualTo(5);
    }
  }

  @Test
  void aProgramForTheOldWasiIsToldSo() {
    try (Module old =
        Module.fromWat(
            engine,
            """
            (module
              (import "wasi_unstable" "proc_exit" (func $exit (param i32)))
              (func (export "_start") (call $exit (i32.const 0))))
            """)) {
      assertThatExceptionOfType(LinkException.class)
          .isThrownBy(() -> WasiProgram.of(old).run(NOTHING))
          .withMessageContaining(
              "wasi_unstable.proc_exit: needs (i32) -> (), the linker has nothing")
          .withMessageEndingWith(
              "the module was built for an old WASI, wasi_unstable: the C API offers"
                  + " wasi_snapshot_preview1 only");
    }
  }

  @Test
  void aProgramWithoutStartIsNone() {
    try (Module module = Module.fromWat(engine, "(module (func (export \"main\")))")) {
      assertThatExceptionOfType(NoSuchElementException.class)
          .isThrownBy(() -> WasiProgram.of(module).run(NOTHING))
          .withMessage("the instance exports no Func \"_start\"; its exports are [main]");
    }
  }

  @Test
  void aProgramThatNeedsMoreThanWasiIsNotLinked() {
    try (Module module = guest("exit-nested.wat")) {
      assertThatExceptionOfType(LinkException.class)
          .isThrownBy(() -> WasiProgram.of(module).run(NOTHING))
          .withMessageContaining("host.call_back: needs () -> (), the linker has nothing")
          .satisfies(e -> assertThat(e.unsatisfied()).hasSize(1));
    }
  }

  @Test
  void aClosedModuleIsNoProgram() {
    Module module = guest("return.wat");
    WasiProgram program = WasiProgram.of(module);
    module.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> program.run(NOTHING))
        .withMessage("the module is closed");
  }

  @Test
  void anyNumberOfThreadsRunIt() throws InterruptedException, ExecutionException {
    try (Module module = guest("exit.wat");
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      WasiProgram program = WasiProgram.of(module);
      List<Future<ExitStatus>> results = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        WasiConfig config = WasiConfig.builder().args("exit", String.valueOf(i)).build();
        results.add(threads.submit(() -> program.run(config)));
      }
      for (int i = 0; i < 200; i++) {
        assertThat(results.get(i).get()).isEqualTo(new ExitStatus(i));
      }
    }
  }

  @Test
  void eachRunIsPreparedInTheOrderThatWasGiven() {
    List<String> prepared = new ArrayList<>();
    try (Module module = guest("return.wat")) {
      WasiProgram program =
          WasiProgram.of(module)
              .with(store -> prepared.add("first " + (store.engine() == engine)))
              .with(store -> prepared.add("second"));

      assertThat(program.run(NOTHING)).isEqualTo(ExitStatus.SUCCESS);
      assertThat(program.run(NOTHING)).isEqualTo(ExitStatus.SUCCESS);
      assertThat(prepared).containsExactly("first true", "second", "first true", "second");

      IllegalStateException thrown = new IllegalStateException("not today");
      WasiProgram refused =
          program.with(
              store -> {
                throw thrown;
              });
      assertThatIllegalStateException().isThrownBy(() -> refused.run(NOTHING)).isSameAs(thrown);
    }
  }
}
