package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.wasmtimejvm.testing.EngineFixture;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.function.LongUnaryOperator;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions as objects of functional interfaces and as method handles. */
public class TypedFunctionTest {
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
  private static final V128 VECTOR = new V128(0x0123456789abcdefL, -2);

  @RegisterExtension private static final EngineFixture fixture = EngineFixture.create();

  private final Engine engine = fixture.engine();
  private final Module module = fixture.compile(TypedFunctionTest.class, "typed-function.wat");
  private final Store store = fixture.newStore();
  private final Linker linker = fixture.newLinker();
  private Instance instance;
  private HostFunction host = (caller, args) -> args[0];

  @BeforeEach
  void instantiate() {
    linker.define(
        "host",
        "f",
        FuncType.of(ValType.I32).returns(ValType.I32),
        (caller, args) -> host.call(caller, args));
    instance = linker.instantiate(store, module);
  }

  /** All results of {@code reverse}. */
  public record Reversed(V128 vector, double f64, float f32, long i64, int i32) {}

  /** Results with a reference. */
  public record Mixed(int number, @Nullable Object reference) {}

  /** A record that takes only small numbers. */
  public record Small(int a, int b, int c) {
    /** Throws for others. */
    public Small {
      if (c > 2) {
        throw new IllegalStateException("not small");
      }
    }
  }

  /** Several results. */
  public interface Reverse {
    Reversed reverse(int a, long b, float c, double d, V128 e);
  }

  /** The same with boxed numbers. */
  public interface BoxedReverse {
    Object[] reverse(Integer a, Long b, Float c, Double d, V128 e);
  }

  /** Floats. */
  public interface FloatOperator {
    float apply(float value);
  }

  /** Vectors. */
  public interface VectorOperator {
    @Nullable V128 apply(@Nullable V128 value);
  }

  /** A reference and a number. */
  public interface WithExtern {
    Mixed call(@Nullable Object reference, int number);
  }

  /** An array of numbers from a function with references. */
  public interface Pair {
    int[] pair(@Nullable Object reference);
  }

  /** Of records that no public lookup sees. */
  public interface Hidden {
    Secret numbers();
  }

  private record Secret(int a, int b, int c) {}

  private interface Private {
    int add(int a, int b);
  }

  interface PackagePrivate {
    int add(int a, int b);
  }

  /** Its method is declared out of sight. */
  public interface Inherits extends PackagePrivate {}

  /** Generic, and used with a type of its own. */
  public interface Generic<T> {
    T apply(T a, T b);
  }

  /** Has a bridge. */
  public interface Specific extends Generic<Integer> {
    @Override
    Integer apply(Integer a, Integer b);

    /** Not the function's. */
    default int twice(int a) {
      return apply(a, a);
    }

    @Override
    boolean equals(Object other);
  }

  sealed interface Sealed permits Sealed.Only {
    int add(int a, int b);

    record Only() implements Sealed {
      @Override
      public int add(int a, int b) {
        return 0;
      }
    }
  }

  /** Names a class that others do not see. */
  public interface LeaksAType {
    @Nullable Unseen apply(@Nullable Unseen value);
  }

  static final class Unseen {}

  private Func func(String name) {
    return instance.func(name);
  }

