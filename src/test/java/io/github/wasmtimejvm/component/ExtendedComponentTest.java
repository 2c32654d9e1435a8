package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.binary.Component;
import io.github.wasmtimejvm.binary.Component.Extension;
import io.github.wasmtimejvm.binary.ComponentFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is appended to components is what our own reader reads, and all else is as it was. */
class ExtendedComponentTest {
  private static final String ECHO =
      new EchoComponent()
          .type("rec", "(record (field \"a\" u8) (field \"b\" string))")
          .lists("u8s", "u8")
          .lists("recs", "$rec")
          .scalar("number", "u32", "i32")
          .wat();

  static Stream<String> components() {
    List<String> texts = new ArrayList<>(List.of(ECHO));
    for (int seed = 0; seed < 10; seed++) {
      texts.add(new LyingComponent(new Random(seed), 4).wat());
    }
    return texts.stream();
  }

  private static DirectPlan plan(byte[] bytes, Component read, Extension extension) {
    WitTypes types = new WitTypes(read.imports(), read.exports());
    return new DirectPlan(
        read,
        bytes,
        types,
        types.items(read.imports()),
        types.items(read.exports()),
        extension,
        null);
  }

  @ParameterizedTest
  @MethodSource("components")
  void theExportsAreThereAndAllElseIsAsItWas(String text) {
    byte[] bytes = Module.wat2wasm(text);
    Component read = Component.read(bytes);
    DirectPlan plan = plan(bytes, read, Extension.EXPORTS);
    byte[] extended = plan.extend(bytes);
    assertThat(extended).startsWith(bytes);

    Component again = Component.read(extended);
    assertThat(again.exports().keySet()).containsAll(read.exports().keySet());
    assertThat(again.imports().keySet()).isEqualTo(read.imports().keySet());
    assertThat(again.indexSpaces().instantiated()).isEqualTo(plan.coreInstances());
    assertThat(again.exports().keySet()).containsAll(DirectPlan.PROBE);
    Map<String, CallPath> paths = plan.paths();
    paths.forEach(
        (name, path) -> {
          DirectPlan.Function function = plan.function(null, name);
          assertThat(function != null).as(name).isEqualTo(path.isDirect());
          if (function != null) {
            isAdded(read, again, function.name(), function.coreParams().size());
            if (function.postReturn() != null) {
              isAdded(read, again, function.postReturn(), function.coreResults().size());
            }
            if (function.realloc() != null) {
              isAdded(read, again, function.realloc(), CoreFunction.REALLOC_PARAMETERS);
            }
          }
        });
    assertThat(paths.values()).anyMatch(CallPath::isDirect);
  }

  private static void isAdded(Component before, Component after, String name, int params) {
    assertThat(before.exports()).doesNotContainKey(name);
    assertThat(after.exports().get(name).item())
        .isInstanceOfSatisfying(
            ComponentFunction.class,
            function -> assertThat(function.type().parameters()).hasSize(params));
  }

  @ParameterizedTest
  @MethodSource("components")
  void aCopyWithoutCodeGivesTheSamePlan(String text) {
    byte[] bytes = Module.wat2wasm(text);
    for (Extension extension : List.of(Extension.EXPORTS, Extension.EXPORTS_AND_IMPORTS)) {
      DirectPlan whole = plan(bytes, Component.read(bytes), extension);
      byte[] declared = Component.withoutCode(bytes, extension, whole.fingerprint());
      Component read = Component.read(declared);
      assertThat(read.extension()).isEqualTo(extension);
      assertThat(read.extensionPlan()).isEqualTo(whole.fingerprint());
      DirectPlan copy = plan(declared, read, read.extension());
      assertThat(copy.fingerprint()).isEqualTo(whole.fingerprint());
      assertThat(copy.paths()).isEqualTo(whole.paths());
      assertThat(copy.imports().paths()).isEqualTo(whole.imports().paths());
      assertThat(copy.coreInstances()).isEqualTo(whole.coreInstances());
      assertThat(copy.ownerNumber()).isEqualTo(whole.ownerNumber());
      assertThat(copy.memoryIndex()).isEqualTo(whole.memoryIndex());
      whole
          .paths()
          .keySet()
          .forEach(
              name -> {
                DirectPlan.Function one = whole.function(null, name);
                DirectPlan.Function other = copy.function(null, name);
                assertThat(other == null).isEqualTo(one == null);
                if (one != null && other != null) {
                  assertThat(other.name()).isEqualTo(one.name());
                  assertThat(other.realloc()).isEqualTo(one.realloc());
                  assertThat(other.postReturn()).isEqualTo(one.postReturn());
                }
              });
    }
  }
}
