package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.wasmtimejvm.testing.EngineFixture;
import io.github.wasmtimejvm.testing.Guests;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the guests of a store may have. */
class StoreLimitsTest {
  private static final long PAGE = 65536;

  @RegisterExtension private final EngineFixture fixture = EngineFixture.create();

  private static void assertRefused(String says, ThrowingCallable call) {
    assertThatExceptionOfType(EngineException.class).isThrownBy(call).withMessageContaining(says);
  }

  @Test
  void aMemoryGrowsUpToTheLimit() {
    try (Controlled w = new Controlled()) {
      w.store.limit(StoreLimits.NONE.withMemoryBytes(2 * PAGE));
      assertThat(w.call("grow")).isEqualTo(1);
      assertThat(w.call("grow")).isEqualTo(-1);
      Memory memory = w.instance.memory("memory");
      assertThatExceptionOfType(EngineException.class).isThrownBy(() -> memory.grow(1));
      assertThat(memory.size()).isEqualTo(2);
      w.store.limit(StoreLimits.NONE);
      assertThat(w.call("grow")).isEqualTo(2);
    }
  }

  @Test
  void aHostFunctionMayChangeThem() {
    try (Controlled w = new Controlled()) {
      w.store.limit(StoreLimits.NONE.withMemoryBytes(PAGE));
      w.host = _ -> w.store.limit(StoreLimits.NONE.withMemoryBytes(2 * PAGE));
      assertThat(w.call("grow")).isEqualTo(-1);
      w.call("call");
      assertThat(w.call("grow")).isEqualTo(1);
    }
  }

  @Test
  void whatThereIsStays() {
    try (Controlled w = new Controlled()) {
      w.store.limit(new StoreLimits(0, 0, 0, 0, 0));
      w.assertUsable();
      assertThat(w.instance.memory("memory").size()).isEqualTo(1);
      assertThat(w.call("grow")).isEqualTo(-1);
    }
  }

  @Test
  void aTableGrowsUpToTheLimit() {
    Store store = fixture.newStore();
    store.limit(StoreLimits.NONE.withTableElements(10));
    Instance instance =
        Guests.instantiate(
            store,
            """
            (module
              (table $t 1 funcref)
              (func (export "grow") (param i32) (result i32)
                (table.grow $t (ref.null func) (local.get 0))))
            """);
    Func grow = instance.func("grow");
    assertThat(grow.call(9)).isEqualTo(1);
    assertThat(grow.call(1)).isEqualTo(-1);
  }

  @Test
  void instantiatingBeyondOneIsRefused() {
    Engine engine = fixture.engine();
    try (Module empty = Module.fromWat(engine, "(module)");
        Module memory = Module.fromWat(engine, "(module (memory 2))");
        Module table = Module.fromWat(engine, "(module (table 20 funcref))")) {
      try (Store store = Store.create(engine)) {
        store.limit(StoreLimits.NONE.withInstances(1));
        Instance.create(store, empty);
        assertRefused("instance", () -> Instance.create(store, empty));
      }
      try (Store store = Store.create(engine)) {
        store.limit(StoreLimits.NONE.withMemories(1));
        Instance.create(store, memory);
        assertRefused("memor", () -> Instance.create(store, memory));
      }
      try (Store store = Store.create(engine)) {
        store.limit(StoreLimits.NONE.withTables(1));
        Instance.create(store, table);
        assertRefused("table", () -> Instance.create(store, table));
      }
      try (Store store = Store.create(engine)) {
        store.limit(StoreLimits.NONE.withMemoryBytes(PAGE).withTableElements(19));
        assertRefused("memory", () -> Instance.create(store, memory));
        assertRefused("table", () -> Instance.create(store, table));
        Instance.create(store, empty);
      }
    }
  }

  @Test
  void theHeapOfTheGuestsObjectsIsLimitedToo() {
    Store store = fixture.newStore();
    store.limit(StoreLimits.NONE.withMemoryBytes(4 * PAGE));
    Instance instance =
        Guests.instantiate(
            store,
            """
            (module
              (type $list (struct (field (ref null $list))))
              (global $all (mut (ref null $list)) (ref.null $list))
              (func (export "keep") (param $n i32)
                (loop $again
                  (global.set $all (struct.new $list (global.get $all)))
                  (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                  (br_if $again (local.get $n))))
              (func (export "drop") (global.set $all (ref.null $list))))
            """);
    Func keep = instance.func("keep");
    keep.call(100);
    assertThatExceptionOfType(WasmtimeException.class).isThrownBy(() -> keep.call(100_000_000));
    keep.type(); // the store goes on
    instance.func("drop").call();
    store.gc();
    keep.call(100);
  }

  static Stream<StoreLimits> fine() {
    return Stream.of(
        StoreLimits.NONE,
        new StoreLimits(0, 0, 0, 0, 0),
        new StoreLimits(
            Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE));
  }

  @ParameterizedTest
  @MethodSource("fine")
  void anyNumberIsFine(StoreLimits limits) {
    try (Controlled w = new Controlled()) {
      w.store.limit(limits);
      w.assertUsable();
    }
  }

  @Test
  void belowMinusOneIsRefused() {
    for (ThrowingCallable create :
        List.<ThrowingCallable>of(
            () -> new StoreLimits(-2, 0, 0, 0, 0),
            () -> new StoreLimits(0, -2, 0, 0, 0),
            () -> new StoreLimits(0, 0, -2, 0, 0),
            () -> new StoreLimits(0, 0, 0, -2, 0),
            () -> StoreLimits.NONE.withMemories(Long.MIN_VALUE))) {
      assertThatIllegalArgumentException().isThrownBy(create);
    }
  }
}
