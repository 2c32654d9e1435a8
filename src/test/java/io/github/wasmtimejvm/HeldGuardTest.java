package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.wasmtimejvm.testing.ChildJvm;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What Java may hold of a store beside its items, references to the guests' objects, typed
 * functions, a profiler: with another store, on another thread, after the store is closed, and
 * while garbage is collected all the time, it never ends the process.
 */
class HeldGuardTest {
  private static final String GUEST =
      """
      (module
        (tag (export "tag") (param i32))
        (func (export "any") (param anyref) (result anyref) (local.get 0))
        (func (export "exn") (param exnref) (result exnref) (local.get 0))
        (func (export "convert") (param externref) (result anyref)
          (any.convert_extern (local.get 0)))
        (func (export "number") (param i32) (result i32) (local.get 0))
        (func (export "throw") (param i32) (throw 0 (local.get 0))))
      """;

  /** The exports of the guest, typed. */
  public interface Typed {
    @Nullable AnyRef any(@Nullable AnyRef value);

    int number(int value);
  }

  /** A function on numbers. */
  public interface OnInt {
    int number(int value);
  }

  @TestFactory
  Stream<DynamicTest> isSafe() {
    // What compiled frames hold is what this is about.
    return GuardCases.tests(
        ChildJvm.with("-XX:+UseSerialGC").asByDefault(), HeldGuardTest.class, cases());
  }

