package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.TrapException;
import io.github.wasmtimejvm.WasmtimeException;
import io.github.wasmtimejvm.internal.Handles;
import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.Guests;
import java.lang.ref.WeakReference;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What would end the process if it reached the engine, or could. All cases run in one JVM of their
 * own, each with an engine of its own.
 */
class ComponentGuardTest {
  private interface Case {
    void run(World world) throws Throwable;
  }

  public record Point(int x, String label) {
    static Runnable task = () -> {};

    public Point {
      task.run();
    }
  }

  public interface Guest {
    List<String> strings(List<String> x);

    List<Point> points(List<Point> x);

    List<String> stringsRelay(List<String> x);

    byte[] u8s(byte[] x);

    byte[] u8sRelay(byte[] x);

    long aU32(long x);
  }

  // How the child calls functions: by the guest's memory, or by the engine's values.
  private static final boolean DIRECT = Boolean.getBoolean("component.guard.direct");

  private static final class World implements AutoCloseable {
    final Engine engine = Engine.builder().directComponentCalls(DIRECT).build();
    final Component component = Component.fromWat(engine, WAT);
    final ComponentLinker linker = ComponentLinker.create(engine);
    final Store store = Store.create(engine);
    ComponentHostFunction host = args -> args[0];

    World() {
      for (String function : List.of("strings", "points", "u8s", "nested")) {
        linker.define("t:t/host", function, args -> host.call(args));
      }
    }

    ComponentInstance instantiate() {
      return linker.instantiate(store, component);
    }

    Guest guest() {
      return instantiate().as(Guest.class);
    }

    Component things() {
      linker.define("t:t/log", "dropped", args -> args[0] == null ? null : host.call(args));
      return Component.fromWat(engine, Guests.read(ComponentGuardTest.class, "things.wat"));
    }

    @Override
    public void close() {
      store.close();
      component.close();
      engine.close();
    }
  }

  private static final String WAT =
      new EchoComponent()
          .type("point", "(record (field \"x\" s32) (field \"label\" string))")
          .type(
              "choice",
              "(variant (case \"none\") (case \"some\" (tuple (list string) (option $point))))")
          .lists("strings", "string")
          .lists("points", "$point")
          .lists("u8s", "u8")
          .lists("nested", "(result $choice (error (list (list string))))")
          .scalar("a-u32", "u32", "i32")
          .trap("boom")
          .wat();

  private static Map<String, Case> cases() {
    Map<String, Case> cases = new LinkedHashMap<>();
    cases.put("calls from another thread", ComponentGuardTest::otherThread);
    cases.put("threads that share a store", ComponentGuardTest::sharedStore);
    cases.put("everything closed in each order", ComponentGuardTest::closeOrders);
    cases.put("use of what is closed", ComponentGuardTest::closed);
    cases.put("a store closed in a callback", ComponentGuardTest::closeInCallback);
    cases.put("a store closed while a result is read", ComponentGuardTest::closeInResult);
    cases.put("recursion until the stack ends", ComponentGuardTest::recursion);
    cases.put("recursion in an argument", ComponentGuardTest::recursionInArgument);
    cases.put("half-built results of the host's", ComponentGuardTest::halfBuilt);
    cases.put("half-built arguments", ComponentGuardTest::halfBuiltArguments);
    cases.put("more data than the engine copies", ComponentGuardTest::tooMuchData);
    cases.put("deep types", ComponentGuardTest::deepTypes);
    cases.put("resources that are forgotten", ComponentGuardTest::forgotten);
    cases.put("nothing that the engine holds is left", ComponentGuardTest::nothingIsLeft); // last
    return cases;
  }

  @TestFactory
  Stream<DynamicTest> endsNoProcess() {
    return endsNoProcess(false);
  }

  @TestFactory
  Stream<DynamicTest> endsNoProcessWhereFunctionsAreCalledDirectly() {
    return endsNoProcess(true);
  }

