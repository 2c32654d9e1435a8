package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a host function returns is all there, though the engine gives it memory in any state. */
class HostResultsTest {
  private static final String WAT =
      """
      (component
        (import "t:t/host" (instance $host
          (type $t' %s) (export "t" (type $t (eq $t')))
          (export "f" (func (result $t)))))
        (core module $m (memory (export "m") 1))
        (core instance $m (instantiate $m))
        (core func $f (canon lower (func $host "f") (memory (core memory $m "m"))))
        (core module $guest
          (import "h" "f" (func $f (param i32)))
          (import "h" "m" (memory 1))
          (func (export "kind") (result i32) (call $f (i32.const 8)) (i32.load8_u (i32.const 8))))
        (core instance $guest (instantiate $guest (with "h" (instance
          (export "f" (func $f)) (export "m" (memory $m "m"))))))
        (func (export "kind") (result u8) (canon lift (core func $guest "kind"))))
      """;

  static List<Arguments> types() {
    return List.of(
        Arguments.of(
            "(variant (case \"a\") (case \"b\" u32))",
            new WitVariant("a", null),
            new WitVariant("b", 7L)),
        Arguments.of("(option u32)", Optional.empty(), Optional.of(7L)),
        Arguments.of("(result (error u32))", Result.ok(null), Result.err(7L)));
  }

  @Test
  void aFunctionWithoutResultReturnsNone() {
    String wat =
        """
        (component
          (import "t:t/host" (instance $host (export "f" (func))))
          (core func $f (canon lower (func $host "f")))
          (core module $m (import "h" "f" (func $f)) (func (export "g") (call $f)))
          (core instance $m (instantiate $m (with "h" (instance (export "f" (func $f))))))
          (func (export "g") (canon lift (core func $m "g"))))
        """;
    Deque<Object> results = new ArrayDeque<>(List.of(Optional.empty(), 7));
    try (Engine engine = Engine.create();
        Component component = Component.fromWat(engine, wat)) {
      ComponentLinker linker = ComponentLinker.create(engine);
      linker.define("t:t/host", "f", _ -> results.poll());
      for (int i = 0; i < 2; i++) {
        try (Store store = Store.create(engine)) {
          ComponentFunc g = linker.instantiate(store, component).func("g");
          assertThatIllegalArgumentException()
              .isThrownBy(g::call)
              .withMessageStartingWith("the result: the function has no result, got java.");
        }
      }
      try (Store store = Store.create(engine)) {
        assertThat(linker.instantiate(store, component).func("g").call()).isNull();
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("types")
  void aCaseWithoutPayloadFollowsOneWith(String type, Object without, Object with) {
    Deque<Object> results = new ArrayDeque<>();
    try (Engine engine = Engine.create();
        Store store = Store.create(engine);
        Component component = Component.fromWat(engine, WAT.formatted(type))) {
      ComponentLinker linker = ComponentLinker.create(engine);
      linker.define("t:t/host", "f", _ -> results.remove());
      ComponentFunc kind = linker.instantiate(store, component).func("kind");
      for (int i = 0; i < 100; i++) {
        results.add(with);
        results.add(without);
        assertThat(kind.call()).isEqualTo(1);
        assertThat(kind.call()).isEqualTo(0);
      }
    }
  }
}
