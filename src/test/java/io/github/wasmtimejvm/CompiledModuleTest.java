package io.github.wasmtimejvm;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

import io.github.wasmtimejvm.testing.Guests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Modules that were compiled before. What is damaged is refused in {@link CompiledGuardTest}. */
class CompiledModuleTest {
  private static final String GUEST =
      """
      (module $guest
        (import "host" "f" (func))
        (memory (export "memory") 1)
        (data (i32.const 0) "from the data segment")
        (table (export "table") i64 1 4294967295 funcref)
        (func $trap (export "trap") unreachable)
        (func $outer (export "outer") (call $trap))
        (func (export "sum") (param i32 i32) (result i32)
          (i32.add (local.get 0) (local.get 1))))
      """;

  @TempDir private Path folder;
  private Engine engine;
  private Module original;
  private byte[] compiled;

  @BeforeEach
  void compile() {
    engine = Engine.create();
    original = Module.fromWat(engine, GUEST);
    compiled = original.serialize();
  }

  @AfterEach
  void close() {
    original.close();
    engine.close();
  }

  @Test
  void isTheModuleThatItWasBefore() throws IOException {
    Path file = Files.write(folder.resolve("guest.cwasm"), compiled);
    for (Module module :
        List.of(
            Module.deserialize(engine, compiled),
            Module.deserializeFile(engine, file),
            Module.trustCompiled(engine, compiled),
            Module.trustCompiledFile(engine, file))) {
      try (module) {
        assertIsTheGuest(module);
      }
    }
  }

  @Test
  void worksInAnotherEngineWithTheSameSettings() {
    original.close();
    engine.close();
    try (Engine another = Engine.create();
        Module module = Module.deserialize(another, compiled)) {
      assertThat(module.engine()).isSameAs(another);
      assertIsTheGuest(module);
    }
  }

  private void assertIsTheGuest(Module module) {
    assertThat(module.imports()).isEqualTo(original(Module::imports));
    assertThat(module.exports()).isEqualTo(original(Module::exports));
    try (Store store = Store.create(module.engine())) {
      Func host = Func.create(store, FuncType.of(), (caller, args) -> null);
      Instance instance = Instance.create(store, module, host);
      assertThat(instance.func("sum").call(40, 2)).isEqualTo(42);
      byte[] data = new byte[4];
      instance.memory("memory").read(9, data);
      assertThat(data).asString().isEqualTo("data");
      assertThatExceptionOfType(TrapException.class)
          .isThrownBy(() -> instance.func("outer").call())
          .satisfies(e -> assertThat(e.code()).isEqualTo(TrapCode.UNREACHABLE_CODE_REACHED))
          .satisfies(
              e ->
                  assertThat(e.frames())
                      .extracting(WasmFrame::moduleName, WasmFrame::functionName)
                      .containsExactly(tuple("guest", "trap"), tuple("guest", "outer")))
          .satisfies(e -> assertThat(e.frames().getFirst().moduleOffset()).isPresent());
    }
  }

  private static <T> T original(Function<Module, T> question) {
    try (Engine engine = Engine.create();
        Module module = Module.fromWat(engine, GUEST)) {
      return question.apply(module);
    }
  }

  @Test
  void isTheSameWhenItIsSerializedAgain() throws IOException {
    Path file = Files.write(folder.resolve("guest.cwasm"), compiled);
    try (Module read = Module.deserialize(engine, compiled);
        Module mapped = Module.trustCompiledFile(engine, file)) {
      assertThat(original.serialize()).isEqualTo(compiled);
      assertThat(read.serialize()).isEqualTo(compiled);
      assertThat(mapped.serialize()).isEqualTo(compiled);
    }
  }

  @Test
  void theEnginesOwnFormatIsLoadedByTrustOnly() {
    int trailer = compiled.length - 152;
    int size = ByteBuffer.wrap(compiled).order(LITTLE_ENDIAN).getInt(trailer + 96);
    byte[] engines = Arrays.copyOf(compiled, size); // without what is ours

    try (Module module = Module.trustCompiled(engine, engines)) {
      assertIsTheGuest(module);
      byte[] again = module.serialize(); // which does not know the module's own declarations
      assertThat(again).hasSize(size + 152).startsWith(engines);
      Module.deserialize(engine, again).close();
    }
    assertRefused(
        () -> Module.deserialize(engine, engines),
        "this is no compiled module of wasmtime-jvm, or its end is missing");
  }

