package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.LinkException;
import io.github.wasmtimejvm.Store;
import java.lang.invoke.MethodHandles;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the host defines serves what components import, or it is said what is missing. */
class ComponentLinkerTest {
  private static final String WAT =
      """
      (component
        (import "t:t/math@1.2.0" (instance $math
          (export "twice" (func (param "x" u32) (result u32)))
          (export "half" (func (param "x" u32) (result (result u32 (error string)))))
          (export "nothing" (func))))
        (core module $memory
          (memory (export "m") 1)
          (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
        (core instance $memory (instantiate $memory))
        (core func $twice (canon lower (func $math "twice")))
        (core func $half (canon lower (func $math "half")
          (memory (core memory $memory "m")) (realloc (core func $memory "realloc"))))
        (core func $nothing (canon lower (func $math "nothing")))
        (core module $guest
          (import "h" "twice" (func $twice (param i32) (result i32)))
          (import "h" "half" (func $half (param i32 i32)))
          (import "h" "nothing" (func $nothing))
          (func (export "twice") (param i32) (result i32) (call $twice (local.get 0)))
          (func (export "half") (param i32) (result i32)
            (call $half (local.get 0) (i32.const 16)) (i32.const 16))
          (func (export "nothing") (call $nothing)))
        (core instance $guest (instantiate $guest (with "h" (instance
          (export "twice" (func $twice))
          (export "half" (func $half))
          (export "nothing" (func $nothing))))))
        (func (export "twice") (param "x" u32) (result u32)
          (canon lift (core func $guest "twice")))
        (func (export "half") (param "x" u32) (result (result u32 (error string)))
          (canon lift (core func $guest "half") (memory (core memory $memory "m"))))
        (func (export "nothing") (canon lift (core func $guest "nothing"))))
      """;

  public static final class OddException extends ErrException {
    private static final long serialVersionUID = 1;

    public OddException(String error) {
      super(error);
    }
  }

  @WitName("t:t/math@1.0.0")
  public interface Math {
    long twice(long x);

    long half(long x) throws OddException;

    default void nothing() {}
  }

  public interface Guest {
    long twice(long x);

    long half(long x) throws OddException;

    void nothing();
  }

  public interface ValueGuest {
    Result<Long, String> half(long x);
  }

  private static class Halving implements Math {
    @Override
    public long twice(long x) {
      return 2 * x;
    }

    @Override
    public long half(long x) throws OddException {
      if (x % 2 != 0) {
        throw new OddException(x + " is odd");
      }
      return x / 2;
    }
  }

  private static Engine engine;
  private static Component component;

  private ComponentLinker linker;
  private Store store;

  @BeforeAll
  static void compile() {
    engine = Engine.create();
    component = Component.fromWat(engine, WAT);
  }

  @AfterAll
  static void closeEngine() {
    component.close();
    engine.close();
  }

