package io.github.wasmtimejvm;

import static io.github.wasmtimejvm.ValType.FUNCREF;
import static io.github.wasmtimejvm.ValType.I32;
import static io.github.wasmtimejvm.ValType.V128;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.wasmtimejvm.testing.Guests;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What would make the C API end the process is refused before it is asked: settings, things of
 * another store or engine, types and limits.
 */
class AbortGuardTest {
  @TestFactory
  Stream<DynamicTest> isRefused() {
    return GuardCases.tests(AbortGuardTest.class, cases());
  }

  public static void main(String[] args) {
    GuardCases.run(cases());
  }

  private static Map<String, GuardCases.Case> cases() {
    Map<String, GuardCases.Case> cases = new LinkedHashMap<>();
    cases.put("maxWasmStack out of range", AbortGuardTest::maxWasmStack);
    cases.put("every combination of engine settings", AbortGuardTest::everyEngine);

    cases.put("argument of another store", AbortGuardTest::argumentOfAnotherStore);
    cases.put("host function's result of another store", AbortGuardTest::resultOfAnotherStore);
    cases.put("imports of another store", AbortGuardTest::importsOfAnotherStore);
    cases.put("linker that serves another store: define", AbortGuardTest::defineOfAnotherStore);
    cases.put("linker that serves another store: use", AbortGuardTest::linkerOfAnotherStore);

    cases.put("linker of another engine", AbortGuardTest::linkerOfAnotherEngine);
    cases.put("module of another engine", AbortGuardTest::moduleOfAnotherEngine);
    cases.put("one function type for two engines", AbortGuardTest::oneTypeForTwoEngines);

    cases.put("every type in a module", AbortGuardTest::everyTypeInModule);
    cases.put("every type in a host function", AbortGuardTest::everyTypeInHostFunction);
    cases.put("vectors by value", AbortGuardTest::vectors);
    cases.put("thousands of parameters", AbortGuardTest::thousandsOfParameters);
    cases.put("null function references", AbortGuardTest::nullReferences);
    cases.put("thousands of fields and payload values", AbortGuardTest::thousandsOfFields);
    cases.put("references of a host function without a heap", AbortGuardTest::withoutHeap);
    cases.put("store closed while a result is made", AbortGuardTest::closedByResult);
    cases.put("profiler with senseless names and modules", AbortGuardTest::profilers);

    cases.put("table with limits beyond 32 bits", AbortGuardTest::hugeTables);
    cases.put("table with limits beyond 32 bits as a default", AbortGuardTest::hugeTablesByDefault);
    cases.put("table that no machine can hold", AbortGuardTest::enormousTable);
    cases.put("memory with limits beyond 32 bits", AbortGuardTest::hugeMemories);
    cases.put("memory type that makes no sense", AbortGuardTest::senselessMemories);
    cases.put("memory that grows without end", AbortGuardTest::enormousGrowth);
    return cases;
  }

  // Engine

  private static void maxWasmStack(GuardWorld w) {
    for (long bytes : new long[] {0, -1, Long.MIN_VALUE, 2097153, 1L << 32, Long.MAX_VALUE}) {
      assertThatIllegalArgumentException().isThrownBy(() -> Engine.builder().maxWasmStack(bytes));
    }
  }

  private static void everyEngine(GuardWorld w) throws InterruptedException {
    byte[] wasm = Module.wat2wasm("(module (func (export \"f\") (result i32) (i32.const 1)))");
    for (long bytes : new long[] {1, 4095, 4096, 2097152}) {
      for (boolean mayMove : new boolean[] {false, true}) {
        try (Engine engine = Engine.builder().maxWasmStack(bytes).memoryMayMove(mayMove).build();
            Module module = Module.fromBytes(engine, wasm)) {
          AtomicReference<Object> result = new AtomicReference<>();
          Runnable call =
              () -> {
                try (Store store = Store.create(engine)) {
                  result.set(Instance.create(store, module).func("f").call());
                }
              };
          Thread thread = new Thread(null, call, "large", 4 * 1024 * 1024);
          thread.start();
          thread.join();
          assertThat(result.get()).isEqualTo(1);
        }
      }
    }
  }

  // Store identity

