package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.EngineFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Modules in linkers: by name, with unknown imports, resolved beforehand, in copies. */
class LinkerModuleTest {
  private static final String COUNTER =
      """
      (module
        (global $count (mut i32) (i32.const 0))
        (func (export "%s") (global.set $count (i32.const 10)))
        (func (export "next") (result i32)
          (global.set $count (i32.add (global.get $count) (i32.const 1)))
          (global.get $count)))
      """;
  private static final String UNKNOWN =
      """
      (module
        (import "a" "f" (func $f (param i32) (result i64 externref)))
        (func (export "run") (result i64 externref) (call $f (i32.const 1))))
      """;
  private static final String USES =
      """
      (module
        (import "host" "f" (func $f (result i32)))
        (func (export "run") (result i32) (call $f)))
      """;

  @RegisterExtension private final EngineFixture fixture = EngineFixture.create();

  private final Engine engine = fixture.engine();
  private final Store store = fixture.newStore();
  private final Linker linker = fixture.newLinker();

  private Object next() {
    return ((Func) linker.get(store, "m", "next").orElseThrow()).call();
  }

  @Test
  void aReactorIsOneInstance() {
    linker.defineModule(store, "m", Module.fromWat(engine, COUNTER.formatted("_initialize")));
    assertThat(next()).isEqualTo(11);
    assertThat(next()).isEqualTo(12);
    assertThat(linker.getDefault(store, "m").call()).isNull();
  }

  @Test
  void aCommandIsAnInstanceForEachCall() {
    linker.defineModule(store, "m", Module.fromWat(engine, COUNTER.formatted("_start")));
    assertThat(next()).isEqualTo(1);
    assertThat(next()).isEqualTo(1);
    assertThat(linker.getDefault(store, "m").call()).isNull();
  }

  @Test
  void theDefaultOfAnUnknownModuleDoesNothing() {
    assertThat(linker.getDefault(store, "nobody").call()).isNull();
    linker.define("odd", "", IntSupplier.class, () -> 1);
    assertThat(linker.getDefault(store, "odd").call()).isEqualTo(1);
  }

  @Test
  void aStartFunctionMayUseTheLinker() {
    linker.define(
        "host",
        "f",
        FuncType.of(),
        (caller, args) -> {
          assertThat(linker.get(store, "host", "f")).isPresent();
          linker.copy().close();
          linker.define("host", "g", FuncType.of(), (c, a) -> null);
          return null;
        });
    String wat = "(module (import \"host\" \"f\" (func $f)) (start $f) (func (export \"h\")))";
    try (Module starts = Module.fromWat(engine, wat)) {
      linker.defineModule(store, "starts", starts);
    }
    assertThat(linker.get(store, "host", "g")).isPresent();
    assertThat(linker.get(store, "starts", "h")).isPresent();
  }

