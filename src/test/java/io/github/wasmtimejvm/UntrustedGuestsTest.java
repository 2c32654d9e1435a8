package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a guest that wants more than {@link UntrustedGuests} allow. */
class UntrustedGuestsTest {
  private static final long MEBIBYTE = 1 << 20;

  /** Takes all that it can get. */
  private static final String GREEDY =
      """
      (module
        (memory (export "memory") 1)
        (table (export "t0") 1 funcref) (table (export "t1") 1 funcref)
        (table (export "t2") 1 funcref) (table (export "t3") 1 funcref)
        (func (export "grow") (result i32) (memory.grow (i32.const 1)))
        (func (export "all")
          (loop $more (br_if $more (i32.ge_s (memory.grow (i32.const 1)) (i32.const 0))))
          (loop $more (br_if $more (i32.ge_s (table.grow 0 (ref.null func) (i32.const 1)) (i32.const 0))))
          (loop $more (br_if $more (i32.ge_s (table.grow 1 (ref.null func) (i32.const 1)) (i32.const 0))))
          (loop $more (br_if $more (i32.ge_s (table.grow 2 (ref.null func) (i32.const 1)) (i32.const 0))))
          (loop $more (br_if $more (i32.ge_s (table.grow 3 (ref.null func) (i32.const 1)) (i32.const 0)))))
        (func (export "spin") (loop $again (br $again)))
        (func $deeper (export "deeper") (param i32) (result i32)
          (i32.add (i32.const 1) (call $deeper (local.get 0)))))
      """;

  private static final String HOARDER =
      """
      (module
        (type $list (struct (field (ref null $list))))
        (global $all (mut (ref null $list)) (ref.null $list))
        (func (export "hoard") (loop $again
          (global.set $all (struct.new $list (global.get $all)))
          (br $again)))
        (func (export "drop") (global.set $all (ref.null $list)))
        (func (export "one") (drop (struct.new $list (ref.null $list)))))
      """;

  /** A guest with these limits. */
  private static final class World implements AutoCloseable {
    final Engine engine;
    final Store store;
    final Module module;

    World(UntrustedGuests limits, String text) {
      engine = limits.engineBuilder().build();
      module = Module.fromWat(engine, text);
      store = Store.create(engine);
      limits.applyTo(store);
    }

    Instance instantiate() {
      return Instance.create(store, module);
    }

    @Override
    public void close() {
      store.close();
      module.close();
      engine.close();
    }
  }

  private static UntrustedGuests.Builder patient() {
    return UntrustedGuests.builder().timePerCall(Duration.ofMinutes(10));
  }

