package io.github.wasmtimejvm.leaks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatRuntimeException;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.ClassPathLoader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

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
  @EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux says what is mapped where")
  void theLibraryIsLoadedOnceForTwenty() {
    ChildJvm.Result result = ChildJvm.run(Twenty.class);
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).isEqualTo("done\n");
  }

  static final class Twenty {
    public static void main(String[] args) throws Exception {
      visit();
      List<String> libraries = libraries();
      long descriptors = descriptors();
      long bytes = classesAndCode();
      assertThat(libraries).isNotEmpty();
      for (int i = 1; i < 20; i++) {
        visit();
      }
      assertThat(libraries()).isEqualTo(libraries);
      // The JVM itself has some open for moments, as where it looks at the limits of its container.
      while (descriptors() > descriptors) {
        Thread.onSpinWait();
      }
      // Some 1.4 MB, as no class loader goes whose upcall stub stays.
      assertThat((classesAndCode() - bytes) / 19).isLessThan(3 << 20);
      System.out.println("done");
    }

    // One class loader, its work, and its end.
    private static void visit() throws Exception {
      try (URLClassLoader loader = ClassPathLoader.create()) {
        Visitor visitor = Visitor.in(loader, 10, null);
        visitor.call("check");
        assertThat(visitor.keep(10)).isEqualTo(11);
        visitor.call("close");
        assertThat(visitor.call("registered")).isEqualTo(0);
      }
      System.gc();
    }

    // Where the native libraries are in memory.
    private static List<String> libraries() throws IOException {
      return Files.readAllLines(Path.of("/proc/self/maps")).stream()
          .filter(line -> line.contains("wasmtime") && line.contains(".so"))
          .toList();
    }

    private static long descriptors() throws IOException {
      try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
        return files.count();
      }
    }

    private static long classesAndCode() {
      return ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.NON_HEAP)
          .mapToLong(pool -> pool.getUsage().getUsed())
          .sum();
    }
  }
}
