import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Global;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.Table;

/**
 * Java objects in the hands of a guest: the twin of {@code examples/externref.c}.
 *
 * <p>For {@code wasmtime_externref_new} and {@code wasmtime_externref_data}, which no one has to
 * call here, {@code wasmtime_table_set}, {@code wasmtime_table_get}, {@code wasmtime_global_set},
 * {@code wasmtime_global_get}, {@code wasmtime_func_call}, {@code wasmtime_val_unroot} and {@code
 * wasmtime_context_gc}.
 */
public final class Externref {
  private static final String GUEST =
      """
      (module
        (table (export "table") 10 externref)
        (global (export "global") (mut externref) (ref.null extern))
        (func (export "func") (param externref) (result externref)
          local.get 0))
      """;

  /** What the guest exports. */
  public interface Guest {
    /** A table of any objects. */
    Table table();

    /** A variable for any object. */
    Global global();

    /** Returns its argument. */
    Object func(Object object);
  }

  public static void main(String[] args) {
    System.out.println("Initializing...");
    try (Engine engine = Engine.create();
        Store store = Store.create(engine)) {
      System.out.println("Compiling module...");
      try (Module module = Module.fromWat(engine, GUEST)) {
        System.out.println("Instantiating module...");
        Guest guest = Instance.create(store, module).as(Guest.class);

        System.out.println("Creating new `externref`...");
        Object object = new StringBuilder("Hello, World!"); // any object; it stays the same one

        System.out.println("Touching `externref` table...");
        guest.table().set(3, object);
        check(guest.table().get(3) == object);

        System.out.println("Touching `externref` global...");
        guest.global().set(object);
        check(guest.global().get() == object);

        System.out.println("Calling `externref` func...");
        check(guest.func(object) == object);

        // From here on only the table and the global hold on to the object.
        System.out.println("GCing within the store...");
        store.gc();
      }
    }
    System.out.println("All finished!");
  }

  private static void check(boolean success) {
    if (!success) {
      throw new IllegalStateException("not the same object");
    }
  }
}
