package io.github.wasmtimejvm.leaks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatRuntimeException;

import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.ClassPathLoader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Several class loaders in one JVM have the library's classes, each for itself. */
class ClassLoadersTest {
  /** A {@link Tenant} seen from outside its class loader. */
  private record Visitor(Object tenant) {
    static Visitor of(int factor, IntUnaryOperator next) throws Exception {
      return in(ClassPathLoader.create(), factor, next);
    }

    static Visitor in(ClassLoader loader, int factor, IntUnaryOperator next) throws Exception {
      return new Visitor(
          loader
              .loadClass(Tenant.class.getName())
              .getConstructor(Integer.class, IntUnaryOperator.class)
              .newInstance(factor, next));
    }

    Object call(String method) throws ReflectiveOperationException {
      return tenant.getClass().getMethod(method).invoke(tenant);
    }

    int keep(int count) throws ReflectiveOperationException {
      return (int) tenant.getClass().getMethod("keep", int.class).invoke(tenant, count);
    }

    void useMore(Path folder) throws ReflectiveOperationException {
      tenant.getClass().getMethod("useMore", Path.class).invoke(tenant, folder);
    }

    ClassLoader loader() {
      return tenant.getClass().getClassLoader();
    }

    IntUnaryOperator function() {
      return (IntUnaryOperator) tenant;
    }
  }

