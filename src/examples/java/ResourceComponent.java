import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.component.Component;
import io.github.wasmtimejvm.component.ComponentLinker;
import io.github.wasmtimejvm.component.WitName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A component that uses Java objects as resources: the twin of {@code
 * examples/resource-component/main.rs}.
 *
 * <p>For {@code wasmtime_component_linker_instance_add_resource} with its destructor, {@code
 * wasmtime_component_linker_instance_add_func} and {@code wasmtime_component_func_call}. The table
 * of resources that C programs have is the library's.
 */
public final class ResourceComponent {
  /** The interface that the component imports: one resource. */
  @WitName("example:kv-store/kvdb")
  public interface Kvdb {
    /** The resource's constructor. */
    Connection newConnection();

    /** The resource: its methods are the functions of the resource. */
    final class Connection implements AutoCloseable {
      private final Map<String, String> storage = new HashMap<>();

      /** {@code get: func(key: string) -> option<string>}. */
      public Optional<String> get(String key) {
        return Optional.ofNullable(storage.get(key));
      }

      /** {@code set: func(key: string, value: string)}. */
      public void set(String key, String value) {
        storage.put(key, value);
      }

      /** {@code remove: func(key: string) -> option<string>}. */
      public Optional<String> remove(String key) {
        return Optional.ofNullable(storage.remove(key));
      }

      /** {@code clear: func()}. */
      public void clear() {
        storage.clear();
      }

      /** The last guest that had it has dropped it, or the store is closed. */
      @Override
      public void close() {
        System.out.println("Connection with " + storage + " is closed");
      }
    }
  }

  /** What the world imports outside of interfaces. */
  @WitName("")
  public interface Imports {
    /** {@code import log: func(msg: string)}. */
    void log(String message);
  }

  /** What it exports. */
  public interface KvDatabase {
    /** {@code export replace-value: func(key: string, value: string) -> option<string>}. */
    Optional<String> replaceValue(String key, String value);
  }

  public static void main(String[] args) throws IOException {
    try (Engine engine = Engine.create();
        Component component =
            Component.fromFile(engine, Path.of("src/examples/guests/kv-store.wat"));
        Store store = Store.create(engine)) {
      ComponentLinker linker = ComponentLinker.create(engine);
      linker.define(Kvdb.class, Kvdb.Connection::new);
      linker.define(Imports.class, message -> System.out.println("Log: " + message));

      KvDatabase database = linker.instantiate(store, component).as(KvDatabase.class);
      System.out.println("hello was " + database.replaceValue("hello", "world"));
      System.out.println("hello was " + database.replaceValue("hello", "wasmtime"));
    }
  }
}
