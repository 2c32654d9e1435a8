package io.github.wasmtimejvm;

import static io.github.wasmtimejvm.ValType.EXTERNREF;
import static io.github.wasmtimejvm.ValType.I32;
import static io.github.wasmtimejvm.ValType.I64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.wasmtimejvm.testing.EngineFixture;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.IntBinaryOperator;
import java.util.function.IntSupplier;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Host functions that are objects of functional interfaces. */
public class TypedHostFunctionTest {
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
  private static final V128 VECTOR = new V128(1, 2);

  @RegisterExtension private final EngineFixture fixture = EngineFixture.create();

  private final Engine engine = fixture.engine();
  private final Store store = fixture.newStore();
  private final Linker linker = fixture.newLinker();

  /** All kinds of numbers. */
  public record Numbers(V128 vector, double f64, float f32, long i64, int i32) {}

  /** All kinds of numbers. */
  public interface Reverse {
    @Nullable Numbers apply(int a, long b, float c, double d, V128 e);
  }

  /** With a caller. */
  public interface WithCaller {
    int apply(Caller caller, int a);
  }

  /** A vector. */
  public interface Vectors {
    @Nullable V128 get();
  }

  /** A record of a reference. */
  public record Mixed(int number, @Nullable Object reference) {}

  /** A record with a reference. */
  public interface Mixes {
    @Nullable Mixed get();
  }

  /** Two. */
  public record Two(long a, long b) {}

  /** Two. */
  public interface Twos {
    Two get();
  }

  interface Base {
    int twice(int a);
  }

  /** Its method is declared out of sight. */
  public interface Inherits extends Base {}

  private interface Hidden {
    Secret get();
  }

  private record Secret(int a, int b) {}

  /** Arrays. */
  public interface Ints {
    int @Nullable [] get();
  }

  /** Arrays. */
  public interface Objects {
    @Nullable Object @Nullable [] get();
  }

  @Test
  void numbersGoInAndComeOut() {
    Func reverse = Func.create(store, Reverse.class, (a, b, c, d, e) -> new Numbers(e, d, c, b, a));
    assertThat(reverse.type())
        .hasToString("(i32, i64, f32, f64, v128) -> (v128, f64, f32, i64, i32)");
    assertThat((Object[]) reverse.call(1, 2L, 3f, 4., VECTOR))
        .containsExactly(VECTOR, 4., 3f, 2L, 1);
    assertThat(reverse.as(Reverse.class).apply(1, 2, 3, 4, VECTOR))
        .isEqualTo(new Numbers(VECTOR, 4, 3, 2, 1));
  }

  @Test
  void oneFunctionServesManyStores() {
    linker.define("host", "add", IntBinaryOperator.class, Integer::sum);
    for (int i = 0; i < 3; i++) {
      try (Store another = Store.create(engine)) {
        Func add = (Func) linker.get(another, "host", "add").orElseThrow();
        assertThat(add.as(IntBinaryOperator.class).applyAsInt(i, 1)).isEqualTo(i + 1);
      }
    }
  }

