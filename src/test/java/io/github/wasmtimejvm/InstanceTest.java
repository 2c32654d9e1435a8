package io.github.wasmtimejvm;

import static io.github.wasmtimejvm.ValType.I32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.wasmtimejvm.testing.EngineFixture;
import io.github.wasmtimejvm.testing.Guests;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class InstanceTest {
  private static final String EXPORTS =
      """
      (module
        (func (export "f") (result i32) i32.const 1)
        (memory (export "größe 🦀") 1)
        (table (export "t") 3 funcref)
        (global (export "g") (mut i64) (i64.const 5))
        (tag (export "tag") (param i32))
        (func (export "")))
      """;
  private static final String IMPORTS =
      """
      (module
        (import "a" "f" (func $f (result i32)))
        (import "a" "g" (func $g (result i32)))
        (func (export "difference") (result i32) (i32.sub (call $f) (call $g))))
      """;

  @RegisterExtension private static final EngineFixture fixture = EngineFixture.create();

  private final Engine engine = fixture.engine();
  private final Store store = fixture.newStore();

  private Instance instance(String wat, Extern... imports) {
    return Guests.instantiate(store, wat, imports);
  }

  private Func constant(int value) {
    return Func.create(store, FuncType.of().returns(I32), (caller, args) -> value);
  }

  @Test
  void exportsHaveTheModulesOrder() {
    Instance instance = instance(EXPORTS);

    assertThat(instance.exports().keySet()).containsExactly("f", "größe 🦀", "t", "g", "tag", "");
    assertThat(instance.exports().values())
        .extracting(item -> (Object) item.getClass())
        .containsExactly(
            Func.class, Memory.class, Table.class, Global.class, Tag.class, Func.class);
    assertThat(instance.store()).isSameAs(store);
  }

  @Test
  void anExportIsFoundByItsName() {
    Instance instance = instance(EXPORTS);

    assertThat(instance.func("f").call()).isEqualTo(1);
    assertThat(instance.func("").type()).isEqualTo(FuncType.of());
    assertThat(instance.memory("größe 🦀").size()).isEqualTo(1);
    assertThat(((Table) instance.export("t").orElseThrow()).size()).isEqualTo(3);
    assertThat(((Global) instance.export("g").orElseThrow()).type())
        .isEqualTo(new GlobalType(ValType.I64, true));
    assertThat(((Tag) instance.export("tag").orElseThrow()).type())
        .isEqualTo(new TagType(FuncType.of(I32)));
    assertThat(instance.export("none")).isEmpty();
  }

  @Test
  void aMissingExportIsReportedWithWhatThereIs() {
    Instance instance = instance("(module (func (export \"f\")) (memory (export \"m\") 1))");

    assertThatExceptionOfType(NoSuchElementException.class)
        .isThrownBy(() -> instance.func("main"))
        .withMessage("the instance exports no Func \"main\"; its exports are [f, m]");
    assertThatExceptionOfType(NoSuchElementException.class)
        .isThrownBy(() -> instance.memory("f"))
        .withMessage("the instance exports no Memory \"f\"; its exports are [f, m]");
  }

  @Test
  void importsAreGivenInTheModulesOrder() {
    assertThat(instance(IMPORTS, constant(50), constant(8)).func("difference").call())
        .isEqualTo(42);
  }

  @Test
  void everyKindOfExportCanBeImported() {
    Instance exporter = instance(EXPORTS);
    Instance importer =
        instance(
            """
            (module
              (import "" "t" (table 1 funcref))
              (import "" "g" (global (mut i64)))
              (import "" "tag" (tag (param i32)))
              (func (export "read") (result i64) (global.get 0)))
            """,
            exporter.export("t").orElseThrow(),
            exporter.export("g").orElseThrow(),
            exporter.export("tag").orElseThrow());

    assertThat(importer.func("read").call()).isEqualTo(5L);
  }

  @Test
  void aWrongNumberOfImportsIsRefused() {
    Func one = constant(1);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> instance(IMPORTS, one))
        .withMessage("the module has 2 imports, 1 given");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> instance(IMPORTS, one, one, one))
        .withMessage("the module has 2 imports, 3 given");
  }

  @Test
  void anImportOfTheWrongTypeIsAnEngineException() {
    Func other = Func.create(store, FuncType.of(I32), (caller, args) -> null);

    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> instance(IMPORTS, constant(1), other))
        .withMessageContaining("incompatible import type");
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> instance(IMPORTS, constant(1), Memory.create(store, MemoryType.of(1))))
        .withMessageContaining("incompatible import type");
  }

  @Test
  void anImportOfAnotherStoreIsRefused() {
    try (Store other = Store.create(engine)) {
      Func foreign = Func.create(other, FuncType.of().returns(I32), (caller, args) -> 1);

      assertThatIllegalArgumentException()
          .isThrownBy(() -> instance(IMPORTS, constant(1), foreign))
          .withMessage("the import belongs to another store");
    }
  }

  @Test
  void theStartFunctionHasRunWhenItIsMade() {
    int[] calls = new int[1];
    Func count =
        Func.create(
            store,
            FuncType.of(),
            (caller, args) -> {
              calls[0]++;
              return null;
            });
    instance("(module (import \"a\" \"f\" (func $f)) (start $f))", count);

    assertThat(calls[0]).isEqualTo(1);
  }

  @Test
  void aStartFunctionThatTrapsMakesNoInstance() {
    assertThatExceptionOfType(TrapException.class)
        .isThrownBy(() -> instance("(module (func $f unreachable) (start $f))"))
        .satisfies(e -> assertThat(e.code()).isEqualTo(TrapCode.UNREACHABLE_CODE_REACHED))
        .satisfies(e -> assertThat(e.frames()).hasSize(1));
  }

  @Test
  void aSegmentThatDoesNotFitIsATrap() {
    assertThatExceptionOfType(TrapException.class)
        .isThrownBy(() -> instance("(module (memory 1) (data (i32.const 65536) \"x\"))"))
        .satisfies(e -> assertThat(e.code()).isEqualTo(TrapCode.MEMORY_OUT_OF_BOUNDS));
    assertThatExceptionOfType(TrapException.class)
        .isThrownBy(() -> instance("(module (func $f) (table 1 funcref) (elem (i32.const 1) $f))"))
        .satisfies(e -> assertThat(e.code()).isEqualTo(TrapCode.TABLE_OUT_OF_BOUNDS));
  }

  @Test
  void instancesOfOneStoreHaveTheirOwnState() {
    String wat =
        """
        (module
          (global $n (mut i32) (i32.const 0))
          (func (export "next") (result i32)
            (global.set $n (i32.add (global.get $n) (i32.const 1)))
            (global.get $n)))
        """;
    Instance one = instance(wat);
    Instance two = instance(wat);

    assertThat(one.func("next").call()).isEqualTo(1);
    assertThat(one.func("next").call()).isEqualTo(2);
    assertThat(two.func("next").call()).isEqualTo(1);
  }

  @Test
  void manyExportsAreNamedOnlyInPart() {
    StringBuilder wat = new StringBuilder("(module (func $f)");
    for (int i = 0; i < 50_000; i++) {
      wat.append(" (export \"").append(i).append("\" (func $f))");
    }
    try (Module module = Module.fromWat(engine, wat + ")")) {
      Instance instance = Instance.create(store, module);
      assertThat(instance.exports()).hasSize(50_000).containsKeys("0", "49999");
      assertThatExceptionOfType(NoSuchElementException.class)
          .isThrownBy(() -> instance.func("none"))
          .withMessageContaining("18, 19] and 49980 more");
    }
  }
}
