package io.github.wasmtimejvm.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.wasmtimejvm.binary.DefinedType.Case;
import io.github.wasmtimejvm.binary.DefinedType.Field;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each type of the component model, from the engine's own text format where it translates it. */
class ComponentTypesTest {
  private static ComponentTypeDefinition exportedType(Component component) {
    return ((NamedType) component.exports().get("t").item()).unnamed();
  }

  static Stream<Arguments> types() {
    PrimitiveType u8 = PrimitiveType.U8;
    PrimitiveType string = PrimitiveType.STRING;
    return Stream.of(
        Arguments.of(
            "(record (field \"a\" u8) (field \"b-c\" string))",
            new DefinedType.RecordType(List.of(new Field("a", u8), new Field("b-c", string)))),
        Arguments.of(
            "(variant (case \"a\") (case \"b\" u8))",
            new DefinedType.VariantType(List.of(new Case("a", null), new Case("b", u8)))),
        Arguments.of("(list u8)", new DefinedType.ListType(u8)),
        Arguments.of("(list u8 300)", new DefinedType.FixedLengthListType(u8, 300)),
        Arguments.of("(tuple u8 string)", new DefinedType.TupleType(List.of(u8, string))),
        Arguments.of("(flags \"a\" \"b\")", new DefinedType.FlagsType(List.of("a", "b"))),
        Arguments.of("(enum \"a\" \"b\")", new DefinedType.EnumType(List.of("a", "b"))),
        Arguments.of("(option string)", new DefinedType.OptionType(string)),
        Arguments.of("(result)", new DefinedType.ResultType(null, null)),
        Arguments.of("(result u8)", new DefinedType.ResultType(u8, null)),
        Arguments.of("(result (error u8))", new DefinedType.ResultType(null, u8)),
        Arguments.of("(result u8 (error string))", new DefinedType.ResultType(u8, string)),
        Arguments.of("(map string u8)", new DefinedType.MapType(string, u8)),
        Arguments.of("(stream u8)", new DefinedType.StreamType(u8)),
        Arguments.of("(stream)", new DefinedType.StreamType(null)),
        Arguments.of("(future u8)", new DefinedType.FutureType(u8)),
        Arguments.of("(future)", new DefinedType.FutureType(null)));
  }

  @ParameterizedTest
  @MethodSource("types")
  void aDefinedTypeIsReadWithItsParts(String text, ComponentTypeDefinition type) {
    assertThat(exportedType(ComponentText.read("(type $t " + text + ") (export \"t\" (type $t))")))
        .hasSameClassAs(type)
        .usingRecursiveComparison()
        .isEqualTo(type);
  }

  @ParameterizedTest
  @EnumSource
  void aPrimitiveTypeIsReadByItsName(PrimitiveType type) {
    String text = type.name().toLowerCase(Locale.ROOT).replace('_', '-');
    Component component =
        ComponentText.read(
            "(type $t "
                + text
                + ") (export \"t\" (type $t)) (import \"f\" (func (result "
                + text
                + ")))");
    assertThat(exportedType(component)).isEqualTo(type);
    assertThat(((ComponentFunction) component.imports().get("f").item()).type().result())
        .isEqualTo(type);
  }

  @Test
  void handlesOwnOrBorrowAResource() {
    Component component =
        ComponentText.read(
            """
            (import "r" (type $r (sub resource)))
            (import "f" (func (param "o" (own $r)) (param "b" (borrow $r))))
            """);
    NamedType r = (NamedType) component.imports().get("r").item();
    List<ComponentValueType> handles =
        ((ComponentFunction) component.imports().get("f").item()).type().parts();
    assertThat(((DefinedType.OwnType) handles.get(0)).type()).isSameAs(r);
    assertThat(((DefinedType.BorrowType) handles.get(1)).type()).isSameAs(r);
    assertThat(((ComponentResourceType) r.unnamed()).isDefined()).isFalse();
  }

  @Test
  void aTypeThatOneInterfaceTakesFromAnotherIsTheSame() {
    Component component =
        ComponentText.read(
            """
            (import "a:b/types" (instance $a
              (type $p (record (field "x" u8))) (export "point" (type (eq $p)))))
            (alias export $a "point" (type $point))
            (import "a:b/user" (instance
              (alias outer 1 $point (type $p))
              (export "spot" (type $spot (eq $p)))
              (export "f" (func (result $spot)))))
            """);
    NamedType point =
        (NamedType)
            ((ComponentInstance) component.imports().get("a:b/types").item())
                .exports()
                .get("point");
    ComponentFunction f =
        (ComponentFunction)
            ((ComponentInstance) component.imports().get("a:b/user").item()).exports().get("f");
    NamedType spot = (NamedType) f.type().result();
    assertThat(spot.name()).isEqualTo("spot");
    assertThat(spot.unnamed()).isSameAs(point.unnamed());
  }

