package io.github.wasmtimejvm;

import static io.github.wasmtimejvm.ValType.I32;
import static io.github.wasmtimejvm.ValType.I64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.testing.EngineFixture;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Java functions that guests call: values in and out, and the {@link Caller}. */
class HostFunctionTest {
  private static final HostFunction IDENTITY = (caller, args) -> args[0];

  @RegisterExtension private static final EngineFixture fixture = EngineFixture.create();

  private final Engine engine = fixture.engine();
  private final Module module = fixture.compile(HostFunctionTest.class, "host-function.wat");
  private final Linker linker = fixture.newLinker();
  private final Store store = fixture.newStore();

  @BeforeEach
  void defineIdentities() {
    linker.allowShadowing(true);
    for (ValType type :
        List.of(I32, I64, ValType.F32, ValType.F64, ValType.V128, ValType.FUNCREF)) {
      String name = type.equals(ValType.FUNCREF) ? "funcref" : type.toString();
      linker.define("host", name, FuncType.of(type).returns(type), IDENTITY);
    }
    linker.define("host", "nothing", FuncType.of(), (caller, args) -> null);
    linker.define(
        "host",
        "pair",
        FuncType.of(I32, I64).returns(I64, I32),
        (caller, args) -> new Object[] {args[1], args[0]});
    ValType[] eighteen = new ValType[18];
    Arrays.fill(eighteen, I32);
    linker.define(
        "host",
        "spread",
        FuncType.of(I32).returns(eighteen),
        (caller, args) -> {
          Object[] results = new Object[18];
          Arrays.setAll(results, i -> (int) args[0] + i);
          return results;
        });
  }

  /** Calls the guest's function of that name, which calls the host's. */
  private Object call(String function, Object... args) {
    return linker.instantiate(store, module).func(function).call(args);
  }

  /** Lets {@code function} stand behind {@code nothing}. */
  private void define(HostFunction function) {
    linker.define("host", "nothing", FuncType.of(), function);
  }

  @Test
  void everyValueTypeComesAndGoes() {
    assertThat(call("i32", Integer.MIN_VALUE)).isEqualTo(Integer.MIN_VALUE);
    assertThat(call("i64", Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    assertThat(call("f32", -0f)).isEqualTo(-0f);
    assertThat(call("f64", Double.MIN_VALUE)).isEqualTo(Double.MIN_VALUE);
    assertThat(call("v128", new V128(1, -2))).isEqualTo(new V128(1, -2));
    assertThat(call("nothing")).isNull();
    assertThat(call("pair", 1, 2L)).isEqualTo(new Object[] {2L, 1});
    assertThat(call("spread", 100)).isEqualTo(-17);
  }

  @Test
  void theBitsOfANaNComeAndGo() {
    float nan32 = Float.intBitsToFloat(0xffabcdef);
    double nan64 = Double.longBitsToDouble(0x7ff123456789abcdL);

    assertThat(Float.floatToRawIntBits((float) call("f32", nan32))).isEqualTo(0xffabcdef);
    assertThat(Double.doubleToRawLongBits((double) call("f64", nan64)))
        .isEqualTo(0x7ff123456789abcdL);
  }

  @Test
  void functionReferencesComeAndGo() {
    Func add =
        Func.create(
            store,
            FuncType.of(I32, I32).returns(I32),
            (caller, args) -> (int) args[0] + (int) args[1]);

    assertThat(((Func) call("funcref", add)).call(40, 2)).isEqualTo(42);
    assertThat(call("funcref", (Object) null)).isNull();
  }

  @Test
  void aReferenceToAFunctionOfAnotherStoreCannotBeReturned() {
    try (Store other = Store.create(engine)) {
      Func foreign = Func.create(other, FuncType.of(), (caller, args) -> null);
      FuncType type = FuncType.of(ValType.FUNCREF).returns(ValType.FUNCREF);
      linker.define("host", "funcref", type, (caller, args) -> foreign);

      assertThatIllegalArgumentException()
          .isThrownBy(() -> call("funcref", (Object) null))
          .withMessage("the function reference belongs to another store");
    }
  }

  @Test
  void aResultOfTheWrongTypeIsRefused() {
    FuncType type = FuncType.of(I32).returns(I32);
    linker.define("host", "i32", type, (caller, args) -> 1L);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> call("i32", 0))
        .withMessage("host function result 0 must be java.lang.Integer for i32, is java.lang.Long");

    linker.define("host", "i32", type, (caller, args) -> null);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> call("i32", 0))
        .withMessage("host function result 0 must be java.lang.Integer for i32, is null");

    linker.define("host", "i32", type, (caller, args) -> new Object[] {1});
    assertThatIllegalArgumentException()
        .isThrownBy(() -> call("i32", 0))
        .withMessage(
            "host function result 0 must be java.lang.Integer for i32, is [Ljava.lang.Object;");
  }

