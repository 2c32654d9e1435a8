package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.wasmtimejvm.capi.WasmtimeTypesVal;
import io.github.wasmtimejvm.internal.ScopedPointer;
import io.github.wasmtimejvm.testing.CompiledCode;
import io.github.wasmtimejvm.testing.EngineFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The type model, and what {@link Types} makes of the engine's types. */
class TypesTest {
  @RegisterExtension private static final EngineFixture fixture = EngineFixture.create();

  private final Engine engine = fixture.engine();

  /**
   * The type of an import of a module with these definitions, as the engine reports it, which is
   * what the module's bytes say.
   */
  private ExternType decoded(String definitions, String type) {
    String wat = "(module %s (import \"a\" \"b\" %s))".formatted(definitions, type);
    try (Module module = Module.fromWat(engine, wat);
        Module engines = Module.trustCompiled(engine, CompiledCode.engines(module.serialize()))) {
      ImportType reported = engines.imports().getFirst();
      assertThat(reported).isEqualTo(module.imports().getFirst());
      assertThat(reported.kind()).isEqualTo(module.imports().getFirst().kind());
      return reported.type();
    }
  }

  @ParameterizedTest
  @EnumSource
  void numbersAndVectorsAreDecoded(NumType type) {
    assertThat(decoded("", "(func (param " + type + "))")).isEqualTo(FuncType.of(type));
  }

  @ParameterizedTest
  @EnumSource
  void abstractHeapTypesAreDecoded(AbstractHeapType type) {
    assertThat(decoded("", "(func (param (ref " + type + ") (ref null " + type + ")))"))
        .isEqualTo(FuncType.of(new RefType(false, type), new RefType(true, type)));
  }

  @ParameterizedTest
  @EnumSource
  void abstractHeapTypesAreEncoded(AbstractHeapType type) {
    FuncType func =
        FuncType.of(new RefType(false, type)).returns(new RefType(true, type), ValType.F64);

    assertThat(throughTheCApi(func)).isEqualTo(func);
  }

  @Test
  void numbersAndVectorsAreEncoded() {
    FuncType func = FuncType.of(NumType.values()).returns(NumType.values());

    assertThat(throughTheCApi(func)).isEqualTo(func);
    assertThat(throughTheCApi(FuncType.of())).isEqualTo(FuncType.of());
  }

  private FuncType throughTheCApi(FuncType type) {
    try (ScopedPointer encoded = Types.nativeFunc(type, engine)) {
      return Types.func(encoded.pointer(), engine);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "(type $t (func (param i32))),   FUNC",
    "(type $t (struct (field i32))), STRUCT",
    "(type $t (array (mut i8))),     ARRAY",
  })
  void aTypeThatAModuleDefinesIsDecodedAsConcrete(String definition, AbstractHeapType supertype) {
    FuncType type = (FuncType) decoded(definition, "(func (param (ref null $t)))");

    RefType reference = (RefType) type.params().getFirst();
    assertThat(reference.nullable()).isTrue();
    assertThat(reference.heapType())
        .isInstanceOfSatisfying(
            ConcreteHeapType.class,
            concrete -> assertThat(concrete.supertype()).isEqualTo(supertype));
    assertThat(reference).isEqualTo(reference);
  }

