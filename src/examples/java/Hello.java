import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;

/**
 * A guest that calls a Java method: the twin of {@code examples/hello.c}.
 *
 * <p>For {@code wasm_engine_new}, {@code wasmtime_store_new}, {@code wasmtime_wat2wasm}, {@code
 * wasmtime_module_new}, {@code wasmtime_func_new}, {@code wasmtime_instance_new}, {@code
 * wasmtime_instance_export_get} and {@code wasmtime_func_call}; the deletions are those of the
 * {@code try}.
 */
final class Hello {
  private static final String GUEST =
      """
      (module
        (import "" "hello" (func $hello))
        (func (export "run")
          call $hello))
      """;

  public static void main(String[] args) {
    System.out.println("Initializing...");
    // The engine compiles; the store holds what lives while guests run.
    try (Engine engine = Engine.create();
        Store store = Store.create(engine)) {
      System.out.println("Compiling module...");
      try (Module module = Module.fromWat(engine, GUEST)) {
        System.out.println("Creating callback...");
        Func hello = Func.create(store, Runnable.class, Hello::sayHello);

        System.out.println("Instantiating module...");
        Instance instance = Instance.create(store, module, hello);

        System.out.println("Extracting export...");
        Runnable run = instance.func("run").as(Runnable.class);

        System.out.println("Calling export...");
        run.run();
      }
    }
    System.out.println("All finished!");
  }

  private static void sayHello() {
    System.out.println("Calling back...");
    System.out.println("> Hello World!");
  }
}
