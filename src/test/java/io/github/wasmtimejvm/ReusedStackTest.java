package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.testing.ChildJvm;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * The stack of a thread that has ended is another's, later, and what HotSpot has left in it as a
 * guard must not be in the midst of that one's.
 */
class ReusedStackTest {
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "only glibc is known to reuse stacks this way")
  void isMendedWhereANativeThreadHadItInBetween() {
    ChildJvm.Result result = ChildJvm.run(Reuse.class);
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).isEqualTo("done\n");
  }

  /**
   * A stack of 8 MiB that a native thread had with a guard page, then a Java thread with that page
   * still there, and then one without.
   */
  static final class Reuse {
    private static final Linker LINKER = Linker.nativeLinker();

    private Reuse() {}

    public static void main(String[] args) throws Throwable {
      try (Engine engine = Engine.create();
          Module module = Module.fromWat(engine, "(module (func (export \"f\")))")) {
        javaThread(8 << 20, () -> {});
        nativeThread(2 << 20);
        javaThread(3 << 20, () -> {});
        javaThread(
            8 << 20,
            () -> {
              try (Store store = Store.create(engine)) {
                Instance.create(store, module).func("f").call();
                recurse();
              } catch (StackOverflowError expected) {
                System.out.println("done");
              }
            });
      }
    }

    private static void recurse() {
      recurse();
    }

    // glibc has the stack back some time after the thread has ended for Java; if that is too late,
    // the next thread gets another stack, and nothing is shown.
    private static void javaThread(long stack, Runnable task) throws InterruptedException {
      Thread thread = new Thread(null, task, "reused", stack);
      thread.start();
      thread.join();
      Thread.sleep(200);
    }

    private static void nativeThread(long stack) throws Throwable {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment attributes = arena.allocate(64, 8);
        MemorySegment thread = arena.allocate(JAVA_LONG);
        call("pthread_attr_init", FunctionDescriptor.of(JAVA_INT, ADDRESS), attributes);
        call(
            "pthread_attr_setstacksize",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG),
            attributes,
            stack);
        call(
            "pthread_create",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS),
            thread,
            attributes,
            LINKER.defaultLookup().findOrThrow("free"),
            MemorySegment.NULL);
        call(
            "pthread_join",
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS),
            thread.get(JAVA_LONG, 0),
            MemorySegment.NULL);
      }
    }

    private static void call(String function, FunctionDescriptor type, Object... arguments)
        throws Throwable {
      MemorySegment symbol = LINKER.defaultLookup().findOrThrow(function);
      assertThat(LINKER.downcallHandle(symbol, type).invokeWithArguments(arguments)).isEqualTo(0);
    }
  }
}