  /** Each in the text format, as it is decoded and written again. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "(memory 0)",
        "(memory 1 10)",
        "(memory 0 65536)",
        "(memory i64 1)",
        "(memory i64 1 281474976710656)",
        "(memory 1 2 shared)",
        "(table 0 (ref null func))",
        "(table 1 10 (ref null extern))",
        "(table 0 4294967294 (ref null i31))",
        "(global i32)",
        "(global (mut v128))",
        "(global (ref null exn))",
      })
  void memoriesTablesAndGlobalsAreDecodedAndWrittenInTheTextFormat(String text) {
    assertThat(decoded("", text)).hasToString(text);
  }

  @Test
  void functionsAndTagsAreWrittenWithAnArrow() {
    assertThat(decoded("", "(func)")).hasToString("() -> ()");
    assertThat(decoded("", "(func (param i32 i64) (result f32 funcref))"))
        .hasToString("(i32, i64) -> (f32, (ref null func))");
    assertThat(decoded("", "(tag (param i32 externref))"))
        .isEqualTo(new TagType(FuncType.of(ValType.I32, ValType.EXTERNREF)))
        .hasToString("(tag (i32, (ref null extern)) -> ())");
  }

  @Test
  void aTableMaximumOfAllOnesCannotBeToldFromNone() {
    // In the C struct 0xffffffff stands for "no maximum"; no table is ever that large.
    assertThat(decoded("", "(table 0 4294967295 funcref)"))
        .isEqualTo(new TableType(ValType.FUNCREF, 0, OptionalLong.empty()));
  }

  @Test
  void memoryTypesHaveTheirUsualForms() {
    assertThat(MemoryType.of(3))
        .isEqualTo(new MemoryType(3, OptionalLong.empty(), false, false, 65536));
    assertThat(MemoryType.of(3, 4))
        .isEqualTo(new MemoryType(3, OptionalLong.of(4), false, false, 65536));
    assertThat(new MemoryType(0, OptionalLong.of(7), false, false, 1))
        .hasToString("(memory 0 7 (pagesize 1))");
  }

  @Test
  void theConstantsOfValTypeAreTheUsualTypes() {
    assertThat(List.of(ValType.I32, ValType.I64, ValType.F32, ValType.F64, ValType.V128))
        .isEqualTo(List.of(NumType.values()));
    assertThat(ValType.FUNCREF).hasToString("(ref null func)");
    assertThat(ValType.EXTERNREF).hasToString("(ref null extern)");
    assertThat(new RefType(false, AbstractHeapType.NOEXN)).hasToString("(ref noexn)");
  }

  @Test
  void aFunctionTypeKeepsCopiesOfItsLists() {
    List<ValType> params = new ArrayList<>(List.of(ValType.I32));
    FuncType type = new FuncType(params, List.of());
    params.add(ValType.I64);

    assertThat(type).isEqualTo(FuncType.of(ValType.I32));
    assertThat(type.params()).isUnmodifiable();
  }

  @Test
  void noTypeHasAMissingPart() {
    assertThatNullPointerException().isThrownBy(() -> new RefType(true, null));
    assertThatNullPointerException().isThrownBy(() -> new GlobalType(null, true));
    assertThatNullPointerException().isThrownBy(() -> new TagType(null));
    assertThatNullPointerException().isThrownBy(() -> new TableType(null, 0, OptionalLong.empty()));
    assertThatNullPointerException().isThrownBy(() -> new MemoryType(0, null, false, false, 65536));
    assertThatNullPointerException().isThrownBy(() -> FuncType.of(ValType.I32, null));
  }

  @Test
  void numberTypesStandInTheOrderOfTheCApi() {
    assertThat(NumType.I32.ordinal()).isEqualTo(WasmtimeTypesVal.WASMTIME_VALTYPE_KIND_I32);
    assertThat(NumType.I64.ordinal()).isEqualTo(WasmtimeTypesVal.WASMTIME_VALTYPE_KIND_I64);
    assertThat(NumType.F32.ordinal()).isEqualTo(WasmtimeTypesVal.WASMTIME_VALTYPE_KIND_F32);
    assertThat(NumType.F64.ordinal()).isEqualTo(WasmtimeTypesVal.WASMTIME_VALTYPE_KIND_F64);
    assertThat(NumType.V128.ordinal()).isEqualTo(WasmtimeTypesVal.WASMTIME_VALTYPE_KIND_V128);
  }

  @Test
  void memoryLimitsAreUnsigned() {
    assertThat(new MemoryType(1, OptionalLong.of(-1), true, false, 1))
        .hasToString("(memory i64 1 18446744073709551615 (pagesize 1))");
  }

  /** Each question made native objects, which only the Cleaner deleted. */
  @Test
  void whatIsInAStructOrAnArrayIsDecodedOnce() {
    FieldType field = FieldType.mutable(new RefType(true, StructType.create(engine)));
    StructType struct = StructType.create(engine, field, field);
    ArrayType array = ArrayType.create(engine, field);

    assertThat(struct.fields()).containsExactly(field, field).isSameAs(struct.fields());
    assertThat(array.element()).isEqualTo(field).isSameAs(array.element());
    assertThat(struct)
        .hasToString("(struct" + " (mut (ref null (concrete struct)))".repeat(2) + ")");
  }
}
