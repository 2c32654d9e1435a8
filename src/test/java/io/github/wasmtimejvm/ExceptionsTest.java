package io.github.wasmtimejvm;

import static io.github.wasmtimejvm.ValType.I32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.wasmtimejvm.testing.EngineFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** WebAssembly exceptions on their way between guests and the host. */
class ExceptionsTest {
  @RegisterExtension private final EngineFixture fixture = EngineFixture.create();

  private final Engine engine = fixture.engine();
  private final Module module = fixture.compile(ExceptionsTest.class, "exceptions.wat");
  private final Store store = fixture.newStore();
  private final Linker linker = fixture.newLinker();
  private Instance instance;
  private Tag tag;
  private HostFunction host = (caller, args) -> null;

  @BeforeEach
  void instantiate() {
    linker.define("host", "f", FuncType.of(I32), (caller, args) -> host.call(caller, args));
    instance = linker.instantiate(store, module);
    tag = (Tag) instance.export("tag").orElseThrow();
  }

  @AfterEach
  void nothingIsPending() {
    host = (caller, args) -> null;
    assertThat(instance.func("call").call(1)).isNull();
    assertThat((Object[]) instance.func("catch").call(1)).containsExactly(-1, null);
  }

  private GuestException thrownBy(String name, Object... args) {
    try {
      instance.func(name).call(args);
    } catch (GuestException e) {
      return e;
    }
    throw new AssertionError("nothing thrown");
  }

  @Test
  void aGuestsUncaughtExceptionHasItsPayload() {
    Object mine = new Object();
    GuestException thrown = thrownBy("throw", 7, mine);
    assertThat(thrown.payload()).containsExactly(7, mine);
    assertThat(thrown.tag().type()).isEqualTo(tag.type());
    assertThat(thrown.frames()).isNotEmpty();
    assertThat(thrownBy("throw", 8, null).payload()).containsExactly(8, null);
  }

  @Test
  void aHostFunctionThrowsOneThatTheGuestCatches() {
    Object mine = new Object();
    host =
        (caller, args) -> {
          throw new GuestException(tag, args[0], mine);
        };
    assertThat((Object[]) instance.func("catch").call(3)).containsExactly(3, mine);
  }

  @Test
  void theSameObjectComesBackWhenNobodyCatchesIt() {
    GuestException mine = new GuestException(tag, 1, null);
    host =
        (caller, args) -> {
          if ((int) args[0] == 5) {
            throw mine;
          }
          return instance.func("call").call((int) args[0] + 1);
        };
    assertThat(thrownBy("call", 0)).isSameAs(mine);
    assertThat(thrownBy("call", 5)).isSameAs(mine);
    Func alone =
        Func.create(
            store,
            FuncType.of(),
            (caller, args) -> {
              throw mine;
            });
    assertThatExceptionOfType(GuestException.class).isThrownBy(alone::call).isSameAs(mine);
  }

  @Test
  void oneThatWasCaughtIsNotMistakenForTheNext() {
    GuestException mine = new GuestException(tag, 1, null);
    host =
        (caller, args) -> {
          throw mine;
        };
    instance.func("catch").call(0);
    assertThat(thrownBy("throw", 2, null)).isNotSameAs(mine);
  }

  @Test
  void whatAGuestThrewMayGoOnToAnotherGuest() {
    Object mine = new Object();
    host = (caller, args) -> instance.func("throw").call(args[0], mine);
    assertThat((Object[]) instance.func("catch").call(4)).containsExactly(4, mine);
    assertThat(thrownBy("call", 4).payload()).containsExactly(4, mine);
  }

  @Test
  void anExceptionOfAnotherStoreIsAHostsException() {
    try (Store other = Store.create(engine)) {
      Instance there = linker.instantiate(other, module);
      GuestException foreign = new GuestException((Tag) there.export("tag").orElseThrow(), 1, null);
      host =
          (caller, args) -> {
            throw foreign;
          };
      assertThat(thrownBy("catch", 1)).isSameAs(foreign);
      assertThat(foreign.payload()).containsExactly(1, null);
    }
  }

  @Test
  void oneThatComesOutOfAStartFunction() {
    String wat =
        """
        (module
          (import "host" "f" (func $f (param i32)))
          (func $start (call $f (i32.const 9)))
          (start $start))
        """;
    host =
        (caller, args) -> {
          throw new GuestException(tag, args[0], null);
        };
    try (Module starts = Module.fromWat(engine, wat);
        InstancePre pre = linker.instantiatePre(starts)) {
      assertThatExceptionOfType(GuestException.class)
          .isThrownBy(() -> linker.instantiate(store, starts))
          .satisfies(e -> assertThat(e.payload()).containsExactly(9, null));
      assertThatExceptionOfType(GuestException.class).isThrownBy(() -> pre.instantiate(store));
      assertThatExceptionOfType(GuestException.class)
          .isThrownBy(() -> linker.defineModule(store, "starts", starts));
    }
  }

  @Test
  void aPayloadThatDoesNotFitIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GuestException(tag, 1))
        .withMessage("2 payload value(s) expected, 1 given");
    assertThatIllegalArgumentException().isThrownBy(() -> ExnRef.create(tag, 1L, null));
    assertThatNullPointerException().isThrownBy(() -> new GuestException((ExnRef) null));
  }
}
