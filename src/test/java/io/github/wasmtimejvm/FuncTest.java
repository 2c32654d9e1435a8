package io.github.wasmtimejvm;

import static io.github.wasmtimejvm.ValType.I32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.wasmtimejvm.testing.EngineFixture;
import java.util.Arrays;
import java.util.Collections;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of a guest's functions: values in and out, and what is wrong with an argument. */
class FuncTest {
  private static final FuncType BINARY = FuncType.of(I32, I32).returns(I32);

  @RegisterExtension private static final EngineFixture fixture = EngineFixture.create();

  private final Engine engine = fixture.engine();
  private final Module module = fixture.compile(FuncTest.class, "func.wat");
  private final Store store = fixture.newStore();
  private final Instance guest = Instance.create(store, module);

  private Object call(String function, Object... args) {
    return guest.func(function).call(args);
  }

  @Test
  void aFunctionWithoutResultsReturnsNull() {
    assertThat(call("nothing")).isNull();
  }

  @Test
  void argumentsKeepTheirOrder() {
    assertThat(call("subtract", 44, 2)).isEqualTo(42);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void anI32IsAnInteger(int value) {
    assertThat(call("i32", value)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, 1L << 32, Long.MIN_VALUE, Long.MAX_VALUE})
  void anI64IsALong(long value) {
    assertThat(call("i64", value)).isEqualTo(value);
  }

  static IntStream floatBits() {
    return IntStream.of(
        0,
        0x80000000, // -0
        1, // the smallest there is
        0x3f800000, // 1
        0x7f7fffff, // the largest there is
        0x7f800000, // infinity
        0xff800000,
        0x7fc00000, // the NaN of Java
        0xffc00001, // others
        0x7fabcdef);
  }

  @ParameterizedTest
  @MethodSource("floatBits")
  void anF32IsAFloatOfTheSameBits(int bits) {
    Object result = call("f32", Float.intBitsToFloat(bits));

    assertThat(Float.floatToRawIntBits((Float) result)).isEqualTo(bits);
  }

  static LongStream doubleBits() {
    return LongStream.of(
        0,
        0x8000000000000000L, // -0
        1, // the smallest there is
        0x3ff0000000000000L, // 1
        0x7fefffffffffffffL, // the largest there is
        0x7ff0000000000000L, // infinity
        0xfff0000000000000L,
        0x7ff8000000000000L, // the NaN of Java
        0xfff8000000000001L, // others
        0x7ff123456789abcdL);
  }

  @ParameterizedTest
  @MethodSource("doubleBits")
  void anF64IsADoubleOfTheSameBits(long bits) {
    Object result = call("f64", Double.longBitsToDouble(bits));

    assertThat(Double.doubleToRawLongBits((Double) result)).isEqualTo(bits);
  }

  @Test
  void aV128HasItsLowBytesFirst() {
    assertThat(call("v128", new V128(Long.MIN_VALUE, -2))).isEqualTo(new V128(Long.MIN_VALUE, -2));
    assertThat(call("splat", 1)).isEqualTo(new V128(0x1_0000_0001L, 0x1_0000_0001L));
  }

  @Test
  void aFunctionReferenceIsAFuncThatCanBeCalled() {
    Func returned = (Func) call("funcref", guest.func("subtract"));

    assertThat(returned.type()).isEqualTo(BINARY);
    assertThat(returned.call(5, 3)).isEqualTo(2);
    assertThat(returned.store()).isSameAs(store);
    assertThat(((Func) call("non_null", returned)).call(5, 4)).isEqualTo(1);
  }

  @Test
  void theNullReferenceIsNull() {
    assertThat(call("funcref", (Object) null)).isNull();
    assertThat(call("bottom", (Object) null)).isNull();
  }

  @Test
  void aHostFunctionCanBePassedAsAReference() {
    Func multiply = Func.create(store, BINARY, (caller, args) -> (int) args[0] * (int) args[1]);

    assertThat(call("apply", multiply, 6, 7)).isEqualTo(42);
    assertThat(((Func) call("funcref", multiply)).call(6, 8)).isEqualTo(48);
  }

  @Test
  void severalResultsAreAnArray() {
    assertThat(call("reverse", 1, 2L, 3f, 4d)).isEqualTo(new Object[] {4d, 3f, 2L, 1});
  }

  @Test
  void moreThanSixteenValuesArePassed() {
    Object[] args = new Object[18];
    for (int i = 0; i < 17; i++) {
      args[i] = i;
    }
    args[17] = 1L << 40;
    assertThat(call("eighteen", args)).isEqualTo((1L << 40) - 16);

    Object[] results = (Object[]) call("spread", 9);
    assertThat(results).hasSize(18).endsWith(9, new V128(9, 9));
    assertThat(results).startsWith(Collections.nCopies(17, 9).toArray());
  }

  @Test
  void callingAgainNeedsNothingButTheFunc() {
    Func subtract = guest.func("subtract");
    Func eighteen = guest.func("eighteen");
    Object[] args = new Object[18];
    for (int i = 0; i < 1000; i++) {
      assertThat(subtract.call(i, 1)).isEqualTo(i - 1);
      Arrays.fill(args, i);
      args[17] = 2L * i;
      assertThat(eighteen.call(args)).isEqualTo((long) i);
    }
  }

  @Test
  void itsTypeIsKnown() {
    assertThat(guest.func("subtract").type()).isEqualTo(BINARY);
    assertThat(guest.func("nothing").type()).isEqualTo(FuncType.of());
    assertThat(guest.func("externref").type())
        .isEqualTo(FuncType.of(ValType.EXTERNREF).returns(ValType.EXTERNREF));
  }

  @Test
  void tooFewOrTooManyArgumentsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> call("subtract", 1))
        .withMessage("2 argument(s) expected, 1 given");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> call("subtract", 1, 2, 3))
        .withMessage("2 argument(s) expected, 3 given");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> call("nothing", 1))
        .withMessage("0 argument(s) expected, 1 given");
    assertThatNullPointerException().isThrownBy(() -> call("nothing", (Object[]) null));
  }

  @Test
  void anArgumentIsNeverConverted() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> call("subtract", 1, 2L))
        .withMessage("argument 1 must be java.lang.Integer for i32, is java.lang.Long");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> call("i64", 1))
        .withMessage("argument 0 must be java.lang.Long for i64, is java.lang.Integer");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> call("f32", 1d))
        .withMessage("argument 0 must be java.lang.Float for f32, is java.lang.Double");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> call("f64", 1f))
        .withMessage("argument 0 must be java.lang.Double for f64, is java.lang.Float");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> call("v128", 1L))
        .withMessage("argument 0 must be io.github.wasmtimejvm.V128 for v128, is java.lang.Long");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> call("i32", (short) 1))
        .withMessage("argument 0 must be java.lang.Integer for i32, is java.lang.Short");
  }

  @Test
  void nullIsForNullableReferencesOnly() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> call("i32", (Object) null))
        .withMessage("argument 0 must be java.lang.Integer for i32, is null");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> call("non_null", (Object) null))
        .withMessage("argument 0 must be io.github.wasmtimejvm.Func for (ref func), is null");
  }

  @Test
  void onlyAFuncIsAFunctionReference() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> call("funcref", "subtract"))
        .withMessage(
            "argument 0 must be io.github.wasmtimejvm.Func or null for (ref null func),"
                + " is java.lang.String");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> call("bottom", guest.func("subtract")))
        .withMessageContaining("(ref null nofunc)");
  }

  @Test
  void aFunctionReferenceOfAnotherStoreIsRefused() {
    try (Store other = Store.create(engine)) {
      Func foreign = Instance.create(other, module).func("subtract");

      assertThatIllegalArgumentException()
          .isThrownBy(() -> call("funcref", foreign))
          .withMessage("the function reference belongs to another store");
    }
  }

  @Test
  void aRefusedArgumentLeavesTheStoreUsable() {
    for (int i = 0; i < 3; i++) {
      assertThatIllegalArgumentException().isThrownBy(() -> call("subtract", 1, "2"));
      assertThat(call("subtract", 2, 1)).isEqualTo(1);
    }
  }

  @Test
  void aHostFunctionCanBeCalledFromJava() {
    Func divide =
        Func.create(
            store,
            FuncType.of(I32, I32).returns(I32, I32),
            (caller, args) ->
                new Object[] {(int) args[0] / (int) args[1], (int) args[0] % (int) args[1]});

    assertThat(divide.call(17, 5)).isEqualTo(new Object[] {3, 2});
    assertThat(divide.type()).isEqualTo(FuncType.of(I32, I32).returns(I32, I32));
  }

  @Test
  void noArrayOfArgumentsIsToldFromNoArguments() {
    try (Module module = Module.fromWat(engine, "(module (func (export \"f\")))")) {
      Func func = Instance.create(store, module).func("f");

      assertThatNullPointerException()
          .isThrownBy(() -> func.call((Object[]) null))
          .withMessageContaining("call() is for none");
      assertThat(func.call()).isNull();
    }
  }
}