  @Test
  void referencesKeepTheirIdentity() {
    @SuppressWarnings("unchecked")
    Func same = Func.create(store, UnaryOperator.class, (UnaryOperator<Object>) a -> a);
    Object mine = new Object();
    assertThat(same.call(mine)).isSameAs(mine);
    assertThat(same.call((Object) null)).isNull();
    Func mixes = Func.create(store, Mixes.class, () -> new Mixed(1, mine));
    assertThat((Object[]) mixes.call()).containsExactly(1, mine);
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"}) // as callers may that do not look at warnings
  void aFunctionThatIsNoneOfTheInterfaceIsRefusedAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Func.create(store, (Class) IntUnaryOperator.class, "text"))
        .withMessage(
            "the host function must be a java.util.function.IntUnaryOperator, is a"
                + " java.lang.String");
  }

  @Test
  void methodsMayBeInheritedOrHidden() {
    assertThat(Func.create(store, Inherits.class, a -> 2 * a).call(4)).isEqualTo(8);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Func.create(store, Hidden.class, () -> new Secret(1, 2)))
        .withMessageContaining("MethodHandles.lookup()");
    FuncType type = FuncType.of().returns(I32, I32);
    linker.define("host", "f", type, LOOKUP, Hidden.class, () -> new Secret(1, 2));
    assertThat((Object[]) ((Func) linker.get(store, "host", "f").orElseThrow()).call())
        .containsExactly(1, 2);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                linker.define(
                    "host",
                    "g",
                    type,
                    io.github.wasmtimejvm.testing.Guests.lookup(),
                    Hidden.class,
                    () -> new Secret(1, 2)))
        .withMessageContaining("cannot see");
  }

  @Test
  void aCallerEndsWithTheCall() {
    Caller[] kept = new Caller[1];
    Func func =
        Func.create(
            store,
            WithCaller.class,
            (caller, a) -> {
              kept[0] = caller;
              assertThat(caller.store()).isSameAs(store);
              assertThat(caller.export("nothing")).isEmpty();
              if (a == 0) {
                throw new IllegalStateException("mine");
              }
              return a;
            });
    assertThat(func.call(1)).isEqualTo(1);
    assertThatIllegalStateException()
        .isThrownBy(() -> kept[0].export("nothing"))
        .withMessage("the host function has returned");
    assertThatIllegalStateException().isThrownBy(() -> func.call(0)).withMessage("mine");
    assertThatIllegalStateException()
        .isThrownBy(() -> kept[0].export("nothing"))
        .withMessage("the host function has returned");
  }

  @Test
  void aNullForResultsIsTold() {
    List<Func> nulls =
        List.of(
            Func.create(store, Reverse.class, (a, b, c, d, e) -> null),
            Func.create(store, Vectors.class, () -> null),
            Func.create(store, Mixes.class, () -> null),
            Func.create(store, Reverse.class, (a, b, c, d, e) -> new Numbers(null, d, c, b, a)),
            typed(FuncType.of().returns(I32, I32), Ints.class, () -> null),
            typed(FuncType.of().returns(I32, I32), Objects.class, () -> null));
    for (Func func : nulls) {
      Object[] args =
          func.type().params().isEmpty() ? new Object[0] : new Object[] {1, 2L, 3f, 4., VECTOR};
      assertThatIllegalArgumentException()
          .isThrownBy(() -> func.call(args))
          .withMessageContaining("null");
    }
  }

  private <T> Func typed(FuncType type, Class<T> shape, T function) {
    linker.allowShadowing(true);
    linker.define("typed", "f", type, null, shape, function);
    return (Func) linker.get(store, "typed", "f").orElseThrow();
  }

  @Test
  void arraysNeedAType() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Func.create(store, Ints.class, () -> new int[2]))
        .withMessageContaining("give its FuncType");
    FuncType two = FuncType.of().returns(I32, I32);
    assertThat((Object[]) typed(two, Ints.class, () -> new int[] {1, 2}).call())
        .containsExactly(1, 2);
    assertThat((Object[]) typed(two, Objects.class, () -> new Object[] {1, 2}).call())
        .containsExactly(1, 2);
    FuncType one = FuncType.of().returns(EXTERNREF);
    Object mine = new Object();
    assertThat(typed(one, Objects.class, () -> new Object[] {mine}).call()).isSameAs(mine);
    for (FuncType type : List.of(FuncType.of(), one, two)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> typed(type, Objects.class, () -> new Object[3]).call())
          .withMessageContaining("3 given");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> typed(FuncType.of().returns(I64), Ints.class, () -> new int[1]))
        .withMessageContaining("() -> (i64)")
        .withMessageContaining("() -> int[]");
  }

  @Test
  void anAccessorMayCallAGuest() {
    Func same = Func.create(store, IntUnaryOperator.class, a -> a);
    class Calling {
      long call(int a) {
        return (int) same.call(a);
      }
    }
    Calling calling = new Calling();
    Func twos = Func.create(store, Sneaks.class, () -> new Sneak(calling::call, 5));
    assertThat((Object[]) twos.call()).containsExactly(7L, 8L);
  }

  /** Its accessors do more than they should. */
  public record Sneak(long a, long b) {
    private static java.util.function.IntToLongFunction call;

    Sneak(java.util.function.IntToLongFunction how, int ignored) {
      this(ignored, ignored);
      call = how;
    }

    @Override
    public long a() {
      return call.applyAsLong(7);
    }

    @Override
    public long b() {
      return call.applyAsLong(8);
    }
  }

  /** Two of them. */
  public interface Sneaks {
    Sneak get();
  }

  @Test
  void whatItThrowsComesBackAsItIs() {
    for (Throwable thrown :
        List.of(
            new IOException(), new StackOverflowError(), new OutOfMemoryError(), new Error("e"))) {
      Func call = Func.create(store, Sneaky.class, () -> throwIt(thrown));
      assertThat(catchThrowable(call::call)).isSameAs(thrown);
      assertThat(catchThrowable(() -> call.as(IntSupplier.class).getAsInt())).isSameAs(thrown);
      Func reference =
          Func.create(
              store,
              Callable.class,
              () -> {
                throwIt(thrown);
                return 1;
              });
      assertThat(catchThrowable(reference::call)).isSameAs(thrown);
    }
  }

  /** Throws anything. */
  public interface Sneaky {
    int get() throws Throwable;
  }

  private static int throwIt(Throwable thrown) throws Exception {
    if (thrown instanceof Error error) {
      throw error;
    }
    throw (Exception) thrown;
  }

  @Test
  void anArgumentOfAnotherClassIsACastThatFails() {
    Func texts = Func.create(store, Texts.class, text -> {});
    assertThat(texts.call("text")).isNull();
    assertThat(catchThrowable(() -> texts.call(1))).isInstanceOf(ClassCastException.class);
  }

  /** Takes texts. */
  public interface Texts {
    void accept(String text);
  }

  @Test
  void whatIsNoShapeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Func.create(store, CharSequence.class, "text"));
    assertThatIllegalArgumentException().isThrownBy(() -> Func.create(store, String.class, "text"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Func.create(store, Booleans.class, () -> true))
        .withMessageContaining("boolean");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> typed(FuncType.of(I64), Consumer.class, a -> {}))
        .withMessageContaining("(i64) -> ()")
        .withMessageContaining("(java.lang.Object) -> void");
  }

  /** Of no type of values. */
  public interface Booleans {
    boolean get();
  }

  @Test
  void aSupplierOfFunctions() {
    Func mine = Func.create(store, IntSupplier.class, () -> 5);
    Func supplies = Func.create(store, Functions.class, () -> mine);
    Func got = (Func) supplies.call();
    assertThat(got.call()).isEqualTo(5);
    try (Store other = Store.create(engine)) {
      Func foreign = Func.create(other, Functions.class, () -> mine);
      assertThatIllegalArgumentException()
          .isThrownBy(foreign::call)
          .withMessageContaining("belongs to another store");
    }
    Func any = Func.create(store, Supplier.class, () -> mine);
    assertThat(any.call()).isSameAs(mine);
  }

  /** Functions. */
  public interface Functions {
    Func get();
  }
}
