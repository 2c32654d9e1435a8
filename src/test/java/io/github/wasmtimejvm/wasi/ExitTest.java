package io.github.wasmtimejvm.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.wasmtimejvm.Caller;
import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.EngineException;
import io.github.wasmtimejvm.ExitException;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.HostFunction;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Memory;
import io.github.wasmtimejvm.MemoryType;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.TrapException;
import io.github.wasmtimejvm.testing.Guests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to end a guest with a status, and what is no exit. */
class ExitTest {
  private static Engine engine;

  @TempDir private Path folder;
  private Store store;
  private Linker linker;

  @BeforeAll
  static void createEngine() {
    engine = Engine.create();
  }

  @AfterAll
  static void closeEngine() {
    engine.close();
  }

  @BeforeEach
  void create() {
    store = Store.create(engine);
    linker = Linker.create(engine);
    linker.defineWasi();
  }

  @AfterEach
  void close() {
    linker.close();
    store.close();
  }

  static List<Integer> statuses() {
    return List.of(0, 1, 2, 125, 126, 127, 200, 255, 256, -1, Integer.MIN_VALUE);
  }

  /** An instance of a guest that takes the status from its first argument. */
  private Instance instantiate(String guest, int status) {
    WasiConfig.builder()
        .args("guest", String.valueOf(status))
        .stdoutFile(stdout())
        .build()
        .applyTo(store);
    try (Module module = Guests.compile(engine, ExitTest.class, guest)) {
      return linker.instantiate(store, module);
    }
  }

  private Path stdout() {
    return folder.resolve("stdout");
  }

  private void assertPrinted(String... lines) throws IOException {
    assertThat(Files.readAllLines(stdout())).containsExactly(lines);
  }

  private static void assertExit(ExitStatus.Run<RuntimeException> run, int status) {
    ExitException exit = catchThrowableOfType(ExitException.class, run::run);
    assertThat(exit).isNotNull().hasMessage("exit with status " + status);
    assertThat(exit.status()).isEqualTo(status);
    assertThat(exit.exitStatus()).hasValue(status);
  }

  @ParameterizedTest
  @MethodSource("statuses")
  void aProgramExits(int status) throws IOException {
    Func start = instantiate("exit.wat", status).func("_start");

    assertExit(start::call, status);
    assertPrinted("leaving from _start");
  }

  @ParameterizedTest
  @MethodSource("statuses")
  void anExportedFunctionExits(int status) throws IOException {
    Func leave = instantiate("exit.wat", status).func("leave");

    assertExit(leave::call, status);
    assertPrinted("leaving from leave");
  }

  @ParameterizedTest
  @MethodSource("statuses")
  void aStartSectionExitsDuringInstantiation(int status) throws IOException {
    assertExit(() -> instantiate("exit-start-section.wat", status), status);
    assertPrinted("leaving from the start section");
  }

  /** Calls the guest back, as the host function of exit-nested.wat. */
  private static Object callInner(Caller caller) {
    return ((Func) caller.export("inner").orElseThrow()).call();
  }

  private Func nested(int status, HostFunction callBack) {
    linker.define("host", "call_back", FuncType.of(), callBack);
    return instantiate("exit-nested.wat", status).func("_start");
  }

  @ParameterizedTest
  @MethodSource("statuses")
  void anExitPassesThroughTheHostFunctionBetween(int status) throws IOException {
    Func start = nested(status, (caller, args) -> callInner(caller));

    assertExit(start::call, status);
    assertPrinted("leaving from inner");
  }

  @ParameterizedTest
  @MethodSource("statuses")
  void aHostFunctionMayCatchTheExitOfTheGuestThatItCalled(int status) throws IOException {
    List<ExitStatus> caught = new ArrayList<>();
    Func start =
        nested(
            status,
            (caller, args) -> {
              caught.add(ExitStatus.of(() -> callInner(caller)));
              return null;
            });

    assertThat(start.call()).isNull();
    assertThat(caught).containsExactly(new ExitStatus(status));
    assertPrinted("leaving from inner", "the host came back");
  }

