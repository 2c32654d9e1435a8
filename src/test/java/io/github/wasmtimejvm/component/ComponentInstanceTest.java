package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.TrapException;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of instances: who may call them, and until when. */
class ComponentInstanceTest {
  /** Its {@code twice} asks the host, or another component, for the half of it. */
  private static final String WAT =
      """
      (component
        (import "t:t/number@1.0.0" (instance $number (export "get" (func (result u32)))))
        (core func $get (canon lower (func $number "get")))
        (core module $code
          (import "number" "get" (func $get (result i32)))
          (func (export "twice") (result i32) (i32.mul (i32.const 2) (call $get)))
          (func (export "crash") unreachable))
        (core instance $code (instantiate $code
          (with "number" (instance (export "get" (func $get))))))
        (func $twice (result u32) (canon lift (core func $code "twice")))
        (func (export "crash") (canon lift (core func $code "crash")))
        (instance $doubled (export "get" (func $twice)))
        (export "t:t/number@1.4.0" (instance $doubled)))
      """;

  @WitName("t:t/number@1.0.0")
  public interface Number {
    long get();
  }

  /** The world. */
  public interface Guest {
    Number number();

    void crash();
  }

  private Engine engine;
  private Component component;
  private Store store;

  @BeforeEach
  void open() {
    engine = Engine.create();
    component = Component.fromWat(engine, WAT);
    store = Store.create(engine);
  }

  @AfterEach
  void close() {
    store.close();
    component.close();
    engine.close();
  }

  private ComponentInstance instance(Number number) {
    ComponentLinker linker = ComponentLinker.create(engine);
    linker.define(Number.class, number);
    return linker.instantiate(store, component);
  }

  @Test
  void otherStoresOfTheComponentGoOn() {
    Guest guest = instance(() -> 1).as(Guest.class);
    assertThatExceptionOfType(TrapException.class).isThrownBy(guest::crash);

    store.close();
    store = Store.create(engine);

    assertThat(instance(() -> 4).as(Number.class).get()).isEqualTo(8);
  }

  @Test
  void aCallOnAnotherThreadIsRefusedAndSpendsNothing() {
    ComponentInstance instance = instance(() -> 2);
    Number number = instance.as(Number.class);

    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(() -> CompletableFuture.supplyAsync(number::get).join())
        .withCauseInstanceOf(WrongThreadException.class)
        .withMessageContaining("thread");
    assertThat(number.get()).isEqualTo(4);
    assertThat(instance.isUsable()).isTrue();
  }

  @Test
  void whatAnInstanceExportsServesAnotherOne() {
    ComponentInstance first = instance(() -> 5);
    ComponentInstance second = instance(first.as(Number.class));

    assertThat(second.as(Number.class).get()).isEqualTo(20);

    try (Store other = Store.create(engine)) {
      ComponentLinker linker = ComponentLinker.create(engine);
      linker.define(Number.class, second.as(Number.class));
      Number third = linker.instantiate(other, component).as(Number.class);
      assertThat(third.get()).isEqualTo(40);
    }
  }

  @Test
  void anInstanceLivesOnWhenItsComponentIsClosed() {
    Number number = instance(() -> 3).as(Number.class);
    component.close();
    assertThat(number.get()).isEqualTo(6);
  }

  @Test
  void aClosedStoreIsSaid() {
    ComponentInstance instance = instance(() -> 3);
    Number number = instance.as(Number.class);
    store.close();
    assertThatIllegalStateException().isThrownBy(number::get).withMessageContaining("closed");
    assertThatIllegalStateException().isThrownBy(instance::isUsable);
    assertThatIllegalStateException().isThrownBy(() -> instance.as(Guest.class));
  }

  @Test
  void functionsThatAreNotThereAreSaidWithThoseThatAre() {
    ComponentInstance instance = instance(() -> 3);
    assertThatExceptionOfType(NoSuchElementException.class)
        .isThrownBy(() -> instance.func("get"))
        .withMessage("the component exports no function get; there are t:t/number@1.4.0, crash");
    assertThatExceptionOfType(NoSuchElementException.class)
        .isThrownBy(() -> instance.func("t:t/number@1.0.0", "set"))
        .withMessage("the component exports no function t:t/number@1.0.0 set; there are get");
    assertThatExceptionOfType(NoSuchElementException.class)
        .isThrownBy(() -> instance.func("t:t/other", "get"))
        .withMessageContaining("there are t:t/number@1.4.0, crash");
    assertThat(instance.func("t:t/number@1.0.0", "get").call()).isEqualTo(6L);
  }
}
