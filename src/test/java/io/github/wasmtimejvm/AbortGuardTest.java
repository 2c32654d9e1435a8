package io.github.wasmtimejvm;

import static io.github.wasmtimejvm.ValType.FUNCREF;
import static io.github.wasmtimejvm.ValType.I32;
import static io.github.wasmtimejvm.ValType.V128;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.Guests;
import io.github.wasmtimejvm.wasi.WasiConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What would make the C API end the process is refused by an exception before it is asked.
 *
 * <p>All cases run in one JVM of their own; if one of them ends it, that case and those behind it
 * have not passed.
 */
class AbortGuardTest {

  @TestFactory
  Stream<DynamicTest> isRefused() {
    ChildJvm.Result result = ChildJvm.run(AllCases.class);
    return Stream.concat(
        AllCases.cases().keySet().stream()
            .map(
                name ->
                    DynamicTest.dynamicTest(
                        name,
                        () ->
                            assertThat(result.stdout())
                                .as(result.toString())
                                .contains("passed: " + name + "\n"))),
        Stream.of(
            DynamicTest.dynamicTest(
                "and the process ends normally",
                () -> assertThat(result.exitCode()).as(result.toString()).isZero())));
  }

  static final class AllCases {
    public static void main(String[] args) {
      cases()
          .forEach(
              (name, test) -> {
                try (World world = new World()) {
                  test.run(world);
                  System.out.println("passed: " + name);
                } catch (Throwable t) {
                  System.out.println("failed: " + name);
                  t.printStackTrace();
                }
              });
    }

    private interface Case {
      void run(World world) throws Throwable;
    }

    static Map<String, Case> cases() {
      Map<String, Case> cases = new LinkedHashMap<>();
      cases.put("maxWasmStack out of range", AllCases::maxWasmStack);
      cases.put("every combination of engine settings", AllCases::everyEngine);

      cases.put("argument of another store", AllCases::argumentOfAnotherStore);
      cases.put("host function's result of another store", AllCases::resultOfAnotherStore);
      cases.put("imports of another store", AllCases::importsOfAnotherStore);
      cases.put("linker that serves another store: define", AllCases::defineOfAnotherStore);
      cases.put("linker that serves another store: use", AllCases::linkerOfAnotherStore);

      cases.put("linker of another engine", AllCases::linkerOfAnotherEngine);
      cases.put("module of another engine", AllCases::moduleOfAnotherEngine);
      cases.put("one function type for two engines", AllCases::oneTypeForTwoEngines);

      cases.put("every type in a module", AllCases::everyTypeInModule);
      cases.put("every type in a host function", AllCases::everyTypeInHostFunction);
      cases.put("vectors by value", AllCases::vectors);
      cases.put("thousands of parameters", AllCases::thousandsOfParameters);
      cases.put("null function references", AllCases::nullReferences);

      cases.put("table with limits beyond 32 bits", AllCases::hugeTables);
      cases.put("table that no machine can hold", AllCases::enormousTable);
      cases.put("memory with limits beyond 32 bits", AllCases::hugeMemories);
      cases.put("memory type that makes no sense", AllCases::senselessMemories);
      cases.put("memory that grows without end", AllCases::enormousGrowth);

      cases.put("no WASI configuration: instantiate", AllCases::wasiInstantiate);
      cases.put("no WASI configuration: get", AllCases::wasiGet);
      cases.put("no WASI configuration: shared linker", AllCases::wasiSharedLinker);
      cases.put("no WASI configuration: one that failed", AllCases::wasiFailedConfiguration);
      cases.put("no WASI configuration: through another instance", AllCases::wasiReexport);
      cases.put("no WASI configuration: defined again over ours", AllCases::wasiRedefined);
      cases.put("no WASI configuration: defined half", AllCases::wasiHalfDefined);

      cases.put("use of a closed engine", AllCases::closedEngine);
      cases.put("use of a closed module", AllCases::closedModule);
      cases.put("use of a closed linker", AllCases::closedLinker);
      cases.put("use of a closed store", AllCases::closedStore);
      cases.put("close twice", AllCases::closeTwice);
      cases.put("close everything but the store first", AllCases::closeInAnyOrder);
      cases.put("close during a call, by a host function", AllCases::closeInHostFunction);
      cases.put("close during a call, by another thread", AllCases::closeByOtherThread);
      cases.put("close during a call, shared store", AllCases::closeSharedDuringCall);
      cases.put("engine closed under those who use it", AllCases::closeEngineInUse);
      cases.put("module closed under those who use it", AllCases::closeModuleInUse);
      cases.put("linker closed under those who use it", AllCases::closeLinkerInUse);

      cases.put("null arguments", AllCases::nullArguments);
      return cases;
    }

