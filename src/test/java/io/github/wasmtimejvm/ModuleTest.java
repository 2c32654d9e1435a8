package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.testing.EngineFixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModuleTest {
  private static final String SEVEN = "(module (func (export \"seven\") (result i32) i32.const 7))";
  private static final byte[] INVALID = Module.wat2wasm("(module (func (result i32) i64.const 7))");

  @RegisterExtension private static final EngineFixture fixture = EngineFixture.create();

  private final Engine engine = fixture.engine();

  @Test
  void compilesBytes() {
    try (Module module = Module.fromBytes(engine, Module.wat2wasm(SEVEN))) {
      assertThat(seven(module)).isEqualTo(7);
      assertThat(module.engine()).isSameAs(engine);
    }
  }

  @Test
  void compilesText() {
    try (Module module = Module.fromWat(engine, SEVEN)) {
      assertThat(seven(module)).isEqualTo(7);
    }
  }

  @Test
  void compilesFilesOfBothFormats(@TempDir Path folder) throws IOException {
    Path text = Files.writeString(folder.resolve("seven.wat"), SEVEN);
    Path binary = Files.write(folder.resolve("seven.wasm"), Module.wat2wasm(SEVEN));

    try (Module fromText = Module.fromFile(engine, text);
        Module fromBinary = Module.fromFile(engine, binary)) {
      assertThat(seven(fromText)).isEqualTo(7);
      assertThat(seven(fromBinary)).isEqualTo(7);
    }
  }

  private Object seven(Module module) {
    try (Store store = Store.create(engine)) {
      return Instance.create(store, module).func("seven").call();
    }
  }

  @Test
  void aMissingFileIsAnIOException(@TempDir Path folder) {
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> Module.fromFile(engine, folder.resolve("none.wasm")));
  }

  @Test
  void servesManyInstances() {
    try (Module module =
        Module.fromWat(
            engine,
            """
            (module
              (global $n (mut i32) (i32.const 0))
              (func (export "next") (result i32)
                (global.set $n (i32.add (global.get $n) (i32.const 1)))
                (global.get $n)))
            """)) {
      for (int i = 0; i < 3; i++) {
        try (Store store = Store.create(engine)) {
          Func next = Instance.create(store, module).func("next");
          assertThat(next.call()).isEqualTo(1);
          assertThat(next.call()).isEqualTo(2);
        }
      }
    }
  }

  @Test
  void anInvalidModuleIsRefusedWithTheReasonAndThePlace() {
    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> Module.fromBytes(engine, INVALID))
        .withMessageContaining("type mismatch: expected i32, found i64")
        .withMessageContaining("at offset 26")
        .satisfies(e -> assertThat(e.frames()).isEmpty())
        .satisfies(e -> assertThat(e.exitStatus()).isEmpty());
  }

  @Test
  void bytesThatAreNoModuleAreRefused() {
    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> Module.fromBytes(engine, new byte[0]));
    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> Module.fromBytes(engine, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));
    byte[] cut = Module.wat2wasm(SEVEN);
    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> Module.fromBytes(engine, Arrays.copyOf(cut, cut.length - 3)));
  }

  @Test
  void aComponentIsNoModule() {
    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> Module.fromWat(engine, "(component)"));
  }

  @Test
  void anErrorInTheTextNamesLineAndColumn() {
    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> Module.fromWat(engine, "(module\n  (fun))"))
        .withMessageContaining("2:4");
  }

  @Test
  void validationFindsWhatCompilationWouldFind() {
    Module.validate(engine, Module.wat2wasm(SEVEN));

    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> Module.validate(engine, INVALID))
        .withMessageContaining("type mismatch: expected i32, found i64");
  }

  @Test
  void translatesTextIntoTheBinaryFormat() {
    assertThat(Module.wat2wasm("(module)")).containsExactly(0, 'a', 's', 'm', 1, 0, 0, 0);
  }

  @Test
  void listsImportsInTheModulesOrder() {
    try (Module module =
        Module.fromWat(
            engine,
            """
            (module
              (import "host" "log" (func (param i32 i64)))
              (import "host" "memory" (memory 1 2))
              (import "" "größe" (global (mut f64)))
              (import "host" "table" (table 3 funcref))
              (import "host" "tag" (tag (param f32))))
            """)) {
      assertThat(module.imports())
          .containsExactly(
              new ImportType("host", "log", FuncType.of(ValType.I32, ValType.I64)),
              new ImportType("host", "memory", MemoryType.of(1, 2)),
              new ImportType("", "größe", new GlobalType(ValType.F64, true)),
              new ImportType(
                  "host", "table", new TableType(ValType.FUNCREF, 3, OptionalLong.empty())),
              new ImportType("host", "tag", new TagType(FuncType.of(ValType.F32))));
      assertThat(module.exports()).isEmpty();
      assertThat(module.imports()).isUnmodifiable();
    }
  }

  @Test
  void listsExportsInTheModulesOrder() {
    try (Module module =
        Module.fromWat(
            engine,
            """
            (module
              (memory (export "memory") 1)
              (global (export "🦀") i32 (i32.const 1))
              (func (export "") (result v128) unreachable)
              (table (export "table") 1 5 externref)
              (tag (export "tag")))
            """)) {
      assertThat(module.exports())
          .containsExactly(
              new ExportType("memory", MemoryType.of(1)),
              new ExportType("🦀", new GlobalType(ValType.I32, false)),
              new ExportType("", FuncType.of().returns(ValType.V128)),
              new ExportType("table", new TableType(ValType.EXTERNREF, 1, OptionalLong.of(5))),
              new ExportType("tag", new TagType(FuncType.of())));
      assertThat(module.imports()).isEmpty();
      assertThat(module.exports()).isUnmodifiable();
    }
  }

  /** What stands before a table in the binary format, and how it may be initialized. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "(table i64 1 4294967295 funcref)",
        "(table i64 4294967296 funcref)",
        "(table i64 0 4294967296 funcref)",
        "(import \"a\" \"b\" (table i64 0 0xffffffffffffffff funcref))",
        "(import \"a\" \"b\" (table i64 4294967296 externref))",
        "(import \"a\" \"f\" (func)) (import \"a\" \"g\" (global i32)) (table 1 externref)",
        "(import \"a\" \"m\" (memory 1 2)) (import \"a\" \"t\" (tag)) (table 1 funcref)",
        "(import \"a\" \"m\" (memory i64 1)) (import \"a\" \"r\" (global (ref null func)))"
            + " (table 1 (ref null func) (global.get 0))",
        "(func $f) (elem declare func $f) (table 1 (ref func) (ref.func $f))",
        "(table 1 (ref null any) (ref.null none))",
        "(table 1 (ref i31) (ref.i31 (i32.add (i32.const 1) (i32.const -70000))))",
        "(type $s (struct (field i64 f32 f64 v128)))"
            + " (table 1 (ref $s) (struct.new $s (i64.mul (i64.const 5) (i64.const 6))"
            + " (f32.const 1) (f64.const 2) (v128.const i64x2 1 2)))",
        "(type $a (array i32)) (table 1 (ref $a) (array.new_fixed $a 2 (i32.const 1) (i32.const"
            + " 2)))",
        "(type $a (array i32)) (table 1 (ref $a) (array.new_default $a (i32.const 9)))",
        "(import \"a\" \"e\" (global externref))"
            + " (table 1 anyref (any.convert_extern (global.get 0)))",
      })
  void everyTableIsTaken(String definitions) {
    try (Module module = Module.fromWat(engine, "(module " + definitions + ")")) {
      assertThat(module.exports()).isEmpty();
    }
  }

  @Test
  void isOfNoUseWhenItIsClosed() {
    Module module = Module.fromWat(engine, SEVEN);
    module.close();
    module.close(); // does nothing

    for (Runnable use : List.<Runnable>of(module::imports, module::exports, () -> seven(module))) {
      assertThatIllegalStateException().isThrownBy(use::run).withMessage("the module is closed");
    }
  }

  @Test
  void itsInstancesLiveOnWhenItIsClosed() {
    Module module = Module.fromWat(engine, SEVEN);
    try (Store store = Store.create(engine)) {
      Instance instance = Instance.create(store, module);
      module.close();

      assertThat(instance.func("seven").call()).isEqualTo(7);
    }
  }

  @Test
  void aTextThatIsNotUtf8IsRefusedAndNeverAnother(@TempDir Path folder) throws IOException {
    byte[] bytes = "(module (func (export \"a?b\")))".getBytes(StandardCharsets.ISO_8859_1);
    bytes[new String(bytes, StandardCharsets.ISO_8859_1).indexOf('?')] = (byte) 0xff;
    Path file = Files.write(folder.resolve("latin.wat"), bytes);

    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> Module.fromFile(engine, file))
        .withMessageContaining("not valid utf-8");
    String half = "(module (func (export \"a\ud800\")))";
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Module.fromWat(engine, half))
        .withMessageContaining("half of a surrogate pair");
    assertThatIllegalArgumentException().isThrownBy(() -> Module.wat2wasm(half));
  }
}