  private static void argumentOfAnotherStore(GuardWorld w) {
    Func here = w.instance.func("func");
    Func there = w.other.instance.func("func");
    assertThat(here.call(here)).isInstanceOf(Func.class);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> here.call(there))
        .withMessageContaining("another store");
  }

  private static void resultOfAnotherStore(GuardWorld w) {
    Func there = w.other.instance.func("func");
    FuncType type = FuncType.of().returns(FUNCREF);
    Func created = Func.create(w.store, type, (caller, args) -> there);
    assertThatIllegalArgumentException().isThrownBy(created::call);
    w.linker.define("host", "f", type, (caller, args) -> there);
    Func linked = (Func) w.linker.get(w.store, "host", "f").orElseThrow();
    assertThatIllegalArgumentException().isThrownBy(linked::call);
  }

  private static void importsOfAnotherStore(GuardWorld w) {
    for (String kind : GuardWorld.KINDS) {
      try (Module importer = Module.fromWat(w.engine, GuardWorld.importing(kind))) {
        Instance.create(w.store, importer, w.export(kind));
        assertThatIllegalArgumentException()
            .as(kind)
            .isThrownBy(() -> Instance.create(w.store, importer, w.other.export(kind)))
            .withMessageContaining("another store");
      }
    }
  }

  private static void defineOfAnotherStore(GuardWorld w) {
    w.linker.define("a", "func", w.export("func"));
    for (String kind : GuardWorld.KINDS) {
      assertThatIllegalArgumentException()
          .as(kind)
          .isThrownBy(() -> w.linker.define("b", kind, w.other.export(kind)))
          .withMessageContaining("another store");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> w.linker.defineInstance("b", w.other.instance));
  }

  private static void linkerOfAnotherStore(GuardWorld w) {
    w.linker.defineInstance("a", w.instance);
    for (String kind : GuardWorld.KINDS) {
      assertThat(w.linker.get(w.store, "a", kind)).isPresent();
      assertThatIllegalArgumentException()
          .as(kind)
          .isThrownBy(() -> w.linker.get(w.other.store, "a", kind));
      try (Module importer = Module.fromWat(w.engine, GuardWorld.importing(kind))) {
        assertThatIllegalArgumentException()
            .as(kind)
            .isThrownBy(() -> w.linker.instantiate(w.other.store, importer));
      }
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> w.linker.instantiate(w.other.store, w.module));
  }

  // Engine identity

  private static void linkerOfAnotherEngine(GuardWorld w) {
    GuardWorld stranger = w.stranger();
    for (String kind : GuardWorld.KINDS) {
      assertThatIllegalArgumentException()
          .as(kind)
          .isThrownBy(() -> w.linker.define("a", kind, stranger.export(kind)))
          .withMessageContaining("another engine");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> w.linker.defineInstance("a", stranger.instance));
    assertThatIllegalArgumentException().isThrownBy(() -> w.linker.get(stranger.store, "a", "b"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> w.linker.instantiate(stranger.store, stranger.module));
  }

  private static void moduleOfAnotherEngine(GuardWorld w) {
    GuardWorld stranger = w.stranger();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> w.linker.instantiate(w.store, stranger.module));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Instance.create(w.store, stranger.module));
  }

  private static void oneTypeForTwoEngines(GuardWorld w) {
    FuncType type = FuncType.of(I32).returns(I32);
    for (GuardWorld world : List.of(w, w.stranger())) {
      world.linker.define("host", "f", type, (caller, args) -> args[0]);
      Func linked = (Func) world.linker.get(world.store, "host", "f").orElseThrow();
      assertThat(linked.call(5)).isEqualTo(5);
      assertThat(Func.create(world.store, type, (caller, args) -> args[0]).call(6)).isEqualTo(6);
    }
  }

  // Types

  private static void everyTypeInModule(GuardWorld w) {
    try (Module module = Guests.compile(w.engine, AbortGuardTest.class, "every-type.wat")) {
      assertThat(module.imports()).hasSize(2);
      assertThat(module.exports()).hasSize(7);
      // Asks the engine for the type of each import that is missing.
      assertThatExceptionOfType(LinkException.class)
          .isThrownBy(() -> w.linker.instantiate(w.store, module));
    }
    String wat =
        """
        (module
          (type $struct (struct (field i32)))
          (func (export "func") (param (ref null $struct) externref) (result anyref)
            (local.get 0)))
        """;
    try (Module module = Module.fromWat(w.engine, wat)) {
      Func func = w.linker.instantiate(w.store, module).func("func");
      assertThat(func.type().params()).hasSize(2);
      assertThat(func.call(null, null)).isNull();
    }
  }

  private static final @Nullable Object[] NULL = {null};
  private static final @Nullable Object[] NOTHING = {};

  private static void everyTypeInHostFunction(GuardWorld w) {
    List<HeapType> heapTypes = new ArrayList<>(List.of(AbstractHeapType.values()));
    heapTypes.add(StructType.create(w.engine, FieldType.mutable(PackedType.I8)));
    heapTypes.add(ArrayType.create(w.engine, FieldType.constant(ValType.EXTERNREF)));
    for (HeapType heapType : heapTypes) {
      for (boolean nullable : new boolean[] {false, true}) {
        ValType type = new RefType(nullable, heapType);
        for (FuncType signature : List.of(FuncType.of(type), FuncType.of().returns(type))) {
          Func host = Func.create(w.store, signature, (caller, args) -> null);
          assertThat(host.type()).isEqualTo(signature);
          if (nullable) {
            assertThat(host.call(signature.params().isEmpty() ? NOTHING : NULL)).isNull();
          } else {
            assertThatIllegalArgumentException()
                .isThrownBy(() -> host.call(signature.params().isEmpty() ? NOTHING : NULL));
          }
        }
      }
    }
  }

  private static void vectors(GuardWorld w) {
    Func same = Func.create(w.store, FuncType.of(V128).returns(V128), (caller, args) -> args[0]);
    assertThat(same.call(new V128(1, -2))).isEqualTo(new V128(1, -2));
  }

  private static void thousandsOfParameters(GuardWorld w) {
    ValType[] types = new ValType[5000];
    Arrays.fill(types, I32);
    FuncType type = new FuncType(List.of(types), List.of(types));
    Object[] values = new Object[types.length];
    Arrays.setAll(values, i -> i);
    w.linker.define("host", "f", type, (caller, args) -> args);
    Func linked = (Func) w.linker.get(w.store, "host", "f").orElseThrow();
    assertThat((Object[]) linked.call(values)).isEqualTo(values);
  }

  private static void nullReferences(GuardWorld w) {
    assertThat(w.instance.func("func").call(new Object[] {null})).isNull();
    List<@Nullable Object> seen = new ArrayList<>();
    Func nullable =
        Func.create(
            w.store,
            FuncType.of(FUNCREF).returns(FUNCREF),
            (caller, args) -> {
              seen.add(args[0]);
              return args[0];
            });
    assertThat(nullable.call(new Object[] {null})).isNull();
    assertThat(seen).containsExactly((Object) null);
    FuncType notNull = FuncType.of().returns(new RefType(false, AbstractHeapType.FUNC));
    Func liar = Func.create(w.store, notNull, (caller, args) -> null);
    assertThatIllegalArgumentException().isThrownBy(liar::call);
    Func picky =
        Func.create(
            w.store,
            FuncType.of(new RefType(false, AbstractHeapType.FUNC)),
            (caller, args) -> null);
    assertThatIllegalArgumentException().isThrownBy(() -> picky.call(new Object[] {null}));
  }

  private static void thousandsOfFields(GuardWorld w) {
    FieldType[] fields = new FieldType[10_001];
    Arrays.fill(fields, FieldType.mutable(V128));
    assertThatIllegalArgumentException().isThrownBy(() -> StructType.create(w.engine, fields));
    StructType.create(w.engine, Arrays.copyOf(fields, 10_000));
    ValType[] types = new ValType[100_000];
    Arrays.fill(types, ValType.I64);
    Object[] payload = new Object[types.length];
    Arrays.fill(payload, 1L);
    Tag tag = Tag.create(w.store, new TagType(FuncType.of(types)));
    assertThat(ExnRef.create(tag, payload).payload()).containsExactly(payload);
  }

  private static void withoutHeap(GuardWorld w) {
    try (Engine engine = Engine.builder().gcSupport(false).build();
        Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      for (AbstractHeapType heapType : AbstractHeapType.values()) {
        ValType type = new RefType(true, heapType);
        for (Object value : new @Nullable Object[] {null, "text", new I31(1)}) {
          FuncType echo = FuncType.of(type).returns(type);
          assertThatRefusedOrDone(
              () -> Func.create(store, echo, (caller, args) -> args[0]).call(value));
          assertThatRefusedOrDone(
              () ->
                  Func.create(store, FuncType.of().returns(type), (caller, args) -> value).call());
          linker.allowShadowing(true);
          linker.define("host", "f", echo, (caller, args) -> args[0]);
          assertThatRefusedOrDone(
              () -> ((Func) linker.get(store, "host", "f").orElseThrow()).call(value));
        }
      }
    }
  }

  /** A result whose constructor closes the store that it comes from. */
  public record Closing(int first, int second) {
    private static @Nullable Store store;

    /** Closes it. */
    public Closing {
      if (store != null) {
        store.close();
      }
    }
  }

  /** A function with such a result. */
  public interface ReturnsClosing {
    Closing call(int number);
  }

  private static void closedByResult(GuardWorld w) {
    for (Store store : List.of(Store.create(w.engine), Store.createShared(w.engine))) {
      Func twice =
          Func.create(
              store,
              FuncType.of(I32).returns(I32, I32),
              (caller, args) -> new Object[] {args[0], args[0]});
      ReturnsClosing typed = twice.as(ReturnsClosing.class);
      Closing.store = null;
      assertThat(typed.call(1)).isEqualTo(new Closing(1, 1)); // from now on without preparation
      Closing.store = store;
      assertThat(typed.call(2).second()).isEqualTo(2);
      assertThatIllegalStateException().isThrownBy(() -> typed.call(3));
      Closing.store = null;
    }
  }

  private static void profilers(GuardWorld w) {
    try (Module empty = Module.fromWat(w.engine, "(module)")) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  GuestProfiler.start(w.store, "\ud800", Duration.ofNanos(1), Map.of("a", empty)));
      for (String name : List.of("", "\0", "\"\\")) {
        Map<String, Module> modules = Map.of(name, empty, name + "2", empty, "w", w.module);
        Duration longest = Duration.ofNanos(Long.MAX_VALUE);
        GuestProfiler profiler = GuestProfiler.start(w.store, name, longest, modules);
        profiler.sample(longest);
        assertThat(profiler.finish()).isNotEmpty();
      }
    }
  }

  // Limits

  private static void hugeTables(GuardWorld w) {
    for (String wat :
        List.of(
            "(module (table (export \"t\") i64 1 0x10000000000 funcref))",
            "(module (table i64 0x100000000 funcref))",
            "(module (table i64 0 0xffffffffffffffff funcref))",
            "(module (import \"m\" \"t\" (table i64 1 0x100000000 funcref)))",
            "(module (import \"m\" \"t\" (table i64 0x100000000 externref)))",
            "(module (table i64 1 0x100000000 (ref func) (ref.func $f)) (func $f))")) {
      try (Module module = Module.fromWat(w.engine, wat)) {
        for (ImportType needed : module.imports()) {
          assertThat(needed.type()).as(wat).isInstanceOf(TableType.class);
        }
      }
    }
    String wat =
        """
        (module
          (table (export "wide") i64 1 0x10000000000 funcref)
          (table (export "plain") 1 2 funcref))
        """;
    try (Module module = Module.fromWat(w.engine, wat)) {
      Instance instance = w.linker.instantiate(w.store, module);
      TableType wide = TableType.of(FUNCREF, 1, 1L << 40);
      assertThat(module.exports().getFirst().type()).isEqualTo(wide);
      assertThat(instance.table("wide").type()).isEqualTo(wide);
      assertThat(instance.table("plain").type()).isEqualTo(TableType.of(FUNCREF, 1, 2));
      assertThat(instance.table("wide").grow(2, null)).isEqualTo(1);
      w.linker.defineInstance("m", instance);
      Table linked = (Table) w.linker.get(w.store, "m", "wide").orElseThrow();
      assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(linked::type);
      assertThat(linked.size()).isEqualTo(3);
      // Of a module that imports it only the linker knows whether it fits.
      String importing = "(module (import \"m\" \"wide\" (table i64 4 funcref)))";
      try (Module needs = Module.fromWat(w.engine, importing)) {
        assertThatExceptionOfType(LinkException.class)
            .isThrownBy(() -> w.linker.instantiate(w.store, needs));
      }
    }
  }

  private static void hugeTablesByDefault(GuardWorld w) {
    String wat =
        """
        (module
          (import "d" "wide" (table i64 1 0x10000000000 funcref))
          (export "passed on" (table 0)))
        """;
    try (Store store = Store.create(w.engine);
        Linker linker = Linker.create(w.engine);
        Module module = Module.fromWat(w.engine, wat)) {
      linker.defineUnknownImportsAsDefaults(store, module);
      Table linked = (Table) linker.get(store, "d", "wide").orElseThrow();
      Table passedOn = linker.instantiate(store, module).table("passed on");
      for (Table table : List.of(linked, passedOn)) {
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(table::type);
        assertThat(table.size()).isEqualTo(1);
      }
      try (Module needs =
          Module.fromWat(w.engine, "(module (import \"d\" \"wide\" (table 2 funcref)))")) {
        assertThatExceptionOfType(LinkException.class)
            .isThrownBy(() -> linker.instantiate(store, needs));
      }
    }
  }

  private static void enormousTable(GuardWorld w) {
    String wat =
        """
        (module
          (table $t i64 1 funcref)
          (func (export "grow") (param i64) (result i64)
            (table.grow $t (ref.null func) (local.get 0))))
        """;
    try (Module module = Module.fromWat(w.engine, wat);
        Module enormous = Module.fromWat(w.engine, "(module (table 0xffffffff funcref))")) {
      Func grow = Instance.create(w.store, module).func("grow");
      assertThatRefusedOrDone(() -> assertThat(grow.call(Long.MAX_VALUE)).isEqualTo(-1L));
      assertThatRefusedOrDone(() -> assertThat(grow.call(-2L)).isEqualTo(-1L));
      // Whether the system promises 32 GiB that nobody touches is its own affair.
      assertThatRefusedOrDone(() -> Instance.create(w.other.store, enormous));
    }
  }

  private static void hugeMemories(GuardWorld w) {
    String wat = "(module (memory (export \"m\") i64 0x10000 0x1000000000000))";
    try (Module module = Module.fromWat(w.engine, wat)) {
      MemoryType type = (MemoryType) module.exports().getFirst().type();
      assertThat(type.maximum()).hasValue(1L << 48);
      assertThatRefusedOrDone(
          () -> assertThat(Instance.create(w.store, module).memory("m").type()).isEqualTo(type));
    }
    try (Module module = Module.fromWat(w.engine, "(module (memory i64 0x1000000000000))")) {
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> Instance.create(w.store, module));
    }
  }

  private static void senselessMemories(GuardWorld w) {
    OptionalLong[] maxima = {
      OptionalLong.empty(), OptionalLong.of(0), OptionalLong.of(1), OptionalLong.of(-1)
    };
    for (long minimum : new long[] {0, 2, 65537, 1L << 32, 1L << 48, 1L << 62, -1}) {
      for (OptionalLong maximum : maxima) {
        for (boolean is64 : new boolean[] {false, true}) {
          for (long pageSize : new long[] {0, 1, 2, 65536, 65535, 1L << 32, Long.MIN_VALUE}) {
            MemoryType type = new MemoryType(minimum, maximum, is64, false, pageSize);
            assertThatRefusedOrDone(() -> Memory.create(w.store, type));
          }
        }
      }
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Memory.create(w.store, MemoryType.of(2, 1)));
    MemoryType shared = new MemoryType(1, OptionalLong.of(1), false, true, 65536);
    assertThatIllegalArgumentException().isThrownBy(() -> Memory.create(w.store, shared));
  }

  private static void enormousGrowth(GuardWorld w) {
    for (boolean is64 : new boolean[] {false, true}) {
      Memory memory =
          Memory.create(w.store, new MemoryType(1, OptionalLong.empty(), is64, false, 65536));
      for (long delta : new long[] {1L << 32, 1L << 48, Long.MAX_VALUE}) {
        assertThatExceptionOfType(EngineException.class).isThrownBy(() -> memory.grow(delta));
      }
      assertThatIllegalArgumentException().isThrownBy(() -> memory.grow(-1));
      assertThat(memory.size()).isEqualTo(1);
    }
  }

  private static void assertThatRefusedOrDone(ThrowingCallable task) {
    Throwable thrown = catchThrowable(task);
    if (thrown != null) {
      assertThat(thrown)
          .isInstanceOfAny(
              IllegalArgumentException.class, IllegalStateException.class, EngineException.class);
    }
  }
}