    // Engine

    private static void maxWasmStack(World w) {
      for (long bytes : new long[] {0, -1, Long.MIN_VALUE, 2097153, 1L << 32, Long.MAX_VALUE}) {
        assertThatIllegalArgumentException().isThrownBy(() -> Engine.builder().maxWasmStack(bytes));
      }
    }

    private static void everyEngine(World w) throws InterruptedException {
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

    private static void argumentOfAnotherStore(World w) {
      Func here = w.instance.func("func");
      Func there = w.other.instance.func("func");
      assertThat(here.call(here)).isInstanceOf(Func.class);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> here.call(there))
          .withMessageContaining("another store");
    }

    private static void resultOfAnotherStore(World w) {
      Func there = w.other.instance.func("func");
      FuncType type = FuncType.of().returns(FUNCREF);
      Func created = Func.create(w.store, type, (caller, args) -> there);
      assertThatIllegalArgumentException().isThrownBy(created::call);
      w.linker.define("host", "f", type, (caller, args) -> there);
      Func linked = (Func) w.linker.get(w.store, "host", "f").orElseThrow();
      assertThatIllegalArgumentException().isThrownBy(linked::call);
    }

    private static void importsOfAnotherStore(World w) {
      for (String kind : World.KINDS) {
        try (Module importer = Module.fromWat(w.engine, World.importing(kind))) {
          Instance.create(w.store, importer, w.export(kind));
          assertThatIllegalArgumentException()
              .as(kind)
              .isThrownBy(() -> Instance.create(w.store, importer, w.other.export(kind)))
              .withMessageContaining("another store");
        }
      }
    }

    private static void defineOfAnotherStore(World w) {
      w.linker.define("a", "func", w.export("func"));
      for (String kind : World.KINDS) {
        assertThatIllegalArgumentException()
            .as(kind)
            .isThrownBy(() -> w.linker.define("b", kind, w.other.export(kind)))
            .withMessageContaining("another store");
      }
      assertThatIllegalArgumentException()
          .isThrownBy(() -> w.linker.defineInstance("b", w.other.instance));
    }

    private static void linkerOfAnotherStore(World w) {
      w.linker.defineInstance("a", w.instance);
      for (String kind : World.KINDS) {
        assertThat(w.linker.get(w.store, "a", kind)).isPresent();
        assertThatIllegalArgumentException()
            .as(kind)
            .isThrownBy(() -> w.linker.get(w.other.store, "a", kind));
        try (Module importer = Module.fromWat(w.engine, World.importing(kind))) {
          assertThatIllegalArgumentException()
              .as(kind)
              .isThrownBy(() -> w.linker.instantiate(w.other.store, importer));
        }
      }
      assertThatIllegalArgumentException()
          .isThrownBy(() -> w.linker.instantiate(w.other.store, w.module));
    }

    // Engine identity

    private static void linkerOfAnotherEngine(World w) {
      World stranger = w.stranger();
      for (String kind : World.KINDS) {
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

    private static void moduleOfAnotherEngine(World w) {
      World stranger = w.stranger();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> w.linker.instantiate(w.store, stranger.module));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Instance.create(w.store, stranger.module));
    }

    private static void oneTypeForTwoEngines(World w) {
      FuncType type = FuncType.of(I32).returns(I32);
      for (World world : List.of(w, w.stranger())) {
        world.linker.define("host", "f", type, (caller, args) -> args[0]);
        Func linked = (Func) world.linker.get(world.store, "host", "f").orElseThrow();
        assertThat(linked.call(5)).isEqualTo(5);
        assertThat(Func.create(world.store, type, (caller, args) -> args[0]).call(6)).isEqualTo(6);
      }
    }

    // Types

