package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.wasmtimejvm.CompileException;
import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which functions of the host's are called directly, where guests use them in odd ways. */
class DirectImportsTest {
  // Two functions of one type. MORE may use them in other ways; START begins the module.
  private static final String WAT =
      """
      (component
        (import "t:t/host" (instance $h
          (type $l (list u8))
          (type $f (func (param "x" $l) (result $l)))
          (export "a" (func (type $f)))
          (export "b" (func (type $f)))))
        (core module $memory
          (memory (export "m") 1)
          (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
        (core instance $memory (instantiate $memory))
        (core func $a (canon lower (func $h "a") (memory (core memory $memory "m"))
          (realloc (core func $memory "realloc"))))
        (core func $b (canon lower (func $h "b") (memory (core memory $memory "m"))
          (realloc (core func $memory "realloc"))))
        MORE
        (core module $main
          (import "h" "a" (func $a (param i32 i32 i32)))
          (import "h" "b" (func $b (param i32 i32 i32)))
          (import "h" "m" (memory 1))
          START
          (func (export "a") (result i32)
            (call $a (i32.const 100) (i32.const 3) (i32.const 32)) (i32.load (i32.const 36)))
          (func (export "b") (result i32)
            (call $b (i32.const 100) (i32.const 5) (i32.const 32)) (i32.load (i32.const 36))))
        (core instance $main (instantiate $main (with "h" (instance
          (export "a" (func $a)) (export "b" (func $b)) (export "m" (memory $memory "m"))))))
        (func (export "a") (result u32) (canon lift (core func $main "a")))
        (func (export "b") (result u32) (canon lift (core func $main "b"))))
      """;

  private static String wat(String more, String start) {
    return WAT.replace("MORE", more).replace("START", start);
  }

  private static Map<String, Boolean> called(String wat) {
    try (Engine engine = Engine.create();
        Store store = Store.create(engine);
        Component component = Component.fromWat(engine, wat)) {
      ComponentLinker linker = ComponentLinker.create(engine);
      linker.define("t:t/host", "a", args -> new byte[((byte[]) args[0]).length + 1]);
      linker.define("t:t/host", "b", args -> new byte[((byte[]) args[0]).length + 2]);
      linker.define("", "a", args -> new byte[((byte[]) args[0]).length + 1]);
      linker.define("", "b", args -> new byte[((byte[]) args[0]).length + 2]);
      ComponentInstance instance = linker.instantiate(store, component);
      assertThat(instance.func("a").call()).isEqualTo(4L);
      assertThat(instance.func("b").call()).isEqualTo(7L);
      return component.hostCallPaths().entrySet().stream()
          .collect(Collectors.toMap(Map.Entry::getKey, path -> path.getValue().isDirect()));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "|true",
        "(core func $more (canon lower (func $h \"b\") (memory (core memory $memory \"m\"))"
            + " (realloc (core func $memory \"realloc\"))))|false",
        "(core module $other (memory (export \"m\") 1)) (core instance $other (instantiate $other))"
            + " (core func $more (canon lower (func $h \"a\") (memory (core memory $other \"m\"))"
            + " (realloc (core func $memory \"realloc\"))))|false"
      })
  void functionsOfOneTypeGoTheSameWay(String more, boolean direct) {
    assertThat(called(wat(more == null ? "" : more, "")))
        .isEqualTo(Map.of("t:t/host a", direct, "t:t/host b", direct));
  }

  // (import "a" (func (type $f))) in place of an interface.
  private static String byThemselves(String more) {
    String text = wat(more, "");
    int from = text.indexOf("(import \"t:t/host\"");
    int to = text.indexOf("(core module $memory");
    return (text.substring(0, from)
            + "(type $f (func (param \"x\" (list u8)) (result (list u8))))"
            + "(import \"a\" (func $ha (type $f))) (import \"b\" (func $hb (type $f)))"
            + text.substring(to))
        .replace("(func $h \"a\")", "(func $ha)")
        .replace("(func $h \"b\")", "(func $hb)");
  }

  @Test
  void functionsThatAreImportedByThemselvesGoDirectly() {
    assertThat(called(byThemselves(""))).isEqualTo(Map.of("a", true, "b", true));
    // An export of the same type keeps its own.
    String exported =
        "(core module $x (func (export \"x\") (param i32 i32) (result i32) (i32.const 64)))"
            + "(core instance $x (instantiate $x))"
            + "(func (export \"x\") (type $f) (canon lift (core func $x \"x\")"
            + " (memory (core memory $memory \"m\")) (realloc (core func $memory \"realloc\"))))";
    assertThat(called(byThemselves(exported))).isEqualTo(Map.of("a", false, "b", false));
  }

  @Test
  void aFunctionThatNobodyIsGivenHoldsItsTypeBack() {
    String unused =
        wat("", "")
            .replace("(canon lower (func $h \"b\")", "(canon lower (func $h \"a\")")
            .replace("(i32.const 5)", "(i32.const 4)");
    try (Engine engine = Engine.create();
        Component component = Component.fromWat(engine, unused)) {
      assertThat(component.hostCallPaths().values()).noneMatch(CallPath::isDirect);
    }
  }

  @Test
  void aFunctionWithAnotherMemoryHoldsItsTypeBack() {
    String other =
        wat("", "")
            .replace(
                "(core func $b (canon lower (func $h \"b\") (memory (core memory $memory",
                "(core instance $other (instantiate $memory))"
                    + " (core func $b (canon lower (func $h \"b\") (memory (core memory $other");
    try (Engine engine = Engine.create();
        Component component = Component.fromWat(engine, other)) {
      assertThat(component.hostCallPaths()).hasSize(2);
      assertThat(component.hostCallPaths().values()).noneMatch(CallPath::isDirect);
    }
  }

  @Test
  void whatAGuestStartsWithMayCallTheHost() {
    assertThat(
            called(
                wat(
                    "",
                    "(func $s (call $a (i32.const 0) (i32.const 9) (i32.const 32))) (start $s)")))
        .containsValue(false)
        .doesNotContainValue(true);
  }

  @Test
  void aDamagedModuleIsTheEnginesMatter() {
    byte[] bytes = Module.wat2wasm(wat("", "(func $s) (start $s)"));
    try (Engine engine = Engine.create()) {
      int refused = 0;
      for (int i = 8; i < bytes.length; i++) {
        byte[] damaged = bytes.clone();
        damaged[i] = (byte) 0xff;
        try (Component component = Component.fromBytes(engine, damaged)) {
          assertThat(component.exports()).isNotNull();
        } catch (CompileException e) {
          refused++;
        }
      }
      assertThat(refused).isPositive();
      assertThatExceptionOfType(CompileException.class)
          .isThrownBy(() -> Component.fromBytes(engine, new byte[] {0, 'a', 's', 'm'}));
    }
  }
}