  /**
   * Each start function waits for the other, so that both must be within the linker at once. It
   * serves the store of the first that is done.
   */
  @Test
  @Timeout(600)
  void twoStoresDefineModulesAtOnce() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    linker.define(
        "host",
        "f",
        FuncType.of(),
        (caller, args) -> {
          both.await();
          return null;
        });
    String wat = "(module (import \"host\" \"f\" (func $f)) (start $f))";
    List<String> ends = new ArrayList<>();
    try (Module starts = Module.fromWat(engine, wat);
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Callable<String> define =
          () -> {
            try (Store own = Store.create(engine)) {
              linker.defineModule(own, "m", starts);
              return "defined";
            } catch (IllegalArgumentException e) {
              return e.getMessage();
            }
          };
      for (Future<String> each : threads.invokeAll(List.of(define, define))) {
        ends.add(each.get());
      }
    }
    assertThat(ends).containsExactlyInAnyOrder("defined", "the linker belongs to another store");
  }

  /** The guest in the first store needs a thread that defines something meanwhile. */
  @Test
  @Timeout(600)
  void otherThreadsUseTheLinkerWhileAStartFunctionRuns() {
    linker.define(
        "host",
        "f",
        FuncType.of(),
        (caller, args) -> {
          Thread other =
              new Thread(() -> linker.define("host", "g", FuncType.of(), (c, a) -> null));
          other.start();
          other.join();
          return null;
        });
    String wat = "(module (import \"host\" \"f\" (func $f)) (start $f))";
    try (Module starts = Module.fromWat(engine, wat)) {
      linker.defineModule(store, "m", starts);
    }
    assertThat(linker.get(store, "host", "g")).isPresent();
  }

  @Test
  void whatIsNeitherACommandNorAReactorIsRefused() {
    for (String wat :
        new String[] {
          "(module (func (export \"_start\")) (func (export \"_initialize\")))",
          "(module (memory (export \"_start\") 1))",
          "(module (memory (export \"_initialize\") 1))"
        }) {
      try (Module odd = Module.fromWat(engine, wat)) {
        assertThatExceptionOfType(EngineException.class)
            .as(wat)
            .isThrownBy(() -> linker.defineModule(store, "odd", odd));
        assertThat(linker.get(store, "odd", "_start")).isEmpty();
      }
    }
  }

  @Test
  void initializeWithParametersOrResultsIsRefusedBeforeTheGuestRuns() {
    linker.define(
        "host",
        "started",
        FuncType.of(),
        (caller, args) -> {
          throw new AssertionError("the start function has run");
        });
    for (String type : new String[] {"(param i32)", "(result i32)", "(param i64) (result f32)"}) {
      String wat =
          """
          (module
            (import "host" "started" (func $started))
            (start $started)
            (func (export "_initialize") %s unreachable)
            (func (export "next")))
          """
              .formatted(type);
      try (Module reactor = Module.fromWat(engine, wat)) {
        assertThatExceptionOfType(EngineException.class)
            .as(type)
            .isThrownBy(() -> linker.defineModule(store, "m", reactor))
            .withMessageContaining("_initialize");
      }
      assertThat(linker.get(store, "m", "next")).as(type).isEmpty();
    }
    try (Store other = Store.create(engine)) {
      assertThat(linker.get(other, "host", "started")).as("it serves any store").isPresent();
    }
  }

  /** As with the C function. */
  @Test
  void startOfACommandMayHaveParametersAndResults() {
    String wat =
        """
        (module
          (func (export "_start") (param i32) (result i32)
            (i32.add (local.get 0) (i32.const 1))))
        """;
    try (Module command = Module.fromWat(engine, wat)) {
      linker.defineModule(store, "m", command);
    }
    assertThat(linker.getDefault(store, "m").call(41)).isEqualTo(42);
  }

  /** In a JVM of its own: what waits for itself would stop all other tests. */
  @Test
  void aStartFunctionMayComeBackToItsLinkerInAnyWay() {
    ChildJvm.Result result = ChildJvm.run(ComingBack.class);
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).as(result.toString()).isEqualTo("all done\n");
  }

  static final class ComingBack {
    public static void main(String[] args) {
      try (Engine engine = Engine.create();
          Store store = Store.create(engine);
          Module inner = Module.fromWat(engine, COUNTER.formatted("_initialize"));
          Module command = Module.fromWat(engine, COUNTER.formatted("_start"));
          Module outer =
              Module.fromWat(
                  engine,
                  "(module (import \"host\" \"f\" (func $f)) (start $f) (export \"f\" (func"
                      + " $f)))")) {
        Linker linker = Linker.create(engine); // closed by its guest
        linker.define(
            "host",
            "f",
            FuncType.of(),
            (caller, values) -> {
              linker.define("host", "g", FuncType.of(), (c, v) -> null);
              linker.defineModule(store, "inner", inner);
              linker.defineModule(store, "command", command);
              linker.defineInstance("again", linker.instantiate(store, inner));
              linker.instantiatePre(outer).close();
              linker.copy().close();
              assertThat(linker.get(store, "inner", "next")).isPresent();
              assertThat(linker.getDefault(store, "command").call()).isNull();
              linker.allowShadowing(true);
              Thread other =
                  new Thread(() -> linker.define("host", "h", FuncType.of(), (c, v) -> null));
              other.start();
              other.join();
              linker.allowShadowing(false);
              linker.close();
              return null;
            });
        assertThatIllegalStateException()
            .isThrownBy(() -> linker.defineModule(store, "outer", outer))
            .withMessage("the linker is closed");
      }
      System.out.println("all done");
    }
  }

  @Test
  void unknownImportsTrapOrAreDefaults() {
    try (Module unknown = Module.fromWat(engine, UNKNOWN);
        Linker defaults = Linker.create(engine)) {
      assertThatExceptionOfType(LinkException.class)
          .isThrownBy(() -> linker.instantiate(store, unknown));
      linker.defineUnknownImportsAsTraps(unknown);
      Func traps = linker.instantiate(store, unknown).func("run");
      assertThatExceptionOfType(WasmtimeException.class)
          .isThrownBy(traps::call)
          .withMessageContaining("a")
          .withMessageContaining("f");
      defaults.defineUnknownImportsAsDefaults(store, unknown);
      assertThat((Object[]) defaults.instantiate(store, unknown).func("run").call())
          .containsExactly(0L, null);
      try (Store other = Store.create(engine)) {
        assertThat(linker.instantiate(other, unknown)).isNotNull();
        assertThatIllegalArgumentException()
            .isThrownBy(() -> defaults.instantiate(other, unknown))
            .withMessageContaining("another store");
      }
    }
  }

  @Test
  void whatHasNoDefaultIsTold() {
    for (String type :
        new String[] {
          "(func (result (ref extern)))", "(global (ref func))", "(memory i64 0x1000000000000)"
        }) {
      try (Module unknown = Module.fromWat(engine, "(module (import \"a\" \"b\" " + type + "))");
          Linker defaults = Linker.create(engine)) {
        assertThatExceptionOfType(LinkException.class)
            .as(type)
            .isThrownBy(() -> defaults.defineUnknownImportsAsDefaults(store, unknown));
      }
    }
    try (Module memory = Module.fromWat(engine, "(module (import \"a\" \"b\" (memory 1)))")) {
      linker.defineUnknownImportsAsTraps(memory);
      assertThat(linker.get(store, "a", "b")).isEmpty();
    }
  }

  @Test
  void aResolvedModuleServesManyStoresAndKeepsWhatItFound() {
    linker.define("host", "f", IntSupplier.class, () -> 1);
    try (Module module = Module.fromWat(engine, USES);
        InstancePre pre = linker.instantiatePre(module)) {
      linker.allowShadowing(true);
      linker.define("host", "f", IntSupplier.class, () -> 2);
      linker.close();
      assertThat(pre.module()).isSameAs(module);
      for (int i = 0; i < 3; i++) {
        try (Store another = Store.create(engine)) {
          assertThat(pre.instantiate(another).func("run").call()).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void aResolvedModuleOfOneStoreServesThatAlone() {
    linker.define("host", "f", Func.create(store, IntSupplier.class, () -> 3));
    try (Module module = Module.fromWat(engine, USES);
        InstancePre pre = linker.instantiatePre(module);
        Store other = Store.create(engine);
        Engine stranger = Engine.create();
        Store strange = Store.create(stranger)) {
      assertThat(pre.instantiate(store).func("run").call()).isEqualTo(3);
      assertThatIllegalArgumentException().isThrownBy(() -> pre.instantiate(other));
      assertThatIllegalArgumentException().isThrownBy(() -> pre.instantiate(strange));
    }
  }

  @Test
  void resolvingTellsAllThatIsMissing() {
    try (Module unknown = Module.fromWat(engine, UNKNOWN)) {
      assertThatExceptionOfType(LinkException.class)
          .isThrownBy(() -> linker.instantiatePre(unknown))
          .withMessageContaining("a.f: needs (i32) -> (i64, (ref null extern))");
    }
  }

  @Test
  void aCopyGoesItsOwnWay() {
    linker.define("host", "f", IntSupplier.class, () -> 1);
    try (Linker copy = linker.copy()) {
      copy.define("host", "g", IntSupplier.class, () -> 2);
      linker.define("host", "g", Func.create(store, IntSupplier.class, () -> 3));
      try (Store other = Store.create(engine)) {
        assertThat(((Func) copy.get(other, "host", "g").orElseThrow()).call()).isEqualTo(2);
        assertThatIllegalArgumentException().isThrownBy(() -> linker.get(other, "host", "g"));
      }
      linker.close();
      assertThat(((Func) copy.get(store, "host", "f").orElseThrow()).call()).isEqualTo(1);
    }
  }
}
