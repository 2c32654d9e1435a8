package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.testing.EngineFixture;
import io.github.wasmtimejvm.testing.Guests;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GlobalTest {
  @RegisterExtension private static final EngineFixture fixture = EngineFixture.create();

  private final Engine engine = fixture.engine();
  private final Store store = fixture.newStore();

  private Instance guest(String wat, Extern... imports) {
    return Guests.instantiate(store, wat, imports);
  }

  @Test
  void theGuestsGlobalIsReadAndChanged() {
    Instance guest =
        guest(
            """
            (module
              (global $g (export "g") (mut i64) (i64.const 5))
              (func (export "get") (result i64) (global.get $g))
              (func (export "set") (param i64) (global.set $g (local.get 0))))
            """);
    Global global = guest.global("g");

    assertThat(global.type()).isEqualTo(new GlobalType(ValType.I64, true));
    assertThat(global.get()).isEqualTo(5L);
    guest.func("set").call(-1L);
    assertThat(global.get()).isEqualTo(-1L);
    global.set(Long.MIN_VALUE);
    assertThat(guest.func("get").call()).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void oneMadeInJavaCanBeImported() {
    Global global = Global.create(store, new GlobalType(ValType.I32, true), 1);
    Instance guest =
        guest(
            """
            (module
              (import "a" "g" (global $g (mut i32)))
              (func (export "add") (param i32)
                (global.set $g (i32.add (global.get $g) (local.get 0)))))
            """,
            global);

    guest.func("add").call(41);
    assertThat(global.get()).isEqualTo(42);
  }

  @Test
  void everyTypeOfValueGoesInAndOut() {
    StructType point = StructType.create(engine, FieldType.mutable(ValType.I32));
    Map<ValType, Object[]> values = new LinkedHashMap<>();
    values.put(ValType.I32, new Object[] {1, -1});
    values.put(ValType.I64, new Object[] {1L, Long.MIN_VALUE});
    values.put(ValType.F32, new Object[] {1f, Float.NaN});
    values.put(ValType.F64, new Object[] {1d, -0.0});
    values.put(ValType.V128, new Object[] {new V128(1, 2), new V128(-1, -2)});
    values.put(ValType.EXTERNREF, new Object[] {"text", new Object(), null});
    values.put(new RefType(true, AbstractHeapType.ANY), new Object[] {new I31(7), null});
    values.put(new RefType(false, AbstractHeapType.I31), new Object[] {new I31(7), new I31(-1)});
    values.forEach(
        (type, sequence) -> {
          Global global = Global.create(store, new GlobalType(type, true), sequence[0]);
          assertThat(global.type().content()).isEqualTo(type);
          for (Object value : sequence) {
            global.set(value);
            assertThat(global.get()).isEqualTo(value);
          }
        });

    Func func = Func.create(store, FuncType.of().returns(ValType.I32), (caller, args) -> 9);
    Global function = Global.create(store, new GlobalType(ValType.FUNCREF, true), null);
    function.set(func);
    assertThat(((Func) function.get()).call()).isEqualTo(9);
    GlobalType reference = new GlobalType(new RefType(false, point), true);
    Global struct = Global.create(store, reference, StructRef.create(store, point, 7));
    store.gc();
    assertThat(((StructRef) struct.get()).get(0)).isEqualTo(7);
    ExnRef exception = ExnRef.create(Tag.create(store, new TagType(FuncType.of(ValType.I32))), 3);
    Global thrown =
        Global.create(
            store, new GlobalType(new RefType(true, AbstractHeapType.EXN), false), exception);
    assertThat(((ExnRef) thrown.get()).payload()).containsExactly(3);
  }

  @Test
  void oneThatCannotBeChangedIsNot() {
    Global global = Global.create(store, new GlobalType(ValType.I32, false), 1);
    assertThatIllegalStateException()
        .isThrownBy(() -> global.set(2))
        .withMessage("the global cannot be changed");
    assertThat(global.get()).isEqualTo(1);
  }

  @Test
  void whatDoesNotFitItsTypeIsRefused() {
    GlobalType type = new GlobalType(ValType.I32, true);
    Global global = Global.create(store, type, 1);
    for (Object value : new Object[] {1L, 1f, "1", null}) {
      assertThatIllegalArgumentException().isThrownBy(() -> global.set(value));
      assertThatIllegalArgumentException().isThrownBy(() -> Global.create(store, type, value));
    }
    GlobalType notNull = new GlobalType(new RefType(false, AbstractHeapType.EXTERN), true);
    assertThatIllegalArgumentException().isThrownBy(() -> Global.create(store, notNull, null));
    assertThat(global.get()).isEqualTo(1);
  }

  @Test
  void aConcreteTypeIsTheEnginesToCheck() {
    StructType one = StructType.create(engine, FieldType.mutable(ValType.I32));
    StructType two = StructType.create(engine, FieldType.mutable(ValType.I64));
    GlobalType type = new GlobalType(new RefType(true, one), true);
    Global global = Global.create(store, type, null);
    StructRef wrong = StructRef.create(store, two, 1L);

    assertThatExceptionOfType(EngineException.class).isThrownBy(() -> global.set(wrong));
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> Global.create(store, type, wrong));
    assertThat(global.get()).isNull();
  }
}
