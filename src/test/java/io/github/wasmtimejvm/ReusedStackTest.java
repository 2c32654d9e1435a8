package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.wasmtimejvm.testing.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
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
    assumeFalse(
        System.getProperty("wasmtimejvm.platform").endsWith("-musl"), "musl keeps no stacks");
    ChildJvm.Result result = ChildJvm.with().asByDefault().run(Reuse.class);
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).as(result.toString()).isEqualTo("done\n");
  }

  /**
   * A stack of 8 MiB that a native thread had with a guard page, then a Java thread with that page
   * still there, and then one without; again until glibc has given them all the same stack, for the
   * JVM has threads of its own.
   */
  static final class Reuse {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final int TRIES = 1000;

    // What HotSpot protects at the end of a stack that nobody had before.
    private static long usual;
    private static boolean shown;
    private static @Nullable AssertionError failed;

    private Reuse() {}

    public static void main(String[] args) throws Throwable {
      try (Engine engine = Engine.create();
          Module module = Module.fromWat(engine, "(module (func (export \"f\")))")) {
        for (int i = 0; i < TRIES && !shown && failed == null; i++) {
          javaThread(8 << 20, () -> usual = usual == 0 ? protectedBytes() : usual);
          nativeThread(2 << 20);
          javaThread(3 << 20, () -> {});
          javaThread(8 << 20, () -> useAndOverflow(engine, module));
        }
        if (failed != null) {
          throw failed;
        }
        System.out.println(shown ? "done" : "no stack was used again");
      }
    }

    private static void useAndOverflow(Engine engine, Module module) {
      if (protectedBytes() == usual) {
        return; // not that stack
      }
      try (Store store = Store.create(engine)) {
        Instance.create(store, module).func("f").call();
        assertThat(protectedBytes()).isEqualTo(usual);
        recurse();
      } catch (StackOverflowError expected) {
        shown = true;
      } catch (AssertionError e) {
        failed = e;
      }
    }

    /** How much is without access from the lowest address of this thread's stack on. */
    private static long protectedBytes() {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment attributes = arena.allocate(64, 8);
        MemorySegment low = arena.allocate(JAVA_LONG);
        MemorySegment size = arena.allocate(JAVA_LONG);
        long self =
            (long)
                LINKER
                    .downcallHandle(
                        LINKER.defaultLookup().findOrThrow("pthread_self"),
                        FunctionDescriptor.of(JAVA_LONG))
                    .invokeExact();
        call(
            "pthread_getattr_np",
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS),
            self,
            attributes);
        call(
            "pthread_attr_getstack",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS),
            attributes,
            low,
            size);
        call("pthread_attr_destroy", FunctionDescriptor.of(JAVA_INT, ADDRESS), attributes);
        return protectedBytes(low.get(JAVA_LONG, 0));
      } catch (Throwable t) {
        throw new AssertionError(t);
      }
    }

    private static long protectedBytes(long from) throws IOException {
      long end = from;
      for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
        String[] parts = line.split("[- ]", 3); // begin, end, access and more
        if (Long.parseUnsignedLong(parts[0], 16) <= end
            && Long.parseUnsignedLong(parts[1], 16) > end
            && parts[2].startsWith("---")) {
          end = Long.parseUnsignedLong(parts[1], 16);
        }
      }
      return end - from;
    }

    private static void recurse() {
      recurse();
    }

    private static void javaThread(long stack, Runnable task) throws InterruptedException {
      Path[] self = new Path[1];
      Thread thread =
          new Thread(
              null,
              () -> {
                self[0] = self();
                task.run();
              },
              "reused",
              stack);
      thread.start();
      thread.join();
      // For Java it has ended; only when it has for the system, too, has glibc its stack back.
      while (Files.exists(self[0])) {
        Thread.onSpinWait();
      }
    }

    // Where the system shows this thread.
    private static Path self() {
      try {
        Path threads = Path.of("/proc/thread-self");
        return threads.resolveSibling(Files.readSymbolicLink(threads));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
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