  @Test
  void twoWorkAtTheSameTime() {
    ChildJvm.Result result = ChildJvm.run(Two.class);
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).isEqualTo("done\n");
  }

  static final class Two {
    public static void main(String[] args) throws Exception {
      Visitor inner = Visitor.of(10, null);
      Visitor outer = Visitor.of(100, inner.function());
      together(inner, outer);
      nested(inner, outer);
      finalizers(inner, outer);
      System.out.println("done");
    }

    // Each on a thread of its own, its store shared by none.
    private static void together(Visitor... visitors) throws Exception {
      try (var executor = Executors.newFixedThreadPool(visitors.length)) {
        List<Future<Void>> checks = new ArrayList<>();
        for (Visitor visitor : visitors) {
          Callable<Void> check =
              () -> {
                Visitor own = Visitor.in(visitor.loader(), 7, null);
                for (int i = 0; i < 20; i++) {
                  own.call("check");
                }
                own.call("close");
                return null;
              };
          checks.add(executor.submit(check));
        }
        for (Future<Void> check : checks) {
          check.get();
        }
      }
    }

    // A guest calls a guest of the other class loader, and what that throws comes through.
    private static void nested(Visitor inner, Visitor outer) throws Exception {
      assertThat(outer.function().applyAsInt(2003)).isEqualTo(30);
      assertThat(outer.function().applyAsInt(3)).isEqualTo(300);
      assertThatRuntimeException()
          .isThrownBy(() -> outer.function().applyAsInt(1999))
          .satisfies(
              thrown -> assertThat(thrown.getClass().getClassLoader()).isEqualTo(inner.loader()));
      assertThat(inner.call("registered")).isEqualTo(1);
    }

    // What the engine drops of one is not taken from the other.
    private static void finalizers(Visitor inner, Visitor outer) throws Exception {
      assertThat(inner.keep(500)).isEqualTo(501);
      assertThat(outer.keep(700)).isEqualTo(701);
      inner.call("close");
      assertThat(inner.call("registered")).isEqualTo(0);
      assertThat(outer.call("registered")).isEqualTo(701);
      outer.call("check");
      outer.call("close");
      assertThat(outer.call("registered")).isEqualTo(0);
    }
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux says what a process has")
  void aHundredComeAndGoAndNothingStays(@TempDir Path folder) {
    ChildJvm.Result result =
        // The JDK itself keeps the last of them softly, for the records that it compared there.
        ChildJvm.with(
                "-XX:SoftRefLRUPolicyMSPerMB=0",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:-BytecodeVerificationRemote")
            .openStdin()
            .run(Hundred.class, folder.toString());
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).isEqualTo("done\n");
  }

  static final class Hundred {
    private static final int LOADERS = 100;
    private static final int FIRST = 10;

    // A class loader that stays has some 1.4 MB of metaspace. Neither it nor the heap takes and
    // gives
    // back as evenly as that: what one class loader in two would leave behind shows.
    private static final long BYTES = 1 << 20;
    private static final int MAPPINGS = (LOADERS - FIRST) / 2;

    private static final List<WeakReference<ClassLoader>> loaders = new ArrayList<>();

    public static void main(String[] args) throws Exception {
      Path folder = Path.of(args[0], "cache");
      translate();
      awaitAllGone();
      waitForInput();
      awaitAllGone();
      for (int i = 0; i < FIRST; i++) {
        visit(folder);
      }
      awaitAllGone();
      final List<String> libraries = libraries();
      final int descriptors = count("/proc/self/fd");
      final int threads = count("/proc/self/task");
      final int mappings = mappings().size();
      final long bytes = metaspace();
      assertThat(libraries).isNotEmpty();
      while (loaders.size() < LOADERS) {
        visit(folder);
        System.gc();
      }
      awaitAllGone();
      assertThat(libraries()).isEqualTo(libraries);
      // The JVM has some for moments, for the compiler or where it looks at its container's limits.
      await("descriptors", () -> count("/proc/self/fd"), descriptors);
      await("threads", () -> count("/proc/self/task"), threads);
      await("mappings", () -> mappings().size(), mappings + MAPPINGS);
      await("bytes of metaspace", Hundred::metaspace, bytes + BYTES);
      System.out.println("done");
    }

    // One class loader, all its work, and its end.
    private static void visit(Path folder) throws Exception {
      try (URLClassLoader loader = create()) {
        Visitor visitor = Visitor.in(loader, 10, null);
        visitor.call("check");
        if (loaders.size() % FIRST == 0) { // it takes time
          visitor.useMore(folder);
        }
        visitor.keep(10);
        visitor.call("close");
      }
    }

    // On a thread as those of servers are: its context class loader is the tenant's.
    private static void waitForInput() throws Exception {
      try (URLClassLoader loader = create()) {
        FutureTask<Void> waiting =
            new FutureTask<>(
                () -> {
                  Visitor visitor = Visitor.in(loader, 10, null);
                  visitor.call("waitForInput");
                  visitor.call("close");
                  return null;
                });
        Thread guestThread = new Thread(waiting);
        guestThread.setContextClassLoader(loader);
        guestThread.start();
        waiting.get();
        guestThread.join();
      }
      assertThat(Thread.getAllStackTraces().keySet())
          .extracting(Thread::getName)
          .contains("wasmtime-jvm-stdin");
    }

    // The least that loads the library.
    private static void translate() throws Exception {
      try (URLClassLoader loader = create()) {
        loader
            .loadClass(Module.class.getName())
            .getMethod("wat2wasm", String.class)
            .invoke(null, "(module)");
      }
    }

    private static URLClassLoader create() throws IOException {
      URLClassLoader loader = ClassPathLoader.create();
      loaders.add(new WeakReference<>(loader));
      return loader;
    }

    private static void awaitAllGone() throws Exception {
      await(
          "class loaders of " + loaders.size(),
          () -> {
            System.gc();
            return loaders.stream().filter(loader -> loader.get() != null).count();
          },
          0);
    }

    /** Waits until there are no more than so many: tickers and Cleaners end in their own time. */
    private static void await(String what, Callable<? extends Number> count, long most)
        throws Exception {
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
      long now = count.call().longValue();
      while (now > most) {
        assertThat(System.nanoTime() - end).as(now + " " + what + ", not " + most).isNegative();
        Thread.sleep(10);
        now = count.call().longValue();
      }
    }

    // Where the native libraries are in memory.
    private static List<String> libraries() throws IOException {
      return mappings().stream()
          .filter(line -> line.contains("wasmtime") && line.contains(".so"))
          .toList();
    }

    private static List<String> mappings() throws IOException {
      return Files.readAllLines(Path.of("/proc/self/maps"));
    }

    private static int count(String folder) throws IOException {
      try (Stream<Path> files = Files.list(Path.of(folder))) {
        return (int) files.count();
      }
    }

    private static long metaspace() {
      return ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getName().equals("Metaspace"))
          .mapToLong(pool -> pool.getUsage().getUsed())
          .sum();
    }
  }
}