  @Test
  void anAsyncFunctionSaysThatItIs() {
    Component component = ComponentText.read("(import \"f\" (func async (param \"a\" u8)))");
    assertThat(((ComponentFunction) component.imports().get("f").item()).type())
        .usingRecursiveComparison()
        .ignoringFields("bytes")
        .isEqualTo(
            new ComponentFunctionType(
                true,
                List.of(new Field("a", PrimitiveType.U8)),
                null,
                new ComponentFunctionType.Bytes(0, 0)));
  }

  @ParameterizedTest
  @CsvSource({
    "(canon task.cancel)",
    "(canon task.return (result u32))",
    "(canon backpressure.inc)",
    "(canon subtask.cancel async)",
    "(canon subtask.drop)",
    "(canon context.get i32 0)",
    "(canon stream.new $s)",
    "(canon stream.read $s async (memory (core memory $m)))",
    "(canon stream.cancel-write $s)",
    "(canon future.write $f async (memory (core memory $m)))",
    "(canon future.drop-readable $f)",
    "(canon error-context.drop)",
    "(canon waitable-set.new)",
    "(canon waitable-set.wait (memory (core memory $m)))",
    "(canon waitable.join)",
    "(canon thread.yield)",
    "(canon thread.index)",
  })
  void aBuiltInFunctionIsKnownByItsName(String canon) {
    Component component =
        ComponentText.read(
            """
            (core module $mod (memory (export "m") 1))
            (core instance $i (instantiate $mod))
            (alias core export $i "m" (core memory $m))
            (type $s (stream u8)) (type $f (future u8))
            (core func $b %s)
            (core instance (export "b" (func $b)))
            """
                .formatted(canon));
    CoreInstance.OfExports exports = (CoreInstance.OfExports) component.coreInstances().get(1);
    assertThat(canon)
        .matches(
            "\\(canon \\Q" + ((CoreItem.BuiltIn) exports.exports().get("b")).name() + "\\E[ )].*");
  }

  @Test
  void coreTypesAreReadOver() {
    Component component =
        ComponentText.read(
            """
            (core type (func (param i32 (ref null func)) (result f64 v128)))
            (core type (struct (field i8) (field (mut externref))))
            (core type (array (mut i16)))
            (core type (sub (array i32)))
            (core type $m (module (type (func)) (import "a" "b" (func (type 0)))
              (import "a" "t" (table 1 2 funcref)) (export "x" (tag (type 0)))))
            (import "m" (core module (type $m)))
            """);
    assertThat(((CoreModule.Imported) component.imports().get("m").item()).type().exports())
        .containsExactly(new CoreModuleType.Declaration("", "x", CoreSort.TAG));
  }

  @Test
  void aStartFunctionTakesAndReturnsValues() {
    Component component =
        ComponentText.sections(
            "0701" + "40" + "01" + "0161" + "79" + "0079", // (func (param "a" u32) (result u32))
            "0a02" + "000166" + "0100" + "000176" + "0279", // imports f and the value v
            "0900" + "01" + "00" + "01", // start f with v
            "0b01" + "000177" + "0201" + "00"); // exports the result
    assertThat(component.start().function()).isSameAs(component.imports().get("f").item());
    assertThat(component.start().arguments())
        .containsExactly(new ComponentValue(PrimitiveType.U32));
    assertThat(component.exports().get("w").item().sort()).isEqualTo(ComponentSort.VALUE);
  }

  @Test
  void aNameCanSayWhichInterfaceItImplementsAndHaveItsVersionInTwoParts() {
    Component component =
        ComponentText.sections(
            "07014200", // the type of an instance without exports
            "0a02"
                + ("02" + "0161" + "01" + "00" + "05" + "623a632f64" + "0500")
                + ("02" + "07" + "623a632f644031" + "01" + "01" + "04" + "2e322e33" + "0500"));
    assertThat(component.imports().get("a").name().implemented()).isEqualTo("b:c/d");
    assertThat(component.imports().get("b:c/d@1.2.3").name().version()).isEqualTo("1.2.3");
  }

  @ParameterizedTest
  @CsvSource({
    "0d00, section 0xd",
    "07016c00, type 0x6c",
    "070170627f, type of a value 0x62",
    "080108, canonical function 0x8",
    "07017200, has no parts",
    "07016d010180, UTF-8",
    "07017005, There is no TYPE 5",
    "0a01000161010000, There is no TYPE 0",
    "060100000100, There is no core instance 0",
    "060103010061, cannot export such a sort",
    "070170c07f, type of a value",
    "0601030209, levels",
    "02010005, There is no CORE_MODULE 5",
    "0701677f00, length 0",
  })
  void whatIsUnknownOrWrongIsRefusedWithItsPlace(String hex, String message) {
    assertThatExceptionOfType(MalformedComponentException.class)
        .isThrownBy(() -> ComponentText.sections(hex))
        .withMessageContaining(message)
        .withMessageContaining("at byte");
  }
}
