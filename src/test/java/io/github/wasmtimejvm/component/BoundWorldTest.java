package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Interfaces and worlds that Java binds by their names, in compatible versions. */
class BoundWorldTest {
  private static final String WAT =
      """
      (component
        (core module $m
          (func (export "one") (result i32) (i32.const 1))
          (func (export "two") (result i32) (i32.const 2)))
        (core instance $i (instantiate $m))
        (func $one (result u32) (canon lift (core func $i "one")))
        (func $two (result u32) (canon lift (core func $i "two")))
        (instance $ones (export "number" (func $one)))
        (instance $twos (export "number" (func $two)))
        (export "t:t/single@1.2.0" (instance $ones))
        (export "a:a/calc@1.0.0" (instance $ones))
        (export "b:b/calc@0.2.3" (instance $twos))
        (export "plain" (instance $twos))
        (export "number" (func $two)))
      """;

  public interface Single {
    long number();
  }

  public interface Calc {
    long number();
  }

  @WitName("b:b/calc@0.2.0")
  public interface CalcOfB {
    long number();
  }

  @WitName("b:b/calc@0.3.0")
  public interface LaterCalc {
    long number();
  }

  public interface World {
    Single single();

    Plain plain();

    long number();

    CalcOfB calc();

    @WitName("a:a/calc@1.0.0")
    Calc first();
  }

  public interface Plain {
    long number();
  }

  public interface WorldWithCalc {
    Calc calc();
  }

  public interface WorldWithMissing {
    Single missing();
  }

  public interface BadInside {
    int number();
  }

  public interface WorldWithBadInside {
    BadInside single();
  }

  private static Engine engine;
  private static Component component;
  private static Store store;
  private static ComponentInstance instance;

  @BeforeAll
  static void instantiate() {
    engine = Engine.create();
    component = Component.fromWat(engine, WAT);
    store = Store.create(engine);
    instance = ComponentLinker.create(engine).instantiate(store, component);
  }

  @AfterAll
  static void close() {
    store.close();
    component.close();
    engine.close();
  }

  @Test
  void aWorldHasFunctionsAndInterfaces() {
    World world = instance.as(World.class);
    assertThat(world.number()).isEqualTo(2);
    assertThat(world.single().number()).isEqualTo(1);
    assertThat(world.plain().number()).isEqualTo(2);
    assertThat(world.calc().number()).isEqualTo(2);
    assertThat(world.first().number()).isEqualTo(1);
  }

  @Test
  void anInterfaceIsFoundByItsSimpleName() {
    assertThat(instance.as(Single.class).number()).isEqualTo(1);
  }

  @Test
  void anInterfaceIsFoundInACompatibleVersion() {
    assertThat(instance.as(CalcOfB.class).number()).isEqualTo(2);
    assertThat(instance.func("t:t/single@1.0.0", "number").call()).isEqualTo(1L);
    assertThat(instance.func("t:t/single@1.99.0", "number").call()).isEqualTo(1L);
  }

  @Test
  void anotherVersionIsSaidWithThoseThatThereAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> instance.as(LaterCalc.class))
        .withMessageContaining("the component exports no interface b:b/calc@0.3.0")
        .withMessageContaining("b:b/calc@0.2.3");
  }

  @Test
  void aNameOfSeveralInterfacesIsSaid() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> instance.as(Calc.class))
        .withMessageContaining("[a:a/calc@1.0.0, b:b/calc@0.2.3]")
        .withMessageContaining("annotate it with @WitName");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> instance.as(WorldWithCalc.class))
        .withMessageStartingWith(WorldWithCalc.class.getName() + ".calc: ")
        .withMessageContaining("annotate it with @WitName");
  }

  @Test
  void whatDoesNotFitInsideAWorldIsSaidWithTheWayToIt() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> instance.as(WorldWithMissing.class))
        .withMessageStartingWith(WorldWithMissing.class.getName() + ".missing: ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> instance.as(WorldWithBadInside.class))
        .withMessageStartingWith(
            WorldWithBadInside.class.getName()
                + ".single, "
                + BadInside.class.getName()
                + ".number, the result");
  }

  @Test
  void functionsThatAreNotThereAreSaid() {
    assertThatExceptionOfType(NoSuchElementException.class)
        .isThrownBy(() -> instance.func("missing"))
        .withMessageContaining("missing");
    assertThatExceptionOfType(NoSuchElementException.class)
        .isThrownBy(() -> instance.func("t:t/single@2.0.0", "number"))
        .withMessageContaining("t:t/single@2.0.0 number");
    assertThatExceptionOfType(NoSuchElementException.class)
        .isThrownBy(() -> instance.func("t:t/single@1.2.0", "missing"));
    assertThatExceptionOfType(NoSuchElementException.class)
        .isThrownBy(() -> instance.func("plain")); // an interface
  }
}