  @BeforeEach
  void create() {
    linker = ComponentLinker.create(engine);
    store = Store.create(engine);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Guest guest() {
    return linker.instantiate(store, component).as(Guest.class);
  }

  private void isNotLinked(String... texts) {
    assertThatExceptionOfType(LinkException.class)
        .isThrownBy(() -> linker.prepare(component))
        .satisfies(thrown -> assertThat(thrown.getMessage()).contains(texts));
    assertThatExceptionOfType(LinkException.class)
        .isThrownBy(() -> linker.instantiate(store, component));
  }

  @Test
  void errorsOfResultsAreExceptionsBothWays() throws Exception {
    linker.define(Math.class, new Halving());
    Guest guest = guest();
    assertThat(guest.half(8)).isEqualTo(4);
    assertThatExceptionOfType(OddException.class)
        .isThrownBy(() -> guest.half(7))
        .satisfies(thrown -> assertThat(thrown.error()).isEqualTo("7 is odd"));
    assertThat(guest.half(6)).isEqualTo(3); // an error is a value: the guest goes on
  }

  @Test
  void resultsAreValuesToo() {
    linker.define(Math.class, new Halving());
    ComponentInstance instance = linker.instantiate(store, component);
    assertThat(instance.as(ValueGuest.class).half(8)).isEqualTo(Result.ok(4L));
    assertThat(instance.as(ValueGuest.class).half(7)).isEqualTo(Result.err("7 is odd"));
    assertThat(instance.func("half").call(7L)).isEqualTo(Result.err("7 is odd"));
  }

  @Test
  void functionsWithoutTypesThrowErrorsToo() {
    linker.trapUnknownImports();
    linker.define(
        "t:t/math@1.2.0",
        "half",
        args -> {
          if ((long) args[0] == 1) {
            throw new ErrException("one");
          }
          return (long) args[0] == 2 ? Result.err("two") : Result.ok(0L);
        });
    ComponentInstance instance = linker.instantiate(store, component);
    assertThat(instance.func("half").call(1L)).isEqualTo(Result.err("one"));
    assertThat(instance.func("half").call(2L)).isEqualTo(Result.err("two"));
    assertThat(instance.func("half").call(3L)).isEqualTo(Result.ok(0L));
  }

  @Test
  void exceptionsComeOutAsTheSameObjectThroughEachGuest() {
    Exception checked = new Exception("mine");
    Guest[] inner = new Guest[1];
    linker.define(
        Math.class,
        new Halving() {
          @Override
          public long twice(long x) {
            if (x == 0) {
              throw ComponentLinkerTest.<RuntimeException>sneaky(checked);
            }
            return inner[0].twice(x - 1);
          }
        });
    inner[0] = guest();
    Guest outer = guest();
    assertThatExceptionOfType(Exception.class).isThrownBy(() -> outer.twice(3)).isSameAs(checked);
    assertThatIllegalStateException().isThrownBy(() -> outer.twice(0)).withCause(checked);
    assertThatIllegalStateException().isThrownBy(() -> inner[0].twice(0)).withCause(checked);
  }

  @SuppressWarnings("unchecked") // erased
  private static <T extends Throwable> T sneaky(Throwable thrown) throws T {
    throw (T) thrown;
  }

  @Test
  void anErrorIsAnExceptionLikeAnyOther() {
    AssertionError mine = new AssertionError("mine");
    linker.define(
        Math.class,
        new Halving() {
          @Override
          public void nothing() {
            throw mine;
          }
        });
    assertThatExceptionOfType(AssertionError.class).isThrownBy(guest()::nothing).isSameAs(mine);
  }

  @Test
  void aResultOfTheHostsThatDoesNotFitIsSaid() {
    linker.trapUnknownImports();
    linker.define("t:t/math@1.2.0", "twice", _ -> 1);
    linker.define("t:t/math@1.2.0", "nothing", _ -> 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> guest().twice(1))
        .withMessage("the result: u32 is a Long in Java, got java.lang.Integer");
    store.close();
    store = Store.create(engine);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> guest().nothing())
        .withMessage("the result: the function has no result, got java.lang.Integer");
  }

  @WitName("t:t/math@1.2.0")
  public interface BoxedMath {
    @Nullable Long twice(Long x);
  }

  @WitName("t:t/math@1.2.0")
  public interface ObjectMath {
    Object twice(Object x);

    Object half(Object x);
  }

  @Test
  void theHostMayTakeAndReturnObjects() {
    linker.trapUnknownImports();
    linker.define(
        ObjectMath.class,
        new ObjectMath() {
          @Override
          public Object twice(Object x) {
            return 2 * (Long) x;
          }

          @Override
          public Object half(Object x) {
            return Result.err(x.toString());
          }
        });
    ComponentInstance instance = linker.instantiate(store, component);
    assertThat(instance.as(Guest.class).twice(4)).isEqualTo(8);
    assertThat(instance.as(ValueGuest.class).half(4)).isEqualTo(Result.err("4"));
  }

