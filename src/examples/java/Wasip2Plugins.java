import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.component.Component;
import io.github.wasmtimejvm.component.ComponentInstance;
import io.github.wasmtimejvm.component.ComponentLinker;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * A calculator whose operations are components in a folder: the twin of {@code
 * examples/wasip2-plugins}.
 *
 * <p>Arguments: an operation and two numbers; without any, {@code add 20 22} and {@code subtract 50
 * 8}. Each plugin has a store of its own, so that none sees another one, and one that traps spends
 * its own store only.
 */
public final class Wasip2Plugins implements AutoCloseable {
  private static final Path FOLDER = Path.of("src/examples/guests/plugins");

  /** The world of a plugin, in {@code plugin.wit}. */
  public interface Plugin {
    /** {@code export get-plugin-name: func() -> string}. */
    String getPluginName();

    /** {@code export evaluate: func(x: s32, y: s32) -> s32}. */
    int evaluate(int x, int y);
  }

  private final Engine engine = Engine.create();
  private final ComponentLinker linker = ComponentLinker.create(engine);
  private final Map<String, ComponentInstance> plugins = new TreeMap<>();

  public static void main(String[] args) throws IOException {
    try (Wasip2Plugins calculator = new Wasip2Plugins()) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(FOLDER, "*.{wasm,wat}")) {
        for (Path file : files) {
          calculator.load(file);
        }
      }
      if (args.length == 3) {
        calculator.evaluate(args[0], Integer.parseInt(args[1]), Integer.parseInt(args[2]));
      } else {
        calculator.evaluate("add", 20, 22);
        calculator.evaluate("subtract", 50, 8);
      }
    }
  }

  private void load(Path file) throws IOException {
    // An instance lives on when its component is closed.
    try (Component component = Component.fromFile(engine, file)) {
      ComponentInstance instance = linker.instantiate(Store.create(engine), component);
      plugins.put(instance.as(Plugin.class).getPluginName(), instance);
    }
  }

  private void evaluate(String operation, int x, int y) {
    ComponentInstance plugin = plugins.get(operation);
    if (plugin == null) {
      throw new IllegalArgumentException("unknown operation: take one of " + plugins.keySet());
    }
    System.out.printf("%s(%d, %d) = %d%n", operation, x, y, plugin.as(Plugin.class).evaluate(x, y));
  }

  @Override
  public void close() {
    plugins.values().forEach(plugin -> plugin.store().close());
    engine.close();
  }
}
