import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Export;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import java.util.Arrays;

/**
 * Functions with several results, of the guest and of the host: the twin of {@code
 * examples/multi.c}.
 *
 * <p>For {@code wasm_functype_new_2_2}, {@code wasmtime_func_new} and {@code wasmtime_func_call}.
 */
public final class Multi {
  private static final String GUEST =
      """
      (module
        (import "" "f" (func $f (param i32 i64) (result i64 i32)))
        (func (export "g") (param i32 i64) (result i64 i32)
          (call $f (local.get 0) (local.get 1)))
        (func (export "round_trip_many")
          (param i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
          (result i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
          local.get 0
          local.get 1
          local.get 2
          local.get 3
          local.get 4
          local.get 5
          local.get 6
          local.get 7
          local.get 8
          local.get 9))
      """;

  /** The two results. */
  public record Swapped(long first, int second) {}

  /** The type {@code (i32, i64) -> (i64, i32)}. */
  @FunctionalInterface
  public interface Swap {
    /** Swaps them. */
    Swapped swap(int a, long b);
  }

  /** What the guest exports. */
  public interface Guest {
    /** Calls the host. */
    Swapped g(int a, long b);

    /** Returns its arguments. */
    @Export("round_trip_many")
    long[] roundTripMany(
        long a, long b, long c, long d, long e, long f, long g, long h, long i, long j);
  }

  public static void main(String[] args) {
    System.out.println("Initializing...");
    try (Engine engine = Engine.create();
        Store store = Store.create(engine)) {
      System.out.println("Compiling module...");
      try (Module module = Module.fromWat(engine, GUEST)) {
        System.out.println("Creating callback...");
        Func callback = Func.create(store, Swap.class, Multi::swap);

        System.out.println("Instantiating module...");
        Instance instance = Instance.create(store, module, callback);

        System.out.println("Extracting export...");
        Guest guest = instance.as(Guest.class);

        System.out.println("Calling export \"g\"...");
        Swapped swapped = guest.g(1, 2);
        System.out.println("Printing result...");
        System.out.printf("> %d %d%n", swapped.first(), swapped.second());

        System.out.println("Calling export \"round_trip_many\"...");
        long[] many = guest.roundTripMany(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        System.out.println("Printing result...");
        System.out.println("> " + Arrays.toString(many));
      }
      System.out.println("Shutting down...");
    }
    System.out.println("Done.");
  }

  private static Swapped swap(int a, long b) {
    System.out.println("Calling back...");
    System.out.printf("> %d %d%n", a, b);
    return new Swapped(b, a);
  }
}