  @Test
  void memoryAndTablesTogetherStayWithinTheLimit() {
    try (World world = new World(patient().memory(4 * MEBIBYTE).build(), GREEDY)) {
      Instance instance = world.instantiate();
      instance.func("all").call();
      long held = instance.memory("memory").byteSize();
      assertThat(held).isEqualTo(60 * 65536); // fifteen of sixteen parts
      for (String table : new String[] {"t0", "t1", "t2", "t3"}) {
        assertThat(instance.table(table).size()).isGreaterThan(1000);
        held += 8 * instance.table(table).size();
      }
      assertThat(held).isLessThanOrEqualTo(4 * MEBIBYTE);
      assertThat(instance.func("grow").call()).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @CsvSource({"64, 1, false", "64, 1, true", "1, 1, false", "7, 1, true", "100, 9, true"})
  void theSumOfAllPartsIsWithinTheLimit(long mebibytes, int instances, boolean gc) {
    StoreLimits parts =
        UntrustedGuests.builder()
            .memory(mebibytes * MEBIBYTE)
            .instances(instances)
            .gc(gc)
            .build()
            .storeLimits();
    assertThat(parts.instances()).isEqualTo(instances);
    assertThat(parts.memories()).isEqualTo(instances);
    assertThat(parts.memoryBytes()).isPositive();
    assertThat(parts.tableElements()).isPositive();
    // As the documentation says: the heap three times, eight times the stack of references, and an
    // element with what is kept for it.
    long heaps = gc ? 3 : 0;
    long stack = gc ? 8 * 512 * 1024 : 0;
    long element = gc ? 44 : 24;
    assertThat(
            parts.memoryBytes() * (parts.memories() + heaps)
                + stack
                + parts.tableElements() * parts.tables() * element)
        .isBetween(mebibytes * MEBIBYTE * 3 / 4, mebibytes * MEBIBYTE);
  }

  @Test
  void aMemoryThatBeginsBeyondTheLimitIsRefused() {
    try (World world = new World(patient().memory(MEBIBYTE).build(), "(module (memory 16))")) {
      assertThatExceptionOfType(EngineException.class).isThrownBy(world::instantiate);
    }
  }

  @Test
  void collectedObjectsStayWithinTheLimit() {
    try (World world = new World(patient().memory(16 * MEBIBYTE).gc(true).build(), HOARDER)) {
      Instance instance = world.instantiate();
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> instance.func("hoard").call())
          .withMessageContaining("out of memory");
      instance.func("drop").call();
      world.store.gc();
      instance.func("one").call();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(module (type (struct)))",
        "(module (table 0 externref))",
        "(module (tag))",
        "(module (memory 1) (memory 1))",
        "(module (memory 1 1 shared))",
        "(module (memory i64 1))",
        "(module (table i64 1 funcref))"
      })
  void whatIsNotLimitedIsRefused(String text) {
    try (Engine engine = UntrustedGuests.builder().build().engineBuilder().build()) {
      assertThatExceptionOfType(CompileException.class)
          .isThrownBy(() -> Module.fromWat(engine, text));
    }
  }

  @Test
  void thereAreAsManyInstancesAsAllowed() {
    try (World world = new World(patient().instances(2).build(), GREEDY)) {
      world.instantiate();
      Instance second = world.instantiate();
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(world::instantiate)
          .withMessageContaining("instance");
      assertThat(second.func("grow").call()).isEqualTo(1);
    }
  }

  @Test
  void aGuestThatDoesNotEndIsStopped() {
    UntrustedGuests limits = UntrustedGuests.builder().timePerCall(Duration.ofMillis(20)).build();
    try (World world = new World(limits, GREEDY)) {
      Instance instance = world.instantiate();
      Controlled.assertTimeout(() -> instance.func("spin").call());
      world.store.setTimeout(null);
      assertThat(instance.func("grow").call()).isEqualTo(1);
    }
    try (World world =
        new World(limits, "(module (func $f (loop $again (br $again))) (start $f))")) {
      Controlled.assertTimeout(world::instantiate);
    }
  }

  // $n is no constant, for what is small for sure is compiled to a few instructions without a look.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "(memory.fill (i32.const 0) (i32.const 1) (local.get $n))",
        "(memory.copy (i32.const 0) (i32.const 1) (local.get $n))",
        "(memory.init $data (i32.const 0) (i32.const 0) (local.get $n))",
        "(drop (memory.grow (local.get $n)))",
        "(table.fill (i32.const 0) (ref.null func) (local.get $n))",
        "(table.copy (i32.const 0) (i32.const 1) (local.get $n))",
        "(table.init $elements (i32.const 0) (i32.const 0) (local.get $n))",
        "(drop (table.grow (ref.null func) (local.get $n)))",
        "(array.fill $bytes (local.get $a) (i32.const 0) (i32.const 1) (local.get $n))",
        "(array.copy $bytes $bytes (local.get $a) (i32.const 0) (local.get $a) (i32.const 1)"
            + " (local.get $n))",
        "(array.init_data $bytes $data (local.get $a) (i32.const 0) (i32.const 0) (local.get $n))",
        "(drop (array.new $bytes (i32.const 1) (local.get $n)))",
        "(drop (array.new_default $bytes (local.get $n)))",
        "(drop (array.new_data $bytes $data (i32.const 0) (local.get $n)))",
        "(array.init_elem $funcs $elements (array.new_default $funcs (i32.const 9)) (i32.const 0)"
            + " (i32.const 0) (local.get $n))",
        "(drop (array.new_elem $funcs $elements (i32.const 0) (local.get $n)))",
      })
  void aGuestIsStoppedWhereABulkOperationBegins(String operation) {
    Controlled.assertTrap(TrapCode.INTERRUPT, () -> tickAndDo(operation));
  }

  /** Or the operations would not be what they stop at. */
  @Test
  void aGuestIsNotStoppedWhereItReturns() {
    assertThatNoException().isThrownBy(() -> tickAndDo("(nop)"));
  }

  private static void tickAndDo(String operation) {
    String text =
        """
        (module
          (type $bytes (array (mut i8)))
          (type $funcs (array (mut funcref)))
          (import "host" "tick" (func $tick))
          (memory 1) (data $data "0123456789")
          (table 10 funcref) (elem $elements func 0 0 0 0 0 0 0 0 0)
          (func (export "f") (param $n i32) (local $a (ref null $bytes))
            (local.set $a (array.new_default $bytes (i32.const 10)))
            (call $tick)
            %s))
        """
            .formatted(operation);
    try (World world = new World(patient().gc(true).build(), text);
        Linker linker = Linker.create(world.engine)) {
      linker.define(
          "host",
          "tick",
          FuncType.of(),
          (caller, args) -> {
            world.engine.incrementEpoch();
            return null;
          });
      Func func = linker.instantiate(world.store, world.module).func("f");
      world.store.setEpochDeadline(1);
      func.call(9);
    }
  }

  @Test
  void aGuestRunsAsFarAsItsFuelLasts() {
    try (World world = new World(patient().fuel(10_000).build(), GREEDY)) {
      Instance instance = world.instantiate();
      assertThatExceptionOfType(TrapException.class)
          .isThrownBy(() -> instance.func("spin").call())
          .satisfies(trap -> assertThat(trap.code()).isEqualTo(TrapCode.OUT_OF_FUEL));
    }
  }

  @Test
  void aGuestThatRecursesForEverTraps() {
    try (World world = new World(patient().maxWasmStack(64 * 1024).build(), GREEDY)) {
      Instance instance = world.instantiate();
      assertThatExceptionOfType(TrapException.class)
          .isThrownBy(() -> instance.func("deeper").call(0))
          .satisfies(trap -> assertThat(trap.code()).isEqualTo(TrapCode.STACK_OVERFLOW));
    }
  }

  @Test
  void aStoreOfAnotherKindOfEngineIsRefused() {
    UntrustedGuests limits = UntrustedGuests.builder().build();
    assertDoNotFit(limits, limits.engineBuilder().interruptible(false), "interruptible");
    assertDoNotFit(limits, limits.engineBuilder().sharedMemory(true), "shared");
    assertDoNotFit(limits, limits.engineBuilder().gcSupport(true), "collected");
    assertDoNotFit(limits, limits.engineBuilder().maxWasmStack(1 << 20), "stack");
    assertDoNotFit(limits, limits.engineBuilder().strategy(Strategy.WINCH), "Winch");
    assertDoNotFit(limits, limits.engineBuilder().signalsBasedTraps(false), "side channels");
    assertDoNotFit(limits, limits.engineBuilder().target("pulley64"), "side channels");
    assertDoNotFit(
        limits,
        limits.engineBuilder().craneliftFlagSet("enable_table_access_spectre_mitigation", "false"),
        "side channels");
    assertDoNotFit(limits, limits.engineBuilder().debugInfo(true), "debug information");
    assertDoNotFit(UntrustedGuests.builder().fuel(1).build(), limits.engineBuilder(), "fuel");
  }

  private static void assertDoNotFit(UntrustedGuests limits, EngineBuilder builder, String says) {
    try (Engine engine = builder.build();
        Store store = Store.create(engine)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> limits.applyTo(store))
          .withMessageContaining(says);
    }
  }

  @Test
  void moreMayBeAllowedThanTheEngineHas() {
    UntrustedGuests limits = patient().gc(true).build();
    try (Engine engine = limits.engineBuilder().gcSupport(false).maxWasmStack(65536).build();
        Store store = Store.create(engine);
        Module module = Module.fromWat(engine, GREEDY)) {
      limits.applyTo(store);
      assertThat(Instance.create(store, module).func("grow").call()).isEqualTo(1);
    }
  }

  @Test
  void wrongSettingsAreRefused() {
    UntrustedGuests.Builder builder = UntrustedGuests.builder();
    assertThatIllegalArgumentException().isThrownBy(() -> builder.memory(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.memory(Long.MAX_VALUE));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.fuel(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.maxWasmStack(0));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.instances(0));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.instances(10_001));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.timePerCall(Duration.ofNanos(-1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> UntrustedGuests.builder().memory(65536).build())
        .withMessageContaining("memory 65536");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> UntrustedGuests.builder().memory(4 * MEBIBYTE).gc(true).build())
        .withMessageContaining("heap");
    builder.build(); // what was refused has changed nothing
  }
}
