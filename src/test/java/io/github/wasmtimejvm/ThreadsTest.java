package io.github.wasmtimejvm;

import static io.github.wasmtimejvm.ValType.I32;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.Guests;
import io.github.wasmtimejvm.testing.OtherThread;
import io.github.wasmtimejvm.wasi.WasiConfig;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Which thread may use what. */
class ThreadsTest {
  private static final FuncType TYPE = FuncType.of(I32).returns(I32);

  /** A store with an instance in it, and all that was made from them. */
  private static final class World implements AutoCloseable {
    final Engine engine = Engine.create();
    final Module module = Guests.compile(engine, ThreadsTest.class, "lifetime.wat");
    final Linker linker = Linker.create(engine);
    final Store store;
    final Instance instance;

    World(boolean shared) {
      store = shared ? Store.createShared(engine) : Store.create(engine);
      linker.define("host", "f", TYPE, (caller, args) -> args[0]);
      instance = linker.instantiate(store, module);
    }

    @Override
    public void close() {
      store.close();
      linker.close();
      module.close();
      engine.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> aConfinedStoreRefusesOtherThreads() {
    World w = new World(false);
    Func func = w.instance.func("count");
    Memory memory = w.instance.memory("memory");
    MemorySegment segment = memory.segment();
    Map<String, ThrowingCallable> uses = new LinkedHashMap<>();
    uses.put("Func.call", func::call);
    uses.put("Func.type", func::type);
    uses.put("Func.create", () -> Func.create(w.store, TYPE, (caller, args) -> args[0]));
    uses.put("Memory.create", () -> Memory.create(w.store, MemoryType.of(1)));
    uses.put("Memory.type", memory::type);
    uses.put("Memory.size", memory::size);
    uses.put("Memory.byteSize", memory::byteSize);
    uses.put("Memory.grow", () -> memory.grow(0));
    uses.put("Memory.segment", memory::segment);
    uses.put("Memory.read", () -> memory.read(0, new byte[1]));
    uses.put("Memory.write", () -> memory.write(0, new byte[1]));
    uses.put("a segment taken before", () -> segment.get(JAVA_BYTE, 0));
    uses.put("Instance.export", () -> w.instance.export("memory"));
    uses.put("Instance.exports", w.instance::exports);
    uses.put("Instance.func", () -> w.instance.func("count"));
    uses.put("Instance.memory", () -> w.instance.memory("memory"));
    uses.put(
        "Instance.create",
        () -> {
          try (Module empty = Module.fromWat(w.engine, "(module)")) {
            Instance.create(w.store, empty);
          }
        });
    uses.put("Linker.instantiate", () -> w.linker.instantiate(w.store, w.module));
    uses.put("Linker.get", () -> w.linker.get(w.store, "host", "f"));
    uses.put("Linker.define", () -> w.linker.define("a", "b", memory));
    uses.put("Linker.defineInstance", () -> w.linker.defineInstance("a", w.instance));
    uses.put("WasiConfig.applyTo", () -> WasiConfig.builder().build().applyTo(w.store));
    uses.put("Store.close", w.store::close);
    return uses.entrySet().stream()
        .map(
            use ->
                DynamicTest.dynamicTest(
                    use.getKey(),
                    () ->
                        assertThat(OtherThread.thrownBy(use.getValue()))
                            .isInstanceOf(WrongThreadException.class)))
        .onClose(w::close);
  }

  @Test
  void aConfinedStoreServesItsThreadAfterOthersWereRefused() {
    try (World w = new World(false)) {
      assertThat(OtherThread.thrownBy(w.store::close)).isInstanceOf(WrongThreadException.class);
      assertThat(w.instance.func("count").call()).isEqualTo(1);
    }
  }

  @Test
  void aConfinedStoreMayBelongToAVirtualThread() throws InterruptedException {
    AtomicReference<@Nullable Object> result = new AtomicReference<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (World w = new World(false)) {
                w.instance.func("count").call();
                Thread.yield();
                result.set(w.instance.func("count").call());
              }
            })
        .join();
    assertThat(result.get()).isEqualTo(2);
  }

  @Test
  void aSharedStoreServesOneThreadAfterAnother() {
    try (World w = new World(true)) {
      Func count = w.instance.func("count");
      MemorySegment segment = w.instance.memory("memory").segment();
      assertThat(count.call()).isEqualTo(1);
      assertThat(OtherThread.thrownBy(() -> assertThat(count.call()).isEqualTo(2))).isNull();
      assertThat(OtherThread.thrownBy(() -> segment.set(JAVA_BYTE, 0, (byte) 9))).isNull();
      assertThat(segment.get(JAVA_BYTE, 0)).isEqualTo((byte) 9);
      assertThat(OtherThread.thrownBy(w.store::close)).isNull();
      assertThatIllegalStateException().isThrownBy(count::call);
      assertThatIllegalStateException().isThrownBy(() -> segment.get(JAVA_BYTE, 0));
    }
  }

