package io.github.wasmtimejvm;

import static io.github.wasmtimejvm.ValType.EXTERNREF;
import static io.github.wasmtimejvm.ValType.FUNCREF;
import static io.github.wasmtimejvm.ValType.I32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Memories, tables, globals and tags used wrongly, in ways that would make the C API end the
 * process.
 */
class ItemGuardTest {
  @TestFactory
  Stream<DynamicTest> isRefused() {
    return GuardCases.tests(ItemGuardTest.class, cases());
  }

  public static void main(String[] args) {
    GuardCases.run(cases());
  }

  private static Map<String, GuardCases.Case> cases() {
    Map<String, GuardCases.Case> cases = new LinkedHashMap<>();
    cases.put("values of another store", ItemGuardTest::valuesOfAnotherStore);
    cases.put("types of another engine", ItemGuardTest::typesOfAnotherEngine);
    cases.put("items of a closed store", ItemGuardTest::closedStore);
    cases.put("items of another thread", ItemGuardTest::otherThread);
    cases.put("table that grows without end", ItemGuardTest::enormousTables);
    cases.put("every element type", ItemGuardTest::everyElementType);
    cases.put("engine without a heap", ItemGuardTest::withoutHeap);

    cases.put("shared memory of another engine", ItemGuardTest::sharedOfAnotherEngine);
    cases.put("shared memory that makes no sense", ItemGuardTest::senselessShared);
    cases.put("shared memory in a store with limits", ItemGuardTest::limitedStore);
    cases.put("shared memory by default", ItemGuardTest::defaultShared);
    cases.put("shared memory in every kind of engine", ItemGuardTest::everyEngine);
    cases.put("shared memory in an engine with pools", ItemGuardTest::pools);
    cases.put("shared memory closed under those who use it", ItemGuardTest::closedInUse);
    return cases;
  }

  private static Map<String, ThrowingCallable> uses(GuardWorld w) {
    Memory memory = w.instance.memory("memory");
    Table table = w.instance.table("table");
    Global global = w.instance.global("global");
    Tag tag = w.instance.tag("tag");
    Map<String, ThrowingCallable> uses = new LinkedHashMap<>();
    uses.put("Memory.fill", () -> memory.fill(0, 0, (byte) 0));
    uses.put("Memory.copy", () -> memory.copy(0, memory, 0, 0));
    uses.put("Memory.readString", () -> memory.readString(0, 0));
    uses.put("Memory.writeString", () -> memory.writeString(0, ""));
    uses.put("Table.create", () -> Table.create(w.store, TableType.of(FUNCREF, 1), null));
    uses.put("Table.type", table::type);
    uses.put("Table.size", table::size);
    uses.put("Table.get", () -> table.get(0));
    uses.put("Table.set", () -> table.set(0, null));
    uses.put("Table.fill", () -> table.fill(0, 0, null));
    uses.put("Table.copy", () -> table.copy(0, table, 0, 0));
    uses.put("Table.grow", () -> table.grow(0, null));
    uses.put("Global.create", () -> Global.create(w.store, new GlobalType(I32, true), 1));
    uses.put("Global.type", global::type);
    uses.put("Global.get", global::get);
    uses.put("Global.set", () -> global.set(1));
    uses.put("Tag.create", () -> Tag.create(w.store, new TagType(FuncType.of())));
    uses.put("Tag.type", tag::type);
    uses.put("Instance.table", () -> w.instance.table("table"));
    return uses;
  }

  private static void closedStore(GuardWorld w) {
    Map<String, ThrowingCallable> uses = uses(w);
    w.store.close();
    uses.forEach(
        (what, use) ->
            assertThatIllegalStateException()
                .as(what)
                .isThrownBy(use)
                .withMessage("the store is closed"));
  }

  private static void otherThread(GuardWorld w) throws InterruptedException {
    Map<String, ThrowingCallable> uses = uses(w);
    Map<String, @Nullable Throwable> thrown = new LinkedHashMap<>();
    Thread thread =
        new Thread(() -> uses.forEach((what, use) -> thrown.put(what, catchThrowable(use))));
    thread.start();
    thread.join();
    assertThat(thrown).hasSameSizeAs(uses);
    thrown.forEach((what, e) -> assertThat(e).as(what).isInstanceOf(WrongThreadException.class));
  }

