import io.github.wasmtimejvm.AnyRef;
import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Export;
import io.github.wasmtimejvm.Global;
import io.github.wasmtimejvm.I31;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.Table;
import io.github.wasmtimejvm.WasmFeature;

/**
 * References of guests with garbage collection: the twin of {@code examples/anyref.c}.
 *
 * <p>For {@code wasmtime_config_wasm_gc_set}, {@code wasmtime_anyref_from_i31}, {@code
 * wasmtime_anyref_i31_get_u}, {@code wasmtime_table_set}, {@code wasmtime_table_get}, {@code
 * wasmtime_global_set}, {@code wasmtime_global_get}, {@code wasmtime_func_call} and {@code
 * wasmtime_context_gc}.
 */
public final class Anyref {
  private static final String GUEST =
      """
      (module
        (table (export "table") 10 anyref)
        (global (export "global") (mut anyref) (ref.null any))
        (func (export "take_anyref") (param anyref))
        (func (export "return_anyref") (result anyref)
          (ref.i31 (i32.const 42))))
      """;

  /** What the guest exports. */
  public interface Guest {
    /** A table of references. */
    Table table();

    /** A variable. */
    Global global();

    /** Does nothing with it. */
    @Export("take_anyref")
    void take(AnyRef reference);

    /** Returns the number 42. */
    @Export("return_anyref")
    AnyRef give();
  }

  public static void main(String[] args) {
    System.out.println("Initializing...");
    try (Engine engine =
            Engine.builder()
                .feature(WasmFeature.REFERENCE_TYPES, true)
                .feature(WasmFeature.FUNCTION_REFERENCES, true)
                .feature(WasmFeature.GC, true)
                .build();
        Store store = Store.create(engine)) {
      System.out.println("Compiling module...");
      try (Module module = Module.fromWat(engine, GUEST)) {
        System.out.println("Instantiating module...");
        Guest guest = Instance.create(store, module).as(Guest.class);

        System.out.println("Creating new `anyref` from i31...");
        AnyRef number = new I31(1234); // others are StructRef and ArrayRef
        checkIs(1234, number);

        System.out.println("Touching `anyref` table...");
        guest.table().set(3, number);
        checkIs(1234, guest.table().get(3));

        System.out.println("Touching `anyref` global...");
        guest.global().set(number);
        checkIs(1234, guest.global().get());

        System.out.println("Passing `anyref` into func...");
        guest.take(number);

        System.out.println("Getting `anyref` from func...");
        checkIs(42, guest.give());

        System.out.println("GCing within the store...");
        store.gc();
      }
    }
    System.out.println("All finished!");
  }

  private static void checkIs(int expected, Object reference) {
    if (!(reference instanceof I31 number) || number.unsignedValue() != expected) {
      throw new IllegalStateException("not the number " + expected + ": " + reference);
    }
  }
}
