package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.ChildLoader;
import io.github.wasmtimejvm.testing.EngineFixture;
import java.lang.ref.WeakReference;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** References of all kinds between guests and the host. */
class ReferencesTest {
  @RegisterExtension private final EngineFixture fixture = EngineFixture.create();

  private final Engine engine = fixture.engine();
  private final Module module = fixture.compile(ReferencesTest.class, "references.wat");
  private final Store store = fixture.newStore();
  private final Linker linker = fixture.newLinker();
  private Instance instance;

  @BeforeEach
  void instantiate() {
    linker.define("host", "any", Anys.class, any -> any);
    instance = linker.instantiate(store, module);
  }

  /** Passes any reference on. */
  public interface Anys {
    AnyRef apply(AnyRef any);
  }

  private Object call(String name, Object... args) {
    return instance.func(name).call(args);
  }

  @Test
  void structsAndArraysAreReadAndWritten() {
    StructRef point = (StructRef) call("point", 5);
    assertThat(point.get(0)).isEqualTo(5);
    assertThat(point.get(1)).isEqualTo(255);
    point.set(0, 6);
    assertThat(call("x", point)).isEqualTo(6);
    assertThatIllegalArgumentException().isThrownBy(() -> point.set(1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> point.set(0, 1L));
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> point.get(2));
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> point.get(-1));
    ArrayRef bytes = (ArrayRef) call("bytes", 3);
    assertThat(bytes.length()).isEqualTo(3);
    bytes.set(2, 300);
    assertThat(bytes.get(2)).isEqualTo(44);
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> bytes.get(3));
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> bytes.get(-1));
  }

  @Test
  void hostFunctionsGetAndGiveAnyReference() {
    Object point = call("point", 8);
    assertThat(((StructRef) call("host-any", point)).get(0)).isEqualTo(8);
    assertThat(call("host-any", new I31(-3))).isEqualTo(new I31(-3));
    assertThat(call("host-any", (Object) null)).isNull();
    assertThat(call("i31", I31.wrap(Integer.MIN_VALUE))).isEqualTo(0);
  }

  @Test
  void aConvertedReferenceComesBack() {
    Object mine = new Object();
    Object inside = call("intern", mine);
    assertThat(inside)
        .isInstanceOfSatisfying(ConvertedRef.class, c -> assertThat(c.isExternal()).isFalse());
    assertThat(call("extern", inside)).isSameAs(mine);
    Object outside = call("extern", call("point", 4));
    assertThat(call("x", call("intern", outside))).isEqualTo(4);
    assertThatIllegalArgumentException().isThrownBy(() -> call("intern", inside));
  }

  @Test
  void nullIsRefusedWhereTheTypeHasNone() {
    Func mine = Func.create(store, IntBinaryOperator.class, Integer::sum);
    assertThat(call("non-null", "text", mine)).isNull();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> call("non-null", null, mine))
        .withMessageContaining("not null");
    assertThatIllegalArgumentException().isThrownBy(() -> call("non-null", "text", null));
    assertThatIllegalArgumentException().isThrownBy(() -> call("x", (Object) null));
  }

  @Test
  void whatIsOfAnotherStoreOrTypeIsRefused() {
    StructType other = StructType.create(engine, FieldType.mutable(ValType.I64));
    StructRef wrong = StructRef.create(store, other, 1L);
    assertThatExceptionOfType(EngineException.class).isThrownBy(() -> call("x", wrong));
    try (Engine stranger = Engine.create();
        Store strange = Store.create(stranger)) {
      assertThatIllegalArgumentException().isThrownBy(() -> StructRef.create(strange, other, 1L));
    }
    Store closed = Store.create(engine);
    StructRef foreign = (StructRef) linker.instantiate(closed, module).func("point").call(1);
    for (int i = 0; i < 2; i++) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> call("x", foreign))
          .withMessageContaining("another store");
      assertThatIllegalArgumentException().isThrownBy(() -> call("two", "text", foreign, 1));
      closed.close();
    }
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> foreign.get(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> call("two", "text", null, "no number"))
        .withMessageContaining("argument 2");
  }

  @Test
  void referencesOfEveryKindAreOfTheirStoreAlone() {
    try (Store other = Store.create(engine)) {
      Instance there = linker.instantiate(other, module);
      Tag tag = Tag.create(other, new TagType(FuncType.of(ValType.I32)));
      ArrayRef array = (ArrayRef) there.func("bytes").call(1);
      Object inside = there.func("intern").call("mine");
      Object outside = there.func("extern").call(array);
      ExnRef exception = ExnRef.create(tag, 1);
      Map<String, Runnable> uses = new LinkedHashMap<>();
      uses.put("array reference", () -> call("host-any", array));
      uses.put("reference", () -> call("host-any", inside));
      uses.put("reference of the host", () -> call("same", outside));
      uses.put("exception reference", () -> call("exn", exception));
      uses.put("function reference", () -> call("non-null", "text", there.func("x")));
      uses.forEach(
          (kind, use) ->
              assertThatIllegalArgumentException()
                  .as(kind)
                  .isThrownBy(use::run)
                  .withMessageContaining(kind.replace(" of the host", ""))
                  .withMessageContaining("another store"));
    }
  }

  @Test
  void anExceptionAndAConvertedReferencePassThrough() {
    ExnRef exception = ExnRef.create(Tag.create(store, new TagType(FuncType.of(ValType.I32))), 7);
    assertThat(((ExnRef) call("exn", exception)).payload()).containsExactly(7);
    assertThat(call("exn", (Object) null)).isNull();
    Object inside = call("intern", "mine");
    assertThat(call("extern", call("host-any", inside))).isEqualTo("mine");
    Object outside = call("same", call("extern", call("bytes", 2)));
    assertThat(outside)
        .isInstanceOfSatisfying(ConvertedRef.class, c -> assertThat(c.isExternal()).isTrue());
    assertThat(((ArrayRef) call("intern", outside)).length()).isEqualTo(2);
  }

  // Each of them takes some bytes of the heap until nobody roots it any more.
  @Test
  void whatPassesThroughIsNotKept() {
    store.limit(StoreLimits.NONE.withMemoryBytes(1 << 17));
    for (int i = 0; i < 20_000; i++) {
      Object mine = new Object();
      assertThat(call("same", mine)).isSameAs(mine);
    }
    for (int i = 0; i < 20_000; i++) {
      int number = i;
      assertThatIllegalArgumentException()
          .isThrownBy(() -> call("two", "text", null, "no " + number));
    }
  }

  /** In a JVM of their own: a class loader that goes, and references under garbage collection. */
  @org.junit.jupiter.api.Tag("child")
  @Test
  void nothingIsKeptOrLostUnderGarbageCollection() {
    ChildJvm.Result result = ChildJvm.with("-Xmx128m").asByDefault().run(Storm.class);
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).isEqualTo("done\n");
  }

  static final class Storm {
    public static void main(String[] args) throws Exception {
      ReferencesTest test = new ReferencesTest();
      test.instantiate();
      for (int i = 0; i < 3000; i++) {
        Object mine = new byte[1024];
        assertThat(test.call("extern", test.call("intern", mine))).isSameAs(mine);
        StructRef point = (StructRef) test.call("host-any", test.call("point", i));
        if (i % 100 == 0) {
          System.gc();
          test.store.gc();
        }
        assertThat(point.type().fields()).hasSize(2);
        assertThat(point.get(0)).isEqualTo(i);
      }
      WeakReference<Class<?>> plugin = usePlugin(test);
      while (plugin.get() != null) {
        System.gc();
        Thread.sleep(20);
      }
      test.store.close();
      test.engine.close();
      System.out.println("done");
    }

    private static WeakReference<Class<?>> usePlugin(ReferencesTest test) throws Exception {
      Class<?> adds = new ChildLoader().defineAgain(InstanceInterfaceTest.Adds.class);
      try (Module module =
          Module.fromWat(
              test.engine,
              "(module (func (export \"add\") (param i32 i32) (result i32) (local.get 0)))")) {
        Instance instance = Instance.create(test.store, module);
        Object typed = instance.as(adds);
        assertThat(adds.getMethod("add", int.class, int.class).invoke(typed, 5, 6)).isEqualTo(5);
      }
      return new WeakReference<>(adds);
    }
  }
}
