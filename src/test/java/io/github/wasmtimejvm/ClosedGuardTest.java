package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.wasmtimejvm.wasi.WasiConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What is closed, or is being used while it is closed, or is {@code null}, never reaches the C API.
 */
class ClosedGuardTest {
  @TestFactory
  Stream<DynamicTest> isRefused() {
    return GuardCases.tests(ClosedGuardTest.class, cases());
  }

  public static void main(String[] args) {
    GuardCases.run(cases());
  }

  private static Map<String, GuardCases.Case> cases() {
    Map<String, GuardCases.Case> cases = new LinkedHashMap<>();
    cases.put("use of a closed engine", ClosedGuardTest::closedEngine);
    cases.put("use of a closed module", ClosedGuardTest::closedModule);
    cases.put("use of a closed linker", ClosedGuardTest::closedLinker);
    cases.put("use of a closed store", ClosedGuardTest::closedStore);
    cases.put("close twice", ClosedGuardTest::closeTwice);
    cases.put("close everything but the store first", ClosedGuardTest::closeInAnyOrder);
    cases.put("close during a call, by a host function", ClosedGuardTest::closeInHostFunction);
    cases.put("close during a call, by another thread", ClosedGuardTest::closeByOtherThread);
    cases.put("close during a call, shared store", ClosedGuardTest::closeSharedDuringCall);
    cases.put("engine closed under those who use it", ClosedGuardTest::closeEngineInUse);
    cases.put("module closed under those who use it", ClosedGuardTest::closeModuleInUse);
    cases.put("linker closed under those who use it", ClosedGuardTest::closeLinkerInUse);

    cases.put("null arguments", ClosedGuardTest::nullArguments);
    return cases;
  }

  private static void assertClosed(ThrowingCallable task) {
    assertThatIllegalStateException().isThrownBy(task).withMessageContaining("is closed");
  }

  private static void closedEngine(GuardWorld w) {
    w.engine.close();
    assertClosed(() -> Store.create(w.engine));
    assertClosed(() -> Store.createShared(w.engine));
    assertClosed(() -> Linker.create(w.engine));
    assertClosed(() -> Module.fromWat(w.engine, "(module)"));
    assertClosed(() -> Module.validate(w.engine, Module.wat2wasm("(module)")));
    assertThat(w.instance.func("func").call(new Object[] {null})).isNull();
    assertThat(w.linker.instantiate(w.store, w.module).memory("memory").size()).isEqualTo(1);
  }

  private static void closedModule(GuardWorld w) {
    w.module.close();
    assertClosed(w.module::imports);
    assertClosed(w.module::exports);
    assertClosed(() -> w.linker.instantiate(w.store, w.module));
    assertClosed(() -> Instance.create(w.store, w.module));
    assertThat(w.instance.func("func").call(new Object[] {null})).isNull();
  }

  private static void closedLinker(GuardWorld w) {
    w.linker.close();
    assertClosed(() -> w.linker.allowShadowing(true));
    assertClosed(() -> w.linker.define("a", "b", FuncType.of(), (caller, args) -> null));
    assertClosed(() -> w.linker.define("a", "b", w.export("memory")));
    assertClosed(() -> w.linker.defineInstance("a", w.instance));
    assertClosed(w.linker::defineWasi);
    assertClosed(() -> w.linker.get(w.store, "a", "b"));
    assertClosed(() -> w.linker.instantiate(w.store, w.module));
  }

  private static void closedStore(GuardWorld w) {
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
    assertThatIllegalArgumentException().isThrownBy(() -> w.other.instance.func("func").call(func));
  }

  private static void closeTwice(GuardWorld w) {
    for (int i = 0; i < 3; i++) {
      w.engine.close();
      w.module.close();
      w.linker.close();
      w.store.close();
      w.other.store.close();
    }
  }

  private static void closeInAnyOrder(GuardWorld w) {
    Func func = w.instance.func("func");
    w.engine.close();
    w.linker.close();
    w.module.close();
    assertThat(func.call(func)).isInstanceOf(Func.class);
    w.store.close();
  }

  private static void closeInHostFunction(GuardWorld w) {
    Module module = Module.fromWat(w.engine, GuardWorld.CALLS_HOST);
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

  private static void closeByOtherThread(GuardWorld w) {
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

  private static void closeSharedDuringCall(GuardWorld w) throws InterruptedException {
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

  private static void closeEngineInUse(GuardWorld w) throws InterruptedException {
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

  private static void closeModuleInUse(GuardWorld w) throws InterruptedException {
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

  private static void closeLinkerInUse(GuardWorld w) throws InterruptedException {
    try (Module module = Module.fromWat(w.engine, GuardWorld.CALLS_HOST)) {
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

  private static void nullArguments(GuardWorld w) {
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
          try (Module importer = Module.fromWat(w.engine, GuardWorld.importing("func"))) {
            Instance.create(w.store, importer, (Extern) null);
          }
        });
    calls.put("export", () -> w.instance.export(none));
    calls.put("func", () -> w.instance.func(none));
    calls.put("memory", () -> w.instance.memory(none));
    calls.put("Func store", () -> Func.create(null, FuncType.of(), function));
    calls.put("Func type", () -> Func.create(w.store, (FuncType) null, function));
    calls.put("Func function", () -> Func.create(w.store, FuncType.of(), null));
    calls.put("call", () -> func.call((Object[]) null));
    calls.put("Memory store", () -> Memory.create(null, MemoryType.of(1)));
    calls.put("Memory type", () -> Memory.create(w.store, null));
    calls.put("read", () -> memory.read(0, null));
    calls.put("write", () -> memory.write(0, null));
    calls.put("Memory.copy", () -> memory.copy(0, null, 0, 0));
    calls.put("writeString", () -> memory.writeString(0, none));
    calls.put("Table store", () -> Table.create(null, TableType.of(ValType.FUNCREF, 1), null));
    calls.put("Table type", () -> Table.create(w.store, null, null));
    calls.put("Table.copy", () -> w.instance.table("table").copy(0, null, 0, 0));
    calls.put("Global store", () -> Global.create(null, new GlobalType(ValType.I32, true), 1));
    calls.put("Global type", () -> Global.create(w.store, null, 1));
    calls.put("Tag store", () -> Tag.create(null, new TagType(FuncType.of())));
    calls.put("Tag type", () -> Tag.create(w.store, null));
    calls.put("SharedMemory engine", () -> SharedMemory.create(null, MemoryType.shared(1, 2)));
    calls.put("SharedMemory type", () -> SharedMemory.create(w.engine, null));
    calls.put("define module", () -> w.linker.define(none, "b", FuncType.of(), function));
    calls.put("define name", () -> w.linker.define("a", none, FuncType.of(), function));
    calls.put("define type", () -> w.linker.define("a", "b", (FuncType) null, function));
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
