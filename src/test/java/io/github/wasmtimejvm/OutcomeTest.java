package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.wasmtimejvm.capi.WasmtimeExtern.wasmtime_extern_t;
import io.github.wasmtimejvm.capi.WasmtimeLinker;
import io.github.wasmtimejvm.internal.NativeVector;
import io.github.wasmtimejvm.testing.EngineFixture;
import io.github.wasmtimejvm.testing.Guests;
import io.github.wasmtimejvm.wasi.ExitStatus;
import io.github.wasmtimejvm.wasi.WasiConfig;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the engine reports other than traps: the exit of its own {@code proc_exit}, which ours
 * shadows, WebAssembly exceptions that nobody catches, and plain errors.
 */
class OutcomeTest {
  private static final String WASI = "wasi_snapshot_preview1";

  @RegisterExtension private static final EngineFixture fixture = EngineFixture.create();

  private final Engine engine = fixture.engine();
  private final Store store = fixture.newStore();
  private final Linker linker = fixture.newLinker();

  /** An instance of exit.wat that leaves by the engine's own proc_exit. */
  private Instance exitOfTheEngine(int status) {
    linker.defineWasi();
    linker.allowShadowing(true);
    WasiConfig.builder().args("exit", String.valueOf(status)).build().applyTo(store);
    linker.define(WASI, "proc_exit", procExitOfTheEngine());
    try (Module module = Guests.compile(engine, OutcomeTest.class, "wasi/exit.wat")) {
      return linker.instantiate(store, module);
    }
  }

  private Extern procExitOfTheEngine() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment own = WasmtimeLinker.wasmtime_linker_new(engine.object().lease());
      try {
        WasmtimeLinker.wasmtime_linker_define_wasi(own);
        MemorySegment module = NativeVector.utf8(arena, WASI);
        MemorySegment name = NativeVector.utf8(arena, "proc_exit");
        MemorySegment item = arena.allocate(wasmtime_extern_t.SIZEOF, 8);
        assertThat(
                WasmtimeLinker.wasmtime_linker_get(
                    own,
                    store.state().context(),
                    module,
                    module.byteSize(),
                    name,
                    name.byteSize(),
                    item))
            .isTrue();
        return Extern.of(store, item);
      } finally {
        WasmtimeLinker.wasmtime_linker_delete(own);
        engine.object().release();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 125})
  void theEnginesOwnExitIsAnExit(int status) {
    Func start = exitOfTheEngine(status).func("_start");

    ExitException exit = catchThrowableOfType(ExitException.class, start::call);
    assertThat(exit.status()).isEqualTo(status);
    assertThat(exit.exitStatus()).hasValue(status);
    assertThat(exit).hasMessage("exit with status " + status);
    assertThat(exit.frames()).isNotEmpty();
    assertThat(ExitStatus.of(start::call)).isEqualTo(new ExitStatus(status));
  }

  @Test
  void theStatusThatTheEngineLosesIsAnEngineException() {
    Func start = exitOfTheEngine(126).func("_start");

    EngineException error = catchThrowableOfType(EngineException.class, start::call);
    assertThat(error).hasMessageContaining("exit with invalid exit status outside of [0..126)");
    assertThat(error.exitStatus()).isEmpty();
    assertThat(error.frames()).extracting(WasmFrame::functionName).endsWith("_start");
  }

  @Test
  void anExceptionThatNobodyCatchesIsAGuestException() {
    Instance guest = exceptionGuest();

    GuestException thrown =
        catchThrowableOfType(GuestException.class, () -> guest.func("throw").call());
    assertThat(thrown).hasMessage("WebAssembly exception");
    assertThat(thrown.exitStatus()).isEmpty();
    assertThat(thrown.payload()).containsExactly(7);
    assertThat(guest.func("catch").call()).isEqualTo(7);
    assertThat(guest.func("fine").call()).isNull();
  }

  private Instance exceptionGuest() {
    return Guests.instantiate(
        store,
        """
        (module
          (tag $e (param i32))
          (func $throw (export "throw") (throw $e (i32.const 7)))
          (func (export "catch") (result i32)
            (block $caught (result i32)
              (try_table (catch $e $caught) (call $throw))
              (i32.const 0)))
          (func (export "fine")))
        """);
  }

  @Test
  void anExceptionOfTheStartFunctionIsAGuestException() {
    try (Module module =
        Module.fromWat(engine, "(module (tag $e) (func $f (throw $e)) (start $f))")) {
      assertThat(catchThrowableOfType(GuestException.class, () -> Instance.create(store, module)))
          .hasMessage("WebAssembly exception");
      // It does not come out of the next call.
      assertThat(exceptionGuest().func("fine").call()).isNull();
    }
  }

  @Test
  void aTrapThatAStartFunctionsHostHasCaughtIsNotThatOfTheStartFunction() {
    try (Module traps = Module.fromWat(engine, "(module (func $f unreachable) (start $f))");
        Module outer =
            Module.fromWat(
                engine,
                "(module (import \"host\" \"inner\" (func $inner)) (start $inner)"
                    + " (func (export \"answer\") (result i32) (i32.const 42)))");
        Linker linker = Linker.create(engine)) {
      linker.define(
          "host",
          "inner",
          Runnable.class,
          () ->
              assertThatExceptionOfType(TrapException.class)
                  .isThrownBy(() -> Instance.create(store, traps)));

      assertThat(linker.instantiate(store, outer).func("answer").call()).isEqualTo(42);
    }
  }
}
