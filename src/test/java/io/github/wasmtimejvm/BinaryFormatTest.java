package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.wasmtimejvm.declarations.BinaryDeclarations;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sections of a module, byte by byte; {@link DeclarationsTest} has whole modules. */
class BinaryFormatTest {
  private static Engine engine;
  private static Module module;

  @BeforeAll
  static void createModule() {
    engine = Engine.create();
    module = Module.fromWat(engine, "(module)");
  }

  @AfterAll
  static void closeModule() {
    module.close();
    engine.close();
  }

  /** Sections one after the other, each with its size before it. */
  private static BinaryDeclarations declared(String... sections) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String section : sections) {
      byte[] content = HexFormat.of().parseHex(section.substring(2));
      bytes.write(HexFormat.fromHexDigits(section, 0, 2));
      bytes.write(content.length);
      bytes.writeBytes(content);
    }
    return new BinaryDeclarations(new EngineTypes(engine), module.object(), bytes.toByteArray());
  }

  /** Functions of i32, i64, f32..., behind all that can stand before a type. */
  @Test
  void everyTypeIsFoundAmongOthers() {
    BinaryDeclarations declarations =
        declared(
            "0108" // so many groups
                + "6001"
                + "7f00"
                + "4e00" // an empty group
                + "5e7800" // an array of i8
                + "4e03"
                + "50005f027f01770060017e00"
                + "4f0100"
                + "60017d00" // a group of three
                + "5f0163840001" // a structure
                + "6001640301"
                + "7c" // takes a reference to the type 3
                + "4e00"
                + "60017b026f70",
            "0306" + "000305060703",
            "0706" + "016100" + "00" + "016200" + "01" + "016300" + "02" + "016400" + "03"
                + "016500" + "04" + "016600" + "05");

    assertThat(declarations.exports())
        .extracting(ExportType::name)
        .containsExactly("a", "b", "c", "d", "e", "f");
    assertThat(declarations.exports().get(0).type()).isEqualTo(FuncType.of(ValType.I32));
    assertThat(declarations.exports().get(1).type()).isEqualTo(FuncType.of(ValType.I64));
    assertThat(declarations.exports().get(5).type()).isSameAs(declarations.exports().get(1).type());
    assertThat(declarations.exports().get(4).type())
        .isEqualTo(FuncType.of(ValType.V128).returns(ValType.EXTERNREF, ValType.FUNCREF));
  }

  @Test
  void itemsBehindInitialValuesAreFound() {
    BinaryDeclarations declarations =
        declared(
            "0405"
                + "7000"
                + "01" // a table with a minimum
                + "40007001"
                + "0203"
                + "d0700b" // an initial value
                + "7005"
                + "0104"
                + "6f0400"
                + "640000"
                + "09",
            "0603" + "7f01" + "41000b" + "647000" + "d2000b" + "7e00" + "42000b",
            "0502" + "0001" + "0f" + "02" + "03" + "10",
            "0d02" + "00" + "00" + "00" + "01",
            "0102" + "600000" + "60017f00",
            "0708" + "016101" + "00" + "016201" + "01" + "016301" + "02" + "016401" + "03"
                + "016703" + "02" + "016803" + "01" + "016d02" + "01" + "017404" + "01");

    assertThat(declarations.exports())
        .extracting(ExportType::type)
        .containsExactly(
            TableType.of(ValType.FUNCREF, 1),
            TableType.of(ValType.FUNCREF, 2, 3),
            TableType.of(ValType.FUNCREF, 1, 4),
            TableType.of(ValType.EXTERNREF, 0),
            new GlobalType(ValType.I64, false),
            new GlobalType(new RefType(false, AbstractHeapType.FUNC), false),
            new MemoryType(2, OptionalLong.of(3), true, true, 1 << 16),
            new TagType(FuncType.of(ValType.I32)));
    assertThat(declarations.definesWideTables()).isFalse();
    assertThat(declarations.importedFunctions()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "0401700401, false",
    "04017004ffffffff0f, false",
    "0401700480808080 10, true",
    "0401700501ffffffff0f, false",
    "04017005018080808010, true",
    "0402700001400070048080808010d0700b, true",
    "040240007000 01d0700b70048080808010, true",
    "0401700500ffffffffffffffffff01, true",
    "0402700001, true", // the second one is not there
  })
  void tablesOfWideLimitsAreSeen(String section, boolean wide) {
    assertThat(declared(section.replace(" ", "")).definesWideTables()).isEqualTo(wide);
  }

  @ParameterizedTest
  @CsvSource({
    "0201 016d0174 01 7000 01, false",
    "0201 016d0174 01 7004 ffffffff0f, false",
    "0201 016d0174 01 7004 8080808010, true",
    "0201 016d0174 01 7005 01 8080808010, true",
    "0202 016d016d 02 0501 8080808010 016d0174 01 7000 01, false", // a memory is no table
    "0202 016d0174 01 7000 01 016d0175 01 7004 8080808010, true",
    "0201 016d0174 01 6305 0001, true", // of a type that is not there
  })
  void importedTablesOfWideLimitsAreSeen(String section, boolean wide) {
    assertThat(declared(section.replace(" ", "")).importsWideTables()).isEqualTo(wide);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "016000", // no results
        "0161", // no such form
        "014e0160", // a group that ends
        "015f01", // no field
      })
  void damagedTypesAreNotDescribed(String section) {
    BinaryDeclarations damaged = declared("01" + section, "030100", "0701016100" + "00");
    assertThat(damaged.exports()).hasSize(1);
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> damaged.exports().getFirst().type())
        .withMessage("it is encoded in a way that is not known here");
  }

  /** A group of imports of one type, then others: asked for one by one, and each twice. */
  @Test
  void everyImportHasItsOwnType() {
    BinaryDeclarations declarations =
        declared(
            "0103" + "600000" + "60017f00" + "6002" + "64706369" + "01" + "646e",
            "0204" + "016d" + "00" + "7e" + "0001" + "02" + "0161" + "0162" + "016d" + "0163"
                + "0000" + "016d" + "0164" + "0002" + "016d" + "00" + "7f" + "02" + "0165"
                + "037f01" + "0166" + "0000");

    assertThat(declarations.imports())
        .extracting(ImportType::name)
        .containsExactly("a", "b", "c", "d", "e", "f");
    for (int again = 0; again < 2; again++) {
      assertThat(declarations.imports())
          .extracting(ImportType::type)
          .containsExactly(
              FuncType.of(ValType.I32),
              FuncType.of(ValType.I32),
              FuncType.of(),
              FuncType.of(
                      new RefType(false, AbstractHeapType.FUNC),
                      new RefType(true, AbstractHeapType.EXN))
                  .returns(new RefType(false, AbstractHeapType.ANY)),
              new GlobalType(ValType.I32, true),
              FuncType.of());
    }
    assertThat(declarations.importedFunctions()).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"01", "7f"})
  void aFunctionOfNoTypeIsNotDescribed(String type) {
    BinaryDeclarations damaged = declared("0101600000", "0301" + type, "0701016100" + "00");
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> damaged.exports().getFirst().type());
  }
}