    private static void everyTypeInModule(World w) {
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
        assertThatIllegalArgumentException().isThrownBy(() -> func.call(null, null));
      }
    }

    private static void everyTypeInHostFunction(World w) {
      List<HeapType> heapTypes = new ArrayList<>(List.of(AbstractHeapType.values()));
      for (AbstractHeapType type : AbstractHeapType.values()) {
        heapTypes.add(new ConcreteHeapType(type));
      }
      for (HeapType heapType : heapTypes) {
        for (boolean nullable : new boolean[] {false, true}) {
          ValType type = new RefType(nullable, heapType);
          for (FuncType signature : List.of(FuncType.of(type), FuncType.of().returns(type))) {
            if (heapType == AbstractHeapType.FUNC || heapType == AbstractHeapType.NOFUNC) {
              Func.create(w.store, signature, (caller, args) -> null).type();
            } else {
              assertThatIllegalArgumentException()
                  .as(signature.toString())
                  .isThrownBy(() -> Func.create(w.store, signature, (caller, args) -> null));
              assertThatIllegalArgumentException()
                  .as(signature.toString())
                  .isThrownBy(() -> w.linker.define("h", "f", signature, (caller, args) -> null));
            }
          }
        }
      }
    }

    private static void vectors(World w) {
      Func same = Func.create(w.store, FuncType.of(V128).returns(V128), (caller, args) -> args[0]);
      assertThat(same.call(new V128(1, -2))).isEqualTo(new V128(1, -2));
    }

    private static void thousandsOfParameters(World w) {
      ValType[] types = new ValType[5000];
      Arrays.fill(types, I32);
      FuncType type = new FuncType(List.of(types), List.of(types));
      Object[] values = new Object[types.length];
      Arrays.setAll(values, i -> i);
      w.linker.define("host", "f", type, (caller, args) -> args);
      Func linked = (Func) w.linker.get(w.store, "host", "f").orElseThrow();
      assertThat((Object[]) linked.call(values)).isEqualTo(values);
    }

