package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.testing.EngineFixture;
import io.github.wasmtimejvm.testing.OpenFiles;
import io.github.wasmtimejvm.wasi.OutputCapture;
import io.github.wasmtimejvm.wasi.WasiConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What changes several things changes all of them, or throws and none. */
class AllOrNothingTest {
  private static final String WASI = "wasi_snapshot_preview1";
  private static final String TWO = "(module (func (export \"a\")) (func (export \"b\")))";
  private static final String WRITES =
      """
      (module
        (import "wasi_snapshot_preview1" "fd_write"
          (func $write (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 0) "\\10\\00\\00\\00\\05\\00\\00\\00")
        (data (i32.const 16) "hello")
        (func (export "write") (result i32)
          (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
      """;

  @TempDir private Path folder;

  @RegisterExtension
  private final EngineFixture fixture = EngineFixture.of(Engine.builder().interruptible(true));

  private final Engine engine = fixture.engine();
  private final Store store = fixture.newStore();
  private final Linker linker = fixture.newLinker();

  /** In the middle of the alphabet, so that the engine has defined some before it is refused. */
  @Test
  void defineWasiBesideAFunctionOfTheUsersOwn() {
    linker.define(WASI, "fd_write", IntSupplier.class, () -> 7);

    assertThatExceptionOfType(LinkException.class).isThrownBy(linker::defineWasi);

    assertThat(((Func) linker.get(store, WASI, "fd_write").orElseThrow()).call()).isEqualTo(7);
    for (String name : List.of("fd_read", "args_get", "proc_exit", "sock_shutdown")) {
      assertThat(linker.get(store, WASI, name)).as(name).isEmpty();
    }
    linker.allowShadowing(true);
    linker.defineWasi();
    WasiConfig.builder().build().applyTo(store);
    assertThat(linker.get(store, WASI, "fd_read")).isPresent();
  }

  @Test
  void defineInstanceWhereANameIsTaken() {
    linker.define("m", "b", IntSupplier.class, () -> 7);
    try (Module two = Module.fromWat(engine, TWO)) {
      Instance instance = Instance.create(store, two);

      assertThatExceptionOfType(LinkException.class)
          .isThrownBy(() -> linker.defineInstance("m", instance));
    }
    assertThat(linker.get(store, "m", "a")).isEmpty();
    try (Store other = Store.create(engine)) {
      assertThat(linker.get(other, "m", "b")).as("it serves any store still").isPresent();
    }
  }

  @Test
  void defineModuleWhereANameIsTaken() {
    linker.define("m", "b", IntSupplier.class, () -> 7);
    String command = TWO.replace("(module", "(module (func (export \"_start\"))");
    for (String text : List.of(TWO, command)) {
      try (Module module = Module.fromWat(engine, text)) {
        assertThatExceptionOfType(WasmtimeException.class)
            .as(text)
            .isThrownBy(() -> linker.defineModule(store, "m", module));
      }
      assertThat(linker.get(store, "m", "a")).as(text).isEmpty();
      assertThat(linker.get(store, "m", "_start")).as(text).isEmpty();
    }
    try (Store other = Store.create(engine)) {
      assertThat(linker.get(other, "m", "b")).as("it serves any store still").isPresent();
    }
  }

