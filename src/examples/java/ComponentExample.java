import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.component.Component;
import io.github.wasmtimejvm.component.ComponentInstance;
import io.github.wasmtimejvm.component.ComponentLinker;
import io.github.wasmtimejvm.component.WitName;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A component whose interface is a Java interface: the twin of {@code examples/component/main.c}.
 *
 * <p>For {@code wasmtime_component_linker_new}, {@code
 * wasmtime_component_linker_instance_add_func}, {@code wasmtime_component_new}, {@code
 * wasmtime_component_linker_instantiate}, {@code wasmtime_component_instance_get_export_index},
 * {@code wasmtime_component_instance_get_func} and {@code wasmtime_component_func_call}. The values
 * of C, with their kinds and deletions, are parameters and results here.
 */
public final class ComponentExample {
  /** What the component imports: {@code import host: interface { ... }}. */
  @WitName("host")
  public interface Host {
    /** {@code multiply: func(a: f32, b: f32) -> f32}. */
    float multiply(float a, float b);
  }

  /** The component's world: what it exports by itself. */
  public interface Convert {
    /** {@code export convert-celsius-to-fahrenheit: func(x: f32) -> f32}. */
    float convertCelsiusToFahrenheit(float x);
  }

  public static void main(String[] args) throws IOException {
    try (Engine engine = Engine.create()) {
      ComponentLinker linker = ComponentLinker.create(engine);
      linker.define(Host.class, (a, b) -> a * b);

      System.out.println("Compiling component...");
      try (Component component =
              Component.fromFile(engine, Path.of("src/examples/guests/convert.wat"));
          Store store = Store.create(engine)) {
        System.out.println("Instantiating component...");
        ComponentInstance instance = linker.instantiate(store, component);

        System.out.println("Calling convert-celsius-to-fahrenheit...");
        Convert convert = instance.as(Convert.class);
        System.out.println("25 C = " + convert.convertCelsiusToFahrenheit(25) + " F");

        System.out.println("Shutting down...");
      }
    }
    System.out.println("Done.");
  }
}
