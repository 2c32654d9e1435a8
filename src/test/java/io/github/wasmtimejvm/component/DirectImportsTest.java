package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.wasmtimejvm.CompileException;
import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;

/** Functions of the host's get other types only where nothing else has these types. */
class DirectImportsTest {
  // Of two functions with one type, with something more, and a lower of the second with options.
  private static final String WAT =
      """
      (component
        (import "t:t/host" (instance $host
          (type $f (func (param "x" (list u8)) (result (list u8))))
          (export "one" (func (type $f)))
          (export "two" (func (type $f)))))
        (core module $memory
          (memory (export "m") 1)
          (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
        (core instance $memory (instantiate $memory))
        (core instance $other (instantiate $memory))
        (core func $one (canon lower (func $host "one") (memory (core memory $memory "m"))
          (realloc (core func $memory "realloc"))))
        (core func $two (canon lower (func $host "two") %s))
        %s
        (core module $guest
          (import "h" "one" (func $one (param i32 i32 i32)))
          (import "h" "two" (func $two (param i32 i32 i32)))
          (import "h" "m" (memory 1))
          (func (export "call") (param $two i32) (result i32)
            (i32.store (i32.const 64) (i32.const 0x04030201))
            (if (local.get $two)
              (then (call $two (i32.const 64) (i32.const 4) (i32.const 16)))
              (else (call $one (i32.const 64) (i32.const 4) (i32.const 16))))
            (i32.load (i32.const 20))))
        (core instance $guest (instantiate $guest (with "h" (instance
          (export "one" (func $one)) (export "two" (func $two))
          (export "m" (memory $memory "m"))))))
        (func (export "call") (param "two" bool) (result u32)
          (canon lift (core func $guest "call"))))
      """;

  private static final String MEMORY =
      "(memory (core memory $memory \"m\")) (realloc (core func $memory \"realloc\"))";
  private static final String OTHER =
      "(memory (core memory $other \"m\")) (realloc (core func $other \"realloc\"))";

  private static void isDirect(boolean one, boolean two, String wat) {
    try (Engine engine = Engine.create();
        Store store = Store.create(engine);
        Component component = Component.fromWat(engine, wat)) {
      assertThat(component.hostCallPaths().get("t:t/host one").isDirect()).isEqualTo(one);
      assertThat(component.hostCallPaths().get("t:t/host two").isDirect()).isEqualTo(two);
      ComponentLinker linker = ComponentLinker.create(engine);
      linker.define("t:t/host", "one", args -> ((byte[]) args[0]).clone());
      linker.define("t:t/host", "two", args -> new byte[((byte[]) args[0]).length / 2]);
      ComponentInstance instance = linker.instantiate(store, component);
      assertThat(instance.func("call").call(false)).isEqualTo(4L);
      if (!wat.contains(OTHER)) {
        assertThat(instance.func("call").call(true)).isEqualTo(2L);
      }
    }
  }

  @Test
  void twoFunctionsOfOneTypeAreBothCalledDirectly() {
    isDirect(true, true, WAT.formatted(MEMORY, ""));
  }

  @Test
  void orNeitherIfOneIsUsedInAnotherWay() {
    isDirect(
        false,
        false,
        WAT.formatted(MEMORY, "(core func (canon lower (func $host \"two\") " + MEMORY + "))"));
  }

  @Test
  void orNeitherIfOneUsesAnotherMemory() {
    isDirect(false, false, WAT.formatted(OTHER, ""));
  }

  @Test
  void aDamagedModuleIsForTheEngineToRefuse() {
    byte[] module = {0, 'a', 's', 'm', 1, 0, 0, 0, 8, 0}; // a start section without an index
    ByteArrayOutputStream component = new ByteArrayOutputStream();
    component.writeBytes(new byte[] {0, 'a', 's', 'm', 0x0d, 0, 1, 0});
    component.writeBytes(new byte[] {1, (byte) module.length});
    component.writeBytes(module);
    component.writeBytes(new byte[] {2, 4, 1, 0, 0, 0}); // an instance of it
    try (Engine engine = Engine.create()) {
      assertThatExceptionOfType(CompileException.class)
          .isThrownBy(() -> Component.fromBytes(engine, component.toByteArray()));
    }
  }
}
