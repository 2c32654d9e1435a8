package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineTest {
  private static final String COUNTS_ITS_DEPTH =
      """
      (module
        (global $depth (mut i32) (i32.const 0))
        (func $down (export "down")
          (global.set $depth (i32.add (global.get $depth) (i32.const 1)))
          (call $down))
        (func (export "depth") (result i32) (global.get $depth)))
      """;

  @Test
  void runsGuestsWithTheDefaults() {
    try (Engine engine = Engine.create();
        Module module =
            Module.fromWat(engine, "(module (func (export \"f\") (result i32) i32.const 7))");
        Store store = Store.create(engine)) {
      assertThat(Instance.create(store, module).func("f").call()).isEqualTo(7);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 2 * 1024 * 1024 + 1, Long.MAX_VALUE})
  void refusesAStackSizeThatWouldEndTheProcess(long bytes) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Engine.builder().maxWasmStack(bytes))
        .withMessage("maxWasmStack must be from 1 to 2097152 bytes: " + bytes);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 4096, 2 * 1024 * 1024})
  void takesAnyStackSizeInTheRange(long bytes) {
    try (Engine engine = Engine.builder().maxWasmStack(bytes).build()) {
      assertThat(engine.maxWasmStack()).isEqualTo(bytes);
    }
  }

  @Test
  void maxWasmStackBoundsTheGuestsRecursion() {
    int small = depthReachedWith(64 * 1024);
    int large = depthReachedWith(256 * 1024);

    assertThat(small).isPositive();
    assertThat(large).isBetween(3 * small, 5 * small);
  }

  private static int depthReachedWith(long stack) {
    try (Engine engine = Engine.builder().maxWasmStack(stack).build();
        Module module = Module.fromWat(engine, COUNTS_ITS_DEPTH);
        Store store = Store.create(engine)) {
      Instance instance = Instance.create(store, module);
      assertThatThrownBy(() -> instance.func("down").call())
          .isInstanceOfSatisfying(
              TrapException.class,
              trap -> assertThat(trap.code()).isEqualTo(TrapCode.STACK_OVERFLOW));
      return (int) instance.func("depth").call();
    }
  }

  @Test
  void whatWasMadeFromItLivesOnWhenItIsClosed() {
    Engine engine = Engine.create();
    try (Module module =
            Module.fromWat(engine, "(module (func (export \"f\") (result i32) i32.const 7))");
        Store store = Store.create(engine)) {
      engine.close();

      assertThat(Instance.create(store, module).func("f").call()).isEqualTo(7);
    }
  }

  @Test
  void makesNothingMoreWhenItIsClosed() {
    Engine engine = Engine.create();
    engine.close();
    engine.close(); // does nothing

    assertThatIllegalStateException()
        .isThrownBy(() -> Store.create(engine))
        .withMessage("the engine is closed");
    assertThatIllegalStateException().isThrownBy(() -> Linker.create(engine));
    assertThatIllegalStateException().isThrownBy(() -> Module.fromWat(engine, "(module)"));
  }

  @Test
  void whatBelongsToAnotherEngineIsRefused() {
    try (Engine ours = Engine.create();
        Engine theirs = Engine.create();
        Store store = Store.create(ours);
        Store theirStore = Store.create(theirs);
        Linker linker = Linker.create(ours);
        Module ourModule = Module.fromWat(ours, "(module)");
        Module theirModule = Module.fromWat(theirs, "(module)")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Instance.create(store, theirModule))
          .withMessage("the module belongs to another engine");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> linker.instantiate(store, theirModule))
          .withMessage("the module belongs to another engine");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> linker.instantiate(theirStore, ourModule))
          .withMessage("the store belongs to another engine");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> linker.get(theirStore, "a", "b"))
          .withMessage("the store belongs to another engine");
    }
  }
}
