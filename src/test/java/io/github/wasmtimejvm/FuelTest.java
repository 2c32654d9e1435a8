package io.github.wasmtimejvm;

import static io.github.wasmtimejvm.Controlled.assertTrap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests run as long as they have fuel. */
class FuelTest {
  private static Controlled fuelled() {
    return new Controlled(builder -> builder.interruptible(false).consumeFuel(true));
  }

  @Test
  void aNewStoreHasNone() {
    try (Engine engine = Engine.builder().consumeFuel(true).build();
        Store store = Store.create(engine);
        Module module =
            Module.fromWat(engine, "(module (func $f) (func (export \"f\")) (start $f))")) {
      assertThat(store.fuel()).isZero();
      assertTrap(TrapCode.OUT_OF_FUEL, () -> Instance.create(store, module));
      store.setFuel(1000);
      Instance.create(store, module).func("f").call();
    }
  }

  @Test
  void aGuestWithoutAnyMoreTrapsAndGoesOnWithMore() {
    try (Controlled w = fuelled()) {
      w.store.setFuel(10_000);
      assertTrap(TrapCode.OUT_OF_FUEL, () -> w.call("spin"));
      assertThat(w.store.fuel()).isZero();
      assertTrap(TrapCode.OUT_OF_FUEL, () -> w.call("count", 10));
      w.store.setFuel(10_000);
      assertThat(w.call("count", 10)).isEqualTo(10);
      assertThat(w.store.fuel()).isPositive().isLessThan(10_000);
    }
  }

  @Test
  void theSameCallTakesTheSameFuel() {
    try (Controlled w = fuelled()) {
      w.store.setFuel(10_000);
      w.call("count", 100);
      long taken = 10_000 - w.store.fuel();
      w.call("count", 100);
      assertThat(10_000 - w.store.fuel()).isEqualTo(2 * taken);
      w.store.setFuel(taken);
      w.call("count", 100);
      w.store.setFuel(taken / 2);
      assertTrap(TrapCode.OUT_OF_FUEL, () -> w.call("count", 100));
    }
  }

  private static final String OPERATIONS =
      """
      (module
        (type $bytes (array (mut i8)))
        (memory 1 100) (table 1000 funcref)
        (data $data "abcdefghij")
        (func (export "nothing"))
        (func (export "free") nop (block (loop)) (drop (i32.const 1)))
        (func (export "memory.fill")
          (memory.fill (i32.const 0) (i32.const 0) (i32.const 10000)))
        (func (export "memory.copy")
          (memory.copy (i32.const 0) (i32.const 0) (i32.const 10000)))
        (func (export "memory.init")
          (memory.init $data (i32.const 0) (i32.const 0) (i32.const 10)))
        (func (export "table.fill")
          (table.fill (i32.const 0) (ref.null func) (i32.const 1000)))
        (func (export "table.grow")
          (drop (table.grow (ref.null func) (i32.const 1000))))
        (func (export "memory.grow") (drop (memory.grow (i32.const 7))))
        (func (export "array.new")
          (drop (array.new $bytes (i32.const 1) (i32.const 5000))))
        (func (export "straight") STRAIGHT))
      """
          .replace("STRAIGHT", "(drop (i32.const 1))".repeat(1000));

  @ParameterizedTest
  @CsvSource({
    "nothing, 1", "free, 2", "memory.fill, 10005", "memory.copy, 10005", "memory.init, 15",
    "table.fill, 1005", "table.grow, 1004", "memory.grow, 10", "array.new, 5004", "straight, 1001"
  })
  void anOperationOnManyTakesOneForEachOfThem(String function, long fuel) {
    try (Engine engine = Engine.builder().consumeFuel(true).build();
        Module module = Module.fromWat(engine, OPERATIONS);
        Store store = Store.create(engine)) {
      store.setFuel(100_000);
      Instance instance = Instance.create(store, module);
      store.setFuel(100_000);
      instance.func(function).call();
      assertThat(100_000 - store.fuel()).isEqualTo(fuel);
    }
  }

  // It is looked at where a function begins, and before an operation on many.
  @Test
  void noneLeftDoesNotMeanTrapped() {
    try (Engine engine = Engine.builder().consumeFuel(true).build();
        Module module = Module.fromWat(engine, OPERATIONS);
        Store store = Store.create(engine)) {
      store.setFuel(100_000);
      Instance instance = Instance.create(store, module);
      store.setFuel(2);
      instance.func("straight").call();
      assertThat(store.fuel()).isZero();
      assertTrap(TrapCode.OUT_OF_FUEL, () -> instance.func("nothing").call());
      store.setFuel(10_004);
      assertTrap(TrapCode.OUT_OF_FUEL, () -> instance.func("memory.fill").call());
      store.setFuel(10_006);
      instance.func("memory.fill").call();
    }
  }

  @Test
  void aHostFunctionSeesAndRefillsIt() {
    try (Controlled w = fuelled()) {
      int[] rounds = new int[1];
      w.host =
          _ -> {
            assertThat(w.store.fuel()).isLessThan(10_000);
            if (++rounds[0] < 10_000) {
              w.store.setFuel(9_000);
            }
          };
      w.store.setFuel(9_000);
      assertTrap(TrapCode.OUT_OF_FUEL, () -> w.call("callForEver"));
      assertThat(rounds[0]).isGreaterThanOrEqualTo(10_000);
    }
  }

  @Test
  void aHostFunctionMayTakeItAway() {
    try (Controlled w = fuelled()) {
      w.host = _ -> w.store.setFuel(0);
      w.store.setFuel(1000);
      assertTrap(TrapCode.OUT_OF_FUEL, () -> w.call("callThenSpin"));
    }
  }

  @Test
  void aNestedCallUsesTheSameFuel() {
    try (Controlled w = fuelled()) {
      w.host = _ -> assertTrap(TrapCode.OUT_OF_FUEL, () -> w.call("spin"));
      w.store.setFuel(1000);
      assertTrap(TrapCode.OUT_OF_FUEL, () -> w.call("callThenSpin"));
      w.store.setFuel(1000);
      assertThat(w.call("count", 10)).isEqualTo(10);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, -2, -1})
  void itIsUnsigned(long fuel) {
    try (Controlled w = fuelled()) {
      w.store.setFuel(fuel);
      assertThat(w.store.fuel()).isEqualTo(fuel);
      if (Long.compareUnsigned(fuel, 10_000) > 0) {
        assertThat(w.call("count", 10)).isEqualTo(10);
        assertThat(Long.compareUnsigned(w.store.fuel(), fuel)).isNegative();
      }
    }
  }

  @Test
  void anEngineWithoutTheOptionRefuses() {
    try (Controlled w = new Controlled(Engine.create(), false)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> w.store.setFuel(1))
          .withMessageContaining("consumeFuel");
      assertThatIllegalStateException()
          .isThrownBy(w.store::fuel)
          .withMessageContaining("consumeFuel");
    }
  }
}
