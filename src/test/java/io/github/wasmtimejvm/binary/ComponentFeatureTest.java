package io.github.wasmtimejvm.binary;

import static io.github.wasmtimejvm.binary.ComponentFeature.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a component uses that the engine has switched off by default. */
class ComponentFeatureTest {
  private static Arguments text(String content, ComponentFeature... features) {
    return Arguments.of(content, ComponentText.read(content), List.of(features));
  }

  private static Arguments bytes(String what, Component component, ComponentFeature... features) {
    return Arguments.of(what, component, List.of(features));
  }

  private static final String CORE =
      """
      (core module $m (memory (export "m") 1) (memory (export "wide") i64 1)
        (memory (export "shared") 1 1 shared)
        (func (export "f")) (func (export "c") (param i32 i32 i32) (result i32) i32.const 0))
      (core instance $i (instantiate $m))
      (type $s (stream u8))
      """;

  private static String lift(String options) {
    return CORE + "(func (canon lift (core func $i \"f\") " + options + "))";
  }

  static Stream<Arguments> components() {
    return Stream.of(
        text(ComponentText.EVERYTHING),
        text("(import \"f\" (func async))", ASYNC_FUNCTIONS),
        text("(type (stream u8))", STREAMS),
        text("(type (instance (type (future))))", FUTURES),
        text("(type (func (param \"e\" error-context)))", ERROR_CONTEXTS),
        text("(core func (canon error-context.drop))", ERROR_CONTEXTS),
        text("(core func (canon task.cancel))", ASYNC_BUILT_INS),
        text("(core func (canon thread.yield))", ASYNC_BUILT_INS),
        text("(core func (canon context.get i32 0))", ASYNC_BUILT_INS),
        text("(core func (canon context.get i64 0))", ASYNC_BUILT_INS, MEMORY64),
        text("(core func (canon subtask.cancel))", ASYNC_BUILT_INS),
        text("(core func (canon subtask.cancel async))", ASYNC_BUILT_INS, MORE_ASYNC_BUILT_INS),
        text(
            CORE + "(core func (canon stream.read $s async (memory (core memory $i \"m\"))))",
            ASYNC_FUNCTIONS,
            ASYNC_BUILT_INS,
            STREAMS),
        text(
            CORE + "(core func (canon stream.read $s (memory (core memory $i \"m\"))))",
            ASYNC_BUILT_INS,
            MORE_ASYNC_BUILT_INS,
            STREAMS),
        text(lift("async"), ASYNC_FUNCTIONS, STACKFUL_ASYNC, STREAMS),
        text(lift("async (callback (core func $i \"c\"))"), ASYNC_FUNCTIONS, STREAMS),
        text(lift("(memory (core memory $i \"m\"))"), STREAMS),
        text(lift("(memory (core memory $i \"wide\"))"), MEMORY64, STREAMS),
        text(lift("(memory (core memory $i \"shared\"))"), SHARED_MEMORIES, STREAMS),
        text(lift("gc"), GC, STREAMS),
        text("(core func (canon thread.index))", THREADS),
        text("(type (map string u8))", MAPS),
        text("(type (list u8 300))", FIXED_LENGTH_LISTS),
        text("(type (resource (rep i64)))", MEMORY64),
        text("(import \"[get]x\" (func (result u8)))", ACCESSORS),
        text("(import \"[method][get]r.x\" (func (result u8)))", ACCESSORS),
        text("(import \"a:b:c/d@1.0.0\" (instance))", NESTED_NAMES),
        text("(import \"a:b/c/d\" (instance))", NESTED_NAMES),
        text("(component (type (map string u8)))", MAPS),
        bytes("forward", ComponentText.sections("07016600", "08012e00"), STREAMS, FORWARDING),
        bytes("cancellable", ComponentText.sections("08010c01"), ASYNC_BUILT_INS, CANCELLABLE),
        bytes(
            "implements",
            ComponentText.sections("07014200", "0a010201610100" + "05623a632f64" + "0500"),
            IMPLEMENTS),
        bytes(
            "external-id",
            ComponentText.sections("07014200", "0a010201610102" + "0178" + "0500"),
            IMPLEMENTS),
        bytes(
            "version suffix",
            ComponentText.sections("07014200", "0a010207623a632f6440310101042e322e330500"),
            CANONICAL_NAMES),
        bytes("value", ComponentText.sections("0a010001760279"), VALUES),
        bytes("constant", ComponentText.sections("0c01790107"), VALUES),
        bytes(
            "start", ComponentText.sections("070140000100", "0a010001660100", "09000000"), VALUES));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("components")
  void whatIsOffByDefaultIsNoted(
      String what, Component component, List<ComponentFeature> features) {
    assertThat(component.features()).containsExactlyInAnyOrderElementsOf(features);
  }

  @Test
  void aComponentHasTheFeaturesOfThoseWithin() {
    Component outer =
        ComponentText.read("(type (map string u8)) (component (type (list u8 2))) (component)");
    assertThat(outer.features()).containsExactly(MAPS, FIXED_LENGTH_LISTS);
    assertThat(((Component) outer.components().get(0)).features())
        .containsExactly(FIXED_LENGTH_LISTS);
    assertThat(((Component) outer.components().get(1)).features()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aFeatureHasADescriptionAndMayHaveASetter(ComponentFeature feature) {
    assertThat(feature.description()).isNotBlank().doesNotEndWith(".");
    assertThat(feature.setter())
        .satisfiesAnyOf(
            setter -> assertThat(setter).isNull(),
            setter -> assertThat(setter).startsWith("wasm_component_model_"));
  }
}
