import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.OptLevel;
import io.github.wasmtimejvm.Store;
import java.nio.file.Path;
import java.util.function.IntUnaryOperator;

/**
 * Compiles a guest so that a native debugger shows its source: the twin of {@code
 * examples/fib-debug/main.c}.
 *
 * <p>For {@code wasmtime_config_debug_info_set}. With it gdb and lldb show the functions, lines and
 * variables of {@code fib.c}, see {@code src/examples/README.md}. The source lines in the stack
 * traces of Java's exceptions need no such setting.
 */
final class FibDebug {
  public static void main(String[] args) throws Exception {
    System.out.println("Initializing...");
    try (Engine engine =
            Engine.builder()
                .debugInfo(true)
                .optLevel(OptLevel.NONE) // so that the variables are where they are looked for
                .build();
        Store store = Store.create(engine)) {
      System.out.println("Compiling module...");
      // fib.c, compiled with -g.
      try (Module module = Module.fromFile(engine, Path.of("src/examples/guests/fib.wat"))) {
        System.out.println("Instantiating module...");
        Instance instance = Instance.create(store, module);

        System.out.println("Calling fib...");
        IntUnaryOperator fib = instance.func("fib").as(IntUnaryOperator.class);
        System.out.printf("> fib(6) = %d%n", fib.applyAsInt(6));
      }
      System.out.println("Shutting down...");
    }
    System.out.println("Done.");
  }
}
