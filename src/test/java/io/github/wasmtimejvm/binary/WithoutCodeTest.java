package io.github.wasmtimejvm.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.wasmtimejvm.Module;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is kept of a component whose code is compiled. */
class WithoutCodeTest {
  private static final byte[] PREAMBLE = HexFormat.of().parseHex("0061736d0d000100");

  private static void assertSaysTheSame(byte[] bytes) {
    assertThat(ComponentGraph.of(Component.withoutCode(bytes, Component.Extension.NONE, "")))
        .isEqualTo(ComponentGraph.of(bytes));
  }

  private static final String NESTED =
      """
      (component $inner
        (core module $m
          (import "a" "b" (func))
          (table 1 funcref) (memory (export "mem") 1 2) (global (export "g") i32 (i32.const 7))
          (func (export "f")) (elem (i32.const 0) func 0)
          (data (i32.const 0) "a long text that nobody needs who looks at declarations only"))
        (component $innermost
          (core module $n (func (export "g") (result i32) i32.const 1234567)))
        (core module (@custom "note" "of a module")))
      """;

  @Test
  void aCopyWithoutCodeSaysWhatTheComponentSays() {
    assertSaysTheSame(ComponentText.bytes(ComponentText.EVERYTHING));
    assertSaysTheSame(ComponentText.bytes(NESTED));
    assertSaysTheSame(PREAMBLE);
  }

  @Test
  void theCopyHasNeitherCodeNorDataNorCustomSections() {
    byte[] bytes = ComponentText.bytes(NESTED);
    byte[] copy = Component.withoutCode(bytes, Component.Extension.NONE, "");
    String constant = "\u0087\u00ad\u00cb"; // in the code
    assertThat(latin(bytes)).contains("a long text", "note", constant);
    assertThat(latin(copy)).doesNotContain("a long text", "note", constant).contains("mem");
    assertThat(Component.read(copy).customSections()).isEmpty();
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Test
  void theNameOfTheComponentIsKeptAndNoOther() {
    byte[] copy =
        Component.withoutCode(
            ComponentText.bytes(ComponentText.EVERYTHING), Component.Extension.NONE, "");
    assertThat(Component.read(copy).name()).isEqualTo("everything");
    assertThat(Component.read(copy).customSections())
        .extracting(CustomSection::name)
        .containsExactly("component-name");
    assertThat(latin(copy)).doesNotContain("lowered");
  }

  @Test
  void theCopyOfACopyIsTheCopy() {
    byte[] copy =
        Component.withoutCode(
            ComponentText.bytes(ComponentText.EVERYTHING), Component.Extension.NONE, "");
    assertThat(Component.withoutCode(copy, Component.Extension.NONE, "")).isEqualTo(copy);
  }

  // Whatever is read of a damaged component is read of its copy, or the copy is refused too.
  @Test
  void aDamagedComponentIsCopiedAsItIsReadOrRefused() {
    byte[] bytes = ComponentText.bytes(ComponentText.EVERYTHING);
    int same = 0;
    for (int i = 8; i < bytes.length; i++) {
      byte[] damaged = bytes.clone();
      for (int value : new int[] {0, 1, 5, 0x42, 0x7f, 0x80, 0xff}) {
        damaged[i] = (byte) value;
        if (isRead(damaged) && isCopied(damaged)) {
          assertSaysTheSame(damaged);
          same++;
        }
      }
    }
    assertThat(same).isGreaterThan(bytes.length);
  }

  private static boolean isRead(byte[] bytes) {
    try {
      Component.read(bytes);
      return true;
    } catch (MalformedComponentException e) {
      return false;
    }
  }

  private static boolean isCopied(byte[] bytes) {
    try {
      Component.withoutCode(bytes, Component.Extension.NONE, "");
      return true;
    } catch (MalformedComponentException e) {
      return false;
    }
  }

  @Test
  void everyPrefixIsCopiedOrRefused() {
    byte[] bytes = ComponentText.bytes(NESTED);
    for (int length = 0; length < bytes.length; length++) {
      isCopied(Arrays.copyOf(bytes, length)); // anything else that is thrown fails the test
    }
    assertThat(isCopied(bytes)).isTrue();
  }

  @Test
  void componentsWithinComponentsAreBounded() {
    byte[] component = PREAMBLE;
    for (int i = 0; i < 5_000; i++) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.writeBytes(PREAMBLE);
      out.write(4);
      for (int size = component.length; ; size >>>= 7) {
        out.write(size & 0x7f | (size > 0x7f ? 0x80 : 0));
        if (size <= 0x7f) {
          break;
        }
      }
      out.writeBytes(component);
      component = out.toByteArray();
    }
    byte[] deep = component;
    assertThatExceptionOfType(MalformedComponentException.class)
        .isThrownBy(() -> Component.withoutCode(deep, Component.Extension.NONE, ""))
        .withMessageContaining("nested too deep");
  }

  @Test
  void theSectionsOfAModuleThatDeclareAndStartNothingAreLeftOut() {
    byte[] module =
        Module.wat2wasm(
            "(module (type (func)) (import \"a\" \"b\" (func)) (memory 1) (func) (start 0)"
                + " (data \"x\"))");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(PREAMBLE);
    out.write(1);
    out.write(module.length);
    out.writeBytes(module);
    byte[] copy = Component.withoutCode(out.toByteArray(), Component.Extension.NONE, "");
    CoreModule.Bytes kept = (CoreModule.Bytes) Component.read(copy).coreModules().getFirst();
    ByteReader in = ByteReader.from(copy, kept.from() + 8);
    List<Integer> ids = new ArrayList<>();
    while (in.remaining() > 0) {
      ids.add(in.u8());
      in.skip(in.uleb());
    }
    assertThat(ids)
        .containsExactly(
            SectionIds.TYPES,
            SectionIds.IMPORTS,
            SectionIds.FUNCTIONS,
            SectionIds.MEMORIES,
            SectionIds.START);
  }
}