  private static void valuesOfAnotherStore(GuardWorld w) {
    Func func = w.other.instance.func("func");
    Table table = w.instance.table("table");
    Table otherTable = w.other.instance.table("table");
    Memory memory = w.instance.memory("memory");
    GlobalType type = new GlobalType(FUNCREF, true);
    Global global = Global.create(w.store, type, null);
    for (ThrowingCallable use :
        List.<ThrowingCallable>of(
            () -> Table.create(w.store, TableType.of(FUNCREF, 1), func),
            () -> table.set(0, func),
            () -> table.fill(0, 1, func),
            () -> table.grow(1, func),
            () -> table.copy(0, otherTable, 0, 1),
            () -> Global.create(w.store, type, func),
            () -> global.set(func),
            () -> memory.copy(0, w.other.instance.memory("memory"), 0, 1))) {
      assertThatIllegalArgumentException().isThrownBy(use).withMessageContaining("another store");
    }
  }

  private static void typesOfAnotherEngine(GuardWorld w) {
    StructType struct = StructType.create(w.stranger().engine, FieldType.mutable(I32));
    RefType type = new RefType(true, struct);
    for (ThrowingCallable use :
        List.<ThrowingCallable>of(
            () -> Table.create(w.store, TableType.of(type, 1), null),
            () -> Global.create(w.store, new GlobalType(type, true), null),
            () -> Tag.create(w.store, new TagType(FuncType.of(type))))) {
      assertThatIllegalArgumentException().isThrownBy(use).withMessageContaining("another engine");
    }
  }

  private static void enormousTables(GuardWorld w) {
    Table table = Table.create(w.store, TableType.of(FUNCREF, 1), null);
    Table objects = Table.create(w.store, TableType.of(EXTERNREF, 1), null);
    for (long delta : new long[] {1L << 44, 1L << 61, 1L << 62, Long.MAX_VALUE}) {
      assertThatExceptionOfType(EngineException.class).isThrownBy(() -> table.grow(delta, null));
      assertThatExceptionOfType(EngineException.class).isThrownBy(() -> objects.grow(delta, "a"));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> table.grow(-1, null));
    assertThat(table.size()).isEqualTo(1);
    // Whether the system promises 32 GiB that nobody touches is its own affair.
    TableType largest = TableType.of(FUNCREF, 0xffff_fffeL);
    assertThatRefusedOrDone(() -> Table.create(w.other.store, largest, null));
  }

  private static void everyElementType(GuardWorld w) {
    List<HeapType> heapTypes = new ArrayList<>(List.of(AbstractHeapType.values()));
    heapTypes.add(StructType.create(w.engine, FieldType.mutable(PackedType.I8)));
    heapTypes.add(ArrayType.create(w.engine, FieldType.constant(EXTERNREF)));
    for (HeapType heapType : heapTypes) {
      for (boolean nullable : new boolean[] {false, true}) {
        RefType type = new RefType(nullable, heapType);
        ThrowingCallable table =
            () -> {
              Table made = Table.create(w.store, TableType.of(type, 2), null);
              assertThat(made.type().element()).isEqualTo(type);
              made.set(0, null);
              assertThat(made.grow(1, null)).isEqualTo(2);
              made.copy(0, made, 1, 2);
              assertThat(made.get(2)).isNull();
            };
        ThrowingCallable global =
            () -> {
              Global made = Global.create(w.store, new GlobalType(type, true), null);
              assertThat(made.type().content()).isEqualTo(type);
              made.set(null);
              assertThat(made.get()).isNull();
            };
        for (ThrowingCallable use : List.of(table, global)) {
          Throwable thrown = catchThrowable(use);
          if (nullable) {
            assertThat(thrown).as(type.toString()).isNull();
          } else {
            assertThat(thrown).as(type.toString()).isInstanceOf(IllegalArgumentException.class);
          }
        }
        assertThat(Tag.create(w.store, new TagType(FuncType.of(type))).type().payload().params())
            .containsExactly(type);
      }
    }
    w.store.gc();
  }

