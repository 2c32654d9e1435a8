package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.testing.EngineFixture;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Types that Java makes for the engine: what they may hold, and whose they may be. */
class NativeTypesTest {
  private static final HostFunction NOTHING = (caller, args) -> null;
  private static final long MOST = 4_294_967_294L;

  @RegisterExtension private final EngineFixture fixture = EngineFixture.create();

  private final Engine engine = fixture.engine();
  private final Store store = fixture.newStore();
  private final StructType struct = StructType.create(engine, FieldType.mutable(ValType.I32));

  /** What makes a type of one that a host defined. */
  private static Map<String, Runnable> uses(Store store, ConcreteHeapType type) {
    RefType reference = new RefType(true, type);
    Engine engine = store.engine();
    Map<String, Runnable> uses = new LinkedHashMap<>();
    uses.put("parameter", () -> Func.create(store, FuncType.of(reference), NOTHING));
    uses.put("result", () -> Func.create(store, FuncType.of().returns(reference), NOTHING));
    uses.put("element", () -> Table.create(store, TableType.of(reference, 1), null));
    uses.put("content", () -> Global.create(store, new GlobalType(reference, true), null));
    uses.put("payload", () -> Tag.create(store, new TagType(FuncType.of(reference))));
    uses.put("field", () -> StructType.create(engine, FieldType.constant(reference)));
    uses.put("array", () -> ArrayType.create(engine, FieldType.constant(reference)));
    return uses;
  }

  @Test
  void aTypeOfAnotherEngineIsRefusedEverywhere() {
    try (Engine stranger = Engine.create();
        Store strange = Store.create(stranger)) {
      uses(store, struct)
          .values()
          .forEach(use -> assertThatCode(use::run).doesNotThrowAnyException());
      uses(strange, struct)
          .forEach(
              (place, use) ->
                  assertThatIllegalArgumentException()
                      .as(place)
                      .isThrownBy(use::run)
                      .withMessageContaining("another engine"));
    }
  }

  // Only such a type needs the engine itself.
  @Test
  void whereTheEngineIsClosedADefinedTypeIsRefusedAndNoOther() {
    engine.close();
    uses(store, struct)
        .forEach(
            (place, use) ->
                assertThatIllegalStateException()
                    .as(place)
                    .isThrownBy(use::run)
                    .withMessage("the engine is closed"));
    FuncType plain = FuncType.of(ValType.I32, ValType.FUNCREF).returns(ValType.EXTERNREF);
    assertThat(Func.create(store, plain, NOTHING).type()).isEqualTo(plain);
    Table.create(store, TableType.of(ValType.FUNCREF, 1), null);
    Global.create(store, new GlobalType(ValType.I64, false), 1L);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0, 1", "3, 3", "1, 4294967294"})
  void aTableHasTheLimitsThatItWasMadeWith(long minimum, long maximum) {
    TableType type = TableType.of(ValType.FUNCREF, minimum, maximum);
    assertThat(Table.create(store, type, null).type()).isEqualTo(type);
  }

  @ParameterizedTest
  @CsvSource({"-1, 1", "2, 1", "0, 4294967295", "4294967295, 4294967295", "0, -1"})
  void limitsThatNoTableCanHaveAreRefused(long minimum, long maximum) {
    TableType type = TableType.of(ValType.FUNCREF, minimum, maximum);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Table.create(store, type, null))
        .withMessageContaining("a table has from 0 to " + MOST + " elements");
  }

  @Test
  void aTableWithoutMaximumHasNone() {
    TableType type = TableType.of(ValType.FUNCREF, 1);
    assertThat(Table.create(store, type, null).type()).isEqualTo(type);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Table.create(store, TableType.of(ValType.FUNCREF, MOST + 1), null));
  }

  @ParameterizedTest
  @CsvSource({"1, , false, 65536", "1, 3, false, 65536", "0, 5, true, 65536", "2, 2, false, 65536"})
  void aMemoryHasTheTypeThatItWasMadeWith(long minimum, Long maximum, boolean is64, long pageSize) {
    MemoryType type = new MemoryType(minimum, limit(maximum), is64, false, pageSize);
    assertThat(Memory.create(store, type).type()).isEqualTo(type);
  }

  @ParameterizedTest
  @CsvSource({"1, , false, 3", "1, , false, 0", "2, 1, false, 65536", "65537, , false, 65536"})
  void aMemoryTypeThatNoneCanHaveIsRefused(
      long minimum, Long maximum, boolean is64, long pageSize) {
    MemoryType type = new MemoryType(minimum, limit(maximum), is64, false, pageSize);
    assertThatIllegalArgumentException().isThrownBy(() -> Memory.create(store, type));
  }

  private static OptionalLong limit(Long maximum) {
    return maximum == null ? OptionalLong.empty() : OptionalLong.of(maximum);
  }

  @ParameterizedTest
  @CsvSource({"FUNC", "EXTERN", "ANY", "EQ", "I31", "STRUCT", "ARRAY", "EXN", "NOFUNC", "NONE"})
  void everyHeapTypeComesBackAsItWas(AbstractHeapType heap) {
    FuncType type = FuncType.of(new RefType(true, heap)).returns(new RefType(false, heap));
    assertThat(Func.create(store, type, NOTHING).type()).isEqualTo(type);
  }

  @Test
  void everyFieldComesBackAsItWas() {
    List<FieldType> fields =
        List.of(
            FieldType.mutable(PackedType.I8),
            FieldType.constant(PackedType.I16),
            FieldType.mutable(new RefType(true, struct)),
            FieldType.constant(ValType.V128),
            FieldType.mutable(ValType.I64));
    assertThat(StructType.create(engine, fields.toArray(FieldType[]::new)).fields())
        .isEqualTo(fields);
    for (FieldType field : fields) {
      assertThat(ArrayType.create(engine, field).element()).isEqualTo(field);
    }
  }
}