  private static Stream<DynamicTest> endsNoProcess(boolean direct) {
    ChildJvm.Result result =
        ChildJvm.with("-Dcomponent.guard.direct=" + direct).run(ComponentGuardTest.class);
    return Stream.concat(
        cases().keySet().stream()
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

  private static void onOtherThread(ThrowingCallable task) throws Exception {
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      executor
          .submit(() -> assertThatExceptionOfType(WrongThreadException.class).isThrownBy(task))
          .get();
    }
  }

  private static void otherThread(World w) throws Exception {
    ComponentInstance instance = w.instantiate();
    Guest guest = instance.as(Guest.class);
    ComponentFunc func = instance.func("strings");
    onOtherThread(() -> guest.aU32(1));
    onOtherThread(() -> func.call(List.of("a")));
    onOtherThread(() -> instance.as(Guest.class));
    onOtherThread(() -> instance.func("a-u32"));
    onOtherThread(() -> w.linker.instantiate(w.store, w.component));
    try (Component things = w.things()) {
      ComponentInstance of = w.linker.instantiate(w.store, things);
      GuestResource resource =
          (GuestResource) of.func("t:t/things@1.0.0", "[constructor]thing").call(1L);
      onOtherThread(resource::close);
      w.host = _ -> null;
      resource.close();
    }
    assertThat(guest.aU32(1)).isEqualTo(1);
  }

  private static void sharedStore(World w) throws Exception {
    try (Store shared = Store.createShared(w.engine);
        ExecutorService executor = Executors.newFixedThreadPool(2)) {
      Guest guest = w.linker.instantiate(shared, w.component).as(Guest.class);
      w.host =
          args -> {
            guest.aU32(7);
            return args[0];
          };
      List<Future<?>> runs = new ArrayList<>();
      for (int t = 0; t < 2; t++) {
        List<String> texts = List.of("thread " + t, "x".repeat(1000 * t));
        runs.add(
            executor.submit(
                () -> {
                  for (int i = 0; i < 500; i++) {
                    assertThat(guest.stringsRelay(texts)).isEqualTo(texts);
                  }
                }));
      }
      for (Future<?> run : runs) {
        run.get();
      }
    }
  }

  private static void closeOrders(World w) {
    List<List<Integer>> orders =
        List.of(
            List.of(0, 1, 2),
            List.of(0, 2, 1),
            List.of(1, 0, 2),
            List.of(1, 2, 0),
            List.of(2, 0, 1),
            List.of(2, 1, 0));
    for (List<Integer> order : orders) {
      World world = new World();
      Guest guest = world.guest();
      List<AutoCloseable> all = List.of(world.engine, world.component, world.store);
      for (int i : order) {
        boolean open = all.get(i) != world.store && order.indexOf(2) > order.indexOf(i);
        assertThatCode(() -> all.get(i).close()).doesNotThrowAnyException();
        if (open) { // what was made lives on
          assertThat(guest.stringsRelay(List.of("a"))).isEqualTo(List.of("a"));
        }
      }
      assertThatIllegalStateException()
          .isThrownBy(() -> guest.aU32(1))
          .withMessageContaining("the store is closed");
    }
  }

  private static void closed(World w) {
    PreparedComponent prepared = w.linker.prepare(w.component);
    ComponentInstance instance = prepared.instantiate(w.store);
    ComponentFunc func = instance.func("a-u32");
    w.component.close();
    assertThat(func.call(1L)).isEqualTo(1L);
    assertThat(instance.as(Guest.class).aU32(2)).isEqualTo(2);
    assertThatIllegalStateException().isThrownBy(() -> prepared.instantiate(w.store));
    assertThatIllegalStateException().isThrownBy(() -> w.linker.instantiate(w.store, w.component));
    w.store.close();
    assertThatIllegalStateException().isThrownBy(() -> func.call(1L));
    assertThatIllegalStateException().isThrownBy(() -> instance.func("strings"));
    assertThatIllegalStateException().isThrownBy(() -> instance.as(Guest.class));
    w.engine.close();
    assertThatIllegalStateException().isThrownBy(() -> Component.fromWat(w.engine, WAT));
  }

  private static void closeInCallback(World w) {
    Guest guest = w.guest();
    w.host =
        args -> {
          assertThatIllegalStateException().isThrownBy(w.store::close);
          w.component.close();
          w.engine.close();
          return args[0];
        };
    assertThat(guest.stringsRelay(List.of("a"))).isEqualTo(List.of("a"));
    assertThat(guest.aU32(1)).isEqualTo(1);
  }

  private static void closeInResult(World w) {
    Guest guest = w.guest();
    List<Point> points = List.of(new Point(1, "a"), new Point(2, "b"));
    Point.task = () -> assertThatIllegalStateException().isThrownBy(w.store::close);
    try {
      assertThat(guest.points(points)).hasSize(2);
    } finally {
      Point.task = () -> {};
    }
    assertThat(guest.points(points)).isEqualTo(points);
  }

  private static void recursion(World w) {
    Guest guest = w.guest();
    w.host = args -> guest.stringsRelay(List.of("deeper"));
    assertThatExceptionOfType(Throwable.class)
        .isThrownBy(() -> guest.stringsRelay(List.of("a")))
        .satisfies(
            thrown ->
                assertThat(thrown).isInstanceOfAny(TrapException.class, StackOverflowError.class));
    assertThatIllegalStateException().isThrownBy(() -> guest.aU32(1));
    w.store.close();
    try (Store other = Store.create(w.engine)) {
      w.host = args -> args[0];
      Guest again = w.linker.instantiate(other, w.component).as(Guest.class);
      assertThat(again.stringsRelay(List.of("a"))).isEqualTo(List.of("a"));
    }
  }

  private static void recursionInArgument(World w) {
    Guest guest = w.guest();
    List<String> endless =
        new AbstractList<>() {
          @Override
          public String get(int index) {
            return guest.strings(this).getFirst();
          }

          @Override
          public int size() {
            return 1;
          }
        };
    assertThatExceptionOfType(Throwable.class).isThrownBy(() -> guest.strings(endless));
    assertThat(guest.strings(List.of("a"))).isEqualTo(List.of("a"));
    w.store.close(); // no call is left under way
    assertThatIllegalStateException()
        .isThrownBy(() -> guest.aU32(1))
        .withMessage("the store is closed");
  }

  private static Object nested(Object innermost) {
    return List.of(
        Result.err(List.of(List.of("a", "b"))),
        Result.ok(new WitVariant("none", null)),
        Result.ok(
            new WitVariant(
                "some",
                Arrays.asList(
                    List.of("a", "b"), Optional.of(Map.of("x", 1, "label", innermost))))));
  }

  private static void halfBuilt(World w) {
    assertThat(w.instantiate().func("nested-relay").call(nested("fits"))).isEqualTo(nested("fits"));
    for (Object wrong :
        List.of(nested(1), List.of(Result.err(List.of(List.of("a", 1)))), List.of(1), "no list")) {
      for (int i = 0; i < 200; i++) {
        try (Store store = Store.create(w.engine)) {
          w.host = _ -> wrong;
          ComponentFunc func = w.linker.instantiate(store, w.component).func("nested-relay");
          assertThatIllegalArgumentException()
              .isThrownBy(() -> func.call(nested("fits")))
              .withMessageStartingWith("the result");
        }
      }
    }
  }

  private static void halfBuiltArguments(World w) {
    ComponentInstance instance = w.instantiate();
    for (int i = 0; i < 200; i++) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> instance.func("nested").call(nested(1)))
          .withMessageContaining("case some, field 1, some, field label: expected a String");
    }
    assertThat(instance.func("nested").call(nested("fits"))).isEqualTo(nested("fits"));
  }

  private static void tooMuchData(World w) {
    Guest guest = w.guest();
    byte[] much = new byte[1 << 20];
    much[1] = -1;
    assertThat(guest.u8s(much)).isEqualTo(much);
    if (DIRECT) {
      byte[] more = new byte[16 << 20];
      more[more.length - 1] = 7;
      assertThat(guest.u8s(more)).isEqualTo(more);
      return;
    }
    assertThatExceptionOfType(WasmtimeException.class)
        .isThrownBy(() -> guest.u8s(new byte[3 << 20]))
        .withMessageContaining("too much data");
    assertThatIllegalStateException().isThrownBy(() -> guest.u8s(much));
  }

  private static void deepTypes(World w) {
    // Text that needs a stack of its own to be read is not the subject, so nothing is very deep.
    StringBuilder type = new StringBuilder();
    int depth = 40;
    type.append("(list ".repeat(depth)).append("u32").append(")".repeat(depth));
    try (Component component =
            Component.fromWat(w.engine, new EchoComponent().lists("deep", type.toString()).wat());
        Store store = Store.create(w.engine)) {
      ComponentLinker linker = ComponentLinker.create(w.engine);
      linker.define("t:t/host", "deep", args -> args[0]);
      Object value = List.of();
      for (int i = 0; i < depth - 1; i++) {
        value = List.of(value);
      }
      Object deepest = value;
      ComponentInstance instance = linker.instantiate(store, component);
      assertThat(instance.func("deep").call(deepest)).isEqualTo(deepest);
      assertThat(instance.func("deep-relay").call(deepest)).isEqualTo(deepest);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> instance.func("deep").call(Collections.singletonList(1)));
    }
  }

  private static void forgotten(World w) throws Exception {
    w.host = _ -> null;
    try (Component things = w.things()) {
      ComponentInstance of = w.linker.instantiate(w.store, things);
      ComponentFunc make = of.func("t:t/things@1.0.0", "[constructor]thing");
      WeakReference<Object> first = new WeakReference<>(make.call(0L));
      while (first.get() != null) {
        for (long i = 0; i < 1000; i++) {
          make.call(i);
        }
        System.gc();
        Thread.sleep(1);
      }
      GuestResource kept = (GuestResource) make.call(5L);
      assertThat(of.func("t:t/things@1.0.0", "[method]thing.number").call(kept)).isEqualTo(5L);
      kept.close();
    }
  }

  private static void nothingIsLeft(World w) throws Exception {
    ComponentInstance instance = w.instantiate();
    w.host = args -> instance.func("strings").call(args[0]); // knows what it is called from
    assertThat(instance.func("strings-relay").call(List.of("a"))).isEqualTo(List.of("a"));
    w.close();
    while (Handles.registered() > 0) {
      System.gc();
      Thread.sleep(1);
      Handles.drain();
    }
  }
}
