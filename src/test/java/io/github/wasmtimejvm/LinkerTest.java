package io.github.wasmtimejvm;

import static io.github.wasmtimejvm.ValType.I32;
import static io.github.wasmtimejvm.ValType.I64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.testing.EngineFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LinkerTest {
  private static final FuncType TO_I32 = FuncType.of().returns(I32);
  private static final String CALLS_F =
      """
      (module
        (import "host" "f" (func $f (result i32)))
        (func (export "run") (result i32) (call $f)))
      """;

  @RegisterExtension private static final EngineFixture fixture = EngineFixture.create();

  private final Engine engine = fixture.engine();
  private final Store store = fixture.newStore();
  private final Linker linker = fixture.newLinker();

  private Instance instantiate(String wat) {
    return instantiate(store, wat);
  }

  private Instance instantiate(Store store, String wat) {
    try (Module module = Module.fromWat(engine, wat)) {
      return linker.instantiate(store, module);
    }
  }

  private static HostFunction returning(Object value) {
    return (caller, args) -> value;
  }

  @Test
  void findsImportsByName() {
    linker.define("host", "f", TO_I32, returning(1));
    linker.define("", "größe", TO_I32, returning(2));
    linker.define("host", "unused", TO_I32, returning(3));
    Instance instance =
        instantiate(
            """
            (module
              (import "" "größe" (func $g (result i32)))
              (import "host" "f" (func $f (result i32)))
              (func (export "run") (result i32 i32) (call $f) (call $g)))
            """);

    assertThat(instance.func("run").call()).isEqualTo(new Object[] {1, 2});
  }

  @Test
  void listsEveryImportThatIsMissingOrHasTheWrongTypeWithBothTypes() {
    linker.define("host", "present", TO_I32, returning(1));
    linker.define("host", "other_function", FuncType.of(I32).returns(I64), returning(1L));
    linker.define("host", "no_memory", TO_I32, returning(1));
    linker.define("host", "memory", Memory.create(store, MemoryType.of(1)));
    String wat =
        """
        (module
          (import "host" "present" (func (result i32)))
          (import "host" "missing" (func (param i32)))
          (import "host" "other_function" (func (param i32) (result i32)))
          (import "host" "no_memory" (memory 1 2))
          (import "host" "memory" (memory 1))
          (import "none" "g" (global (mut f32)))
          (import "none" "t" (table 1 funcref)))
        """;

    assertThatExceptionOfType(LinkException.class)
        .isThrownBy(() -> instantiate(wat))
        .satisfies(
            e ->
                assertThat(e.getMessage().lines())
                    .containsExactly(
                        "unsatisfied imports:",
                        "  host.missing: needs (i32) -> (), the linker has nothing",
                        "  host.other_function: needs (i32) -> (i32), the linker has (i32) ->"
                            + " (i64)",
                        "  host.no_memory: needs (memory 1 2), the linker has () -> (i32)",
                        "  none.g: needs (global (mut f32)), the linker has nothing",
                        "  none.t: needs (table 1 (ref null func)), the linker has nothing"))
        .satisfies(
            e ->
                assertThat(e.unsatisfied())
                    .extracting(ImportType::name)
                    .containsExactly("missing", "other_function", "no_memory", "g", "t"))
        .satisfies(
            e ->
                assertThat(e.unsatisfied().getFirst())
                    .isEqualTo(new ImportType("host", "missing", FuncType.of(I32))));
  }

  @Test
  void aMemoryIsListedWithItsPresentSizeWhereThatDoesNotFit() {
    Memory memory = Memory.create(store, MemoryType.of(1, 9));
    memory.grow(1);
    linker.define("host", "memory", memory);
    String wat =
        """
        (module
          (import "host" "memory" (memory 3))
          (import "host" "memory" (memory 1 5))
          (import "host" "memory" (memory i64 1)))
        """;

    assertThatExceptionOfType(LinkException.class)
        .isThrownBy(() -> instantiate(wat))
        .satisfies(e -> assertThat(e.unsatisfied()).hasSize(3))
        .withMessageContaining("host.memory: needs (memory 3), the linker has (memory 2 9)")
        .withMessageContaining("host.memory: needs (memory 1 5), the linker has (memory 2 9)");
  }

  @Test
  void whatFitsIsNotListedBesideWhatDoesNot() {
    Instance exporter =
        instantiate(
            """
            (module
              (table (export "table") 1 funcref)
              (func $f (export "f"))
              (global (export "g") (ref func) (ref.func $f)))
            """);
    linker.defineInstance("other", exporter);
    String wat =
        """
        (module
          (import "other" "g" (global funcref))
          (import "other" "table" (table 1 funcref))
          (import "other" "table" (memory 1))
          (import "host" "missing" (func)))
        """;

    assertThatExceptionOfType(LinkException.class)
        .isThrownBy(() -> instantiate(wat))
        .satisfies(
            e ->
                assertThat(e.unsatisfied())
                    .extracting(ImportType::name)
                    .containsExactly("table", "missing"))
        .withMessageContaining(
            "other.table: needs (memory 1), the linker has (table 1 (ref null func))");
  }

  @Test
  void aMemoryOrTableThatHasGrownEnoughIsTaken() {
    Memory memory = Memory.create(store, MemoryType.of(1));
    linker.define("host", "memory", memory);
    memory.grow(1);
    Instance exporter =
        instantiate(
            """
            (module
              (table (export "table") 1 funcref)
              (func (export "grow")
                (drop (table.grow (ref.null func) (i32.const 4)))))
            """);
    linker.defineInstance("other", exporter);
    exporter.func("grow").call();
    Instance importer =
        instantiate(
            """
            (module
              (import "host" "memory" (memory (;at least;) 2))
              (import "other" "table" (table 5 funcref))
              (export "memory" (memory 0)))
            """);

    assertThat(importer.memory("memory").size()).isEqualTo(2);
    assertThatExceptionOfType(LinkException.class) // names are still defined once
        .isThrownBy(() -> linker.define("host", "memory", memory));
  }

  @Test
  void aNameIsDefinedOnce() {
    linker.define("host", "f", TO_I32, returning(1));

    assertThatExceptionOfType(LinkException.class)
        .isThrownBy(() -> linker.define("host", "f", TO_I32, returning(2)))
        .withMessageContaining("host::f")
        .withMessageContaining("defined twice")
        .satisfies(e -> assertThat(e.unsatisfied()).isEmpty());
    assertThat(instantiate(CALLS_F).func("run").call()).isEqualTo(1);
  }

  @Test
  void aDefinitionIsReplacedWhereShadowingIsAllowed() {
    linker.define("host", "f", TO_I32, returning(1));
    final Instance before = instantiate(CALLS_F);
    linker.allowShadowing(true);
    linker.define("host", "f", TO_I32, returning(2));
    final Instance after = instantiate(CALLS_F);

    assertThat(before.func("run").call()).isEqualTo(1);
    assertThat(after.func("run").call()).isEqualTo(2);

    linker.allowShadowing(false);
    assertThatExceptionOfType(LinkException.class)
        .isThrownBy(() -> linker.define("host", "f", TO_I32, returning(3)));
  }

  @Test
  void hostFunctionsServeAnyStore() {
    linker.define("host", "f", TO_I32, returning(1));
    try (Store other = Store.create(engine)) {
      assertThat(instantiate(store, CALLS_F).func("run").call()).isEqualTo(1);
      assertThat(instantiate(other, CALLS_F).func("run").call()).isEqualTo(1);
    }
  }

  @Test
  void anItemOfAStoreBindsItToThatStore() {
    linker.define("host", "f", Func.create(store, TO_I32, returning(1)));
    assertThat(instantiate(store, CALLS_F).func("run").call()).isEqualTo(1);
    try (Store other = Store.create(engine)) {
      Func foreign = Func.create(other, TO_I32, returning(1));

      assertThatIllegalArgumentException()
          .isThrownBy(() -> instantiate(other, CALLS_F))
          .withMessage("the linker belongs to another store");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> linker.define("host", "g", foreign))
          .withMessage("the linker belongs to another store");
      assertThatIllegalArgumentException().isThrownBy(() -> linker.get(other, "host", "f"));
    }
    assertThat(instantiate(store, CALLS_F).func("run").call()).isEqualTo(1);
  }

  @Test
  void anItemOfAnotherEngineIsRefused() {
    try (Engine otherEngine = Engine.create();
        Store other = Store.create(otherEngine)) {
      Func foreign = Func.create(other, TO_I32, returning(1));

      assertThatIllegalArgumentException()
          .isThrownBy(() -> linker.define("host", "f", foreign))
          .withMessage("the store belongs to another engine");
    }
  }

  @Test
  void definesAllExportsOfAnInstance() {
    Instance counter =
        instantiate(
            """
            (module
              (memory (export "memory") 1)
              (func (export "f") (result i32) (i32.load (i32.const 0))))
            """);
    linker.defineInstance("host", counter);
    Instance user =
        instantiate(
            """
            (module
              (import "host" "memory" (memory 1))
              (import "host" "f" (func $f (result i32)))
              (func (export "run") (result i32)
                (i32.store (i32.const 0) (i32.const 42))
                (call $f)))
            """);

    assertThat(user.func("run").call()).isEqualTo(42);
    assertThatExceptionOfType(LinkException.class)
        .isThrownBy(() -> linker.defineInstance("host", counter));
  }

  @Test
  void givesWhatIsDefinedAsAnItemOfAStore() {
    linker.define("host", "f", TO_I32, returning(7));

    Func func = (Func) linker.get(store, "host", "f").orElseThrow();
    assertThat(func.call()).isEqualTo(7);
    assertThat(func.store()).isSameAs(store);
    assertThat(linker.get(store, "host", "g")).isEmpty();
  }

  @Test
  void hostFunctionsMayDefineMore() {
    linker.define(
        "host",
        "f",
        TO_I32,
        (caller, args) -> {
          linker.define("late", "f", TO_I32, returning(42));
          return ((Func) linker.get(caller.store(), "late", "f").orElseThrow()).call();
        });

    assertThat(instantiate(CALLS_F).func("run").call()).isEqualTo(42);
  }

  @Test
  void instancesLiveOnWhenItIsClosed() {
    linker.define("host", "f", TO_I32, returning(1));
    Instance instance = instantiate(CALLS_F);
    linker.close();
    linker.close(); // does nothing

    assertThat(instance.func("run").call()).isEqualTo(1);
    assertThatIllegalStateException()
        .isThrownBy(() -> instantiate(CALLS_F))
        .withMessage("the linker is closed");
    assertThatIllegalStateException()
        .isThrownBy(() -> linker.define("host", "g", TO_I32, returning(1)));
    assertThatIllegalStateException().isThrownBy(() -> linker.get(store, "host", "f"));
    assertThatIllegalStateException().isThrownBy(() -> linker.allowShadowing(true));
    assertThatIllegalStateException().isThrownBy(() -> linker.defineWasi());
  }
}
