import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.TrapCode;
import io.github.wasmtimejvm.TrapException;
import java.util.function.IntUnaryOperator;

/**
 * Measures and limits what a guest computes: the twin of {@code examples/fuel.c}.
 *
 * <p>For {@code wasmtime_config_consume_fuel_set}, {@code wasmtime_context_set_fuel} and {@code
 * wasmtime_context_get_fuel}.
 */
final class Fuel {
  private static final long TANK = 10_000;

  private static final String GUEST =
      """
      (module
        (func $fibonacci (export "fibonacci") (param $n i32) (result i32)
          (if (i32.lt_s (local.get $n) (i32.const 2))
            (then (return (local.get $n))))
          (i32.add
            (call $fibonacci (i32.sub (local.get $n) (i32.const 1)))
            (call $fibonacci (i32.sub (local.get $n) (i32.const 2))))))
      """;

  public static void main(String[] args) {
    try (Engine engine = Engine.builder().consumeFuel(true).build();
        Module module = Module.fromWat(engine, GUEST);
        Store store = Store.create(engine)) {
      store.setFuel(TANK); // before anything runs: a store has none
      Instance instance = Instance.create(store, module);
      IntUnaryOperator fibonacci = instance.func("fibonacci").as(IntUnaryOperator.class);

      int n = 1;
      try {
        while (true) {
          store.setFuel(TANK);
          int result = fibonacci.applyAsInt(n);
          System.out.printf("fib(%d) = %d [consumed %d fuel]%n", n, result, TANK - store.fuel());
          n++;
        }
      } catch (TrapException trap) {
        if (trap.code() != TrapCode.OUT_OF_FUEL) {
          throw trap;
        }
        System.out.printf("Exhausted fuel computing fib(%d)%n", n);
      }
    }
  }
}
