import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;

/**
 * Compiles in one engine and runs in another: the twin of {@code examples/serialize.c}.
 *
 * <p>For {@code wasmtime_module_serialize} and {@code wasmtime_module_deserialize}. {@code
 * ModuleCache} does it with files, where the same module is compiled time and again.
 */
final class Serialize {
  private static final String GUEST =
      """
      (module
        (import "" "hello" (func $hello))
        (func (export "run")
          call $hello))
      """;

  public static void main(String[] args) {
    byte[] compiled = serialize();
    deserialize(compiled);
  }

  private static byte[] serialize() {
    System.out.println("Initializing...");
    try (Engine engine = Engine.create()) {
      System.out.println("Compiling and serializing module...");
      try (Module module = Module.fromWat(engine, GUEST)) {
        byte[] compiled = module.serialize();
        System.out.println("Serialized.");
        return compiled;
      }
    }
  }

  private static void deserialize(byte[] compiled) {
    System.out.println("Initializing...");
    try (Engine engine = Engine.create();
        Store store = Store.create(engine)) {
      System.out.println("Deserialize module...");
      try (Module module = Module.deserialize(engine, compiled)) {
        System.out.println("Creating callback...");
        Func hello = Func.create(store, Runnable.class, Serialize::sayHello);

        System.out.println("Instantiating module...");
        Instance instance = Instance.create(store, module, hello);

        System.out.println("Calling export...");
        instance.func("run").as(Runnable.class).run();
      }
    }
    System.out.println("All finished!");
  }

  private static void sayHello() {
    System.out.println("Calling back...");
    System.out.println("> Hello World!");
  }
}
