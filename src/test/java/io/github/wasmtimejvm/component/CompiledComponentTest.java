package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.wasmtimejvm.CompileException;
import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.ModuleCache;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.testing.EngineFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class CompiledComponentTest {
  private static final String WAT =
      """
      (component
        (core module $m
          (func (export "twice") (param i32) (result i32)
            (i32.mul (local.get 0) (i32.const 2))))
        (core instance $i (instantiate $m))
        (type $size (record (field "wide" u8) (field "high" u8)))
        (export $exported "size" (type $size))
        (func (export "twice") (param "n" u32) (result u32)
          (canon lift (core func $i "twice"))))
      """;

  @RegisterExtension private final EngineFixture fixture = EngineFixture.create();

  @TempDir private Path folder;

  private Component compile() {
    return Component.fromWat(fixture.engine(), WAT);
  }

  private static void assertWorks(Component component) {
    assertThat(component.exports().keySet()).containsExactly("size", "twice");
    assertThat(component.exports().get("twice")).hasToString("func(n: u32) -> u32");
    try (Store store = Store.create(component.engine())) {
      ComponentInstance instance =
          ComponentLinker.create(component.engine()).instantiate(store, component);
      assertThat(instance.func("twice").call(21L)).isEqualTo(42L);
    }
  }

  @Test
  void aComponentIsTheSameWhenItIsReadBack() throws IOException {
    byte[] file;
    try (Component component = compile()) {
      file = component.serialize();
    }
    Path path = Files.write(folder.resolve("component"), file);
    try (Component read = Component.deserialize(fixture.engine(), file);
        Component fromFile = Component.deserializeFile(fixture.engine(), path);
        Component mapped = Component.trustCompiledFile(fixture.engine(), path);
        Component again = Component.deserialize(fixture.engine(), read.serialize())) {
      assertThat(read.serialize()).isEqualTo(file);
      for (Component each : List.of(read, fromFile, mapped, again)) {
        assertWorks(each);
      }
    }
  }

  @Test
  void aModuleIsNoComponentAndTheOtherWayRound() {
    try (Component component = compile();
        Module module = Module.fromWat(fixture.engine(), "(module)")) {
      assertThatExceptionOfType(CompileException.class)
          .isThrownBy(() -> Component.deserialize(fixture.engine(), module.serialize()))
          .withMessage("this is a compiled module, not a component");
      assertThatExceptionOfType(CompileException.class)
          .isThrownBy(() -> Module.deserialize(fixture.engine(), component.serialize()))
          .withMessage("this is a compiled component, not a module");
    }
  }

  @Test
  void whatIsDamagedOrOfOtherSettingsIsRefused() {
    byte[] file;
    try (Component component = compile()) {
      file = component.serialize();
    }
    byte[] flipped = file.clone();
    flipped[file.length / 2] ^= 1;
    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> Component.deserialize(fixture.engine(), flipped))
        .withMessageContaining("the compiled component is damaged");
    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(
            () -> Component.deserialize(fixture.engine(), Arrays.copyOf(file, file.length - 1)))
        .withMessageContaining("no compiled component");
    try (Engine other = Engine.builder().nanCanonicalization(true).build()) {
      assertThatExceptionOfType(CompileException.class)
          .isThrownBy(() -> Component.deserialize(other, file))
          .withMessageContaining("the compiled component was compiled with");
    }
  }

  @Test
  void aCacheHasComponentsBesideModules() throws IOException {
    ModuleCache cache = ModuleCache.open(folder.resolve("cache"), 1 << 24);
    byte[] wasm = Module.wat2wasm(WAT);
    for (int i = 0; i < 2; i++) {
      try (Component component = Component.fromCache(cache, fixture.engine(), wasm)) {
        assertWorks(component);
      }
    }
    cache.module(fixture.engine(), Module.wat2wasm("(module)")).close();
    try (Stream<Path> files = Files.list(cache.folder())) {
      assertThat(files.filter(file -> file.toString().endsWith(".cwasm"))).hasSize(2);
    }
  }

  @Test
  void whatIsFoundInTheCacheIsNotCompiled() throws IOException {
    ModuleCache cache = ModuleCache.open(folder.resolve("cache"), 1 << 24);
    byte[] wasm = Module.wat2wasm(WAT);
    Component.fromCache(cache, fixture.engine(), wasm).close();
    Path file;
    try (Stream<Path> files = Files.list(cache.folder())) {
      file = files.filter(each -> each.toString().endsWith(".cwasm")).findFirst().orElseThrow();
    }
    Object before = Files.readAttributes(file, "unix:ino").get("ino");
    Component.fromCache(cache, fixture.engine(), wasm).close();
    assertThat(Files.readAttributes(file, "unix:ino").get("ino")).isEqualTo(before);
  }
}
