package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.testing.EngineFixture;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SharedMemoryTest {
  private static final long PAGE = 65536;
  private static final VarHandle INTS = JAVA_INT.varHandle();

  @RegisterExtension
  private static final EngineFixture fixture =
      EngineFixture.of(Engine.builder().sharedMemory(true));

  private final Engine engine = fixture.engine();
  private final Module module = fixture.compile(SharedMemoryTest.class, "shared-memory.wat");

  private SharedMemory memory() {
    return SharedMemory.create(engine, MemoryType.shared(1, 16));
  }

  @Test
  void itHasATypeAndASize() {
    try (SharedMemory memory = memory()) {
      assertThat(memory.type()).isEqualTo(MemoryType.shared(1, 16));
      assertThat(memory.type()).hasToString("(memory 1 16 shared)");
      assertThat(memory.size()).isEqualTo(1);
      assertThat(memory.byteSize()).isEqualTo(PAGE);
      assertThat(memory.engine()).isSameAs(engine);
      assertThat(memory.segment().byteSize()).isEqualTo(PAGE);
    }
  }

  @Test
  void guestsInSeveralStoresAndJavaSeeEachOther() {
    try (SharedMemory memory = memory();
        Store store = Store.create(engine);
        Store another = Store.create(engine)) {
      Instance one = Instance.create(store, module, memory);
      Instance two = Instance.create(another, module, memory);
      one.func("store").call(8, 5);

      assertThat(two.func("load").call(8)).isEqualTo(5);
      assertThat((int) INTS.getAndAdd(memory.segment(), 8L, 1)).isEqualTo(5);
      assertThat(two.func("load").call(8)).isEqualTo(6);
    }
  }

  @Test
  void allThreadsCountTogether() throws Exception {
    int times = 20_000;
    try (SharedMemory memory = memory();
        ExecutorService threads = Executors.newFixedThreadPool(6)) {
      MemorySegment segment = memory.segment();
      Callable<Object> guest =
          () -> {
            try (Store store = Store.create(engine)) {
              return Instance.create(store, module, memory).func("add").call(64, times);
            }
          };
      Callable<Object> host =
          () -> {
            for (int i = 0; i < times; i++) {
              INTS.getAndAdd(segment, 64L, 1);
            }
            return null;
          };
      for (Future<Object> done :
          threads.invokeAll(List.of(guest, host, guest, host, guest, host))) {
        done.get();
      }
      assertThat((int) INTS.getVolatile(segment, 64L)).isEqualTo(6 * times);
    }
  }

  @Test
  void aWaitingGuestIsNotifiedByAGuestInAnotherStore() throws Exception {
    try (SharedMemory memory = memory();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        Store store = Store.create(engine)) {
      Future<Object> waiter =
          threads.submit(
              () -> {
                try (Store own = Store.create(engine)) {
                  return Instance.create(own, module, memory).func("wait").call(0, 0);
                }
              });
      Func notify = Instance.create(store, module, memory).func("notify");
      while (notify.call(0).equals(0)) { // until it waits
        Thread.onSpinWait();
      }
      assertThat(waiter.get()).isEqualTo(0);
      INTS.setVolatile(memory.segment(), 0L, 1);
      assertThat(Instance.create(store, module, memory).func("wait").call(0, 0)).isEqualTo(1);
    }
  }

  @Test
  void aGuestSeesWhatAnotherThreadStoresWhileItRuns() throws Exception {
    String wat =
        """
        (module
          (import "env" "memory" (memory 1 16 shared))
          (func (export "run") (result i32)
            (i32.atomic.store (i32.const 0) (i32.const 1))
            (loop $again
              (br_if $again (i32.ne (i32.atomic.load (i32.const 4)) (i32.const 2))))
            (i32.const 7)))
        """;
    try (SharedMemory memory = memory();
        Module spinner = Module.fromWat(engine, wat);
        ExecutorService threads = Executors.newSingleThreadExecutor()) {
      MemorySegment segment = memory.segment();
      Future<Object> running =
          threads.submit(
              () -> {
                try (Store store = Store.create(engine)) {
                  return Instance.create(store, spinner, memory).func("run").call();
                }
              });
      while ((int) INTS.getVolatile(segment, 0L) != 1) {
        Thread.onSpinWait();
      }
      INTS.setVolatile(segment, 4L, 2);
      assertThat(running.get()).isEqualTo(7);
    }
  }

  @Test
  void growingIsForAllAndMovesNothing() {
    try (SharedMemory memory = memory();
        Store store = Store.create(engine)) {
      Instance guest = Instance.create(store, module, memory);
      MemorySegment before = memory.segment();
      assertThat(memory.grow(2)).isEqualTo(1);
      assertThat(guest.func("size").call()).isEqualTo(3);
      assertThat(guest.func("grow").call(1)).isEqualTo(3);
      assertThat(memory.size()).isEqualTo(4);
      assertThat(before.byteSize()).isEqualTo(PAGE);
      assertThat(memory.segment().address()).isEqualTo(before.address());
      assertThat(memory.segment().byteSize()).isEqualTo(4 * PAGE);
      guest.func("store").call((int) (4 * PAGE - 4), 5);
      assertThat(memory.segment().get(JAVA_INT, 4 * PAGE - 4)).isEqualTo(5);
    }
  }

  @Test
  void itDoesNotGrowBeyondItsMaximum() {
    try (SharedMemory memory = memory()) {
      for (long delta : new long[] {16, 1L << 32, 1L << 48, Long.MAX_VALUE}) {
        assertThatExceptionOfType(EngineException.class).isThrownBy(() -> memory.grow(delta));
      }
      assertThatIllegalArgumentException().isThrownBy(() -> memory.grow(-1));
      assertThat(memory.size()).isEqualTo(1);
      assertThat(memory.grow(15)).isEqualTo(1);
    }
  }

  @Test
  void aLinkerDefinesItForAnyNumberOfStores() {
    try (SharedMemory memory = memory();
        Linker linker = Linker.create(engine)) {
      linker.define("env", "memory", memory);
      try (InstancePre pre = linker.instantiatePre(module);
          Linker copy = linker.copy()) {
        List<Instance> guests = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          try (Store store = Store.create(engine)) {
            guests.add(linker.instantiate(store, module));
            guests.add(pre.instantiate(store));
            guests.add(copy.instantiate(store, module));
            guests.forEach(guest -> guest.func("add").call(0, 1));
            guests.clear();
            assertThat(linker.get(store, "env", "memory")).containsInstanceOf(SharedMemory.class);
          }
        }
      }
      assertThat(memory.segment().get(JAVA_INT, 0)).isEqualTo(9);
    }
  }

  @Test
  void aLinkerComparesItsPresentSize() {
    String wat = "(module (import \"env\" \"memory\" (memory 3 16 shared)))";
    try (SharedMemory memory = memory();
        Module larger = Module.fromWat(engine, wat);
        Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      linker.define("env", "memory", memory);
      assertThatExceptionOfType(LinkException.class)
          .isThrownBy(() -> linker.instantiate(store, larger))
          .withMessageContaining("needs (memory 3 16 shared), the linker has (memory 1 16 shared)");
      memory.grow(2);
      linker.instantiate(store, larger);
      try (InstancePre pre = linker.instantiatePre(larger)) {
        pre.instantiate(store);
      }
    }
  }

  @Test
  void aModuleExportsItsOwnOrWhatItImported() {
    String wat = "(module (memory (export \"own\") 1 2 shared))";
    try (Module exporter = Module.fromWat(engine, wat);
        SharedMemory memory = memory();
        Store another = Store.create(engine)) {
      SharedMemory own;
      SharedMemory passed;
      try (Store store = Store.create(engine)) {
        own = Instance.create(store, exporter).sharedMemory("own");
        passed = Instance.create(store, module, memory).sharedMemory("memory");
      }
      // They outlive the store.
      own.segment().set(JAVA_BYTE, PAGE - 1, (byte) 3);
      assertThat(own.grow(1)).isEqualTo(1);
      assertThat(own.type()).isEqualTo(MemoryType.shared(1, 2));
      passed.segment().set(JAVA_INT, 12, 34);
      assertThat(memory.segment().get(JAVA_INT, 12)).isEqualTo(34);
      assertThat(Instance.create(another, module, passed).func("load").call(12)).isEqualTo(34);
      own.close();
      passed.close();
    }
  }

  @Test
  void closingEndsTheSegmentsAndNotTheMemory() {
    try (Store store = Store.create(engine)) {
      SharedMemory memory = memory();
      Instance guest = Instance.create(store, module, memory);
      MemorySegment segment = memory.segment();
      memory.close();
      memory.close();

      assertThatIllegalStateException().isThrownBy(() -> segment.get(JAVA_INT, 0));
      assertThatIllegalStateException()
          .isThrownBy(memory::segment)
          .withMessage("the shared memory is closed");
      assertThatIllegalStateException().isThrownBy(memory::size);
      assertThatIllegalStateException().isThrownBy(() -> memory.grow(0));
      assertThatIllegalStateException().isThrownBy(() -> Instance.create(store, module, memory));
      guest.func("store").call(0, 5);
      assertThat(guest.func("load").call(0)).isEqualTo(5);
    }
  }

  @Test
  void aSegmentKeepsTheMemoryOfAForgottenObject() throws InterruptedException {
    MemorySegment segment = memory().segment();
    for (int i = 0; i < 5; i++) {
      System.gc();
      Thread.sleep(10); // time for the Cleaner to do wrong
      segment.set(JAVA_INT, PAGE - 4, i);
      assertThat(segment.get(JAVA_INT, PAGE - 4)).isEqualTo(i);
    }
  }

  @Test
  void whatIsNoSharedMemoryOfThisEngineIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SharedMemory.create(engine, MemoryType.of(1, 2)))
        .withMessage("the type is not shared: (memory 1 2)");
    MemoryType endless = new MemoryType(1, OptionalLong.empty(), false, true, PAGE);
    assertThatIllegalArgumentException().isThrownBy(() -> SharedMemory.create(engine, endless));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SharedMemory.create(engine, MemoryType.shared(2, 1)));
    try (Engine plain = Engine.create();
        Store store = Store.create(plain);
        Module stranger = Module.fromWat(plain, "(module (import \"a\" \"b\" (memory 1)))");
        Linker linker = Linker.create(plain);
        SharedMemory memory = memory()) {
      assertThatIllegalStateException()
          .isThrownBy(() -> SharedMemory.create(plain, MemoryType.shared(1, 2)))
          .withMessage("the engine was built without sharedMemory");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Instance.create(store, stranger, memory))
          .withMessageContaining("another engine");
      assertThatIllegalArgumentException().isThrownBy(() -> linker.define("a", "b", memory));
    }
  }
}