  @Test
  void otherSettingsAreRefused() throws IOException {
    Path file = Files.write(folder.resolve("guest.cwasm"), compiled);
    try (Engine other = Engine.builder().memoryMayMove(false).build()) {
      for (ThrowingCallable load :
          List.<ThrowingCallable>of(
              () -> Module.deserialize(other, compiled),
              () -> Module.deserializeFile(other, file),
              () -> Module.trustCompiled(other, compiled),
              () -> Module.trustCompiledFile(other, file))) {
        assertRefused(load, "memory may move");
      }
    }
  }

  @Test
  void aModuleInTheBinaryFormatIsNotCompiled() {
    byte[] wasm = Module.wat2wasm(GUEST);

    assertRefused(() -> Module.deserialize(engine, wasm), "this is no compiled module");
    assertRefused(() -> Module.trustCompiled(engine, wasm), "failed to parse precompiled artifact");
    assertRefused(() -> Module.fromBytes(engine, compiled), "");
  }

  private static void assertRefused(ThrowingCallable load, String reason) {
    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(load)
        .withMessageContaining(reason);
  }

  @Test
  void aFileThatWasReadMayChange() throws IOException {
    Path file = Files.write(folder.resolve("guest.cwasm"), compiled);
    try (Module module = Module.deserializeFile(engine, file)) {
      Files.write(file, new byte[0]);
      assertIsTheGuest(module);
    }
  }

  @Test
  void aFileThatIsMappedMayBeDeletedAndReplaced() throws IOException {
    Path file = Files.write(folder.resolve("guest.cwasm"), compiled);
    try (Module module = Module.trustCompiledFile(engine, file)) {
      Files.move(
          Files.write(folder.resolve("new"), new byte[0]), file, StandardCopyOption.ATOMIC_MOVE);
      assertIsTheGuest(module);
      Files.delete(file);
      assertIsTheGuest(module);
    }
  }

  @Test
  void whatIsNoFileIsAnIOException() {
    Path missing = folder.resolve("none.cwasm");
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> Module.deserializeFile(engine, missing));
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> Module.trustCompiledFile(engine, missing));
    assertThatExceptionOfType(FileSystemException.class)
        .isThrownBy(() -> Module.deserializeFile(engine, folder));
    assertThatExceptionOfType(FileSystemException.class)
        .isThrownBy(() -> Module.trustCompiledFile(engine, folder));
  }

  @Test
  void onlyTheSystemsFilesCanBeMapped() throws IOException {
    try (FileSystem zip =
        FileSystems.newFileSystem(folder.resolve("a.zip"), Map.of("create", "true"))) {
      Path file = Files.write(zip.getPath("/guest.cwasm"), compiled);

      Module.deserializeFile(engine, file).close();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Module.trustCompiledFile(engine, file))
          .withMessage("not in the system's file system: /guest.cwasm");
    }
  }

  @Test
  void theCodeIsInTheImagesRange() {
    ImageRange range = original.imageRange();

    assertThat(range.end() - range.start()).isBetween(4096L, (long) compiled.length);
  }

  @Test
  void everyKindOfExportSurvives() {
    try (Module every = Guests.compile(engine, GuardWorld.class, "every-kind.wat");
        Module again = Module.deserialize(engine, every.serialize())) {
      assertThat(again.exports()).isEqualTo(every.exports()).isNotEmpty();
    }
  }

  @Test
  void isOfNoUseWhenItIsClosed() {
    original.close();
    for (Runnable use : List.<Runnable>of(original::serialize, original::imageRange)) {
      assertThatIllegalStateException().isThrownBy(use::run).withMessage("the module is closed");
    }
    engine.close();
    for (Runnable use :
        List.<Runnable>of(
            () -> Module.deserialize(engine, compiled),
            () -> Module.trustCompiled(engine, compiled))) {
      assertThatIllegalStateException().isThrownBy(use::run).withMessage("the engine is closed");
    }
  }
}
