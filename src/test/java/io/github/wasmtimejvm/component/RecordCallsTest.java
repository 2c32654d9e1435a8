package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.testing.EngineFixture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RecordCallsTest {
  /** Each function gives back its record, which lies in memory at where it was put. */
  private static final String ECHO =
      """
      (component
        (core module $m
          (memory (export "memory") 1)
          (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
          (func (export "few") (param i32 i32 i32) (result i32)
            (i32.store (i32.const 0) (local.get 0))
            (i32.store (i32.const 4) (local.get 1))
            (i32.store (i32.const 8) (local.get 2))
            (i32.const 0))
          (func (export "many") (param i32) (result i32) (local.get 0)))
        (core instance $i (instantiate $m))
        (type $few' (record (field "id" u32) (field "name" string)))
        (export $few "few-fields" (type $few'))
        (type $many' (record %s))
        (export $many "many-fields" (type $many'))
        (func (export "few") (param "f" $few) (result $few)
          (canon lift (core func $i "few") (memory (core memory $i "memory"))
            (realloc (core func $i "realloc"))))
        (func (export "many") (param "m" $many) (result $many)
          (canon lift (core func $i "many") (memory (core memory $i "memory"))
            (realloc (core func $i "realloc")))))
      """
          .formatted(
              IntStream.range(0, 33)
                  .mapToObj("(field \"f%d\" u8)"::formatted)
                  .collect(Collectors.joining(" ")));

  /** In another order than in WIT. */
  public record Few(String name, long id) {}

  /** With a component that may be null. */
  public record Boxed(Long id, String name) {}

  /** With more fields than a method handle takes. */
  public record Many(
      int f0,
      int f1,
      int f2,
      int f3,
      int f4,
      int f5,
      int f6,
      int f7,
      int f8,
      int f9,
      int f10,
      int f11,
      int f12,
      int f13,
      int f14,
      int f15,
      int f16,
      int f17,
      int f18,
      int f19,
      int f20,
      int f21,
      int f22,
      int f23,
      int f24,
      int f25,
      int f26,
      int f27,
      int f28,
      int f29,
      int f30,
      int f31,
      int f32) {}

  /** The component's world. */
  public interface Echo {
    Few few(Few f);

    Many many(Many m);
  }

  /** The same by another record. */
  public interface BoxedEcho {
    Boxed few(Boxed f);
  }

  @RegisterExtension private final EngineFixture fixture = EngineFixture.create();

  private ComponentInstance instance(Store store) {
    Component component = Component.fromWat(fixture.engine(), ECHO);
    return ComponentLinker.create(fixture.engine()).instantiate(store, component);
  }

  @Test
  void fieldsGoByTheirNames() {
    try (Store store = Store.create(fixture.engine())) {
      Echo echo = instance(store).as(Echo.class);
      assertThat(echo.few(new Few("héllo", 0xffff_ffffL)))
          .isEqualTo(new Few("héllo", 0xffff_ffffL));
    }
  }

  @Test
  void aFieldThatDoesNotFitIsNamedAndSpoilsNothing() {
    try (Store store = Store.create(fixture.engine())) {
      ComponentInstance instance = instance(store);
      Echo echo = instance.as(Echo.class);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> echo.few(new Few("a", -1)))
          .withMessageStartingWith("parameter f, field id: a u32 is from 0");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> echo.few(new Few(null, 1)))
          .withMessageStartingWith("parameter f, field name: expected a String, got null");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> echo.few(null))
          .withMessageStartingWith("parameter f: expected a ")
          .withMessageEndingWith("Few, got null");
      BoxedEcho boxed = instance.as(BoxedEcho.class);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> boxed.few(new Boxed(null, "a")))
          .withMessageStartingWith("parameter f, field id: ")
          .withMessageEndingWith("got null");
      assertThat(boxed.few(new Boxed(7L, "a"))).isEqualTo(new Boxed(7L, "a"));
    }
  }

  @Test
  void aRecordMayHaveMoreFieldsThanAMethodHandleTakes() {
    Many many =
        new Many(
            0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
            24, 25, 26, 27, 28, 29, 30, 31, 255);
    try (Store store = Store.create(fixture.engine())) {
      assertThat(instance(store).as(Echo.class).many(many)).isEqualTo(many);
    }
  }
}