  private static void withoutHeap(GuardWorld w) {
    try (Engine engine = Engine.builder().gcSupport(false).build();
        Store store = Store.create(engine)) {
      for (AbstractHeapType heapType : AbstractHeapType.values()) {
        RefType type = new RefType(true, heapType);
        for (Object value : new @Nullable Object[] {null, "text", new I31(1)}) {
          assertThatRefusedOrDone(
              () -> {
                Table table = Table.create(store, TableType.of(type, 1), null);
                table.set(0, null);
                table.grow(1, null);
                table.get(1);
                table.set(0, value);
              });
          assertThatRefusedOrDone(
              () -> Global.create(store, new GlobalType(type, true), null).set(value));
        }
      }
      assertThatIllegalStateException()
          .isThrownBy(() -> Tag.create(store, new TagType(FuncType.of())));
    }
  }

  // Shared memories

  private static final String IMPORTER =
      "(module (import \"a\" \"m\" (memory 1 4 shared)) (export \"m\" (memory 0)))";

  private static Engine sharing() {
    return Engine.builder().sharedMemory(true).build();
  }

  private static void sharedOfAnotherEngine(GuardWorld w) {
    try (Engine engine = sharing();
        Engine another = sharing();
        SharedMemory memory = SharedMemory.create(engine, MemoryType.shared(1, 4));
        Module module = Module.fromWat(another, IMPORTER);
        Linker linker = Linker.create(another);
        Store store = Store.create(another)) {
      assertThatIllegalArgumentException().isThrownBy(() -> Instance.create(store, module, memory));
      assertThatIllegalArgumentException().isThrownBy(() -> linker.define("a", "m", memory));
      assertThatExceptionOfType(LinkException.class)
          .isThrownBy(() -> linker.instantiate(store, module));
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> SharedMemory.create(w.engine, MemoryType.shared(1, 4)));
  }

  private static void senselessShared(GuardWorld w) {
    OptionalLong[] maxima = {
      OptionalLong.empty(), OptionalLong.of(0), OptionalLong.of(3), OptionalLong.of(-1)
    };
    try (Engine engine = sharing()) {
      for (long minimum : new long[] {0, 2, 65537, 1L << 32, 1L << 48, 1L << 62, -1}) {
        for (OptionalLong maximum : maxima) {
          for (boolean is64 : new boolean[] {false, true}) {
            for (long pageSize : new long[] {0, 1, 2, 65536, 1L << 32}) {
              MemoryType type = new MemoryType(minimum, maximum, is64, true, pageSize);
              assertThatRefusedOrDone(
                  () -> {
                    try (SharedMemory memory = SharedMemory.create(engine, type)) {
                      memory.grow(1);
                      touch(memory.segment());
                    }
                  });
            }
          }
        }
      }
    }
  }

  // Reads every page and writes both ends: one of the memories has 4 GiB, which the system would
  // have to find if all of it were written.
  private static void touch(MemorySegment segment) {
    long size = segment.byteSize();
    for (long at = 0; at < size; at += 65536) {
      assertThat(segment.get(ValueLayout.JAVA_BYTE, at)).isZero();
    }
    long end = Math.min(size, 65536);
    segment.asSlice(0, end).fill((byte) 1);
    segment.asSlice(size - end).fill((byte) 1);
  }

  private static void limitedStore(GuardWorld w) {
    try (Engine engine = sharing();
        SharedMemory memory = SharedMemory.create(engine, MemoryType.shared(1, 4));
        Module module = Module.fromWat(engine, IMPORTER);
        Store store = Store.create(engine)) {
      store.limit(new StoreLimits(0, 0, 0, 0, 0));
      assertThatRefusedOrDone(() -> Instance.create(store, module, memory));
      store.limit(new StoreLimits(0, 0, 1, 0, 0));
      assertThatRefusedOrDone(
          () -> Instance.create(store, module, memory).sharedMemory("m").grow(1));
    }
  }

