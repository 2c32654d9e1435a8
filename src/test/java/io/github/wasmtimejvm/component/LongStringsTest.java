package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Functions of single strings are called directly where a string is long. */
class LongStringsTest {
  private static final String LONG = "größer 🎈 ".repeat(CallCost.LONG_STRING);
  private static final String SHORT = "größer 🎈";

  private static final String TEXT =
      """
      (component
        (core module $m
          (memory (export "m") 4)
          (global $top (mut i32) (i32.const 64))
          (func (export "r") (param i32 i32 i32) (param $size i32) (result i32)
            (local $at i32)
            (local.set $at (global.get $top))
            (global.set $top (i32.add (local.get $at) (local.get $size)))
            (local.get $at))
          (func (export "same") (param i32 i32) (result i32)
            (global.set $top (i32.const 64))
            (i32.store (i32.const 0) (local.get 0))
            (i32.store (i32.const 4) (local.get 1))
            (i32.const 0))
          (func (export "second") (param i32 i32 i32 i32) (result i32)
            (global.set $top (i32.const 64))
            (i32.store (i32.const 0) (local.get 2))
            (i32.store (i32.const 4) (local.get 3))
            (i32.const 0)))
        (core instance $i (instantiate $m))
        (func (export "same") (param "s" string) (result string) (canon lift
          (core func $i "same") (memory (core memory $i "m")) (realloc (core func $i "r"))))
        (func (export "second") (param "a" string) (param "b" string) (result string) (canon lift
          (core func $i "second") (memory (core memory $i "m")) (realloc (core func $i "r")))))
      """;

  public interface Texts {
    String same(String s);

    String second(String a, String b);
  }

  private Engine engine;
  private Component component;
  private Store store;
  private ComponentInstance instance;

  @BeforeEach
  void instantiate() {
    engine = Engine.create();
    component = Component.fromWat(engine, TEXT);
    store = Store.create(engine);
    instance = ComponentLinker.create(engine).instantiate(store, component);
  }

  @AfterEach
  void close() {
    store.close();
    component.close();
    engine.close();
  }

  private boolean isDirect(Runnable call) {
    long before = instance.componentStore().entries();
    call.run();
    long entries = instance.componentStore().entries() - before;
    assertThat(entries).isGreaterThanOrEqualTo(2);
    return entries > 2; // the guest is asked for room by an entry of its own
  }

  @Test
  void aLongStringGoesDirectlyAndAShortOneByValues() {
    Texts texts = instance.as(Texts.class);
    texts.same(LONG); // the memory is looked for
    assertThat(isDirect(() -> assertThat(texts.same(LONG)).isEqualTo(LONG))).isTrue();
    assertThat(isDirect(() -> assertThat(texts.same(SHORT)).isEqualTo(SHORT))).isFalse();
    assertThat(isDirect(() -> assertThat(texts.second(SHORT, LONG)).isEqualTo(LONG))).isTrue();
    assertThat(isDirect(() -> assertThat(texts.second(LONG, SHORT)).isEqualTo(SHORT))).isTrue();
    assertThat(isDirect(() -> assertThat(texts.second(SHORT, "")).isEmpty())).isFalse();
  }

  @Test
  void soDoThoseOfFunctionsWithoutJavaTypes() {
    ComponentFunc second = instance.func("second");
    assertThat(second.path())
        .isEqualTo(new CallPath(true, "that is faster from 1024 characters on"));
    second.call(LONG, LONG);
    assertThat(isDirect(() -> assertThat(second.call(SHORT, LONG)).isEqualTo(LONG))).isTrue();
    assertThat(isDirect(() -> assertThat(second.call(SHORT, SHORT)).isEqualTo(SHORT))).isFalse();
  }

  @Test
  void whatDoesNotFitIsNamedAsEver() {
    Texts texts = instance.as(Texts.class);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> texts.second(LONG, "\ud800"))
        .withMessageContaining("parameter b");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> texts.second(LONG, null))
        .withMessageContaining("parameter b");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> texts.second(null, SHORT))
        .withMessageContaining("parameter a");
    assertThat(texts.same(LONG)).isEqualTo(LONG);
  }
}
