package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.wasmtimejvm.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EngineBuilderTest {
  @ParameterizedTest
  @EnumSource(
      value = WasmFeature.class,
      names = {
        "MULTI_VALUE",
        "BULK_MEMORY",
        "REFERENCE_TYPES",
        "RELAXED_SIMD",
        "THREADS",
        "TAIL_CALL",
        "FUNCTION_REFERENCES",
        "GC",
        "EXCEPTIONS",
        "MULTI_MEMORY",
        "MEMORY64",
        "WIDE_ARITHMETIC",
        "CUSTOM_PAGE_SIZES"
      })
  void aProposalIsOnOrOff(WasmFeature feature) {
    String guest = feature.name().toLowerCase(Locale.ROOT);
    assertThat(run(core().feature(feature, true), guest)).isEqualTo("ok");
    assertThat(run(core().feature(feature, false), guest)).isEqualTo("invalid");
  }

  @Test
  void vectorsAreOnOrOff() {
    assertThat(run(core(), "simd")).isEqualTo("ok");
    assertThat(
            run(
                core().feature(WasmFeature.SIMD, false).feature(WasmFeature.RELAXED_SIMD, false),
                "simd"))
        .isEqualTo("invalid");
  }

  private static EngineBuilder core() {
    return Engine.builder().feature(WasmFeature.COMPONENT_MODEL, false);
  }

  private static String run(EngineBuilder builder, String guest) {
    try (Engine engine = builder.build()) {
      return EngineCases.run(engine, guest);
    }
  }

  @Test
  void winchCompiles() {
    assertThat(run(Engine.builder().strategy(Strategy.WINCH), "plain")).isEqualTo("ok");
    assertThat(run(Engine.builder().strategy(Strategy.WINCH), "gc")).isEqualTo("invalid");
  }

  @Test
  void pulleyInterprets() {
    try (Engine engine = Engine.builder().target("pulley64").build();
        Engine compiling = Engine.create()) {
      assertThat(engine.isPulley()).isTrue();
      assertThat(compiling.isPulley()).isFalse();
      assertThat(EngineCases.run(engine, "plain")).isEqualTo("ok");
    }
  }

  @Test
  void aGuestOfTheInterpreterIsNotEnteredAgain() {
    try (Engine engine = Engine.builder().target("pulley64").build();
        Linker linker = Linker.create(engine);
        Store store = Store.create(engine);
        Module module =
            Module.fromWat(
                engine,
                """
                (module
                  (import "host" "f" (func $f))
                  (func (export "g") (call $f)))
                """)) {
      linker.define(
          "host",
          "f",
          new FuncType(List.of(), List.of()),
          (caller, args) -> ((Func) caller.export("g").orElseThrow()).call());
      Instance instance = linker.instantiate(store, module);

      assertThatIllegalStateException()
          .isThrownBy(() -> instance.func("g").call())
          .withMessageContaining("pulley64");
    }
  }

  @Test
  void theHostsTargetIsForAnyProcessorOfItsKind() {
    assertThat(run(Engine.builder().target(EngineBuilder.hostTarget()), "simd")).isEqualTo("ok");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "pulley32", "s390x-unknown-linux-gnu", "wasm32", "pulley64be"})
  void otherTargetsAreRefused(String triple) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Engine.builder().target(triple))
        .withMessageContaining("no compiler for other targets");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nonsense", "enable_pinned_reg", "tls_model", "has_apx", "\0"})
  void flagsThatWouldEndTheProcessAreRefused(String flag) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Engine.builder().craneliftFlagEnable(flag));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Engine.builder().craneliftFlagSet(flag, "true"));
  }

  @Test
  void aFlagWithASetterNamesIt() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Engine.builder().craneliftFlagSet("opt_level", "speed"))
        .withMessageEndingWith("has a setter of its own: optLevel");
  }

  @Test
  void memoryReservationBoundsAMemoryThatDoesNotMove() {
    try (Engine engine = Engine.builder().memoryReservation(1 << 20).memoryMayMove(false).build();
        Store store = Store.create(engine);
        Module module = Module.fromWat(engine, "(module (memory (export \"memory\") 1))")) {
      Memory memory = Instance.create(store, module).memory("memory");
      memory.grow(15);

      assertThatThrownBy(() -> memory.grow(1)).hasMessageContaining("memoryReservation: 1048576");
    }
  }

  @Test
  void fuelAndInterruptionReachTheEngine() {
    assertThat(run(Engine.builder().consumeFuel(true), "plain")).isEqualTo("ok");
    assertThat(run(Engine.builder().interruptible(true), "plain")).isEqualTo("ok");
  }

  @Test
  void aPoolHasRoomForSoManyAndNoMore() {
    PoolingAllocation pool = PoolingAllocation.builder().totalMemories(1).build();
    try (Engine engine = Engine.builder().pooling(pool).build();
        Store store = Store.create(engine);
        Module module = Module.fromWat(engine, "(module (memory 1))")) {
      Instance.create(store, module);

      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> Instance.create(store, module))
          .withMessageContaining("limit of 1");
    }
  }

  /** An engine that translates debug information looks at functions before it validates them. */
  @Test
  void withDebugInfoAModuleIsValidatedBeforeItIsCompiled() {
    byte[] wasm = Module.wat2wasm("(module (@custom \".debug_info\" \"\") (func i32.const 0))");

    assertThat(refusal(Engine.builder().debugInfo(true), wasm)).isEqualTo(invalidity(wasm));
    // Without it, the compiler finds the mistake, and says so in other words.
    assertThat(refusal(Engine.builder(), wasm))
        .contains("type mismatch")
        .isNotEqualTo(invalidity(wasm));
  }

  private static String refusal(EngineBuilder builder, byte[] wasm) {
    try (Engine engine = builder.build()) {
      return catchThrowableOfType(
              CompileException.class, () -> Module.fromBytes(engine, wasm).close())
          .getMessage();
    }
  }

  private static String invalidity(byte[] wasm) {
    try (Engine engine = Engine.create()) {
      return catchThrowableOfType(CompileException.class, () -> Module.validate(engine, wasm))
          .getMessage();
    }
  }

  @Test
  void anEngineCacheIsFilled(@TempDir Path folder) throws IOException {
    Path cache = folder.resolve("cache");
    Path config = folder.resolve("cache.toml");
    Files.writeString(config, "[cache]\ndirectory = \"" + cache + "\"\n");

    assertThat(ChildJvm.run(WithEngineCache.class, config.toString()))
        .isEqualTo(new ChildJvm.Result(0, "ok\n", ""));
    assertThat(cache).isNotEmptyDirectory();
  }

  /** In a JVM of its own: the engine's thread that writes statistics there ends with it only. */
  static final class WithEngineCache {
    public static void main(String[] args) {
      System.out.println(run(Engine.builder().engineCache(Path.of(args[0])), "plain"));
    }
  }

  @Test
  void aBrokenCacheConfigurationIsAnError(@TempDir Path folder) throws IOException {
    Path config = Files.writeString(folder.resolve("cache.toml"), "nonsense");

    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> Engine.builder().engineCache(config).build());
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> Engine.builder().engineCache(folder.resolve("missing")).build());
  }
}
