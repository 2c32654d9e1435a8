import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import java.util.ArrayList;
import java.util.List;

/**
 * A module that many threads run at once, each in a store of its own: the twin of {@code
 * examples/threads.c}.
 *
 * <p>For {@code wasm_module_share} and {@code wasm_module_obtain}, which have no counterpart: a
 * module, and a linker with the functions of the host, serve all threads as they are.
 */
final class Threads {
  private static final int THREADS = 10;
  private static final int REPETITIONS = 3;

  private static final String GUEST =
      """
      (module
        (import "" "hello" (func $hello))
        (func (export "run")
          call $hello))
      """;

  public static void main(String[] args) throws InterruptedException {
    try (Engine engine = Engine.create();
        Module module = Module.fromWat(engine, GUEST);
        Linker linker = Linker.create(engine)) {
      linker.define("", "hello", Runnable.class, Threads::sayHello);

      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        System.out.printf("Initializing thread %d...%n", i);
        threads.add(
            Thread.ofPlatform().name("guest-" + i).start(() -> run(engine, linker, module)));
      }
      for (int i = 0; i < THREADS; i++) {
        System.out.printf("Waiting for thread: %d%n", i);
        threads.get(i).join();
      }
    }
  }

  private static void run(Engine engine, Linker linker, Module module) {
    try (Store store = Store.create(engine)) {
      for (int i = 0; i < REPETITIONS; i++) {
        linker.instantiate(store, module).func("run").as(Runnable.class).run();
      }
    }
  }

  private static void sayHello() {
    System.out.printf("> Thread %s running%n", Thread.currentThread().getName());
  }
}
