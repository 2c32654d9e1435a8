package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

import io.github.wasmtimejvm.settings.CraneliftFlags;
import io.github.wasmtimejvm.testing.Guests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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
    byte[] engines = enginesOwn(compiled);

    try (Module module = Module.trustCompiled(engine, engines)) {
      assertIsTheGuest(module);
      byte[] again = module.serialize(); // which does not know the module's own declarations
      assertThat(again).startsWith(engines).hasSizeLessThan(compiled.length);
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

  private static byte[] enginesOwn(byte[] compiled) {
    int settings = new String(compiled, StandardCharsets.ISO_8859_1).lastIndexOf("nanCanon");
    return Arrays.copyOf(compiled, settings);
  }

  // Each of them is loaded by an engine whose code it is not like, if it is trusted.
  @Test
  void settingsThatTheEngineDoesNotCompareAreRefused() throws IOException {
    Map<String, Consumer<EngineBuilder>> settings = new LinkedHashMap<>();
    settings.put("nanCanonicalization=true", b -> b.nanCanonicalization(true));
    settings.put("optLevel=NONE", b -> b.optLevel(OptLevel.NONE));
    settings.put(
        "regallocAlgorithm=SINGLE_PASS", b -> b.regallocAlgorithm(RegallocAlgorithm.SINGLE_PASS));
    settings.put("maxWasmStack=100000", b -> b.maxWasmStack(100_000));
    settings.put("nativeUnwindInfo=false", b -> b.nativeUnwindInfo(false));
    for (String flag : CraneliftFlags.shared()) {
      String other = flag.startsWith("enable_") ? "false" : "true";
      settings.put(flag + "=" + other, b -> b.craneliftFlagSet(flag, other));
    }
    Path file = Files.write(folder.resolve("guest.cwasm"), compiled);
    for (Map.Entry<String, Consumer<EngineBuilder>> setting : settings.entrySet()) {
      EngineBuilder builder = Engine.builder();
      setting.getValue().accept(builder);
      try (Engine other = builder.build();
          Module there = Module.fromWat(other, GUEST)) {
        String message = "the engine has " + setting.getKey() + ": compile it anew";
        assertRefused(() -> Module.deserialize(other, compiled), message);
        assertRefused(() -> Module.deserializeFile(other, file), message);
        assertRefused(
            () -> Module.deserialize(engine, there.serialize()),
            "the compiled module was compiled with " + setting.getKey() + ", the engine has ");
        Module.deserialize(other, there.serialize()).close();
        Module.trustCompiled(other, compiled).close();
      }
    }
  }

  @Test
  void severalSettingsAreNamedTogether() {
    try (Engine other =
        Engine.builder()
            .nanCanonicalization(true)
            .optLevel(OptLevel.SPEED_AND_SIZE)
            .craneliftFlagEnable("regalloc_checker")
            .build()) {
      assertThatExceptionOfType(CompileException.class)
          .isThrownBy(() -> Module.deserialize(other, compiled))
          .withMessage(
              "the compiled module was compiled with nanCanonicalization=false, optLevel=SPEED,"
                  + " regalloc_checker=false, the engine has nanCanonicalization=true,"
                  + " optLevel=SPEED_AND_SIZE, regalloc_checker=true: compile it anew");
    }
  }

  @Test
  void settingsThatSayWhatIsSoByDefaultAreNoOthers() {
    EngineBuilder builder = Engine.builder().craneliftFlagSet("machine_code_cfg_info", "false");
    builder.craneliftFlagEnable("enable_alias_analysis").strategy(Strategy.CRANELIFT);
    try (Engine same = builder.debugVerifier(true).sharedMemory(true).build()) {
      Module.deserialize(same, compiled).close();
    }
  }

  // The very fault: the guest tells the host by the bits of a NaN which machine it runs on.
  @Test
  void codeThatDoesNotCanonicalizeNansIsNotLoadedWhereTheyAre() {
    String wat =
        """
        (module (func (export "bits") (param i32) (result i32)
          (i32.reinterpret_f32
            (f32.add (f32.reinterpret_i32 (local.get 0)) (f32.const 1)))))
        """;
    int nan = 0xffc1_2345;
    try (Engine canonical = Engine.builder().nanCanonicalization(true).build();
        Module without = Module.fromWat(engine, wat);
        Module with = Module.fromWat(canonical, wat)) {
      assertThat(bits(with, nan)).isEqualTo(0x7fc0_0000);
      try (Module trusted = Module.trustCompiled(canonical, without.serialize())) {
        assertThat(bits(trusted, nan)).isEqualTo(nan);
        // What it was compiled with, not what it was loaded into.
        assertRefused(
            () -> Module.deserialize(canonical, trusted.serialize()), "nanCanonicalization=true");
        assertThat(trusted.serialize()).isEqualTo(without.serialize());
      }
    }
  }

  private static Object bits(Module module, int nan) {
    try (Store store = Store.create(module.engine())) {
      return Instance.create(store, module).func("bits").call(nan);
    }
  }

  // The engine's own format does not say it in a way that the engine gives out.
  @Test
  void trustedCodeThatSaysNothingIsWrittenWithTheEnginesSettings() {
    try (Engine canonical = Engine.builder().nanCanonicalization(true).build();
        Module trusted = Module.trustCompiled(canonical, enginesOwn(compiled))) {
      Module.deserialize(canonical, trusted.serialize()).close();
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