  private static void defaultShared(GuardWorld w) {
    try (Engine engine = sharing()) {
      for (Engine each : List.of(engine, w.engine)) {
        assertThatRefusedOrDone(
            () -> {
              try (Module module = Module.fromWat(each, IMPORTER);
                  Linker linker = Linker.create(each);
                  Store store = Store.create(each)) {
                linker.defineUnknownImportsAsDefaults(store, module);
                assertThat(linker.instantiate(store, module).sharedMemory("m").size()).isOne();
                linker.instantiate(store, module).sharedMemory("m").grow(1);
                linker.instantiate(store, module);
              }
            });
      }
    }
  }

  private static void everyEngine(GuardWorld w) {
    for (boolean mayMove : new boolean[] {false, true}) {
      for (long reservation : new long[] {0, 65536, 1L << 32}) {
        try (Engine engine =
                Engine.builder()
                    .sharedMemory(true)
                    .memoryMayMove(mayMove)
                    .memoryReservation(reservation)
                    .memoryGuardSize(0)
                    .build();
            Module module = Module.fromWat(engine, IMPORTER);
            Store store = Store.create(engine);
            SharedMemory memory = SharedMemory.create(engine, MemoryType.shared(1, 4))) {
          Instance guest = Instance.create(store, module, memory);
          MemorySegment before = memory.segment();
          assertThatRefusedOrDone(() -> memory.grow(3));
          assertThat(guest.sharedMemory("m").size()).isEqualTo(memory.size());
          assertThat(memory.segment().address()).isEqualTo(before.address());
          memory.segment().fill((byte) 1);
          assertThat(before.get(ValueLayout.JAVA_BYTE, 65535)).isOne();
        }
      }
    }
  }

  private static void pools(GuardWorld w) {
    PoolingAllocation pools =
        PoolingAllocation.builder().totalMemories(2).totalCoreInstances(4).build();
    String own = "(module (memory (export \"m\") 1 4 shared))";
    try (Engine engine = Engine.builder().sharedMemory(true).pooling(pools).build();
        Store store = Store.create(engine);
        SharedMemory memory = SharedMemory.create(engine, MemoryType.shared(1, 4))) {
      for (String wat : List.of(IMPORTER, own)) {
        assertThatRefusedOrDone(
            () -> {
              try (Module module = Module.fromWat(engine, wat)) {
                Extern[] imports = wat.equals(own) ? new Extern[0] : new Extern[] {memory};
                for (int i = 0; i < 8; i++) {
                  Instance.create(store, module, imports).sharedMemory("m").grow(0);
                }
              }
            });
      }
      assertThat(memory.grow(1)).isOne();
    }
  }

  private static void closedInUse(GuardWorld w) throws InterruptedException {
    try (Engine engine = sharing();
        Module module = Module.fromWat(engine, IMPORTER)) {
      for (int i = 0; i < 50; i++) {
        SharedMemory memory = SharedMemory.create(engine, MemoryType.shared(1, 4));
        List<Thread> threads = new ArrayList<>();
        List<Throwable> unexpected = new ArrayList<>();
        CountDownLatch inUse = new CountDownLatch(3);
        for (int n = 0; n < 3; n++) {
          threads.add(
              new Thread(
                  () -> {
                    try {
                      useOnce(engine, module, memory);
                      inUse.countDown();
                      while (true) {
                        useOnce(engine, module, memory);
                      }
                    } catch (IllegalStateException e) {
                      // closed
                    } catch (Throwable e) {
                      synchronized (unexpected) {
                        unexpected.add(e);
                      }
                    } finally {
                      inUse.countDown();
                    }
                  }));
        }
        threads.forEach(Thread::start);
        inUse.await();
        while (catchThrowable(memory::close) != null) {
          Thread.onSpinWait(); // a segment was in use
        }
        for (Thread thread : threads) {
          thread.join();
        }
        assertThat(unexpected).isEmpty();
      }
    }
  }

  private static void useOnce(Engine engine, Module module, SharedMemory memory) {
    try (Store store = Store.create(engine)) {
      memory.segment().fill((byte) 1);
      memory.size();
      Instance.create(store, module, memory);
    }
  }

  private static void assertThatRefusedOrDone(ThrowingCallable task) {
    Throwable thrown = catchThrowable(task);
    if (thrown != null) {
      assertThat(thrown)
          .isInstanceOfAny(
              IllegalArgumentException.class, IllegalStateException.class, WasmtimeException.class);
    }
  }
}