  @Test
  void numbersGoInAndComeOut() throws Throwable {
    assertThat(func("add").as(IntBinaryOperator.class).applyAsInt(Integer.MAX_VALUE, 1))
        .isEqualTo(Integer.MIN_VALUE);
    assertThat((int) func("add").handle().invokeExact(1, 2)).isEqualTo(3);
    func("nothing").as(Runnable.class).run();
    func("nothing").handle().invokeExact();
    assertThat(func("same-i64").as(LongUnaryOperator.class).applyAsLong(Long.MIN_VALUE))
        .isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void everyBitOfANumberIsKept() throws Throwable {
    int nan = 0x7fa00001;
    float f32 = func("same-f32").as(FloatOperator.class).apply(Float.intBitsToFloat(nan));
    assertThat(Float.floatToRawIntBits(f32)).isEqualTo(nan);
    long nan64 = 0xfff4000000000001L;
    double f64 =
        func("same-f64")
            .as(DoubleUnaryOperator.class)
            .applyAsDouble(Double.longBitsToDouble(nan64));
    assertThat(Double.doubleToRawLongBits(f64)).isEqualTo(nan64);
    assertThat(
            Float.floatToRawIntBits(
                (float) func("same-f32").handle().invokeExact(Float.intBitsToFloat(nan))))
        .isEqualTo(nan);
    assertThat(func("same-v128").as(VectorOperator.class).apply(VECTOR)).isEqualTo(VECTOR);
  }

  @Test
  void severalResultsAreARecordOrAnArray() throws Throwable {
    assertThat(func("reverse").as(Reverse.class).reverse(1, 2, 3, 4, VECTOR))
        .isEqualTo(new Reversed(VECTOR, 4, 3, 2, 1));
    assertThat(func("reverse").as(BoxedReverse.class).reverse(1, 2L, 3f, 4., VECTOR))
        .containsExactly(VECTOR, 4., 3f, 2L, 1);
    assertThat((Object[]) func("reverse").handle().invokeExact(1, 2L, 3f, 4., VECTOR))
        .containsExactly(VECTOR, 4., 3f, 2L, 1);
    Object mine = new Object();
    assertThat(func("with-extern").as(WithExtern.class).call(mine, 7))
        .isEqualTo(new Mixed(7, mine));
    assertThat(func("pair").as(Pair.class).pair(null)).containsExactly(1, 2);
  }

  /** Several results, as arrays. */
  public interface Arrays {
    /** Of numbers. */
    int[] numbers();
  }

  /** Few results, as arrays. */
  public interface Few {
    /** Of one. */
    Object[] add(int a, int b);
  }

  /** No result, as an array. */
  public interface None {
    /** Of none. */
    Object[] none();
  }

  /** One number, as an array. */
  public interface One {
    /** Of one. */
    long[] same(Long number);
  }

  @Test
  void anArrayHasAnyNumberOfResults() {
    assertThat(func("numbers").as(Arrays.class).numbers()).containsExactly(1, 2, 3);
    assertThat(func("add").as(Few.class).add(1, 2)).containsExactly(3);
    assertThat(func("nothing").as(None.class).none()).isEmpty();
    assertThat(func("nothing").as(Arrays.class).numbers()).isEmpty();
    assertThat(func("same-i64").as(One.class).same(5L)).containsExactly(5);
  }

  @Test
  void referencesKeepTheirIdentity() throws Throwable {
    Object mine = new Object();
    @SuppressWarnings("unchecked")
    UnaryOperator<@Nullable Object> same = func("same-extern").as(UnaryOperator.class);
    assertThat(same.apply(mine)).isSameAs(mine);
    assertThat(same.apply(null)).isNull();
    assertThat((Object) func("same-extern").handle().invokeExact(mine)).isSameAs(mine);
  }

  @Test
  void aWrongClassOfAReferenceIsACastThatFails() {
    UnaryString same = func("same-extern").as(UnaryString.class);
    assertThat(same.apply("text")).isEqualTo("text");
    ObjectToString number = func("same-extern").as(ObjectToString.class);
    assertThatExceptionOfType(ClassCastException.class).isThrownBy(() -> number.apply(1));
  }

  /** Texts. */
  public interface UnaryString {
    String apply(String text);
  }

  /** Promises more than the guest keeps. */
  public interface ObjectToString {
    String apply(Object value);
  }

  @Test
  void aNullThatIsNoValueIsRefusedBeforeTheCall() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> func("same-v128").as(VectorOperator.class).apply(null))
        .withMessageContaining("v128");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> func("reverse").as(BoxedReverse.class).reverse(1, null, 3f, 4., VECTOR))
        .withMessageContaining("argument 1 must be java.lang.Long");
    assertThat(func("same-v128").as(VectorOperator.class).apply(VECTOR)).isEqualTo(VECTOR);
  }

  @Test
  void aSignatureThatDoesNotFitIsToldWithBoth() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> func("add").as(LongUnaryOperator.class))
        .withMessageContaining("(i32, i32) -> (i32)")
        .withMessageContaining("(long) -> long");
    for (Class<?> wrong :
        new Class<?>[] {
          Runnable.class, Callable.class, Reverse.class, ToIntFunction.class, VectorOperator.class
        }) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> func("add").as(wrong))
          .withMessageContaining("(i32, i32) -> (i32)");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> func("numbers").as(Bytes.class))
        .withMessageContaining("() -> byte[]");
  }

  /** Of no type of values. */
  public interface Bytes {
    byte[] numbers();
  }

  /** For host functions only. */
  public interface WithCaller {
    int add(Caller caller, int a, int b);
  }

  /** Nowhere. */
  public interface CallerLast {
    int add(int a, int b, Caller caller);
  }

  @Test
  void aCallerIsForHostFunctionsOnly() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> func("add").as(WithCaller.class))
        .withMessageContaining("Caller");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> func("add").as(CallerLast.class))
        .withMessageContaining("Caller");
  }

  @Test
  void onlyAFunctionalInterfaceWillDo() {
    for (Class<?> none :
        new Class<?>[] {
          String.class,
          Sealed.class,
          Override.class,
          Thread.State.class,
          Record.class,
          int.class,
          IntBinaryOperator[].class,
          Comparable[].class,
          Cloneable.class,
          Iterable.class,
          CharSequence.class
        }) {
      assertThat(catchThrowable(() -> func("add").as(none)))
          .as(none.getName())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(none.getName());
    }
  }

  @Test
  void anInterfaceOutOfSightNeedsALookup() {
    for (Class<?> hidden : new Class<?>[] {Private.class, PackagePrivate.class}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> func("add").as(hidden))
          .withMessageContaining("MethodHandles.lookup()");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> func("add").as(MethodHandles.publicLookup(), hidden))
          .withMessageContaining("no full access");
    }
    assertThat(func("add").as(LOOKUP, Private.class).add(1, 2)).isEqualTo(3);
    assertThat(func("add").as(LOOKUP, PackagePrivate.class).add(1, 2)).isEqualTo(3);
    assertThat(func("add").as(LOOKUP, IntBinaryOperator.class).applyAsInt(1, 2)).isEqualTo(3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> func("numbers").as(Hidden.class))
        .withMessageContaining("lookup");
    assertThat(func("numbers").as(LOOKUP, Hidden.class).numbers()).isEqualTo(new Secret(1, 2, 3));
  }

  @Test
  void aLookupOfAnotherPackageSeesNoMore() {
    MethodHandles.Lookup other = io.github.wasmtimejvm.testing.Guests.lookup();
    assertThatIllegalArgumentException().isThrownBy(() -> func("add").as(other, Private.class));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> func("same-extern").as(other, LeaksAType.class));
    assertThat(func("add").as(other, IntBinaryOperator.class).applyAsInt(1, 2)).isEqualTo(3);
  }

  @Test
  void aTypeOutOfSightInASignatureNeedsALookup() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> func("same-extern").as(LeaksAType.class))
        .withMessageContaining("lookup");
    Unseen mine = new Unseen();
    assertThat(func("same-extern").as(LOOKUP, LeaksAType.class).apply(mine)).isSameAs(mine);
  }

  @Test
  void methodsMayBeInheritedGenericOrDefault() {
    assertThat(func("add").as(Inherits.class).add(1, 2)).isEqualTo(3);
    Specific specific = func("add").as(Specific.class);
    assertThat(specific.apply(1, 2)).isEqualTo(3);
    assertThat(specific.twice(4)).isEqualTo(8);
    Generic<Integer> generic = specific;
    assertThat(generic.apply(5, 6)).isEqualTo(11);
    assertThat(specific).isEqualTo(specific).isNotEqualTo(func("add").as(Specific.class));
    assertThat(specific.toString()).isNotEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> func("add").as(Generic.class))
        .withMessageContaining("(java.lang.Object, java.lang.Object) -> java.lang.Object");
  }

  @Test
  void whatARecordThrowsComesOut() {
    assertThatIllegalStateException()
        .isThrownBy(() -> func("numbers").as(Smalls.class).numbers())
        .withMessage("not small");
    assertThat(func("add").call(1, 2)).isEqualTo(3);
  }

  /** Makes records that refuse. */
  public interface Smalls {
    Small numbers();
  }

  @Test
  void whatTheHostThrowsComesOut() {
    IntUnaryOperator call = func("host").as(IntUnaryOperator.class);
    for (Throwable thrown :
        new Throwable[] {
          new IOException(), new StackOverflowError(), new OutOfMemoryError(), new MyError()
        }) {
      host =
          (caller, args) -> {
            throw thrown;
          };
      assertThat(catchThrowable(() -> call.applyAsInt(1))).isSameAs(thrown);
      assertThat(catchThrowable(() -> func("host").handle().invoke(1))).isSameAs(thrown);
    }
    host = (caller, args) -> args[0];
    assertThat(call.applyAsInt(5)).isEqualTo(5);
  }

  private static final class MyError extends Error {
    private static final long serialVersionUID = 1;
  }

  @Test
  void nestedCallsDoNotDisturbEachOther() {
    Reverse reverse = func("reverse").as(Reverse.class);
    IntUnaryOperator again = func("host").as(IntUnaryOperator.class);
    host =
        (caller, args) -> {
          int depth = (int) args[0];
          assertThat(reverse.reverse(depth, 2, 3, 4, VECTOR).i32()).isEqualTo(depth);
          return depth == 20 ? 20 : again.applyAsInt(depth + 1) + depth;
        };
    assertThat(again.applyAsInt(0)).isEqualTo(210);
  }

  @Test
  void aClosedStoreIsToldAsSuch() throws Throwable {
    Func add = func("add");
    IntBinaryOperator typed = add.as(IntBinaryOperator.class);
    MethodHandle handle = add.handle();
    store.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> typed.applyAsInt(1, 2))
        .withMessage("the store is closed");
    assertThatIllegalStateException().isThrownBy(() -> handle.invoke(1, 2));
    assertThatIllegalStateException().isThrownBy(add::handle);
    assertThatIllegalStateException().isThrownBy(() -> add.as(IntBinaryOperator.class));
  }

  @Test
  void anotherThreadIsRefused() throws InterruptedException {
    IntBinaryOperator add = func("add").as(IntBinaryOperator.class);
    Throwable[] thrown = new Throwable[1];
    Thread thread = new Thread(() -> thrown[0] = catchThrowable(() -> add.applyAsInt(1, 2)));
    thread.start();
    thread.join();
    assertThat(thrown[0]).isInstanceOf(WrongThreadException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 17, 100, 249, 250})
  void manyParametersAndResults(int count) throws Throwable {
    Func func = identity(count, "i32", ValType.I32);
    Object[] args = new Object[count];
    java.util.Arrays.setAll(args, i -> i);
    assertThat((Object[]) func.call(args)).containsExactly(args);
    assertThat((Object[]) func.handle().invokeWithArguments(args)).containsExactly(args);
    Func extern = identity(count, "externref", ValType.EXTERNREF);
    assertThat((Object[]) extern.handle().invokeWithArguments(args)).containsExactly(args);
  }

  /** Where generated code has no room for what it takes besides, values are boxed. */
  @ParameterizedTest
  @ValueSource(ints = {246, 247, 248, 249, 250})
  void manyParametersAndOneResult(int count) throws Throwable {
    Object[] args = Collections.nCopies(count, 7).toArray();
    String params = " (param" + " i32".repeat(count) + ")";
    for (String result : new String[] {"", " (result i32)"}) {
      String body = result.isEmpty() ? "" : " (local.get " + (count - 1) + ")";
      String wat = "(module (func (export \"f\")" + params + result + body + "))";
      try (Module many = Module.fromWat(engine, wat)) {
        Func func = Instance.create(store, many).func("f");
        assertThat(func.handle().invokeWithArguments(args)).isEqualTo(result.isEmpty() ? null : 7);
      }
    }
  }

  @Test
  void moreParametersThanAMethodCanHave() {
    for (int count : new int[] {251, 255, 1000}) {
      Func func = identity(count, "i32", ValType.I32);
      Object[] args = Collections.nCopies(count, 7).toArray();
      assertThat((Object[]) func.call(args)).containsExactly(args);
      assertThatIllegalArgumentException()
          .isThrownBy(func::handle)
          .withMessageContaining("Func.call");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> identity(126, "i64", ValType.I64).handle())
        .withMessageContaining("126 parameters in 252 slots");
    assertThat(identity(125, "i64", ValType.I64).handle().type().parameterCount()).isEqualTo(125);
  }

  private Func identity(int count, String type, ValType same) {
    StringBuilder wat = new StringBuilder("(module (func (export \"f\")");
    wat.append(" (param").append((" " + type).repeat(count)).append(')');
    wat.append(" (result").append((" " + type).repeat(count)).append(')');
    for (int i = 0; i < count; i++) {
      wat.append(" (local.get ").append(i).append(')');
    }
    try (Module many = Module.fromWat(engine, wat.append("))").toString())) {
      Func func = Instance.create(store, many).func("f");
      assertThat(func.type().params()).hasSize(count).containsOnly(same);
      return func;
    }
  }

  @Test
  void aHandleHasTheExactType() {
    assertThat(func("reverse").handle().type())
        .isEqualTo(
            MethodType.methodType(
                Object[].class, int.class, long.class, float.class, double.class, V128.class));
    assertThat(func("with-extern").handle().type())
        .isEqualTo(MethodType.methodType(Object[].class, Object.class, int.class));
    assertThat(func("nothing").handle().type()).isEqualTo(MethodType.methodType(void.class));
  }
}
