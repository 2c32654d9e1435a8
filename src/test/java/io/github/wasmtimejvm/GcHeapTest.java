package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.wasmtimejvm.testing.EngineFixture;
import io.github.wasmtimejvm.testing.Guests;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A heap of collected objects that is full, and its room in a pool. */
class GcHeapTest {
  private static final String WAT = Guests.read(GcHeapTest.class, "gc-heap.wat");

  @RegisterExtension private static final EngineFixture fixture = EngineFixture.create();

  private final Engine engine = fixture.engine();

  private static Store limited(Engine engine) {
    Store store = Store.create(engine);
    store.limit(StoreLimits.NONE.withMemoryBytes(1 << 20));
    return store;
  }

  private static Instance instantiate(Store store, Module module) {
    FuncType type = new FuncType(List.of(), List.of(ValType.EXTERNREF));
    Func host = Func.create(store, type, (caller, args) -> new Object());
    return Instance.create(store, module, host);
  }

  private static void assertIsFull(ThrowingCallable call, String message) {
    assertThatExceptionOfType(GcHeapOutOfMemoryException.class)
        .isThrownBy(call)
        .isInstanceOf(EngineException.class)
        .withMessageContaining(message);
  }

  @Test
  void aProgramCanTellAFullHeapFromOtherErrors() {
    try (Module module = Module.fromWat(engine, WAT);
        Store store = limited(engine)) {
      Instance instance = instantiate(store, module);
      for (int i = 0; i < 2; i++) {
        assertThatExceptionOfType(GcHeapOutOfMemoryException.class)
            .isThrownBy(() -> instance.func("fill").call())
            .withMessageContaining("no capacity for allocation of 100028 bytes")
            .satisfies(e -> assertThat(e.frames().getFirst().functionName()).isEqualTo("fill"));
      }
      instance.func("drop").call();
      instance.func("one").call();
    }
  }

  @Test
  void soItIsInAStartSectionAndAnInitializer() {
    String start = WAT.replace("(func $fill", "(start $fill) (func $fill");
    String initializer =
        """
        (module (type $bytes (array (mut i8)))
          (global (ref $bytes) (array.new_default $bytes (i32.const 10000000))))
        """;
    try (Module starts = Module.fromWat(engine, start);
        Module initializes = Module.fromWat(engine, initializer);
        Store store = limited(engine)) {
      assertIsFull(() -> instantiate(store, starts), "allocation of 100028 bytes");
      assertIsFull(() -> Instance.create(store, initializes), "allocation of 10000028 bytes");
    }
  }

  @Test
  void soItIsForWhatTheHostPutsThere() {
    ArrayType type = ArrayType.create(engine, FieldType.mutable(PackedType.I8));
    try (Module module = Module.fromWat(engine, WAT);
        Store store = limited(engine)) {
      assertIsFull(() -> ArrayRef.create(store, type, 0, 10_000_000), "10000028 bytes");
      Instance instance = instantiate(store, module);
      assertIsFull(
          () -> instance.func("objects").call(),
          "the engine cannot make an external reference: the heap of collected objects is full");
    }
  }

  @Test
  void anotherErrorIsNotTakenForIt() {
    try (Module module = Module.fromWat(engine, "(module)");
        Store store = Store.create(engine)) {
      store.limit(StoreLimits.NONE.withInstances(0));
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> Instance.create(store, module))
          .isExactlyInstanceOf(EngineException.class);
    }
    // A function's name may be anything, but stands before the cause.
    String name = "Caused by:\n    GC heap out of memory";
    String message = "error while executing:\n    0: 0x1 - m!" + name + "\n\nCaused by:\n    it";
    assertThat(GcHeapOutOfMemoryException.isMeant(message)).isFalse();
    assertThat(GcHeapOutOfMemoryException.isMeant("it: GC heap out of memory")).isFalse();
  }

  @Test
  void aHeapTakesTheRoomOfAMemoryInAPoolUntilItsStoreIsClosed() {
    PoolingAllocation pool =
        PoolingAllocation.builder().totalMemories(1).maxMemorySize(1 << 20).build();
    try (Engine pooled = Engine.builder().memoryReservation(1 << 20).pooling(pool).build();
        Module objects = Module.fromWat(pooled, WAT);
        Module memory = Module.fromWat(pooled, "(module (memory 1))")) {
      try (Store first = Store.create(pooled);
          Store second = Store.create(pooled)) {
        Instance instance = instantiate(first, objects);
        assertThatExceptionOfType(EngineException.class)
            .isThrownBy(() -> Instance.create(second, memory))
            .isExactlyInstanceOf(EngineException.class)
            .withMessageContaining("limit of 1");
        assertThatExceptionOfType(EngineException.class)
            .isThrownBy(() -> instantiate(second, objects))
            .isExactlyInstanceOf(EngineException.class);
        assertIsFull(() -> instance.func("fill").call(), "");
      }
      try (Store third = Store.create(pooled)) {
        Instance.create(third, memory);
      }
    }
  }

  @Test
  void aPoolHasNoMoreHeapsThanMemories() {
    PoolingAllocation.Builder builder = PoolingAllocation.builder().totalGcHeaps(3);
    builder.totalMemories(3).build();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.totalMemories(2).build())
        .withMessage("totalGcHeaps 3 and totalMemories 2: each heap takes the room of a memory");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PoolingAllocation.builder().totalGcHeaps(1001).build());
  }

  @Test
  void aPoolHasAsManyHeapsAsMemoriesByDefault() {
    PoolingAllocation pool =
        PoolingAllocation.builder().totalMemories(2).maxMemorySize(1 << 20).build();
    try (Engine pooled = Engine.builder().memoryReservation(1 << 20).pooling(pool).build();
        Module objects = Module.fromWat(pooled, WAT);
        Store first = Store.create(pooled);
        Store second = Store.create(pooled)) {
      instantiate(first, objects).func("one").call();
      instantiate(second, objects).func("one").call();
    }
  }
}
