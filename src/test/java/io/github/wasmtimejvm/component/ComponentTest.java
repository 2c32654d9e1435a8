package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.CompileException;
import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Components are compiled, and say what they import and export. */
class ComponentTest {
  private static final String WAT =
      """
      (component
        (import "t:t/files@1.2.3" (instance
          (export "file" (type $file (sub resource)))
          (type $mode' (enum "read" "write"))
          (export "mode" (type $mode (eq $mode')))
          (export "[method]file.read"
            (func (param "self" (borrow $file)) (param "mode" $mode) (result (list u8))))))
        (import "code" (core module))
        (core module $code (func (export "f") (result i32) i32.const 42))
        (core instance $code (instantiate $code))
        (func (export "answer") (result u32) (canon lift (core func $code "f"))))
      """;

  private static Engine engine;

  @BeforeAll
  static void open() {
    engine = Engine.create();
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @Test
  void itsImportsAndExportsHaveNamesAndTypes() {
    try (Component component = Component.fromWat(engine, WAT)) {
      assertThat(component.imports().keySet()).containsExactly("t:t/files@1.2.3", "code");
      assertThat(component.imports().get("code")).isEqualTo(new WitItem.CoreModule());
      Map<String, WitItem> files =
          ((WitItem.Interface) component.imports().get("t:t/files@1.2.3")).items();
      assertThat(files.keySet()).containsExactly("file", "mode", "[method]file.read");
      assertThat(((WitItem.Value) files.get("mode")).type())
          .isEqualTo(new WitType.EnumType("mode", List.of("read", "write")));
      assertThat(files.get("mode")).hasToString("enum { read, write }");
      assertThat(files.get("file")).hasToString("resource");
      assertThat(files.get("[method]file.read"))
          .hasToString("func(self: borrow<file>, mode: mode) -> list<u8>");
      assertThat(component.exports())
          .containsExactly(
              Map.entry("answer", new WitItem.Function(List.of(), WitType.Primitive.U32)));
      assertThat(component.engine()).isSameAs(engine);
    }
  }

  @Test
  void filesHaveTheBinaryOrTheTextFormat(@TempDir Path folder) throws Exception {
    Path text = Files.writeString(folder.resolve("c.wat"), WAT);
    Path binary = Files.write(folder.resolve("c.wasm"), Module.wat2wasm(WAT));
    for (Path file : List.of(text, binary)) {
      try (Component component = Component.fromFile(engine, file)) {
        assertThat(component.exports()).containsOnlyKeys("answer");
      }
    }
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> Component.fromFile(engine, folder.resolve("none")));
  }

  @Test
  void whatIsNoComponentIsRefused() {
    byte[] module = Module.wat2wasm("(module)");
    byte[] component = Module.wat2wasm(WAT);

    for (byte[] bytes :
        List.of(
            new byte[0],
            "hello".getBytes(StandardCharsets.UTF_8),
            module,
            Arrays.copyOf(component, component.length - 1))) {
      assertThatExceptionOfType(CompileException.class)
          .isThrownBy(() -> Component.fromBytes(engine, bytes));
    }
    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> Component.fromWat(engine, "(component (nonsense))"));
    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> Module.fromBytes(engine, component));
  }

  @Test
  void aClosedOneIsNotInstantiatedButStillSaysWhatItExports() {
    Component component = Component.fromWat(engine, "(component)");
    ComponentLinker linker = ComponentLinker.create(engine);
    PreparedComponent prepared = linker.prepare(component);
    component.close();
    component.close();

    assertThat(component.exports()).isEmpty();
    assertThatIllegalStateException().isThrownBy(() -> linker.prepare(component));
    try (Store store = Store.create(engine)) {
      assertThatIllegalStateException().isThrownBy(() -> prepared.instantiate(store));
    }
  }
}
