package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.wasmtimejvm.capi.WasmtimeComponentComponent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a component may use, by the settings of its engine; what may not be is refused by name. */
class ComponentFeatureTest {
  private static void compile(EngineBuilder builder, String content) {
    byte[] wasm = Module.wat2wasm("(component " + content + ")");
    try (Engine engine = builder.build()) {
      WasmtimeComponentComponent.wasmtime_component_delete(EngineCases.compile(engine, wasm));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "COMPONENT_MODEL_MAP | (import \"f\" (func (param \"m\" (map string u32))))",
        "COMPONENT_MODEL_IMPLEMENTS | (import \"a\" (implements \"x:y/z@1.0.0\") (instance))"
            + " (import \"b\" (implements \"x:y/z@1.0.0\") (instance))",
        "COMPONENT_MODEL_ACCESSORS | (import \"[get]a\" (func (result u32)))"
            + " (import \"[set]a\" (func (param \"v\" u32)))",
        "COMPONENT_MODEL_ACCESSORS | (import \"i\" (instance (export \"r\" (type $r (sub"
            + " resource))) (export \"[method][get]r.a\" (func (param \"self\" (borrow $r)) (result"
            + " u32)))))",
      })
  void aProposalIsOffUntilSwitchedOnByTheNameInTheMessage(WasmFeature feature, String content) {
    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> compile(Engine.builder(), content))
        .withMessageEndingWith(
            "This engine has it off: EngineBuilder.feature(WasmFeature.%s, true) switches it on.",
            feature);
    compile(Engine.builder().feature(feature, true), content);
  }

  @Test
  void canonicalNamesAreOffUntilSwitchedOn() {
    String content = "(import \"x:y/z@0.2\" (versionsuffix \".12\") (instance))";
    EngineBuilder builder = Engine.builder().feature(WasmFeature.COMPONENT_MODEL_IMPLEMENTS, true);

    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> compile(builder, content))
        .withMessageContaining("WasmFeature.COMPONENT_MODEL_CANONICAL_NAMES, true");
    compile(Engine.builder().feature(WasmFeature.COMPONENT_MODEL_CANONICAL_NAMES, true), content);
  }

  @Test
  void componentsAsSuchCanBeSwitchedOff() {
    compile(Engine.builder(), "");
    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> compile(Engine.builder().feature(WasmFeature.COMPONENT_MODEL, false), ""))
        .withMessageEndingWith(
            "EngineBuilder.feature(WasmFeature.COMPONENT_MODEL, true) switches it on.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(import \"f\" (func (param \"s\" (stream u8))))",
        "(type $s (stream u8)) (export \"s\" (type $s))",
        "(import \"f\" (func (param \"s\" (future u8))))",
        "(import \"f\" (func async))",
        "(core module $m (func (export \"f\") (result i32) i32.const 0)"
            + " (func (export \"c\") (param i32 i32 i32) (result i32) i32.const 0))"
            + " (core instance $i (instantiate $m)) (func (export \"f\") async"
            + " (canon lift (core func $i \"f\") async (callback (core func $i \"c\"))))",
        "(core module $m (func (export \"f\"))) (core instance $i (instantiate $m))"
            + " (func (export \"f\") async (canon lift (core func $i \"f\") async))",
        "(core module $m (func (export \"f\"))) (core instance $i (instantiate $m))"
            + " (func (export \"f\") async (canon lift (core func $i \"f\")))",
        "(import \"f\" (func $f async)) (core func (canon lower (func $f) async))",
        "(core func (canon task.return (result u32)))",
        "(core func (canon task.cancel))",
        "(core func (canon backpressure.inc))",
        "(core func (canon context.get i32 0))",
        "(core func (canon waitable-set.new))",
        "(core func (canon waitable.join))",
        "(core func (canon subtask.cancel))",
        "(core func (canon subtask.drop))",
        "(core func (canon thread.yield))",
      })
  void whatIsAsynchronousIsRefusedWhenCompiled(String content) {
    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> compile(withAll(), content))
        .withMessageContaining("the component model async feature")
        .withMessageEndingWith(
            "Asynchronous functions, streams and futures cannot be switched on: guests would run on"
                + " stacks of their own, where a call up into Java ends the VM.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(import \"f\" (func (param \"e\" error-context)))",
        "(import \"f\" (func (param \"l\" (list u32 4))))",
        "(core func (canon thread.index))",
        "(core module $m (func (export \"f\"))) (core instance $i (instantiate $m))"
            + " (func (export \"f\") (canon lift (core func $i \"f\") gc))",
        "(core module $m (memory (export \"m\") i64 1) (func (export \"f\") (param i64 i64))"
            + " (func (export \"r\") (param i64 i64 i64 i64) (result i64) i64.const 0))"
            + " (core instance $i (instantiate $m)) (func (export \"f\") (param \"s\" string)"
            + " (canon lift (core func $i \"f\") (memory (core memory $i \"m\"))"
            + " (realloc (core func $i \"r\"))))",
      })
  void whatHasNoSettingIsRefusedWhenCompiled(String content) {
    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> compile(withAll(), content))
        .withMessageEndingWith(
            "It cannot be switched on: the C API of the engine has no setting for it.");
  }

  /** All that can be switched on is. */
  private static EngineBuilder withAll() {
    return Engine.builder()
        .feature(WasmFeature.COMPONENT_MODEL_MAP, true)
        .feature(WasmFeature.COMPONENT_MODEL_IMPLEMENTS, true)
        .feature(WasmFeature.COMPONENT_MODEL_CANONICAL_NAMES, true)
        .feature(WasmFeature.COMPONENT_MODEL_ACCESSORS, true);
  }

  /** The engine would end the process. */
  @ParameterizedTest
  @EnumSource(
      value = WasmFeature.class,
      names = {
        "COMPONENT_MODEL_ASYNC",
        "COMPONENT_MODEL_MORE_ASYNC_BUILTINS",
        "COMPONENT_MODEL_ASYNC_STACKFUL"
      })
  void noEngineIsBuiltForAsynchronousComponents(WasmFeature feature) {
    for (boolean components : List.of(true, false)) {
      EngineBuilder builder =
          Engine.builder().feature(WasmFeature.COMPONENT_MODEL, components).feature(feature, true);

      assertThatIllegalArgumentException()
          .isThrownBy(builder::build)
          .withMessageContaining(feature + ": guests would run on stacks of their own");
    }
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void everyCompilerCompilesComponents(Strategy strategy) {
    assertRuns(Engine.builder().strategy(strategy));
  }

  @Test
  void theInterpreterRunsComponents() {
    assertRuns(Engine.builder().target("pulley64"));
  }

  private static void assertRuns(EngineBuilder builder) {
    try (Engine engine = builder.feature(WasmFeature.COMPONENT_MODEL_MAP, true).build()) {
      assertThat(EngineCases.component(engine, "component")).isEqualTo("ok");
      assertThat(EngineCases.component(engine, "component_map")).isEqualTo("ok");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = WasmFeature.class,
      names = {
        "COMPONENT_MODEL",
        "COMPONENT_MODEL_MAP",
        "COMPONENT_MODEL_IMPLEMENTS",
        "COMPONENT_MODEL_CANONICAL_NAMES",
        "COMPONENT_MODEL_ACCESSORS"
      })
  void compiledCodeNeedsTheProposalsOfItsEngine(WasmFeature feature) {
    try (Engine with = Engine.builder().feature(feature, true).build();
        Engine without = Engine.builder().feature(feature, false).build();
        Module module = Module.fromWat(with, "(module)")) {
      byte[] code = module.serialize();

      assertThatExceptionOfType(CompileException.class)
          .isThrownBy(() -> Module.deserialize(without, code))
          .withMessageContaining("EngineBuilder.feature(WasmFeature.%s, true)", feature);
      Module.deserialize(with, code).close();
    }
  }

  @Test
  void aNameInTheComponentGivesNoAdvice() {
    String name = "Maps require the component model map feature (at offset 0xb)";

    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> compile(Engine.builder(), "(import \"" + name + "\" (func))"))
        .withMessageContaining(name)
        .withMessageNotContaining("EngineBuilder");
  }
}