  @Test
  void aWrongNumberOfResultsIsRefused() {
    FuncType type = FuncType.of(I32, I64).returns(I64, I32);
    linker.define("host", "pair", type, (caller, args) -> new Object[] {1L});
    assertThatIllegalArgumentException()
        .isThrownBy(() -> call("pair", 1, 2L))
        .withMessage("2 host function result(s) expected, 1 given");

    linker.define("host", "pair", type, (caller, args) -> new Object[] {1L, 2, 3});
    assertThatIllegalArgumentException()
        .isThrownBy(() -> call("pair", 1, 2L))
        .withMessage("2 host function result(s) expected, 3 given");

    linker.define("host", "pair", type, (caller, args) -> null);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> call("pair", 1, 2L))
        .withMessage("2 host function result(s) expected, 1 given");

    define((caller, args) -> "something");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> call("nothing"))
        .withMessage("0 host function result(s) expected, 1 given");
  }

  @Test
  void aRefusedResultLeavesTheStoreUsable() {
    HostFunction odd = (caller, args) -> (int) args[0] % 2 == 1 ? args[0] : "even";
    linker.define("host", "i32", FuncType.of(I32).returns(I32), odd);
    Func guest = linker.instantiate(store, module).func("i32");

    assertThatIllegalArgumentException().isThrownBy(() -> guest.call(2));
    assertThat(guest.call(3)).isEqualTo(3);
  }

  @Test
  void theCallersExportsCanBeReached() {
    List<Object> seen = new ArrayList<>();
    define(
        (caller, args) -> {
          Memory memory = (Memory) caller.export("memory").orElseThrow();
          byte[] text = new byte[5];
          memory.read(8, text);
          seen.add(new String(text, StandardCharsets.UTF_8));
          seen.add(((Global) caller.export("global").orElseThrow()).type());
          seen.add(((Func) caller.export("i32").orElseThrow()).call(5));
          seen.add(caller.export("none"));
          seen.add(caller.store());
          return null;
        });
    call("nothing");

    assertThat(seen)
        .containsExactly("hello", new GlobalType(I32, false), 5, Optional.empty(), store);
  }

  @Test
  void theCallerIsTheInstanceThatCalls() {
    List<Integer> sizes = new ArrayList<>();
    define(
        (caller, args) -> {
          sizes.add((int) ((Memory) caller.export("memory").orElseThrow()).size());
          return null;
        });
    Instance one = linker.instantiate(store, module);
    Instance two = linker.instantiate(store, module);
    two.memory("memory").grow(4);

    one.func("nothing").call();
    two.func("nothing").call();

    assertThat(sizes).containsExactly(1, 5);
  }

  @Test
  void aCallFromJavaHasNoExports() {
    List<Optional<Extern>> seen = new ArrayList<>();
    Func func =
        Func.create(
            store,
            FuncType.of(),
            (caller, args) -> {
              seen.add(caller.export("memory"));
              return null;
            });
    func.call();

    assertThat(seen).containsExactly(Optional.empty());
  }

  @Test
  void theCallerIsOfNoUseAfterTheCall() {
    List<Caller> kept = new ArrayList<>();
    define(
        (caller, args) -> {
          kept.add(caller);
          return null;
        });
    call("nothing");

    assertThatIllegalStateException()
        .isThrownBy(() -> kept.getFirst().export("memory"))
        .withMessage("the host function has returned");
  }

  @Test
  void oneLinkerServesSeveralStores() {
    List<Store> callers = new ArrayList<>();
    define(
        (caller, args) -> {
          callers.add(caller.store());
          return null;
        });
    try (Store other = Store.create(engine)) {
      Instance here = linker.instantiate(store, module);
      Instance there = linker.instantiate(other, module);

      here.func("nothing").call();
      there.func("nothing").call();
      here.func("nothing").call();

      assertThat(callers).containsExactly(store, other, store);
    }
  }

  @Test
  void itMayCallTheGuestAndKeepsItsOwnArguments() {
    linker.define(
        "host",
        "i32",
        FuncType.of(I32).returns(I32),
        (caller, args) -> {
          int n = (int) args[0];
          Func again = (Func) caller.export("i32").orElseThrow();
          return n == 0 ? 0 : (int) again.call(n - 1) + n;
        });

    assertThat(call("i32", 20)).isEqualTo(210);
  }

  @Test
  void itMayCallIntoAnotherStore() {
    try (Store other = Store.create(engine)) {
      Instance there = linker.instantiate(other, module);
      linker.define(
          "host",
          "i64",
          FuncType.of(I64).returns(I64),
          (caller, args) -> (long) there.func("i64").call(args) + 1);

      assertThat(call("i64", 41L)).isEqualTo(42L);
    }
  }

  @Test
  void itMayMakeInstances() {
    define(
        (caller, args) -> {
          linker.instantiate(caller.store(), module).func("pair").call(1, 2L);
          return null;
        });
    Instance guest = linker.instantiate(store, module);
    define((caller, args) -> null);

    assertThat(guest.func("nothing").call()).isNull();
  }
}