    private static void nullReferences(World w) {
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

    // Limits

    private static void hugeTables(World w) {
      for (String wat :
          List.of(
              "(module (table (export \"t\") i64 1 0x10000000000 funcref))",
              "(module (table i64 0x100000000 funcref))",
              "(module (table i64 0 0xffffffffffffffff funcref))",
              "(module (import \"m\" \"t\" (table i64 1 0x100000000 funcref)))",
              "(module (import \"m\" \"t\" (table i64 0x100000000 externref)))",
              "(module (table i64 1 0x100000000 (ref func) (ref.func $f)) (func $f))")) {
        assertThatExceptionOfType(CompileException.class)
            .as(wat)
            .isThrownBy(() -> Module.fromWat(w.engine, wat));
      }
    }

    private static void enormousTable(World w) {
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

    private static void hugeMemories(World w) {
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

    private static void senselessMemories(World w) {
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

    private static void enormousGrowth(World w) {
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
        assertThat(thrown).isInstanceOfAny(IllegalArgumentException.class, EngineException.class);
      }
    }

    // WASI

    private static void assertNeedsWasi(ThrowingCallable task) {
      assertThatIllegalStateException()
          .isThrownBy(task)
          .withMessageContaining("needs a WASI configuration");
    }

    private static void wasiInstantiate(World w) {
      w.linker.defineWasi();
      assertNeedsWasi(() -> w.linker.instantiate(w.store, w.wasi()));
    }

    private static void wasiGet(World w) {
      w.linker.defineWasi();
      assertNeedsWasi(() -> w.linker.get(w.store, World.WASI, "fd_write"));
    }

    private static void wasiSharedLinker(World w) {
      w.linker.defineWasi();
      WasiConfig.builder().build().applyTo(w.other.store);
      assertThat(w.linker.instantiate(w.other.store, w.wasi()).func("run").call()).isEqualTo(0);
      assertNeedsWasi(() -> w.linker.instantiate(w.store, w.wasi()));
      assertNeedsWasi(() -> w.linker.get(w.store, World.WASI, "fd_write"));
    }

    private static void wasiFailedConfiguration(World w) {
      w.linker.defineWasi();
      WasiConfig impossible =
          WasiConfig.builder().readOnlyDirectory(Path.of("/no/such/place"), "/").build();
      assertThatIllegalArgumentException().isThrownBy(() -> impossible.applyTo(w.store));
      assertNeedsWasi(() -> w.linker.instantiate(w.store, w.wasi()));
    }

    private static void wasiReexport(World w) {
      w.linker.defineWasi();
      try (Module reexport =
          Module.fromWat(
              w.engine,
              """
              (module
                (import "wasi_snapshot_preview1" "sched_yield" (func $f (result i32)))
                (export "f" (func $f)))
              """)) {
        assertNeedsWasi(() -> w.linker.instantiate(w.store, reexport));
        WasiConfig.builder().build().applyTo(w.other.store);
        Instance passesOn = w.linker.instantiate(w.other.store, reexport);
        // The only store that has the function is the one that has the configuration.
        w.linker.defineInstance("again", passesOn);
        assertThatIllegalArgumentException().isThrownBy(() -> w.linker.get(w.store, "again", "f"));
      }
    }

    private static void wasiRedefined(World w) {
      w.linker.allowShadowing(true);
      w.linker.define(World.WASI, "fd_write", World.FD_WRITE, (caller, args) -> 0);
      assertThat(w.linker.instantiate(w.store, w.wasi()).func("run").call()).isEqualTo(0);
      w.linker.defineWasi();
      assertNeedsWasi(() -> w.linker.instantiate(w.store, w.wasi()));
    }

    private static void wasiHalfDefined(World w) {
      FuncType type = FuncType.of().returns(I32);
      w.linker.define(World.WASI, "sched_yield", type, (caller, args) -> 0);
      assertThatExceptionOfType(LinkException.class).isThrownBy(w.linker::defineWasi);
      Throwable thrown = catchThrowable(() -> w.linker.instantiate(w.store, w.wasi()));
      assertThat(thrown).isInstanceOfAny(IllegalStateException.class, LinkException.class);
    }

    // Use after close

    private static void assertClosed(ThrowingCallable task) {
      assertThatIllegalStateException().isThrownBy(task).withMessageContaining("is closed");
    }

    private static void closedEngine(World w) {
      w.engine.close();
      assertClosed(() -> Store.create(w.engine));
      assertClosed(() -> Store.createShared(w.engine));
      assertClosed(() -> Linker.create(w.engine));
      assertClosed(() -> Module.fromWat(w.engine, "(module)"));
      assertClosed(() -> Module.validate(w.engine, Module.wat2wasm("(module)")));
      assertThat(w.instance.func("func").call(new Object[] {null})).isNull();
      assertThat(w.linker.instantiate(w.store, w.module).memory("memory").size()).isEqualTo(1);
    }

    private static void closedModule(World w) {
      w.module.close();
      assertClosed(w.module::imports);
      assertClosed(w.module::exports);
      assertClosed(() -> w.linker.instantiate(w.store, w.module));
      assertClosed(() -> Instance.create(w.store, w.module));
      assertThat(w.instance.func("func").call(new Object[] {null})).isNull();
    }

    private static void closedLinker(World w) {
      w.linker.close();
      assertClosed(() -> w.linker.allowShadowing(true));
      assertClosed(() -> w.linker.define("a", "b", FuncType.of(), (caller, args) -> null));
      assertClosed(() -> w.linker.define("a", "b", w.export("memory")));
      assertClosed(() -> w.linker.defineInstance("a", w.instance));
      assertClosed(w.linker::defineWasi);
      assertClosed(() -> w.linker.get(w.store, "a", "b"));
      assertClosed(() -> w.linker.instantiate(w.store, w.module));
    }

    private static void closedStore(World w) {
      Func func = w.instance.func("func");
      Memory memory = w.instance.memory("memory");
      Table table = (Table) w.export("table");
      Tag tag = (Tag) w.export("tag");
      w.store.close();
      assertClosed(() -> func.call(new Object[] {null}));
      assertClosed(func::type);
      assertClosed(memory::type);
      assertClosed(memory::size);
      assertClosed(memory::byteSize);
      assertClosed(memory::segment);
      assertClosed(() -> memory.grow(0));
      assertClosed(() -> memory.read(0, new byte[1]));
      assertClosed(() -> memory.write(0, new byte[1]));
      assertClosed(table::size);
      assertClosed(tag::type);
      assertClosed(() -> w.instance.export("func"));
      assertClosed(w.instance::exports);
      assertClosed(() -> w.instance.func("func"));
      assertClosed(() -> w.instance.memory("memory"));
      assertClosed(() -> Func.create(w.store, FuncType.of(), (caller, args) -> null));
      assertClosed(() -> Memory.create(w.store, MemoryType.of(1)));
      assertClosed(() -> Instance.create(w.store, w.module));
      assertClosed(() -> w.linker.instantiate(w.store, w.module));
      assertClosed(() -> w.linker.get(w.store, "a", "b"));
      assertClosed(() -> w.linker.define("a", "b", memory));
      assertClosed(() -> w.linker.defineInstance("a", w.instance));
      assertClosed(() -> WasiConfig.builder().build().applyTo(w.store));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> w.other.instance.func("func").call(func));
    }

    private static void closeTwice(World w) {
      for (int i = 0; i < 3; i++) {
        w.engine.close();
        w.module.close();
        w.linker.close();
        w.store.close();
        w.other.store.close();
      }
    }

    private static void closeInAnyOrder(World w) {
      Func func = w.instance.func("func");
      w.engine.close();
      w.linker.close();
      w.module.close();
      assertThat(func.call(func)).isInstanceOf(Func.class);
      w.store.close();
    }

    private static void closeInHostFunction(World w) {
      Module module = Module.fromWat(w.engine, World.CALLS_HOST);
      w.linker.define(
          "host",
          "f",
          FuncType.of(),
          (caller, args) -> {
            assertThatIllegalStateException()
                .isThrownBy(w.store::close)
                .withMessageContaining("guest is running");
            w.other.store.close();
            w.linker.close();
            w.module.close();
            module.close();
            w.engine.close();
            System.gc();
            return null;
          });
      Func run = w.linker.instantiate(w.store, module).func("run");
      assertThat(run.call()).isEqualTo(1);
      assertThat(run.call()).isEqualTo(1);
      w.store.close();
    }

    private static void closeByOtherThread(World w) {
      Func run =
          Func.create(
              w.store,
              FuncType.of(),
              (caller, args) -> {
                Thread thief =
                    Thread.ofPlatform()
                        .start(
                            () ->
                                assertThatExceptionOfType(WrongThreadException.class)
                                    .isThrownBy(w.store::close));
                thief.join();
                return null;
              });
      run.call();
      assertThat(w.instance.memory("memory").size()).isEqualTo(1);
    }

    private static void closeSharedDuringCall(World w) throws InterruptedException {
      Store shared = Store.createShared(w.engine);
      List<String> order = new ArrayList<>(); // written under the store's lock, but for the last
      Thread closer =
          Thread.ofPlatform()
              .unstarted(
                  () -> {
                    shared.close();
                    order.add("closed");
                  });
      Func run =
          Func.create(
              shared,
              FuncType.of(),
              (caller, args) -> {
                closer.start();
                while (closer.getState() != Thread.State.WAITING) {
                  Thread.onSpinWait();
                }
                order.add("returned");
                return null;
              });
      run.call();
      closer.join();
      assertThat(order).containsExactly("returned", "closed");
      assertClosed(run::call);
    }

    private static void closeEngineInUse(World w) throws InterruptedException {
      byte[] wasm = Module.wat2wasm("(module (func (export \"f\")))");
      for (int i = 0; i < 100; i++) {
        Engine engine = Engine.create();
        closeUnder(
            engine,
            () -> {
              try (Module module = Module.fromBytes(engine, wasm);
                  Store store = Store.create(engine)) {
                Instance.create(store, module).func("f").call();
              }
            });
      }
    }

    private static void closeModuleInUse(World w) throws InterruptedException {
      for (int i = 0; i < 100; i++) {
        Module module = Module.fromWat(w.engine, "(module (func (export \"f\")))");
        closeUnder(
            module,
            () -> {
              try (Store store = Store.create(w.engine)) {
                w.linker.instantiate(store, module).func("f").call();
                Instance.create(store, module).func("f").call();
              }
            });
      }
    }

    private static void closeLinkerInUse(World w) throws InterruptedException {
      try (Module module = Module.fromWat(w.engine, World.CALLS_HOST)) {
        for (int i = 0; i < 100; i++) {
          Linker linker = Linker.create(w.engine);
          linker.define("host", "f", FuncType.of(), (caller, args) -> null);
          linker.allowShadowing(true);
          closeUnder(
              linker,
              () -> {
                try (Store store = Store.create(w.engine)) {
                  linker.instantiate(store, module).func("run").call();
                  linker.get(store, "host", "f");
                  linker.define("host", "f", FuncType.of(), (caller, args) -> null);
                }
              });
        }
      }
    }

    /** Closes it while two threads use it, until each of them is told that it is closed. */
    private static void closeUnder(AutoCloseable shared, Runnable use) throws InterruptedException {
      List<Throwable> ends = Collections.synchronizedList(new ArrayList<>());
      CountDownLatch inUse = new CountDownLatch(2);
      Runnable useUntilClosed =
          () -> {
            try {
              use.run();
              inUse.countDown();
              while (true) {
                use.run();
              }
            } catch (Throwable t) {
              ends.add(t);
            }
          };
      List<Thread> threads =
          List.of(
              Thread.ofPlatform().start(useUntilClosed), Thread.ofVirtual().start(useUntilClosed));
      inUse.await();
      try {
        shared.close();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(ends)
          .hasSize(2)
          .allSatisfy(end -> assertThat(end).isInstanceOf(IllegalStateException.class));
    }

    // Null

    private static void nullArguments(World w) {
      @Nullable String none = null;
      HostFunction function = (caller, args) -> null;
      Func func = w.instance.func("func");
      Memory memory = w.instance.memory("memory");
      Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
      calls.put("Store.create", () -> Store.create(null));
      calls.put("Store.createShared", () -> Store.createShared(null));
      calls.put("Linker.create", () -> Linker.create(null));
      calls.put("fromBytes engine", () -> Module.fromBytes(null, new byte[8]));
      calls.put("fromBytes", () -> Module.fromBytes(w.engine, null));
      calls.put("fromWat engine", () -> Module.fromWat(null, "(module)"));
      calls.put("fromWat", () -> Module.fromWat(w.engine, none));
      calls.put("fromFile", () -> Module.fromFile(w.engine, null));
      calls.put("validate engine", () -> Module.validate(null, new byte[8]));
      calls.put("validate", () -> Module.validate(w.engine, null));
      calls.put("wat2wasm", () -> Module.wat2wasm(none));
      calls.put("Instance store", () -> Instance.create(null, w.module));
      calls.put("Instance module", () -> Instance.create(w.store, null));
      calls.put("Instance imports", () -> Instance.create(w.store, w.module, (Extern[]) null));
      calls.put(
          "Instance import",
          () -> {
            try (Module importer = Module.fromWat(w.engine, World.importing("func"))) {
              Instance.create(w.store, importer, (Extern) null);
            }
          });
      calls.put("export", () -> w.instance.export(none));
      calls.put("func", () -> w.instance.func(none));
      calls.put("memory", () -> w.instance.memory(none));
      calls.put("Func store", () -> Func.create(null, FuncType.of(), function));
      calls.put("Func type", () -> Func.create(w.store, null, function));
      calls.put("Func function", () -> Func.create(w.store, FuncType.of(), null));
      calls.put("call", () -> func.call((Object[]) null));
      calls.put("Memory store", () -> Memory.create(null, MemoryType.of(1)));
      calls.put("Memory type", () -> Memory.create(w.store, null));
      calls.put("read", () -> memory.read(0, null));
      calls.put("write", () -> memory.write(0, null));
      calls.put("define module", () -> w.linker.define(none, "b", FuncType.of(), function));
      calls.put("define name", () -> w.linker.define("a", none, FuncType.of(), function));
      calls.put("define type", () -> w.linker.define("a", "b", null, function));
      calls.put("define function", () -> w.linker.define("a", "b", FuncType.of(), null));
      calls.put("define item module", () -> w.linker.define(none, "b", memory));
      calls.put("define item name", () -> w.linker.define("a", none, memory));
      calls.put("define item", () -> w.linker.define("a", "b", null));
      calls.put("defineInstance", () -> w.linker.defineInstance("a", null));
      calls.put("defineInstance module", () -> w.linker.defineInstance(none, w.instance));
      calls.put("get store", () -> w.linker.get(null, "a", "b"));
      calls.put("get module", () -> w.linker.get(w.store, none, "b"));
      calls.put("get name", () -> w.linker.get(w.store, "a", none));
      calls.put("instantiate store", () -> w.linker.instantiate(null, w.module));
      calls.put("instantiate module", () -> w.linker.instantiate(w.store, null));
      calls.put("FuncType", () -> FuncType.of((ValType) null));
      calls.put("RefType", () -> new RefType(true, null));
      calls.put("applyTo", () -> WasiConfig.builder().build().applyTo(null));
      calls.put("args", () -> WasiConfig.builder().args(none));
      calls.put("env name", () -> WasiConfig.builder().env(none, "value"));
      calls.put("env value", () -> WasiConfig.builder().env("name", none));
      calls.put("stdinBytes", () -> WasiConfig.builder().stdinBytes(null));
      calls.put("stdinFile", () -> WasiConfig.builder().stdinFile(null));
      calls.put("stdoutFile", () -> WasiConfig.builder().stdoutFile(null));
      calls.put("stderrFile", () -> WasiConfig.builder().stderrFile(null));
      calls.put("directory", () -> WasiConfig.builder().readOnlyDirectory(null, "/"));
      calls.put("guest", () -> WasiConfig.builder().writableDirectory(Path.of("/"), none));
      Func getNull = Func.create(w.store, FuncType.of(), (caller, args) -> caller.export(none));
      calls.put("Caller.export", getNull::call);
      calls.forEach((what, call) -> assertThatNullPointerException().as(what).isThrownBy(call));
    }
  }

  /** An engine, and all that a case may want of it; {@code other} is a second store of it. */
  private static final class World implements AutoCloseable {
    static final String WASI = "wasi_snapshot_preview1";
    static final FuncType FD_WRITE = FuncType.of(I32, I32, I32, I32).returns(I32);
    static final List<String> KINDS = List.of("func", "memory", "table", "global", "tag");
    static final String CALLS_HOST =
        """
        (module
          (import "host" "f" (func $f))
          (func (export "run") (result i32) (call $f) (i32.const 1)))
        """;

    final Engine engine;
    final Module module;
    final Linker linker;
    final Store store;
    final Instance instance;
    final World other;
    private @Nullable World stranger;
    private @Nullable Module wasi;

    World() {
      this(Engine.create(), null);
    }

    private World(Engine engine, @Nullable Module module) {
      this.engine = engine;
      this.module =
          module != null ? module : Guests.compile(engine, AbortGuardTest.class, "every-kind.wat");
      this.linker = Linker.create(engine);
      this.store = Store.create(engine);
      this.instance = Instance.create(store, this.module);
      this.other = module != null ? this : new World(engine, this.module);
    }

    /** A world of another engine. */
    World stranger() {
      if (stranger == null) {
        stranger = new World();
      }
      return stranger;
    }

    /** A guest that calls WASI: {@code run} writes nothing to standard output. */
    Module wasi() {
      if (wasi == null) {
        wasi =
            Module.fromWat(
                engine,
                """
                (module
                  (import "wasi_snapshot_preview1" "fd_write"
                    (func $fd_write (param i32 i32 i32 i32) (result i32)))
                  (memory (export "memory") 1)
                  (func (export "run") (result i32)
                    (call $fd_write (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 0))))
                """);
      }
      return wasi;
    }

    Extern export(String kind) {
      return instance.export(kind).orElseThrow(() -> new NoSuchElementException(kind));
    }

    /** A guest that imports {@code a.kind}, as our own guest exports it. */
    static String importing(String kind) {
      String type =
          switch (kind) {
            case "func" -> "(func (param funcref) (result funcref))";
            case "memory" -> "(memory 1 10)";
            case "table" -> "(table 1 10 funcref)";
            case "global" -> "(global (mut i32))";
            default -> "(tag (param i32))";
          };
      return "(module (import \"a\" \"" + kind + "\" " + type + "))";
    }

    @Override
    public void close() {
      if (other != this) {
        other.close();
        engine.close();
      }
      if (stranger != null) {
        stranger.close();
      }
      module.close();
      linker.close();
      store.close();
    }
  }
}