  public static void main(String[] args) {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              while (true) {
                System.gc();
                LockSupport.parkNanos(20_000_000); // else nobody else would get to run
              }
            });
    GuardCases.run(cases());
  }

  private static Map<String, GuardCases.Case> cases() {
    Map<String, GuardCases.Case> cases = new LinkedHashMap<>();
    cases.put("use after the store is closed", w -> closedStore(new Held(w.engine, false)));
    cases.put("use with another store", HeldGuardTest::otherStore);
    cases.put("use on another thread", w -> otherThread(new Held(w.engine, false)));
    cases.put("use of an epoch callback's store after", w -> closedInterruptible());
    cases.put("an InstancePre closed", HeldGuardTest::closedPre);
    cases.put("an InstancePre closed under those who use it", HeldGuardTest::closePreInUse);
    cases.put("a profiler closed, finished, or of a closed store", HeldGuardTest::profiler);
    cases.put("a profiler closed under those who use it", HeldGuardTest::closeProfilerInUse);
    cases.put("a module cache with a closed engine", HeldGuardTest::cache);
    cases.put("two threads on one shared store", w -> twoThreads(new Held(w.engine, true)));
    cases.put("close of a shared store under its users", HeldGuardTest::closeUnderUse);
    cases.put("references that are all that is left", HeldGuardTest::onlyReferences);
    cases.put("typed functions that are all that is left", HeldGuardTest::onlyTyped);
    cases.put("references that are dropped", HeldGuardTest::dropped);
    return cases;
  }

  /** One of everything. */
  private static final class Held {
    final Store store;
    final Instance instance;
    final StructRef struct;
    final ArrayRef array;
    final ExnRef exception;
    final ConvertedRef converted;
    final Typed typed;
    final OnInt onInt;
    final MethodHandle handle;

    Held(Engine engine, boolean shared) {
      this.store = shared ? Store.createShared(engine) : Store.create(engine);
      try (Module module = Module.fromWat(engine, GUEST)) {
        this.instance = Instance.create(store, module);
      }
      FieldType field = new FieldType(NumType.I32, true);
      this.struct = StructRef.create(store, StructType.create(engine, field), 1);
      this.array = ArrayRef.create(store, ArrayType.create(engine, field), 2, 3);
      this.exception = ExnRef.create((Tag) instance.export("tag").orElseThrow(), 4);
      this.converted = (ConvertedRef) instance.func("convert").call("external");
      this.typed = instance.as(Typed.class);
      this.onInt = instance.func("number").as(OnInt.class);
      this.handle = instance.func("number").handle();
    }

    void use() throws Throwable {
      for (ThrowingCallable use : uses().values()) {
        use.call();
      }
      assertThat(struct.get(0)).isEqualTo(1);
      assertThat(array.get(2)).isEqualTo(2);
      assertThat(exception.payload()).containsExactly(4);
      assertThat(instance.func("any").call(converted)).isInstanceOf(ConvertedRef.class);
      assertThat(onInt.number(5)).isEqualTo(5);
    }

    Map<String, ThrowingCallable> uses() {
      Map<String, ThrowingCallable> uses = new LinkedHashMap<>();
      uses.put("StructRef.get", () -> struct.get(0));
      uses.put("StructRef.set", () -> struct.set(0, 1));
      uses.put("StructRef.type", struct::type);
      uses.put("ArrayRef.get", () -> array.get(0));
      uses.put("ArrayRef.set", () -> array.set(0, 2));
      uses.put("ArrayRef.length", array::length);
      uses.put("ArrayRef.type", array::type);
      uses.put("ExnRef.payload", exception::payload);
      uses.put("ExnRef.tag", exception::tag);
      uses.put("any(StructRef)", () -> instance.func("any").call(struct));
      uses.put("any(ArrayRef)", () -> instance.func("any").call(array));
      uses.put("any(ConvertedRef)", () -> instance.func("any").call(converted));
      uses.put("exn(ExnRef)", () -> instance.func("exn").call(exception));
      uses.put("Typed.any", () -> typed.any(struct));
      uses.put("Typed.number", () -> typed.number(1));
      uses.put("OnInt.number", () -> onInt.number(1));
      uses.put("MethodHandle", () -> handle.invoke(1));
      return uses;
    }
  }

  private static void closedStore(Held held) throws Throwable {
    held.use();
    held.store.close();
    held.uses()
        .forEach(
            (what, use) ->
                assertThatIllegalStateException()
                    .as(what)
                    .isThrownBy(use)
                    .withMessageContaining("closed"));
  }

  private static void otherStore(GuardWorld w) throws Throwable {
    Held mine = new Held(w.engine, false);
    Held other = new Held(w.engine, false);
    Held strange = new Held(w.stranger().engine, false);
    StructType strangeType = strange.struct.type();
    for (Held wrong : List.of(other, strange)) {
      for (Object value : List.of(wrong.struct, wrong.array, wrong.converted)) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> mine.instance.func("any").call(value));
        assertThatIllegalArgumentException().isThrownBy(() -> mine.typed.any((AnyRef) value));
      }
      assertThatIllegalArgumentException()
          .isThrownBy(() -> mine.instance.func("exn").call(wrong.exception));
      GuestException foreign = new GuestException(wrong.exception);
      Func throwing =
          Func.create(
              mine.store,
              FuncType.of(),
              (caller, args) -> {
                throw foreign;
              });
      assertThatExceptionOfType(GuestException.class).isThrownBy(throwing::call).isSameAs(foreign);
      wrong.store.close();
      assertThatExceptionOfType(GuestException.class).isThrownBy(throwing::call).isSameAs(foreign);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> mine.instance.func("any").call(wrong.struct));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StructRef.create(mine.store, strangeType, 1));
    mine.use();
  }

  private static void otherThread(Held held) throws Throwable {
    Map<String, @Nullable Throwable> ends = new LinkedHashMap<>();
    Thread.ofPlatform()
        .start(() -> held.uses().forEach((what, use) -> ends.put(what, catchThrowable(use))))
        .join();
    assertThat(ends).hasSameSizeAs(held.uses());
    ends.forEach((what, end) -> assertThat(end).as(what).isInstanceOf(WrongThreadException.class));
    held.use();
    held.store.close();
  }

  private static void closedInterruptible() {
    Controlled w = new Controlled();
    w.store.onEpochDeadline(_ -> 1);
    w.store.setEpochDeadline(1);
    w.engine.incrementEpoch();
    w.call("nothing");
    w.store.close();
    Map<String, ThrowingCallable> uses = new LinkedHashMap<>();
    uses.put("setTimeout", () -> w.store.setTimeout(null));
    uses.put("within", () -> w.store.within(Duration.ZERO, () -> null));
    uses.put("setEpochDeadline", () -> w.store.setEpochDeadline(0));
    uses.put("onEpochDeadline", () -> w.store.onEpochDeadline(_ -> 1));
    uses.put("limit", () -> w.store.limit(StoreLimits.NONE));
    uses.put("gc", w.store::gc);
    uses.put("setData", () -> w.store.setData(1));
    uses.put("data", w.store::data);
    uses.forEach((what, use) -> assertThatIllegalStateException().as(what).isThrownBy(use));
    w.engine.incrementEpoch();
    w.close();
  }

  private static void closedPre(GuardWorld w) {
    InstancePre pre = w.linker.instantiatePre(w.module);
    w.linker.close();
    w.module.close();
    pre.instantiate(w.store);
    assertThatIllegalArgumentException().isThrownBy(() -> pre.instantiate(w.stranger().store));
    pre.close();
    pre.close();
    assertThatIllegalStateException().isThrownBy(() -> pre.instantiate(w.store));
    w.store.close();
    assertThatIllegalStateException().isThrownBy(() -> pre.instantiate(w.store));
  }

  private static void closePreInUse(GuardWorld w) throws Exception {
    for (int i = 0; i < 20; i++) {
      InstancePre pre = w.linker.instantiatePre(w.module);
      closeUnder(
          pre,
          () -> {
            try (Store store = Store.create(w.engine)) {
              pre.instantiate(store);
            }
          });
    }
  }

  private static GuestProfiler profile(GuardWorld w, Store store) {
    return GuestProfiler.start(store, "guests", Duration.ofMillis(1), Map.of("m", w.module));
  }

  private static void profiler(GuardWorld w) {
    GuestProfiler finished = profile(w, w.store);
    finished.sample(Duration.ZERO);
    finished.finish();
    assertThatIllegalStateException().isThrownBy(finished::finish);
    assertThatIllegalStateException().isThrownBy(() -> finished.sample(Duration.ZERO));
    finished.close();
    GuestProfiler closed = profile(w, w.store);
    closed.close();
    closed.close();
    assertThatIllegalStateException().isThrownBy(closed::finish);
    GuestProfiler orphan = profile(w, w.store);
    w.store.close();
    assertThatIllegalStateException().isThrownBy(() -> orphan.sample(Duration.ZERO));
    assertThatIllegalStateException().isThrownBy(orphan::finish);
    orphan.close();
    assertThatIllegalStateException().isThrownBy(() -> profile(w, w.store));
    profile(w, w.other.store); // for the Cleaner
  }

  private static void closeProfilerInUse(GuardWorld w) throws Exception {
    try (Store shared = Store.createShared(w.engine)) {
      for (int i = 0; i < 20; i++) {
        GuestProfiler profiler = profile(w, shared);
        closeUnder(profiler, () -> profiler.sample(Duration.ZERO));
      }
    }
  }

  private static void cache(GuardWorld w) throws Exception {
    byte[] wasm = Module.wat2wasm("(module (func (export \"f\")))");
    Path folder = Files.createTempDirectory("wasmtimejvm");
    ModuleCache cache = ModuleCache.open(folder.resolve("cache"), 1 << 20);
    for (int i = 0; i < 2; i++) {
      try (Module module = cache.module(w.engine, wasm)) {
        Instance.create(w.store, module).func("f").call();
      }
    }
    w.engine.close();
    assertThatIllegalStateException().isThrownBy(() -> cache.module(w.engine, wasm));
  }

  private static void twoThreads(Held held) throws Throwable {
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (Thread.Builder kind : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
      threads.add(
          kind.start(
              () -> {
                try {
                  for (int i = 0; i < 200; i++) {
                    held.use();
                    held.store.gc();
                    GuestException thrown =
                        (GuestException) catchThrowable(() -> held.instance.func("throw").call(6));
                    assertThat(thrown.payload()).containsExactly(6);
                  }
                } catch (Throwable t) {
                  failure.set(t);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failure.get()).isNull();
    held.store.close();
  }

  private static void closeUnderUse(GuardWorld w) throws Exception {
    for (int i = 0; i < 20; i++) {
      Held held = new Held(w.engine, true);
      closeUnder(held.store, held::use);
    }
  }

  private interface Use {
    void run() throws Throwable;
  }

  /** Closes it while two threads use it, until each of them is told that it is closed. */
  private static void closeUnder(AutoCloseable closed, Use use) throws Exception {
    List<Throwable> ends = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch inUse = new CountDownLatch(2);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      while (true) {
                        use.run();
                        inUse.countDown();
                      }
                    } catch (Throwable t) {
                      ends.add(t);
                      inUse.countDown();
                      inUse.countDown();
                    }
                  }));
    }
    inUse.await();
    closed.close();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(ends)
        .hasSize(2)
        .allSatisfy(end -> assertThat(end).isInstanceOf(IllegalStateException.class));
  }

  private static void onlyReferences(GuardWorld w) {
    for (int i = 0; i < 5; i++) {
      StructRef struct = struct();
      ExnRef exception = exception();
      for (int j = 0; j < 20; j++) {
        struct.set(0, j);
        System.gc();
        assertThat(struct.get(0)).isEqualTo(j);
        assertThat(exception.payload()).containsExactly(4);
      }
    }
  }

  private static StructRef struct() {
    return new Held(Engine.create(), false).struct;
  }

  private static ExnRef exception() {
    return new Held(Engine.create(), false).exception;
  }

  private static void onlyTyped(GuardWorld w) throws Throwable {
    for (int i = 0; i < 5; i++) {
      Typed typed = new Held(Engine.create(), false).typed;
      OnInt onInt = new Held(Engine.create(), false).onInt;
      MethodHandle handle = new Held(Engine.create(), false).handle;
      System.gc();
      for (int j = 0; j < 100; j++) {
        assertThat(typed.number(j)).isEqualTo(j);
        assertThat(onInt.number(j)).isEqualTo(j);
        assertThat((int) handle.invoke(j)).isEqualTo(j);
      }
      assertThat(typed.any(null)).isNull();
    }
  }

  private static void dropped(GuardWorld w) throws Throwable {
    Held held = new Held(w.engine, false);
    for (int i = 0; i < 5000; i++) {
      StructRef.create(held.store, held.struct.type(), i);
      ArrayRef.create(held.store, held.array.type(), i, 100);
      held.instance.func("convert").call(new Object());
      if (i % 500 == 0) {
        held.store.gc();
      }
    }
    held.use();
    Reference.reachabilityFence(held);
  }
}
