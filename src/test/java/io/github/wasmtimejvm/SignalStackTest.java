package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.SystemLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.SynchronousQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * A thread gets a stack for the engine's signal handlers when it first enters a guest, for which
 * the engine ends the process if there is no address space for it.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere address space has no limit")
class SignalStackTest {
  @Test
  void withoutRoomForItTheGuestIsNotEntered() {
    // What the JVM itself wants meanwhile it must have already.
    ChildJvm.Result result =
        ChildJvm.with("-Xint", "-Xms32m", "-Xmx32m").env("MALLOC_ARENA_MAX", "1").run(Enter.class);

    assertThat(result)
        .isEqualTo(
            new ChildJvm.Result(
                0,
                """
                7
                java.lang.OutOfMemoryError: no native memory for the signal stack of this thread
                7
                java.lang.OutOfMemoryError: no native memory for the signal stack of this thread
                7
                7
                """,
                ""));
  }

  /** A thread that has entered guests, and two that have not, before and after there is room. */
  static final class Enter {
    private static final String GUEST = "(module (func (export \"f\") (result i32) i32.const 7))";

    private final SynchronousQueue<Callable<Object>> calls = new SynchronousQueue<>();
    private final SynchronousQueue<Object> results = new SynchronousQueue<>();

    public static void main(String[] args) throws Exception {
      try (Engine engine = Engine.create();
          Store store = Store.createShared(engine);
          Module module = Module.fromWat(engine, GUEST)) {
        Instance instance = Instance.create(store, module);
        Func func = instance.func("f");
        Callable<Object> f = () -> func.call();
        Enter entered = new Enter();
        entered.call(f);
        Enter second = new Enter();
        Enter third = new Enter();
        // The classes for refusing are there, and both threads have the memory that they wait with.
        Outcome.prepare();
        second.call(() -> "");
        third.call(() -> "");
        String[] said = new String[6];
        SystemLimits.ADDRESS_SPACE.set(addressSpace() + 128 * 1024);
        said[0] = entered.call(f);
        said[1] = second.call(f);
        said[2] = entered.call(f);
        said[3] = third.call(f);
        SystemLimits.ADDRESS_SPACE.lift();
        said[4] = second.call(f);
        said[5] = third.call(f);
        System.out.print(String.join("\n", said) + "\n");
      }
    }

    Enter() {
      Thread.ofPlatform().daemon().start(this::serve);
    }

    private void serve() {
      try {
        while (true) {
          Callable<Object> f = calls.take();
          Object result;
          try {
            result = f.call();
          } catch (Throwable t) {
            result = t;
          }
          results.put(result);
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    private String call(Callable<Object> f) throws InterruptedException {
      calls.put(f);
      return results.take().toString();
    }

    private static long addressSpace() throws Exception {
      String pages = Files.readString(Path.of("/proc/self/statm")).split(" ")[0];
      return Long.parseLong(pages) * 4096;
    }
  }
}
