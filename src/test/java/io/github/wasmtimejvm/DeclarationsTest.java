package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.declarations.ItemKind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What modules import and export, in every encoding; {@link TypesTest} has the types. */
class DeclarationsTest {
  private static Engine engine;

  @BeforeAll
  static void createEngine() {
    engine = Engine.builder().feature(WasmFeature.COMPACT_IMPORTS, true).build();
  }

  @AfterAll
  static void closeEngine() {
    engine.close();
  }

  /** The commands of the official suite for which the C API ends the process when it is asked. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "(module (table i64 0 0x1_0000_0000 funcref))",
        "(module (table i64 0 0xffff_ffff_ffff_ffff funcref))",
      })
  void aTableWithWideLimitsIsInstantiated(String wat) {
    try (Module module = Module.fromWat(engine, wat);
        Store store = Store.create(engine)) {
      assertThat(Instance.create(store, module).exports()).isEmpty();
      Table other = Table.create(store, TableType.of(ValType.FUNCREF, 1), null);
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(other::type)
          .withMessageContaining("limits beyond 32 bits");
    }
  }

  @Test
  void aTableOfAllElementsThereCanBeIsCompiled() {
    try (Module module =
        Module.fromWat(engine, "(module (table i64 0xffff_ffff_ffff_ffff funcref))")) {
      assertThat(module.exports()).isEmpty();
    }
  }

  @Test
  void aTableWithWideLimitsRuns() {
    String wat =
        """
        (module
          (import "m" "t" (table i64 0 0x2_0000_0000 externref))
          (table $own (export "own") i64 1 0x1_0000_0000 funcref)
          (export "theirs" (table 0))
          (func (export "grow") (result i64)
            (table.grow $own (ref.null func) (i64.const 2))))
        """;
    String wide = "(module (table (export \"t\") i64 3 0x1_0000_0000 externref))";
    try (Module module = Module.fromWat(engine, wat);
        Module exporting = Module.fromWat(engine, wide);
        Store store = Store.create(engine)) {
      assertThat(module.imports())
          .containsExactly(new ImportType("m", "t", TableType.of(ValType.EXTERNREF, 0, 2L << 32)));
      assertThat(module.exports().getFirst().type())
          .isEqualTo(TableType.of(ValType.FUNCREF, 1, 1L << 32));
      Table theirs = Instance.create(store, exporting).table("t");
      Instance instance = Instance.create(store, module, theirs);
      assertThat(instance.func("grow").call()).isEqualTo(1L);
      assertThat(instance.table("own").size()).isEqualTo(3);
      assertThat(instance.table("own").type())
          .isEqualTo(TableType.of(ValType.FUNCREF, 1, 1L << 32));
      assertThat(instance.table("theirs").size()).isEqualTo(3);
      instance.table("theirs").set(2, "text");
      assertThat(theirs.get(2)).isEqualTo("text");
      assertThat(theirs.type()).isEqualTo(TableType.of(ValType.EXTERNREF, 3, 1L << 32));
      // What the module only passes on is of a type that another one says.
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(() -> instance.table("theirs").type());
    }
  }

  /** Both forms: names with types, and names of one type; with the usual one between them. */
  @Test
  void compactImportsAreFoundAndRun() {
    ByteArrayOutputStream wasm = new ByteArrayOutputStream();
    wasm.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
    wasm.writeBytes(new byte[] {1, 5, 1, 0x60, 0, 1, 0x7f}); // a function that returns an i32
    byte[] imports = {
      3, 1, 'h', 0, 0x7f, 2, 1, 'a', 0, 0, 1, 'g', 3, 0x7f, 0, // h: a, a function; g, a global
      1, 'x', 1, 'b', 0, 0, 1, 'h', 0, 0x7e, 0, 0, 2, 1, 'c', 1, 'd', // h: c and d, both functions
    };
    wasm.writeBytes(new byte[] {2, (byte) imports.length});
    wasm.writeBytes(imports);
    wasm.writeBytes(new byte[] {3, 2, 1, 0});
    wasm.writeBytes(new byte[] {7, 12, 2, 3, 's', 'u', 'm', 0, 4, 2, 'd', '!', 0, 3});
    wasm.writeBytes(
        new byte[] {10, 18, 1, 16, 0, 0x10, 0, 0x10, 1, 0x6a, 0x10, 2, 0x6a, 0x10, 3, 0x6a});
    wasm.writeBytes(new byte[] {0x23, 0, 0x6a, 0x0b});
    byte[] bytes = wasm.toByteArray();
    FuncType type = FuncType.of().returns(ValType.I32);
    try (Module module = Module.fromBytes(engine, bytes);
        Module again = Module.deserialize(engine, module.serialize());
        Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      assertThat(module.imports())
          .containsExactly(
              new ImportType("h", "a", type),
              new ImportType("h", "g", new GlobalType(ValType.I32, false)),
              new ImportType("x", "b", type),
              new ImportType("h", "c", type),
              new ImportType("h", "d", type))
          .isEqualTo(again.imports());
      assertThat(module.exports())
          .containsExactly(new ExportType("sum", type), new ExportType("d!", type));
      linker.define("h", "g", Global.create(store, new GlobalType(ValType.I32, false), 5));
      for (String name : List.of("h.a", "x.b", "h.c", "h.d")) {
        int value = 1 << name.charAt(2) - 'a';
        linker.define(name.substring(0, 1), name.substring(2), type, (caller, args) -> value);
      }
      assertThat(linker.instantiate(store, module).func("sum").call())
          .isEqualTo(20); // the global is 5
      assertThat(linker.instantiate(store, again).func("d!").call()).isEqualTo(8);
    }
    try (Engine usual = Engine.create()) {
      assertThatExceptionOfType(CompileException.class)
          .isThrownBy(() -> Module.fromBytes(usual, bytes))
          .withMessageContaining("compact imports");
    }
  }

