package io.github.wasmtimejvm;

import static io.github.wasmtimejvm.ValType.EXTERNREF;
import static io.github.wasmtimejvm.ValType.FUNCREF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.wasmtimejvm.testing.EngineFixture;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TableTest {
  @RegisterExtension private static final EngineFixture fixture = EngineFixture.create();

  private final Engine engine = fixture.engine();
  private final Module module = fixture.compile(TableTest.class, "table.wat");
  private final Store store = fixture.newStore();
  private final Instance guest = Instance.create(store, module);
  private final Table table = guest.table("table");

  private static List<@Nullable Object> elements(Table table) {
    List<@Nullable Object> elements = new ArrayList<>();
    for (long i = 0; i < table.size(); i++) {
      elements.add(table.get(i));
    }
    return elements;
  }

  private static void assertThatIsOutOfBounds(ThrowingCallable task) {
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(task);
  }

  @Test
  void itsElementsAreTheGuests() {
    assertThat(table.get(0)).isNull();
    assertThat(((Func) table.get(1)).call()).isEqualTo(1);

    table.set(0, guest.func("two"));
    table.set(2, Func.create(store, FuncType.of().returns(ValType.I32), (caller, args) -> 77));
    assertThat(guest.func("call").call(0)).isEqualTo(2);
    assertThat(guest.func("call").call(2)).isEqualTo(77);

    table.set(1, null);
    assertThatExceptionOfType(TrapException.class).isThrownBy(() -> guest.func("call").call(1));
  }

  @Test
  void itHasAType() {
    assertThat(table.type()).isEqualTo(TableType.of(FUNCREF, 4, 8));
    assertThat(table.type()).hasToString("(table 4 8 (ref null func))");
    TableType type = TableType.of(EXTERNREF, 3);
    assertThat(Table.create(store, type, "a").type()).isEqualTo(type);
  }

  @Test
  void oneMadeInJavaCanBeImported() {
    Table made = Table.create(store, TableType.of(FUNCREF, 2, 4), guest.func("one"));
    made.set(1, guest.func("two"));
    String wat =
        """
        (module
          (import "a" "table" (table 2 funcref))
          (func (export "call") (param i32) (result i32)
            (call_indirect (result i32) (local.get 0))))
        """;
    try (Module importer = Module.fromWat(engine, wat)) {
      Func call = Instance.create(store, importer, made).func("call");
      assertThat(call.call(0)).isEqualTo(1);
      assertThat(call.call(1)).isEqualTo(2);
      assertThat(made.grow(1, guest.func("one"))).isEqualTo(2);
      assertThat(call.call(2)).isEqualTo(1);
    }
  }

  @Test
  void objectsOfJavaAreElements() {
    Object object = new Object();
    Table objects = Table.create(store, TableType.of(EXTERNREF, 2), object);
    objects.set(1, "text");
    objects.grow(1, 5);

    assertThat(objects.get(0)).isSameAs(object);
    assertThat(elements(objects)).containsExactly(object, "text", 5);
    store.gc();
    assertThat(elements(objects)).containsExactly(object, "text", 5);
  }

  @Test
  void structsAreElements() {
    StructType point = StructType.create(engine, FieldType.mutable(ValType.I32));
    RefType element = new RefType(false, point);
    Table points = Table.create(store, TableType.of(element, 1), StructRef.create(store, point, 7));
    points.grow(2, StructRef.create(store, point, 8));

    assertThat(((StructRef) points.get(0)).get(0)).isEqualTo(7);
    assertThat(((StructRef) points.get(2)).get(0)).isEqualTo(8);
    StructRef other =
        StructRef.create(store, StructType.create(engine, FieldType.mutable(ValType.I64)), 1L);
    assertThatExceptionOfType(EngineException.class).isThrownBy(() -> points.set(0, other));
    assertThatExceptionOfType(EngineException.class).isThrownBy(() -> points.grow(1, other));
    assertThat(points.size()).isEqualTo(3);
  }

  @Test
  void itGrows() {
    Func one = guest.func("one");
    assertThat(table.grow(2, one)).isEqualTo(4);
    assertThat(table.grow(0, null)).isEqualTo(6);
    assertThat(guest.func("size").call()).isEqualTo(6);
    assertThat(guest.func("call").call(5)).isEqualTo(1);

    assertThat(guest.func("grow").call(1)).isEqualTo(6);
    assertThat(table.size()).isEqualTo(7);
    assertThat(table.get(6)).isNull();
  }

  @Test
  void itDoesNotGrowBeyondItsMaximum() {
    for (long delta : new long[] {5, 1L << 32, 1L << 60, Long.MAX_VALUE}) {
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> table.grow(delta, null))
          .withMessageContaining("failed to grow table by `" + delta + "`");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.grow(-1, null))
        .withMessage("a table cannot shrink: -1");
    assertThat(table.size()).isEqualTo(4);
    assertThat(table.grow(4, null)).isEqualTo(4);
  }

  @Test
  void aRangeIsFilled() {
    Func two = guest.func("two");
    table.fill(1, 2, two);
    table.fill(4, 0, two);

    assertThat(guest.func("call").call(1)).isEqualTo(2);
    assertThat(guest.func("call").call(2)).isEqualTo(2);
    assertThat(table.get(0)).isNull();
    assertThat(table.get(3)).isNull();
  }

  @Test
  void rangesAreCopiedAlsoWhereTheyOverlap() {
    Table objects = Table.create(store, TableType.of(EXTERNREF, 6), null);
    for (int i = 0; i < 6; i++) {
      objects.set(i, i);
    }
    objects.copy(0, objects, 1, 4);
    assertThat(elements(objects)).containsExactly(0, 0, 1, 2, 3, 5);
    objects.copy(2, objects, 0, 3);
    assertThat(elements(objects)).containsExactly(1, 2, 3, 2, 3, 5);

    Table other = Table.create(store, TableType.of(EXTERNREF, 3), "x");
    objects.copy(4, other, 1, 2);
    assertThat(elements(other)).containsExactly("x", 3, 5);
    objects.copy(6, other, 3, 0);
  }

  @Test
  void whatItDoesNotHaveIsOutOfBounds() {
    for (long index : new long[] {4, 5, -1, 1L << 32, Long.MIN_VALUE, Long.MAX_VALUE}) {
      assertThatIsOutOfBounds(() -> table.get(index));
      assertThatIsOutOfBounds(() -> table.set(index, null));
      assertThatIsOutOfBounds(() -> table.fill(index, 1, null));
      assertThatIsOutOfBounds(() -> table.fill(1, index, null));
      assertThatIsOutOfBounds(() -> table.copy(index, table, 0, 1));
      assertThatIsOutOfBounds(() -> table.copy(0, table, index, 1));
      assertThatIsOutOfBounds(() -> table.copy(1, table, 0, index));
    }
    assertThat(((Func) table.get(1)).call()).isEqualTo(1);
  }

  @Test
  void whatDoesNotFitItsTypeIsRefused() {
    for (Object value : new Object[] {"text", 1, new I31(1)}) {
      assertThatIllegalArgumentException().isThrownBy(() -> table.set(0, value));
      assertThatIllegalArgumentException().isThrownBy(() -> table.fill(0, 2, value));
      assertThatIllegalArgumentException().isThrownBy(() -> table.grow(1, value));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Table.create(store, TableType.of(FUNCREF, 1), value))
          .withMessageContaining("element 0 must be");
    }
    assertThat(table.size()).isEqualTo(4);
  }

  @Test
  void nullIsRefusedWhereTheTypeHasNone() {
    TableType type = TableType.of(new RefType(false, AbstractHeapType.FUNC), 2);
    Table strict = Table.create(store, type, guest.func("one"));

    assertThat(strict.type()).isEqualTo(type);
    assertThatIllegalArgumentException().isThrownBy(() -> Table.create(store, type, null));
    assertThatIllegalArgumentException().isThrownBy(() -> strict.set(0, null));
    assertThatIllegalArgumentException().isThrownBy(() -> strict.grow(1, null));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.copy(1, strict, 0, 1))
        .withMessage("elements of type (ref null func) do not fit a table of type (ref func)");
    strict.copy(0, table, 2, 2);
    assertThat(guest.func("call").call(3)).isEqualTo(1);
  }

  @Test
  void aConcreteTypeIsTheEnginesToCheck() {
    Table numbers = guest.table("numbers");
    numbers.set(0, guest.func("two"));
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> numbers.set(1, guest.func("other")));
    table.set(0, guest.func("other"));
    assertThatExceptionOfType(EngineException.class).isThrownBy(() -> table.copy(0, numbers, 0, 1));
    table.copy(1, numbers, 1, 1);
    assertThat(((Func) numbers.get(1)).call()).isEqualTo(1);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> numbers.copy(0, Table.create(store, TableType.of(EXTERNREF, 2), null), 0, 1));
  }

  @Test
  void sizesThatMakeNoSenseAreRefused() {
    for (TableType type :
        new TableType[] {
          TableType.of(FUNCREF, -1),
          TableType.of(FUNCREF, 2, 1),
          TableType.of(FUNCREF, 1, -1),
          TableType.of(FUNCREF, 1L << 32),
          TableType.of(FUNCREF, 0, 1L << 32)
        }) {
      assertThatIllegalArgumentException().isThrownBy(() -> Table.create(store, type, null));
    }
  }

  @Test
  void aTableMayHave64BitIndices() {
    String wat = "(module (table (export \"table\") i64 2 0xffffffff externref))";
    try (Module large = Module.fromWat(engine, wat)) {
      Table objects = Instance.create(store, large).table("table");
      objects.set(1, "one");
      assertThat(objects.grow(1, "two")).isEqualTo(2);
      assertThat(elements(objects)).containsExactly(null, "one", "two");
      // The C API says "none" with the same number.
      assertThat(objects.type()).isEqualTo(TableType.of(EXTERNREF, 2));
    }
  }

  @Test
  void theStoresLimitHolds() {
    store.limit(StoreLimits.NONE.withTableElements(5));
    assertThatExceptionOfType(EngineException.class).isThrownBy(() -> table.grow(2, null));
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> Table.create(store, TableType.of(FUNCREF, 6), null));
    assertThat(table.grow(1, null)).isEqualTo(4);
  }
}
