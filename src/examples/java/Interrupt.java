import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.TrapCode;
import io.github.wasmtimejvm.TrapException;

/**
 * Stops a guest that does not end: the twin of {@code examples/interrupt.c}.
 *
 * <p>For {@code wasmtime_config_epoch_interruption_set}, {@code
 * wasmtime_context_set_epoch_deadline}, {@code wasmtime_engine_increment_epoch} and {@code
 * wasmtime_trap_code}. Where only time matters, {@code Store.setTimeout} and {@code Store.within}
 * need no thread of one's own.
 */
final class Interrupt {
  private static final String GUEST =
      """
      (module
        (func (export "run")
          (loop $for_ever
            br $for_ever)))
      """;

  public static void main(String[] args) {
    try (Engine engine = Engine.builder().interruptible(true).build();
        Module module = Module.fromWat(engine, GUEST);
        Store store = Store.create(engine)) {
      // The guest may run until the engine's clock has ticked once.
      store.setEpochDeadline(1);
      Runnable run = Instance.create(store, module).func("run").as(Runnable.class);

      System.out.println("Entering infinite loop...");
      Thread.ofPlatform().daemon().start(() -> interruptSoon(engine));
      try {
        run.run();
      } catch (TrapException trap) {
        if (trap.code() != TrapCode.INTERRUPT) {
          throw trap;
        }
        System.out.println("Got a trap!...");
      }
    }
  }

  private static void interruptSoon(Engine engine) {
    try {
      Thread.sleep(1000);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    System.out.println("Sending an interrupt");
    engine.incrementEpoch();
  }
}