  private static final String OWN_TYPES =
      """
      (module
        (rec
          (type $list (sub (struct (field i32) (field (mut (ref null $list))))))
          (type $longer (sub $list (struct (field i32) (field (mut (ref null $list)))))))
        (rec)
        (type $array (array (mut i8)))
        (type $func (func (param (ref $list) i32 (ref null $array)) (result (ref $list))))
        (import "m" "g" (global (ref null $longer)))
        (import "m" "t" (table 1 (ref null $func)))
        (func (export "f") (type $func) (local.get 0))
        (func (export "same") (type $func) (local.get 0))
        (global (export "g") (ref null $array) (ref.null $array))
        (tag (export "tag") (param (ref null extern) (ref $func))))
      """;

  @Test
  void typesOfTheModulesOwnAreTheEnginesTypes() {
    try (Module module = Module.fromWat(engine, OWN_TYPES);
        Module same = Module.fromWat(engine, OWN_TYPES)) {
      FuncType func = (FuncType) module.exports().getFirst().type();
      StructType list = (StructType) heapType(func.params().get(0));
      ArrayType array = (ArrayType) heapType(func.params().get(2));

      assertThat(list.fields()).hasSize(2);
      assertThat(heapType(list.fields().get(1).value())).isEqualTo(list);
      assertThat(array).hasToString("(array (mut i8))");
      assertThat(heapType(func.results().getFirst())).isSameAs(list);
      assertThat(module.exports().get(1).type()).isSameAs(func);
      assertThat(heapType(((GlobalType) module.exports().get(2).type()).content())).isSameAs(array);
      StructType longer =
          (StructType) heapType(((GlobalType) module.imports().getFirst().type()).content());
      assertThat(longer).isNotEqualTo(list);
      assertThat(longer.fields()).isEqualTo(list.fields());
      assertThat(heapType(((TableType) module.imports().get(1).type()).element()))
          .isEqualTo(heapType(((TagType) module.exports().get(3).type()).payload().params().get(1)))
          .isNotEqualTo(list);
      assertThat(same.exports()).isEqualTo(module.exports());
      assertThat(same.imports()).isEqualTo(module.imports());
      try (Store store = Store.create(engine)) {
        assertThat(Func.create(store, func, (caller, args) -> args[0]).type()).isEqualTo(func);
      }
    }
  }

  private static HeapType heapType(ValType type) {
    return ((RefType) type).heapType();
  }

  @Test
  void typesOutliveTheirModule() {
    List<ExportType> exports;
    List<ImportType> imports;
    try (Module module = Module.fromWat(engine, OWN_TYPES)) {
      exports = module.exports();
      imports = module.imports();
      assertThat(exports.getFirst().type()).isInstanceOf(FuncType.class);
    }

    assertThat(exports).asString().contains("(struct i32 (mut (ref null (concrete struct))))");
    assertThat(imports.getFirst().type()).isInstanceOf(GlobalType.class);
  }

