package io.github.wasmtimejvm.interfaces;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.testing.ClassPathLoader;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Interfaces of class loaders beside ours and below it, which come and go. */
class InterfaceCacheTest {
  private static final String ADD =
      """
      (module (func (export "add") (param i32 i32) (result i32)
        (i32.add (local.get 0) (local.get 1))))
      """;

  /** What guests' functions are called by. */
  public interface Adds {
    int add(int a, int b);
  }

  /** Is initialized when the first object is made of it, for it has a method with a body. */
  public interface MakesItself {
    Object FIRST = Maker.make();

    int add(int a, int b);

    default int twice(int a) {
      return add(a, a);
    }
  }

  private static final class Maker {
    private static Func func;

    static Object make() {
      return func.as(MakesItself.class);
    }
  }

  private static final class Below extends ClassLoader {
    Below() {
      super(InterfaceCacheTest.class.getClassLoader());
    }

    Class<?> defineAgain(Class<?> type) throws IOException {
      String file = type.getName().substring(type.getPackageName().length() + 1) + ".class";
      try (InputStream in = type.getResourceAsStream(file)) {
        byte[] bytes = in.readAllBytes();
        return defineClass(type.getName(), bytes, 0, bytes.length);
      }
    }
  }

  @Test
  void anInterfaceMayMakeOneOfItselfWhileItIsInitialized() {
    try (Engine engine = Engine.create();
        Store store = Store.create(engine);
        Module module = Module.fromWat(engine, ADD)) {
      Maker.func = Instance.create(store, module).func("add");

      assertThat(Maker.func.as(MakesItself.class).twice(3)).isEqualTo(6);
      assertThat(((MakesItself) MakesItself.FIRST).add(1, 2)).isEqualTo(3);
    }
  }

  @Test
  void whatIsMadeForOthersIsMadeOnceAndKeepsNoClassLoader() throws Exception {
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    try (Engine engine = Engine.create();
        Store store = Store.create(engine);
        Module module = Module.fromWat(engine, ADD)) {
      Instance instance = Instance.create(store, module);
      for (int i = 0; i < 3; i++) {
        loaders.add(use(instance, new Below().defineAgain(Adds.class)));
        try (URLClassLoader beside = ClassPathLoader.create()) {
          loaders.add(use(instance, beside.loadClass(Adds.class.getName())));
        }
      }
      for (int i = 0; i < 1000 && !areGone(loaders); i++) {
        System.gc();
      }
      assertThat(loaders).allSatisfy(loader -> assertThat(loader.get()).isNull());
    }
  }

  private static boolean areGone(List<WeakReference<ClassLoader>> loaders) {
    return loaders.stream().allMatch(loader -> loader.get() == null);
  }

  private static WeakReference<ClassLoader> use(Instance instance, Class<?> adds)
      throws ReflectiveOperationException {
    assertThat(adds).isNotEqualTo(Adds.class);
    Func func = instance.func("add");
    Object first = func.as(adds);
    System.gc();
    Object second = func.as(adds);
    assertThat(second).hasSameClassAs(first);
    assertThat(adds.getMethod("add", int.class, int.class).invoke(second, 1, 2)).isEqualTo(3);
    return new WeakReference<>(adds.getClassLoader());
  }
}
