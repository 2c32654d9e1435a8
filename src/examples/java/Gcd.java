import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import java.util.function.IntBinaryOperator;

/**
 * Calls a guest's function with numbers: the twin of {@code examples/gcd.c}.
 *
 * <p>For {@code wasmtime_wat2wasm}, {@code wasmtime_module_new}, {@code wasmtime_instance_new},
 * {@code wasmtime_instance_export_get} and {@code wasmtime_func_call} with its arrays of {@code
 * wasmtime_val_t}.
 */
final class Gcd {
  private static final String GUEST =
      """
      (module
        (func (export "gcd") (param $a i32) (param $b i32) (result i32)
          (local $rest i32)
          (block $done
            (loop $next
              (br_if $done (i32.eqz (local.get $b)))
              (local.set $rest (i32.rem_u (local.get $a) (local.get $b)))
              (local.set $a (local.get $b))
              (local.set $b (local.get $rest))
              (br $next)))
          local.get $a))
      """;

  public static void main(String[] args) {
    try (Engine engine = Engine.create();
        Module module = Module.fromWat(engine, GUEST);
        Store store = Store.create(engine)) {
      Instance instance = Instance.create(store, module);
      // Any interface does whose method has the function's type; it is checked here, once.
      IntBinaryOperator gcd = instance.func("gcd").as(IntBinaryOperator.class);

      int a = 6;
      int b = 27;
      System.out.printf("gcd(%d, %d) = %d%n", a, b, gcd.applyAsInt(a, b));
    }
  }
}