  /** Of a command only functions can be defined; that one is not is seen in the middle. */
  @Test
  void defineModuleOfACommandThatExportsAMemoryWhereNamesMayBeTaken() {
    linker.allowShadowing(true);
    String command =
        "(module (func (export \"a\")) (func (export \"_start\")) (memory (export \"b\") 1))";
    try (Module module = Module.fromWat(engine, command)) {
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> linker.defineModule(store, "m", module));
    }
    assertThat(linker.get(store, "m", "a")).isEmpty();
    assertServesAnyStore();
  }

  @Test
  void defineUnderANameThatIsNoText() {
    Memory memory = Memory.create(store, MemoryType.of(1));
    try (Module two = Module.fromWat(engine, TWO)) {
      Instance instance = Instance.create(store, two);

      assertThatIllegalArgumentException().isThrownBy(() -> linker.define("\ud800", "b", memory));
      for (boolean shadowing : new boolean[] {false, true}) {
        linker.allowShadowing(shadowing);
        assertThatIllegalArgumentException()
            .isThrownBy(() -> linker.defineInstance("\ud800", instance));
        assertThatIllegalArgumentException()
            .isThrownBy(() -> linker.defineModule(store, "\ud800", two));
      }
    }
    assertServesAnyStore();
  }

  @Test
  void defineUnknownImportsAsDefaultsWhereOneHasNone() {
    store.limit(StoreLimits.NONE.withMemoryBytes(1 << 16));
    for (String last : List.of("(global (ref func))", "(memory 2)")) {
      String wat = "(module (import \"m\" \"a\" (func)) (import \"m\" \"b\" %s))".formatted(last);
      try (Module module = Module.fromWat(engine, wat)) {
        assertThatExceptionOfType(LinkException.class)
            .as(last)
            .isThrownBy(() -> linker.defineUnknownImportsAsDefaults(store, module));
      }
      assertThat(linker.get(store, "m", "a")).as(last).isEmpty();
    }
    assertServesAnyStore();
  }

  /** Nothing is made twice either, for which the store would have no room. */
  @Test
  void defineUnknownImportsAsDefaultsMakesEachOnce() {
    store.limit(StoreLimits.NONE.withMemories(1));
    linker.define("m", "a", IntSupplier.class, () -> 7);
    String wat =
        """
        (module
          (import "m" "a" (func $a (result i32)))
          (import "m" "b" (memory 1))
          (import "m" "b" (memory 1))
          (import "m" "c" (func $c (result i64)))
          (func (export "a") (result i32) (call $a))
          (func (export "c") (result i64) (call $c)))
        """;
    try (Module module = Module.fromWat(engine, wat)) {
      linker.defineUnknownImportsAsDefaults(store, module);
      Instance instance = linker.instantiate(store, module);

      assertThat(instance.func("a").call()).isEqualTo(7);
      assertThat(instance.func("c").call()).isEqualTo(0L);
    }
  }

  @Test
  void defineWasiBesideWhatAModuleImportsOfIt() {
    try (Module module = Module.fromWat(engine, WRITES)) {
      linker.defineUnknownImportsAsTraps(module);
    }
    try (Linker copy = linker.copy()) {
      for (Linker each : List.of(linker, copy)) {
        assertThatExceptionOfType(LinkException.class).isThrownBy(each::defineWasi);
        assertThat(each.get(store, WASI, "args_get")).isEmpty();
      }
    }
  }

  private void assertServesAnyStore() {
    try (Store other = Store.create(engine)) {
      assertThat(linker.get(other, "no", "such")).isEmpty();
    }
  }

  @Test
  void aConfigurationThatCannotBeAppliedLeavesTheOneBefore() {
    OutputCapture before = new OutputCapture(100);
    OutputCapture after = new OutputCapture(100);
    WasiConfig.builder().stdout(before).build().applyTo(store);
    Path missing = folder.resolve("missing");

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                WasiConfig.builder()
                    .stdout(after)
                    .inFront("no_such_function", call -> 0)
                    .build()
                    .applyTo(store))
        .withMessageContaining("no_such_function");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                WasiConfig.builder()
                    .stdout(after)
                    .readOnlyDirectory(missing, "/")
                    .build()
                    .applyTo(store))
        .withMessageContaining("missing");

    assertThat(write()).isEqualTo(0);
    assertThat(before.text()).isEqualTo("hello");
    assertThat(after.text()).isEmpty();
  }

  @Test
  void aConfigurationThatNeedsWhatTheEngineHasNotLeavesTheOneBefore() {
    OutputCapture before = new OutputCapture(100);
    OutputCapture after = new OutputCapture(100);
    try (Engine plain = Engine.builder().gcSupport(false).build();
        Store own = Store.create(plain)) {
      WasiConfig.builder().stdout(before).build().applyTo(own);

      assertThatIllegalStateException()
          .isThrownBy(
              () -> WasiConfig.builder().stdout(after).unwindingExit().build().applyTo(own));

      assertThat(write(plain, own)).isEqualTo(0);
      assertThat(before.text()).isEqualTo("hello");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Timeout(600)
  @EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux says which files are open")
  void aConfigurationThatCannotBeAppliedLeavesNoFileOpen(boolean interruptible) throws IOException {
    Path input = Files.writeString(folder.resolve("input"), "text");
    WasiConfig.Builder config = WasiConfig.builder().stdinFile(input);
    try (Engine own = Engine.builder().interruptible(interruptible).gcSupport(false).build();
        Store taking = Store.create(own)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> config.unwindingExit().build().applyTo(taking));
      OpenFiles.awaitClosed(input);

      config.readOnlyDirectory(folder.resolve("missing"), "/");
      assertThatIllegalArgumentException().isThrownBy(() -> config.build().applyTo(taking));
      OpenFiles.awaitClosed(input);

      // The control: applied, it is open.
      WasiConfig.builder().stdinFile(input).build().applyTo(taking);
      assertThat(OpenFiles.contain(input)).isTrue();
    }
    OpenFiles.awaitClosed(input);
  }

  private Object write() {
    return write(engine, store);
  }

  private static Object write(Engine engine, Store store) {
    try (Module module = Module.fromWat(engine, WRITES);
        Linker own = Linker.create(engine)) {
      own.defineWasi();
      return own.instantiate(store, module).func("write").call();
    }
  }
}