  @Test
  void noResultOfTheHostsIsSaid() {
    linker.trapUnknownImports();
    linker.define(BoxedMath.class, _ -> null);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> guest().twice(1))
        .withMessage("the result: u32 is a Long in Java, got null");
  }

  @Test
  void eachStoreHasItsOwnObject() {
    List<Store> made = new ArrayList<>();
    linker.defineForEachStore(
        Math.class,
        null,
        of -> {
          made.add(of);
          return new Halving();
        });
    Guest guest = guest();
    assertThat(made).isEmpty();
    assertThat(guest.twice(2)).isEqualTo(4);
    assertThat(guest().twice(2)).isEqualTo(4);
    assertThat(made).containsExactly(store);
    try (Store other = Store.create(engine)) {
      assertThat(linker.instantiate(other, component).as(Guest.class).twice(1)).isEqualTo(2);
      assertThat(made).containsExactly(store, other);
    }
  }

  @Test
  void aFactoryThatMakesNothingIsSaid() {
    linker.defineForEachStore(Math.class, null, _ -> null);
    assertThatNullPointerException()
        .isThrownBy(() -> guest().twice(1))
        .withMessage("the factory returned no object");
  }

  @Test
  void aMissingInterfaceIsSaid() {
    isNotLinked("t:t/math@1.2.0: there is no such interface");
  }

  @WitName("t:t/math@2.0.0")
  public interface Newer extends Math {}

  @WitName("t:t/math@1.2.0-rc.1")
  public interface Candidate extends Math {}

  @Test
  void otherVersionsAreSaid() {
    linker.define(Newer.class, sneakyMath(Newer.class));
    linker.define(Candidate.class, sneakyMath(Candidate.class));
    isNotLinked("t:t/math@1.2.0", "another version only", "t:t/math@2.0.0", "t:t/math@1.2.0-rc.1");
  }

  private static <T> T sneakyMath(Class<T> type) {
    return type.cast(
        java.lang.reflect.Proxy.newProxyInstance(
            type.getClassLoader(), new Class<?>[] {type}, (_, _, args) -> args[0]));
  }

  @WitName("t:t/math@1.9.9")
  public interface Newest extends Math {}

  @Test
  void theNewestCompatibleVersionServes() {
    linker.define(Math.class, new Halving());
    linker.define(Newest.class, sneakyMath(Newest.class));
    linker.define(Newer.class, sneakyMath(Newer.class));
    assertThat(guest().twice(5)).isEqualTo(5);
  }

  @Test
  void theExactVersionServesFirst() {
    linker.define(Math.class, new Halving());
    linker.trapUnknownImports();
    linker.define("t:t/math@1.2.0", "twice", args -> 3 * (long) args[0]);
    assertThat(guest().twice(5)).isEqualTo(15);
  }

  @WitName("t:t/math@1.2.0")
  public interface Part {
    int twice(long x);

    long half(long x);
  }

  @Test
  void allThatIsMissingOrDoesNotFitIsSaidAtOnce() {
    linker.define(Part.class, sneakyMath(Part.class));
    isNotLinked(
        "t:t/math@1.2.0 twice: " + Part.class.getName() + ".twice, the result: u32 is a long in",
        "t:t/math@1.2.0 half: " + Part.class.getName() + ".half, the result: result<u32, string>",
        "t:t/math@1.2.0 nothing: nothing defines it; it is func()");
  }

  @Test
  void unknownImportsThrowWhenTheyAreCalled() {
    linker.trapUnknownImports();
    Guest guest = guest();
    assertThatExceptionOfType(LinkException.class)
        .isThrownBy(guest::nothing)
        .withMessageContaining("t:t/math@1.2.0 nothing");
    assertThatIllegalStateException()
        .isThrownBy(guest::nothing)
        .withCauseInstanceOf(LinkException.class);
  }

  @Test
  void unknownImportsHideNoCompatibleVersion() {
    linker.trapUnknownImports();
    linker.define(Math.class, new Halving()); // 1.0.0 for 1.2.0
    assertThat(guest().twice(5)).isEqualTo(10);
  }

  @Test
  void aNameIsDefinedTwiceOnlyWhereThatIsAllowed() {
    linker.define(Math.class, new Halving());
    assertAlreadyDefined(() -> linker.define(Math.class, new Halving()));
    linker.define("t:t/math@1.0.0", "twice", _ -> 7L); // goes before the method
    assertAlreadyDefined(() -> linker.define("t:t/math@1.0.0", "twice", _ -> 8L));
    PreparedComponent before = linker.prepare(component);
    assertThat(guest().twice(5)).isEqualTo(7);
    linker.allowShadowing(true);
    linker.define("t:t/math@1.0.0", "twice", _ -> 8L);
    assertThat(guest().twice(5)).isEqualTo(8);
    assertThat(before.instantiate(store).as(Guest.class).twice(5)).isEqualTo(7);
  }

  private static void assertAlreadyDefined(ThrowingCallable call) {
    assertThatExceptionOfType(LinkException.class)
        .isThrownBy(call)
        .withMessageContaining("is defined already");
  }

  public interface Nameless {
    long twice(long x);
  }

  @WitName("t:t/math@1.2.0")
  interface Hidden {
    long twice(long x);
  }

  @Test
  void whatCannotBeDefinedIsSaid() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> linker.define(Nameless.class, x -> x))
        .withMessageContaining("has no @WitName");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> linker.define(Hidden.class, x -> x))
        .withMessageContaining("not a public interface");
    assertThatNullPointerException().isThrownBy(() -> linker.define(Math.class, null));
    linker.trapUnknownImports();
    linker.define(Hidden.class, MethodHandles.lookup(), x -> x + 1);
    assertThat(guest().twice(5)).isEqualTo(6);
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"}) // that is what is tested
  void anObjectThatIsNoneOfTheInterfaceIsRefused() {
    assertThatExceptionOfType(ClassCastException.class)
        .isThrownBy(() -> linker.define((Class) Math.class, "text"));
  }

  @Test
  void anotherEngineIsRefused() {
    try (Engine other = Engine.create();
        Store otherStore = Store.create(other);
        Component otherComponent = Component.fromWat(other, "(component)")) {
      linker.define(Math.class, new Halving());
      assertThatIllegalArgumentException()
          .isThrownBy(() -> linker.prepare(otherComponent))
          .withMessageContaining("another engine");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> linker.instantiate(otherStore, component))
          .withMessageContaining("another engine");
    }
  }

  @Test
  void aLinkerDoesNotKeepComponents() throws InterruptedException {
    WeakReference<Component> reference = used();
    while (reference.get() != null) {
      System.gc();
      Thread.sleep(1);
    }
    Reference.reachabilityFence(linker);
  }

  private WeakReference<Component> used() {
    Component used = Component.fromWat(engine, "(component)");
    try (Store other = Store.create(engine)) {
      linker.instantiate(other, used);
    }
    used.close();
    return new WeakReference<>(used);
  }

  /** Keeps what it is called from, as hosts do that call back. */
  private static final class Capturing extends Halving {
    private ComponentInstance instance;
  }

  @Test
  void aHostThatKeepsItsInstanceGoesWithIt() throws InterruptedException {
    WeakReference<Capturing> reference = captured();
    while (reference.get() != null) {
      System.gc();
      Thread.sleep(1);
      ComponentLinker another = ComponentLinker.create(engine);
      another.trapUnknownImports();
      try (Store other = Store.create(engine)) {
        another.instantiate(other, component); // the component forgets linkers that have gone
      }
    }
  }

  private static WeakReference<Capturing> captured() {
    Capturing host = new Capturing();
    ComponentLinker linker = ComponentLinker.create(engine);
    linker.define(Math.class, host);
    try (Store store = Store.create(engine)) {
      host.instance = linker.instantiate(store, component);
      assertThat(host.instance.as(Guest.class).twice(2)).isEqualTo(4);
    }
    return new WeakReference<>(host);
  }
}