  @Test
  void aHostFunctionMayExitWithAnotherStatus() {
    Func start =
        nested(
            3,
            (caller, args) -> {
              ExitStatus inner = ExitStatus.of(() -> callInner(caller));
              throw new ExitException(inner.code() + 100);
            });

    assertExit(start::call, 103);
  }

  @ParameterizedTest
  @MethodSource("statuses")
  void aHostFunctionMayEndItsGuest(int status) throws IOException {
    ExitException exit = new ExitException(status);
    Func start =
        nested(
            0,
            (caller, args) -> {
              throw exit;
            });

    assertThat(catchThrowableOfType(ExitException.class, start::call)).isSameAs(exit);
    assertExit(start::call, status);
    assertPrinted();
  }

  @Test
  void anInstanceCanBeCalledAgainAfterAnExit() throws IOException {
    Instance instance = instantiate("exit.wat", 200);

    assertExit(() -> instance.func("leave").call(), 200);
    assertThat(instance.func("still_there").call()).isEqualTo(42);
    assertExit(() -> instance.func("leave").call(), 200);
    assertExit(() -> instance.func("_start").call(), 200);
    assertPrinted("leaving from leave", "leaving from leave", "leaving from _start");
  }

  @ParameterizedTest
  @MethodSource("statuses")
  void anyCallGivesAStatus(int status) {
    assertThat(ExitStatus.of(() -> instantiate("exit.wat", status).func("_start").call()))
        .isEqualTo(new ExitStatus(status));
    assertThat(ExitStatus.of(() -> instantiate("exit-start-section.wat", status)))
        .isEqualTo(new ExitStatus(status));
    assertThat(new ExitStatus(status).isSuccess()).isEqualTo(status == 0);
  }

  @Test
  void aNormalReturnIsSuccess() throws IOException {
    Func start = instantiate("return.wat", 0).func("_start");

    ExitStatus status = ExitStatus.of(start::call);
    assertThat(status).isEqualTo(ExitStatus.SUCCESS).isEqualTo(new ExitStatus(0));
    assertThat(status.isSuccess()).isTrue();
    assertPrinted("returning");
  }

  @Test
  void aResultIsNoStatus() {
    Func answer = instantiate("exit.wat", 0).func("still_there");

    assertThat(ExitStatus.of(answer::call)).isEqualTo(ExitStatus.SUCCESS);
  }

  @Test
  void aTrapIsNoExit() throws IOException {
    Func start = instantiate("traps.wat", 0).func("_start");

    assertThatExceptionOfType(TrapException.class)
        .isThrownBy(() -> ExitStatus.of(start::call))
        .satisfies(e -> assertThat(e.exitStatus()).isEmpty());
    assertPrinted("trapping");
    assertThatExceptionOfType(TrapException.class)
        .isThrownBy(() -> ExitStatus.of(() -> instantiate("trap-start-section.wat", 0)))
        .satisfies(e -> assertThat(e.exitStatus()).isEmpty());
  }

  @Test
  void anErrorOfTheEngineIsNoExit() {
    Memory memory = Memory.create(store, MemoryType.of(1, 1));

    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> ExitStatus.of(() -> memory.grow(1)))
        .satisfies(e -> assertThat(e.exitStatus()).isEmpty());
  }

  @Test
  void anExceptionOfAHostFunctionIsNoExit() {
    IOException thrown = new IOException("exit with status 0");
    Func start =
        nested(
            0,
            (caller, args) -> {
              throw thrown;
            });

    assertThat(catchThrowableOfType(IOException.class, () -> ExitStatus.of(start::call)))
        .isSameAs(thrown);
  }

  @Test
  void anExitDuringAHostFunctionsOwnTroubleIsNotMistaken() {
    List<ExitStatus> caught = new ArrayList<>();
    IllegalStateException trouble = new IllegalStateException("trouble");
    Func start =
        nested(
            5,
            (caller, args) -> {
              caught.add(ExitStatus.of(() -> callInner(caller)));
              throw trouble;
            });

    assertThat(catchThrowableOfType(IllegalStateException.class, start::call)).isSameAs(trouble);
    assertThat(caught).containsExactly(new ExitStatus(5));
  }
}