  @Test
  void aSegmentEndsWithItsStore() {
    try (World w = new World(false)) {
      MemorySegment segment = w.instance.memory("memory").segment();
      MemorySegment slice = segment.asSlice(8, 8);
      w.store.close();
      assertThatIllegalStateException().isThrownBy(() -> segment.get(JAVA_BYTE, 0));
      assertThatIllegalStateException().isThrownBy(() -> slice.get(JAVA_BYTE, 0));
    }
  }

  @Test
  void aCallerOfASharedStoreIsOverWhenItsFunctionHasReturned() {
    try (World w = new World(true)) {
      AtomicReference<@Nullable Caller> kept = new AtomicReference<>();
      Func.create(
              w.store,
              FuncType.of(),
              (caller, args) -> {
                kept.set(caller);
                return null;
              })
          .call();
      assertThat(OtherThread.thrownBy(() -> kept.get().export("memory")))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void threadsThatHammerOneStoreAndOneLinker() {
    ChildJvm.Result result = ChildJvm.with().asByDefault().run(Hammer.class);
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).isEqualTo("done\n");
  }

  /** Eight threads use a shared store, make stores of their own, change the linker and close. */
  static final class Hammer {
    private static final int THREADS = 8;
    private static final int CALLS = 500;

    public static void main(String[] args) throws InterruptedException {
      try (World w = new World(true)) {
        sharedStore(w);
      }
      for (int i = 0; i < 20; i++) {
        closeUnderAll(new World(true));
      }
      System.out.println("done");
    }

    private static void sharedStore(World w) throws InterruptedException {
      Func count = w.instance.func("count");
      AtomicInteger hostCalls = new AtomicInteger();
      w.linker.define("host", "counted", TYPE, (caller, args) -> hostCalls.incrementAndGet());
      Func counted = (Func) w.linker.get(w.store, "host", "counted").orElseThrow();
      Func nested = Func.create(w.store, TYPE, (caller, args) -> counted.call(args));
      MemorySegment segment = w.instance.memory("memory").segment();
      List<Throwable> failures =
          inAllThreads(
              number -> {
                for (int i = 0; i < CALLS; i++) {
                  count.call();
                  nested.call(i);
                  segment.set(JAVA_BYTE, number, (byte) i);
                  if (i % 50 == 0) {
                    w.instance.memory("memory").grow(1);
                    w.linker.define("thread " + number, "" + i, TYPE, (caller, args) -> args[0]);
                    try (Store own = Store.create(w.engine)) {
                      Func call = w.linker.instantiate(own, w.module).func("call");
                      assertThat(call.call(i)).isEqualTo(i);
                    }
                  }
                }
              });
      assertThat(failures).isEmpty();
      assertThat(count.call()).isEqualTo(THREADS * CALLS + 1);
      assertThat(hostCalls.get()).isEqualTo(THREADS * CALLS);
      assertThat(w.instance.memory("memory").size()).isEqualTo(1 + THREADS * CALLS / 50);
    }

    // The first thread closes everything; the others go on until they are told so.
    private static void closeUnderAll(World w) throws InterruptedException {
      Func call = w.instance.func("call");
      Memory memory = w.instance.memory("memory");
      MemorySegment segment = memory.segment();
      CountDownLatch inUse = new CountDownLatch(THREADS - 1);
      List<Throwable> ends =
          inAllThreads(
              number -> {
                if (number == 0) {
                  inUse.await();
                  closePatiently(w);
                  return;
                }
                boolean first = true;
                while (true) {
                  call.call(number);
                  memory.size();
                  segment.set(JAVA_BYTE, number, (byte) number);
                  w.linker.get(w.store, "host", "f");
                  if (first) {
                    inUse.countDown();
                    first = false;
                  }
                }
              });
      assertThat(ends)
          .hasSize(THREADS - 1)
          .allSatisfy(end -> assertThat(end).isInstanceOf(IllegalStateException.class));
    }

    private static void closePatiently(World w) {
      while (true) {
        try {
          w.close();
          return;
        } catch (IllegalStateException segmentInUse) {
          Thread.onSpinWait();
        }
      }
    }

    private interface Task {
      void run(int number) throws Exception;
    }

    private static List<Throwable> inAllThreads(Task task) throws InterruptedException {
      List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int number = i;
        Runnable run =
            () -> {
              try {
                task.run(number);
              } catch (Throwable t) {
                thrown.add(t);
              }
            };
        Thread.Builder kind = i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
        threads.add(kind.start(run));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      return thrown;
    }
  }
}
