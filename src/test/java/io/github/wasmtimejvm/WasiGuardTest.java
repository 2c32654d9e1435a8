package io.github.wasmtimejvm;

import static io.github.wasmtimejvm.ValType.I32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.wasmtimejvm.wasi.WasiConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A WASI function is never called in a store without a WASI configuration, for that would end the
 * process: by whatever road the guest gets it.
 */
class WasiGuardTest {
  @TestFactory
  Stream<DynamicTest> isRefused() {
    return GuardCases.tests(WasiGuardTest.class, cases());
  }

  public static void main(String[] args) {
    GuardCases.run(cases());
  }

  private static Map<String, GuardCases.Case> cases() {
    Map<String, GuardCases.Case> cases = new LinkedHashMap<>();
    cases.put("no WASI configuration: instantiate", WasiGuardTest::wasiInstantiate);
    cases.put("no WASI configuration: get", WasiGuardTest::wasiGet);
    cases.put("no WASI configuration: shared linker", WasiGuardTest::wasiSharedLinker);
    cases.put("no WASI configuration: one that failed", WasiGuardTest::wasiFailedConfiguration);
    cases.put("no WASI configuration: through another instance", WasiGuardTest::wasiReexport);
    cases.put("no WASI configuration: defined again over ours", WasiGuardTest::wasiRedefined);
    cases.put("no WASI configuration: defined half", WasiGuardTest::wasiHalfDefined);
    return cases;
  }

  private static void assertNeedsWasi(ThrowingCallable task) {
    assertThatIllegalStateException()
        .isThrownBy(task)
        .withMessageContaining("needs a WASI configuration");
  }

  private static void wasiInstantiate(GuardWorld w) {
    w.linker.defineWasi();
    assertNeedsWasi(() -> w.linker.instantiate(w.store, w.wasi()));
  }

  private static void wasiGet(GuardWorld w) {
    w.linker.defineWasi();
    assertNeedsWasi(() -> w.linker.get(w.store, GuardWorld.WASI, "fd_write"));
  }

  private static void wasiSharedLinker(GuardWorld w) {
    w.linker.defineWasi();
    WasiConfig.builder().build().applyTo(w.other.store);
    assertThat(w.linker.instantiate(w.other.store, w.wasi()).func("run").call()).isEqualTo(0);
    assertNeedsWasi(() -> w.linker.instantiate(w.store, w.wasi()));
    assertNeedsWasi(() -> w.linker.get(w.store, GuardWorld.WASI, "fd_write"));
  }

  private static void wasiFailedConfiguration(GuardWorld w) {
    w.linker.defineWasi();
    WasiConfig impossible =
        WasiConfig.builder().readOnlyDirectory(Path.of("/no/such/place"), "/").build();
    assertThatIllegalArgumentException().isThrownBy(() -> impossible.applyTo(w.store));
    assertNeedsWasi(() -> w.linker.instantiate(w.store, w.wasi()));
  }

  private static void wasiReexport(GuardWorld w) {
    w.linker.defineWasi();
    try (Module reexport =
        Module.fromWat(
            w.engine,
            """
            (module
              (import "wasi_snapshot_preview1" "sched_yield" (func $f (result i32)))
              (export "f" (func $f)))
            """)) {
      assertNeedsWasi(() -> w.linker.instantiate(w.store, reexport));
      WasiConfig.builder().build().applyTo(w.other.store);
      Instance passesOn = w.linker.instantiate(w.other.store, reexport);
      // The only store that has the function is the one that has the configuration.
      w.linker.defineInstance("again", passesOn);
      assertThatIllegalArgumentException().isThrownBy(() -> w.linker.get(w.store, "again", "f"));
    }
  }

  private static void wasiRedefined(GuardWorld w) {
    w.linker.allowShadowing(true);
    w.linker.define(GuardWorld.WASI, "fd_write", GuardWorld.FD_WRITE, (caller, args) -> 0);
    assertThat(w.linker.instantiate(w.store, w.wasi()).func("run").call()).isEqualTo(0);
    w.linker.defineWasi();
    assertNeedsWasi(() -> w.linker.instantiate(w.store, w.wasi()));
  }

  private static void wasiHalfDefined(GuardWorld w) {
    FuncType type = FuncType.of().returns(I32);
    w.linker.define(GuardWorld.WASI, "sched_yield", type, (caller, args) -> 0);
    assertThatExceptionOfType(LinkException.class).isThrownBy(w.linker::defineWasi);
    Throwable thrown = catchThrowable(() -> w.linker.instantiate(w.store, w.wasi()));
    assertThat(thrown).isInstanceOfAny(IllegalStateException.class, LinkException.class);
  }
}
