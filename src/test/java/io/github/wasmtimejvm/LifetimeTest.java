package io.github.wasmtimejvm;

import static io.github.wasmtimejvm.ValType.I32;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.Guests;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Nothing is deleted while it is used, however little of it Java code still holds, and whatever a
 * host function does to what it runs in.
 *
 * <p>All scenarios run in one JVM of their own, in which a second thread collects garbage all the
 * time; if one of them ends it, that one and those behind it have not passed.
 */
class LifetimeTest {

  @TestFactory
  Stream<DynamicTest> survives() {
    ChildJvm.Result result =
        ChildJvm.with("-XX:+UseSerialGC", "-Xmx128m", "-Xmn1m")
            .asByDefault() // what compiled frames hold is what this is about
            .run(UnderGarbageCollection.class);
    return Stream.concat(
        Stream.of(Scenario.values())
            .map(
                scenario ->
                    DynamicTest.dynamicTest(
                        scenario.name(),
                        () ->
                            assertThat(result.stdout())
                                .as(result.toString())
                                .contains("passed: " + scenario + "\n"))),
        Stream.of(
            DynamicTest.dynamicTest(
                "and the process ends normally",
                () -> assertThat(result.exitCode()).as(result.toString()).isZero())));
  }

  static final class UnderGarbageCollection {
    public static void main(String[] args) {
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                while (true) {
                  System.gc();
                  LockSupport.parkNanos(5_000_000); // else nobody else would get to run
                }
              });
      for (Scenario scenario : Scenario.values()) {
        try {
          scenario.run();
          System.out.println("passed: " + scenario);
        } catch (Throwable t) {
          System.out.println("failed: " + scenario);
          t.printStackTrace();
        }
      }
    }
  }

  enum Scenario {
    CALLS_THROUGH_A_FUNCTION_THAT_IS_ALL_THAT_IS_LEFT {
      @Override
      void run() {
        compileCalls();
        for (int i = 0; i < 25; i++) {
          Func call = fresh(LifetimeTest::collects).func("call");
          assertThat(call.call(i)).isEqualTo(i);
          assertThat(call.call(i + 1)).isEqualTo(i + 1);
        }
      }
    },

    CALLS_THROUGH_WHAT_NOBODY_HOLDS {
      @Override
      void run() {
        compileCalls();
        for (int i = 0; i < 25; i++) {
          assertThat(fresh(LifetimeTest::collects).func("call").call(i)).isEqualTo(i);
        }
      }
    },

    SEGMENTS_WITHOUT_THEIR_STORE {
      @Override
      void run() {
        checkSegments(false);
      }
    },

    SEGMENTS_WITHOUT_THEIR_SHARED_STORE {
      @Override
      void run() {
        checkSegments(true);
      }
    },

    SLICES_WITHOUT_THEIR_SEGMENT {
      @Override
      void run() {
        List<MemorySegment> slices = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
          slices.add(fresh(null).memory("memory").segment().asSlice(65000).asReadOnly());
        }
        for (int round = 0; round < 20; round++) {
          slices.forEach(slice -> assertThat(slice.get(JAVA_BYTE, 535)).isZero());
        }
      }
    },

    STORES_LINKERS_AND_MODULES_DROPPED_WHILE_ANOTHER_THREAD_CALLS {
      @Override
      void run() throws Exception {
        try (Engine engine = Engine.create();
            Store shared = Store.createShared(engine);
            Module module = Guests.compile(engine, LifetimeTest.class, "lifetime.wat");
            Linker linker = linker(engine, LifetimeTest::collects)) {
          Func call = linker.instantiate(shared, module).func("call");
          Thread caller =
              Thread.ofPlatform()
                  .start(
                      () -> {
                        for (int i = 0; i < 200; i++) {
                          assertThat(call.call(i)).isEqualTo(i);
                        }
                      });
          for (int i = 0; i < 2000 && caller.isAlive(); i++) {
            linker(engine, LifetimeTest::collects).instantiate(Store.create(engine), module);
            Module.fromWat(engine, "(module)");
          }
          caller.join();
          assertThat(call.call(7)).isEqualTo(7);
        }
      }
    },

    A_HOST_FUNCTION_CLOSES_ALL_THAT_IT_MAY {
      @Override
      void run() {
        Engine engine = Engine.create();
        Module module = Guests.compile(engine, LifetimeTest.class, "lifetime.wat");
        Linker linker = Linker.create(engine);
        Store store = Store.create(engine);
        linker.define(
            "host",
            "f",
            FuncType.of(I32).returns(I32),
            (caller, args) -> {
              linker.close();
              module.close();
              engine.close();
              assertThatIllegalStateException().isThrownBy(store::close);
              System.gc();
              return args[0];
            });
        Instance instance = linker.instantiate(store, module);
        assertThat(instance.func("call").call(1)).isEqualTo(1);
        assertThat(instance.func("call").call(2)).isEqualTo(2);
        store.close();
      }
    },

    A_HOST_FUNCTION_REPLACES_ITSELF {
      @Override
      void run() {
        try (Engine engine = Engine.create();
            Module module = Guests.compile(engine, LifetimeTest.class, "lifetime.wat");
            Linker linker = Linker.create(engine);
            Store store = Store.create(engine)) {
          linker.allowShadowing(true);
          HostFunction replaces =
              (caller, args) -> {
                for (int i = 0; i < 100; i++) {
                  linker.define("host", "f", TYPE, (again, values) -> -1);
                }
                linker.define("host", "f" + args[0], TYPE, (again, values) -> -1);
                return args[0];
              };
          linker.define("host", "f", TYPE, replaces);
          Instance first = linker.instantiate(store, module);
          assertThat(first.func("call").call(1)).isEqualTo(1);
          assertThat(first.func("call").call(2)).isEqualTo(2);
          assertThat(linker.instantiate(store, module).func("call").call(3)).isEqualTo(-1);
        }
      }
    },

    A_HOST_FUNCTION_INSTANTIATES_AND_CALLS {
      @Override
      void run() {
        try (Engine engine = Engine.create();
            Module module = Guests.compile(engine, LifetimeTest.class, "lifetime.wat");
            Linker linker = Linker.create(engine);
            Store store = Store.create(engine)) {
          HostFunction nests =
              (caller, args) -> {
                int depth = (Integer) args[0];
                if (depth == 0) {
                  return 0;
                }
                Instance inner = linker.instantiate(caller.store(), module);
                Memory created = Memory.create(caller.store(), MemoryType.of(1));
                assertThat(created.segment().get(JAVA_BYTE, depth)).isZero();
                return (int) inner.func("call").call(depth - 1) + 1;
              };
          linker.define("host", "f", TYPE, nests);
          assertThat(linker.instantiate(store, module).func("call").call(40)).isEqualTo(40);
        }
      }
    },

    A_HOST_FUNCTION_GROWS_THE_CALLERS_MEMORY {
      @Override
      void run() {
        HostFunction grows =
            (caller, args) -> {
              Memory memory = (Memory) caller.export("memory").orElseThrow();
              MemorySegment before = memory.segment();
              memory.grow(1);
              before.set(JAVA_BYTE, 0, (byte) 5);
              MemorySegment after = memory.segment();
              assertThat(after.byteSize()).isEqualTo(before.byteSize() + 65536);
              after.set(JAVA_BYTE, after.byteSize() - 1, (byte) 6);
              return (int) after.get(JAVA_BYTE, 0);
            };
        Instance instance = fresh(grows);
        for (int i = 0; i < 99; i++) {
          assertThat(instance.func("call").call(1)).isEqualTo(5);
        }
        assertThatExceptionOfType(EngineException.class)
            .isThrownBy(() -> instance.func("call").call(1));
      }
    },

    A_HOST_FUNCTION_USES_AN_OLD_CALLER {
      @Override
      void run() throws InterruptedException {
        AtomicReference<@Nullable Caller> kept = new AtomicReference<>();
        Instance instance =
            fresh(
                (caller, args) -> {
                  Caller old = kept.getAndSet(caller);
                  if (old != null) {
                    assertOver(old);
                  }
                  assertThat(caller.export("memory")).isPresent();
                  assertThat(caller.export("nothing")).isEmpty();
                  return args[0];
                });
        for (int i = 0; i < 10; i++) {
          assertThat(instance.func("call").call(i)).isEqualTo(i);
          assertOver(kept.get());
        }
        Thread thief =
            Thread.ofPlatform()
                .start(
                    () ->
                        assertThatExceptionOfType(WrongThreadException.class)
                            .isThrownBy(() -> kept.get().export("memory")));
        thief.join();
      }

      private void assertOver(Caller caller) {
        assertThatIllegalStateException()
            .isThrownBy(() -> caller.export("memory"))
            .withMessageContaining("has returned");
      }
    },

    A_HOST_FUNCTION_WITH_MORE_VALUES_THAN_THE_STORE_KEEPS_ROOM_FOR {
      @Override
      void run() {
        ValType[] types = new ValType[40];
        Object[] values = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
          types[i] = I32;
          values[i] = i;
        }
        FuncType type = FuncType.of(types).returns(types);
        try (Engine engine = Engine.create();
            Store store = Store.create(engine)) {
          Func[] self = new Func[1];
          self[0] =
              Func.create(
                  store,
                  type,
                  (caller, args) -> {
                    int depth = (Integer) args[0];
                    if (depth < 20) {
                      Object[] inner = args.clone();
                      inner[0] = depth + 1;
                      self[0].call(inner);
                    }
                    return args;
                  });
          assertThat((Object[]) self[0].call(values)).isEqualTo(values);
        }
      }
    };

    abstract void run() throws Throwable;
  }

  private static final FuncType TYPE = FuncType.of(I32).returns(I32);

  // Compiled code forgets a variable after its last use, which interpreted code does not.
  private static void compileCalls() {
    Func call = fresh(null).func("call");
    for (int i = 0; i < 20_000; i++) {
      call.call(i);
    }
  }

  private static Object collects(Caller caller, @Nullable Object... args) {
    byte[] garbage = new byte[1000];
    System.gc();
    return (Integer) args[0] + garbage[0];
  }

  private static Linker linker(Engine engine, HostFunction function) {
    Linker linker = Linker.create(engine);
    linker.define("host", "f", TYPE, function);
    return linker;
  }

  /** An instance; its engine, module, linker and store are held by nothing else. */
  private static Instance fresh(@Nullable HostFunction function) {
    Engine engine = Engine.create();
    return fresh(engine, Store.create(engine), function);
  }

  private static Instance fresh(Engine engine, Store store, @Nullable HostFunction function) {
    Module module = Guests.compile(engine, LifetimeTest.class, "lifetime.wat");
    return linker(engine, function == null ? (caller, args) -> args[0] : function)
        .instantiate(store, module);
  }

  private static void checkSegments(boolean shared) {
    List<MemorySegment> segments = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      Engine engine = Engine.create();
      Store store = shared ? Store.createShared(engine) : Store.create(engine);
      MemorySegment segment = fresh(engine, store, null).memory("memory").segment();
      segment.fill((byte) i);
      segments.add(segment);
    }
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < segments.size(); i++) {
        assertThat(segments.get(i).get(JAVA_BYTE, 65535)).isEqualTo((byte) i);
        if (round % 5 == 0) {
          assertThat(segments.get(i).mismatch(segments.get(i).asReadOnly())).isEqualTo(-1);
        }
      }
    }
  }
}
