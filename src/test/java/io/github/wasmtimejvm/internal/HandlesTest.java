package io.github.wasmtimejvm.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.HostFunction;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.LinkException;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.testing.ChildJvm;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the engine holds is kept as long as it may use it, and no longer. */
class HandlesTest {
  private static final FuncType TYPE = FuncType.of();
  private static final HostFunction FUNCTION = (caller, args) -> null;

  /** In a JVM of its own, where nobody else registers any. */
  @ParameterizedTest
  @EnumSource
  void isReleased(Scenario scenario) {
    ChildJvm.Result result = ChildJvm.with().asByDefault().run(Alone.class, scenario.name());
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).isEqualTo("done\n");
  }

  static final class Alone {
    public static void main(String[] args) {
      try (Engine engine = Engine.create()) {
        Scenario.valueOf(args[0]).run(engine);
      }
      System.out.println("done");
    }
  }

  enum Scenario {
    WITH_ITS_LINKER {
      @Override
      void run(Engine engine) {
        try (Linker linker = Linker.create(engine)) {
          for (int i = 0; i < 100; i++) {
            linker.define("host", "f" + i, TYPE, FUNCTION);
          }
          assertRegistered(100);
        }
        assertRegistered(0);
      }
    },

    WITHOUT_MEMORY_FOR_IT {
      @Override
      void run(Engine engine) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 3; round++) { // the first one loads classes
          Linker linker = Linker.create(engine);
          for (int i = 0; i < 5_000; i++) {
            linker.define("host", "f" + i, TYPE, FUNCTION);
          }
          long before = threads.getCurrentThreadAllocatedBytes();
          linker.close();
          least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
          assertRegistered(0);
        }
        assertThat(least).isLessThan(10_000);
      }
    },

    WITH_ITS_STORE {
      @Override
      void run(Engine engine) {
        try (Store store = Store.create(engine)) {
          for (int i = 0; i < 100; i++) {
            Func.create(store, TYPE, FUNCTION);
          }
          assertRegistered(100);
        }
        assertRegistered(0);
      }
    },

    WITH_THE_LAST_STORE_THAT_USES_IT {
      @Override
      void run(Engine engine) {
        try (Module module = callsHost(engine)) {
          try (Store second = Store.create(engine)) {
            try (Linker linker = Linker.create(engine);
                Store first = Store.create(engine)) {
              linker.define("host", "f", TYPE, FUNCTION);
              linker.define("host", "unused", TYPE, FUNCTION);
              linker.instantiate(first, module);
              linker.instantiate(second, module).func("run").call();
              assertRegistered(2);
            }
            assertRegistered(1);
          }
          assertRegistered(0);
        }
      }
    },

    WHEN_IT_IS_SHADOWED {
      @Override
      void run(Engine engine) {
        try (Linker linker = Linker.create(engine)) {
          linker.allowShadowing(true);
          for (int i = 0; i < 100; i++) {
            linker.define("host", "f", TYPE, FUNCTION);
          }
          assertRegistered(1);
        }
        assertRegistered(0);
      }
    },

    WHEN_ITS_NAME_IS_TAKEN {
      @Override
      void run(Engine engine) {
        try (Linker linker = Linker.create(engine)) {
          linker.define("host", "f", TYPE, FUNCTION);
          for (int i = 0; i < 100; i++) {
            assertThatExceptionOfType(LinkException.class)
                .isThrownBy(() -> linker.define("host", "f", TYPE, FUNCTION));
          }
          assertRegistered(1);
        }
      }
    },

    WHEN_THE_GUEST_DROPS_A_REFERENCE {
      @Override
      void run(Engine engine) {
        try (Store store = Store.create(engine);
            Module module =
                Module.fromWat(
                    engine,
                    """
                    (module
                      (global $kept (mut externref) (ref.null extern))
                      (func (export "keep") (param externref)
                        (global.set $kept (local.get 0))))
                    """);
            Linker linker = Linker.create(engine)) {
          Func keep = linker.instantiate(store, module).func("keep");
          for (int i = 0; i < 100; i++) {
            keep.call(new Object());
          }
          store.gc();
          assertRegistered(1);
          keep.call((Object) null);
          store.gc();
          assertRegistered(0);
          keep.call(new Object());
        }
        assertRegistered(0);
      }
    },

    WHEN_AN_EPOCH_CALLBACK_IS_REPLACED {
      @Override
      void run(Engine unused) {
        try (Engine engine = Engine.builder().interruptible(true).build();
            Module module = Module.fromWat(engine, "(module (func (export \"f\")))")) {
          try (Store store = Store.create(engine)) {
            Func f = Instance.create(store, module).func("f");
            for (int i = 0; i < 100; i++) {
              store.onEpochDeadline(
                  same -> {
                    same.onEpochDeadline(_ -> 1);
                    return 1;
                  });
              store.setEpochDeadline(0);
              f.call();
            }
            assertRegistered(1);
            store.onEpochDeadline(null);
            assertRegistered(0);
            store.onEpochDeadline(_ -> 1);
          }
          assertRegistered(0);
        }
      }
    },

    NOT_WHILE_AN_EPOCH_CALLBACK_RUNS_THAT_TOOK_ITSELF_AWAY {
      @Override
      void run(Engine unused) {
        try (Engine engine = Engine.builder().interruptible(true).build();
            Module module = Module.fromWat(engine, "(module (func (export \"f\")))");
            Store store = Store.create(engine)) {
          Func f = Instance.create(store, module).func("f");
          store.onEpochDeadline(
              same -> {
                same.onEpochDeadline(null);
                same.onEpochDeadline(_ -> 1);
                same.onEpochDeadline(null);
                assertRegistered(1); // or the stub that it returns through could go
                return 1;
              });
          store.setEpochDeadline(0);
          f.call();
          assertRegistered(0);
        }
      }
    },

    AND_SO_IS_THE_WAY_BACK_WHICH_COMES_AGAIN {
      @Override
      void run(Engine engine) {
        for (int i = 0; i < 3; i++) {
          try (Store store = Store.create(engine)) {
            Func.create(store, TYPE, FUNCTION).call();
          }
          assertRegistered(0);
          WeakReference<?> stub = Handles.last();
          while (stub.get() != null) {
            System.gc();
          }
        }
      }
    },

    WHEN_EVERYTHING_IS_FORGOTTEN {
      @Override
      void run(Engine engine) {
        for (int i = 0; i < 100; i++) {
          forget(engine);
        }
        // The Cleaner comes when it likes.
        while (Handles.registered() > 0) {
          System.gc();
          Handles.drain();
        }
      }

      private void forget(Engine engine) {
        Linker linker = Linker.create(engine);
        linker.define("host", "f", TYPE, FUNCTION);
        Store store = Store.create(engine);
        linker.instantiate(store, callsHost(engine)).func("run").call();
        Func.create(store, TYPE, FUNCTION).call();
      }
    };

    abstract void run(Engine engine);

    private static Module callsHost(Engine engine) {
      return Module.fromWat(
          engine, "(module (import \"host\" \"f\" (func $f)) (func (export \"run\") (call $f)))");
    }

    private static void assertRegistered(int count) {
      Handles.drain();
      assertThat(Handles.registered()).isEqualTo(count);
    }
  }
}
