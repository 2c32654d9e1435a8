package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import org.junit.jupiter.api.Test;

class FirstTest {
  private static final String ADD =
      """
      (component
        (import "h:h/host@1.0.0" (instance $h (export "twice" (func (param "a" u32) (result u32)))))
        (core module $m
          (import "h" "twice" (func $t (param i32) (result i32)))
          (memory (export "m") 1)
          (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (call $t (local.get 1))))
          (func (export "boom") unreachable)
          (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
          (func (export "echo") (param i32 i32) (result i32)
            (i32.store (i32.const 16) (local.get 0)) (i32.store (i32.const 20) (local.get 1)) (i32.const 16)))
        (core func $t (canon lower (func $h "twice")))
        (core instance $i (instantiate $m (with "h" (instance (export "twice" (func $t))))))
        (func $add (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $i "add")))
        (func $boom (canon lift (core func $i "boom")))
        (func $echo (param "s" string) (result string)
          (canon lift (core func $i "echo") (memory (core memory $i "m")) (realloc (core func $i "realloc"))))
        (instance $x (export "add" (func $add)) (export "boom" (func $boom)) (export "echo" (func $echo)))
        (export "t:t/calc@1.2.3" (instance $x)))
      """;

  @WitName("t:t/calc@1.0.0")
  public interface Calc {
    long add(long a, long b);

    void boom();

    String echo(String s);
  }

  @WitName("h:h/host@1.0.0")
  public interface Host {
    long twice(long a);
  }

  @Test
  void calls() {
    try (Engine engine = Engine.create();
        Component component = Component.fromWat(engine, ADD);
        Store store = Store.create(engine)) {
      ComponentLinker linker = ComponentLinker.create(engine);
      linker.define(Host.class, a -> 2 * a);
      ComponentInstance instance = linker.instantiate(store, component);
      System.out.println(component.imports() + " " + component.exports());
      assertThat(instance.func("t:t/calc@1.0.0", "add").call(1L, 2L)).isEqualTo(5L);
      Calc calc = instance.as(Calc.class);
      assertThat(calc.add(20, 11)).isEqualTo(42);
      assertThat(calc.echo("hällo")).isEqualTo("hällo");
      try {
        calc.add(-1, 0);
      } catch (IllegalArgumentException e) {
        System.out.println(e.getMessage());
      }
      try {
        calc.boom();
      } catch (RuntimeException e) {
        System.out.println(e);
      }
      try {
        calc.boom();
      } catch (RuntimeException e) {
        System.out.println(e);
      }
    }
  }
}