  /** Of a closed module the engine cannot be asked; everything else is in the binary. */
  @Test
  void onlyTheModulesOwnTypesCannotBeAskedForLater() {
    ExportType own;
    ExportType plain;
    try (Module module =
        Module.fromWat(
            engine,
            """
            (module
              (type $s (struct))
              (func (export "own") (param (ref $s)))
              (memory (export "plain") 1 2))
            """)) {
      own = module.exports().get(0);
      plain = module.exports().get(1);
    }
    assertThat(plain.type()).isEqualTo(MemoryType.of(1, 2));
    assertThatIllegalStateException().isThrownBy(own::type).withMessage("the module is closed");
    assertThat(own).hasToString("ExportType[name=own, type=? (the module is closed)]");
  }

  @Test
  void everyKindOfLimitsIsRead() {
    String wat =
        """
        (module
          (import "" "a" (memory i64 1 0x1000000000000))
          (import "" "b" (memory 1 2 shared))
          (import "" "c" (memory 7 (pagesize 1)))
          (import "" "d" (table i64 5 funcref))
          (import "" "e" (global (mut (ref null any))))
          (import "" "f" (tag)))
        """;
    try (Engine all = Engine.builder().feature(WasmFeature.CUSTOM_PAGE_SIZES, true).build();
        Module module = Module.fromWat(all, wat)) {
      assertThat(module.imports())
          .extracting(ImportType::type)
          .containsExactly(
              new MemoryType(1, OptionalLong.of(1L << 48), true, false, 65536),
              MemoryType.shared(1, 2),
              new MemoryType(7, OptionalLong.empty(), false, false, 1),
              TableType.of(ValType.FUNCREF, 5),
              new GlobalType(new RefType(true, AbstractHeapType.ANY), true),
              new TagType(FuncType.of()));
    }
  }

  /** A function of so many types of the module's own that they are not described. */
  @Test
  void whatIsNotDescribedIsLinkedAllTheSame() {
    StringBuilder types = new StringBuilder();
    StringBuilder params = new StringBuilder();
    for (int i = 0; i < 900; i++) {
      types.append("(type $").append(i).append(" (struct))");
      params.append("(ref null $").append(i).append(") ");
    }
    String func = "(func $f (import \"m\" \"f\") (param " + params + "))";
    String exporting = "(module " + types + "(func (export \"f\") (param " + params + ")))";
    try (Module needs = Module.fromWat(engine, "(module " + types + func + ")");
        Module has = Module.fromWat(engine, exporting);
        Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      ImportType needed = needs.imports().getFirst();
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(needed::type)
          .withMessageContaining("a type that the module defines, of which ");
      assertThat(needed).asString().contains("name=f, type=? (it refers to a type");
      assertThatExceptionOfType(LinkException.class)
          .isThrownBy(() -> linker.instantiate(store, needs))
          .withMessageContaining("m.f: needs ? (it refers to a type");
      linker.define("m", "f", Func.create(store, FuncType.of(), (caller, args) -> null));
      assertThatExceptionOfType(LinkException.class)
          .isThrownBy(() -> linker.instantiate(store, needs));
      linker.allowShadowing(true);
      linker.define("m", "f", Instance.create(store, has).func("f"));
      assertThat(linker.instantiate(store, needs).exports()).isEmpty();
    }
  }

  /** Such code is trusted, but its types may have been a guest's. */
  @Test
  void ofCodeThatWasNotCompiledHereSomeTypesAreLeftOut() {
    String wat =
        "(module (type $t (func (param"
            + " i32".repeat(1000)
            + "))) "
            + "(import \"\" \"\" (tag (type $t)))".repeat(70)
            + ")";
    try (Module module = Module.fromWat(engine, wat);
        Module trusted = Module.trustCompiled(engine, engines(module.serialize()))) {
      assertThat(module.imports()).hasSize(70).allMatch(i -> i.type() instanceof TagType);
      List<ImportType> imports = trusted.imports();
      assertThat(imports.get(64).type()).isEqualTo(module.imports().get(64).type());
      assertThat(imports.subList(0, 64)).allMatch(i -> i.type() instanceof TagType);
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(() -> imports.get(69).type())
          .withMessageContaining("at most 65536 types of values are described");
      assertThat(imports.get(69).name()).isEmpty();
      assertThat(imports.get(69).kind()).isEqualTo(ItemKind.TAG);
    }
  }

  private static byte[] engines(byte[] compiled) {
    int size =
        ByteBuffer.wrap(compiled)
            .order(ByteOrder.LITTLE_ENDIAN)
            .getInt(compiled.length - 156 + 100);
    return Arrays.copyOf(compiled, size); // without what is ours
  }
}
