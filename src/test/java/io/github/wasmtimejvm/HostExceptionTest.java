package io.github.wasmtimejvm;

import static io.github.wasmtimejvm.ValType.I32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.wasmtimejvm.testing.EngineFixture;
import io.github.wasmtimejvm.wasi.ExitStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a host function throws, and what a guest throws, on its way through both worlds. */
class HostExceptionTest {
  /** Something that no library expects. */
  private static final class Unexpected extends Throwable {
    private static final long serialVersionUID = 1;
  }

  @RegisterExtension private static final EngineFixture fixture = EngineFixture.create();

  private final Engine engine = fixture.engine();
  private final Module module = fixture.compile(HostExceptionTest.class, "host-exception.wat");
  private final Store store = fixture.newStore();
  private final Linker linker = fixture.newLinker();
  private Instance instance;
  private HostFunction host = (caller, args) -> null;

  @BeforeEach
  void instantiate() {
    linker.define("host", "f", FuncType.of(I32), (caller, args) -> host.call(caller, args));
    instance = linker.instantiate(store, module);
  }

  @AfterEach
  void theStoreStillWorks() {
    host = (caller, args) -> null;
    assertThat(instance.func("call").call(1)).isNull();
    assertThat(instance.func("answer").call()).isEqualTo(42);
  }

  private static Stream<Throwable> anything() {
    return Stream.of(
        new IllegalStateException("unchecked"),
        new IOException("checked"),
        new InterruptedException("checked too"),
        new Unexpected(),
        new AssertionError("error"),
        new StackOverflowError("thrown, not overflowed"),
        new OutOfMemoryError("thrown, not out of memory"),
        new LinkageError("linkage"),
        new InternalError("of the VM"),
        new ExitException(0),
        new ExitException(Integer.MIN_VALUE));
  }

  private Throwable thrownBy(String function) {
    return catchThrowable(() -> instance.func(function).call(1));
  }

  private void throwing(Throwable thrown) {
    host =
        (caller, args) -> {
          throw thrown;
        };
  }

  @ParameterizedTest
  @MethodSource("anything")
  void comesBackAsItself(Throwable thrown) {
    throwing(thrown);
    assertThat(thrownBy("call")).isSameAs(thrown);
    assertThat(thrownBy("trap")).isSameAs(thrown);
    assertThat(thrownBy("catch-all")).isSameAs(thrown);
  }

  @ParameterizedTest
  @MethodSource("anything")
  void comesBackThroughGuestsWithinGuests(Throwable thrown) {
    List<Throwable> seen = new ArrayList<>();
    host =
        (caller, args) -> {
          int depth = (Integer) args[0];
          if (depth == 10) {
            throw thrown;
          }
          try {
            return instance.func("call").call(depth + 1);
          } catch (Throwable t) {
            seen.add(t);
            throw t;
          }
        };
    assertThat(thrownBy("call")).isSameAs(thrown);
    assertThat(seen).hasSize(9).allSatisfy(t -> assertThat(t).isSameAs(thrown));
  }

  @ParameterizedTest
  @MethodSource("anything")
  void comesBackFromAStartSection(Throwable thrown) {
    throwing(thrown);
    String wat =
        """
        (module
          (import "host" "f" (func $f (param i32)))
          (func $start (call $f (i32.const 1)))
          (start $start))
        """;
    try (Module starts = Module.fromWat(engine, wat)) {
      assertThat(catchThrowable(() -> linker.instantiate(store, starts))).isSameAs(thrown);
      Extern f = linker.get(store, "host", "f").orElseThrow();
      assertThat(catchThrowable(() -> Instance.create(store, starts, f))).isSameAs(thrown);
    }
  }

  @Test
  void comesBackFromAFunctionThatNoGuestCalled() {
    RuntimeException thrown = new RuntimeException();
    Func func =
        Func.create(
            store,
            FuncType.of(),
            (caller, args) -> {
              throw thrown;
            });
    assertThat(catchThrowable(func::call)).isSameAs(thrown);
  }

  @Test
  void comesBackThroughAnotherStore() {
    RuntimeException thrown = new RuntimeException();
    try (Store inner = Store.create(engine)) {
      Func innermost =
          Func.create(
              inner,
              FuncType.of(),
              (caller, args) -> {
                throw thrown;
              });
      host = (caller, args) -> innermost.call();
      assertThat(thrownBy("call")).isSameAs(thrown);
    }
  }

  @Test
  void endsWhereAHostFunctionCatchesIt() {
    RuntimeException thrown = new RuntimeException();
    catchingHalfway(thrown);
    assertThat(instance.func("call").call(1)).isNull();
  }

  @Test
  void isNotCarriedByALaterTrap() {
    catchingHalfway(new RuntimeException("caught"));
    assertThat(thrownBy("trap"))
        .isInstanceOfSatisfying(
            TrapException.class,
            trap -> {
              assertThat(trap.code()).isEqualTo(TrapCode.UNREACHABLE_CODE_REACHED);
              assertThat(trap).hasNoCause().hasNoSuppressedExceptions();
            });
  }

  @Test
  void isNotCarriedByALaterException() {
    catchingHalfway(new RuntimeException("caught"));
    HostFunction catching = host;
    RuntimeException later = new RuntimeException("later");
    host =
        (caller, args) -> {
          catching.call(caller, args);
          if ((Integer) args[0] == 1) {
            throw later;
          }
          return null;
        };
    assertThat(thrownBy("call")).isSameAs(later);
    assertThat(later).hasNoCause().hasNoSuppressedExceptions();
  }

  /** The host function calls the guest again, catches what comes out, and returns. */
  private void catchingHalfway(Throwable thrown) {
    host =
        (caller, args) -> {
          if ((Integer) args[0] == 2) {
            throw thrown;
          }
          assertThat(catchThrowable(() -> instance.func("call").call(2))).isSameAs(thrown);
          return null;
        };
  }

  @Test
  void theLastOneThrownIsTheOneThatComesBack() {
    RuntimeException first = new RuntimeException("first");
    IOException second = new IOException("second", first);
    host =
        (caller, args) -> {
          if ((Integer) args[0] == 2) {
            throw first;
          }
          try {
            return instance.func("call").call(2);
          } catch (RuntimeException e) {
            throw second;
          }
        };
    assertThat(thrownBy("call")).isSameAs(second);
  }

  @Test
  void anExitCaughtHalfwayIsNoExitOfTheOuterGuest() {
    catchingHalfway(new ExitException(3));
    assertThat(ExitStatus.of(() -> instance.func("call").call(1))).isEqualTo(ExitStatus.SUCCESS);
    assertThat(thrownBy("trap")).isInstanceOf(TrapException.class);
  }

  @Test
  void onlyAnExitIsAnExit() {
    for (Throwable thrown : List.of(new RuntimeException("exit with status 3"), new Unexpected())) {
      throwing(thrown);
      assertThat(catchThrowable(() -> ExitStatus.of(() -> instance.func("call").call(1))))
          .isSameAs(thrown);
    }
    assertThat(catchThrowable(() -> ExitStatus.of(() -> instance.func("throw").call(3))))
        .isInstanceOfSatisfying(GuestException.class, e -> assertThat(e.exitStatus()).isEmpty());
    host = (caller, args) -> null;
    assertThat(catchThrowable(() -> ExitStatus.of(() -> instance.func("trap").call(3))))
        .isInstanceOfSatisfying(TrapException.class, e -> assertThat(e.exitStatus()).isEmpty());
  }

  @Test
  void aWrongResultIsTheCallersException() {
    Func wrong = Func.create(store, FuncType.of().returns(I32), (caller, args) -> "text");
    Func tooMany =
        Func.create(store, FuncType.of().returns(I32, I32), (caller, args) -> new Object[3]);
    Func none = Func.create(store, FuncType.of().returns(I32), (caller, args) -> null);
    Func unwanted = Func.create(store, FuncType.of(), (caller, args) -> 1);
    for (Func func : List.of(wrong, tooMany, none, unwanted)) {
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(func::call)
          .withMessageContaining("host function result");
    }
  }

  @Test
  void aGuestsUncaughtExceptionFromACall() {
    for (int i = 0; i < 3; i++) {
      assertThat(thrownBy("throw")).isInstanceOf(GuestException.class);
      assertThat(instance.func("answer").call()).isEqualTo(42);
      assertThat(instance.func("catch-all").call(1)).isEqualTo(0);
    }
  }

  @Test
  void aGuestsUncaughtExceptionFromInstantiation() {
    String wat =
        """
        (module
          (tag $tag (param i32))
          (func $start (throw $tag (i32.const 1)))
          (start $start))
        """;
    try (Module throwsAtStart = Module.fromWat(engine, wat)) {
      for (int i = 0; i < 3; i++) {
        assertThatExceptionOfType(GuestException.class)
            .isThrownBy(() -> linker.instantiate(store, throwsAtStart));
        assertThat(instance.func("answer").call()).isEqualTo(42);
        assertThatExceptionOfType(GuestException.class)
            .isThrownBy(() -> Instance.create(store, throwsAtStart));
        assertThat(instance.func("catch-all").call(1)).isEqualTo(0);
      }
    }
  }

  @Test
  void aGuestsExceptionPassesThroughJavaAsTheSameObject() {
    List<@Nullable Throwable> seen = new ArrayList<>();
    host =
        (caller, args) -> {
          try {
            return instance.func("throw").call(1);
          } catch (GuestException e) {
            seen.add(e);
            throw e;
          }
        };
    Throwable arrived = thrownBy("call");
    assertThat(seen).hasSize(1);
    assertThat(arrived).isInstanceOf(GuestException.class).isSameAs(seen.getFirst());

    // For a guest's handler it is still the exception that it was.
    assertThat(instance.func("catch-all").call(1)).isEqualTo(1);
    assertThat(seen).hasSize(2);
    host = (caller, args) -> null;
    assertThat(thrownBy("trap")).isInstanceOf(TrapException.class);
  }

  @Test
  void aGuestsExceptionCaughtInJavaIsGone() {
    host =
        (caller, args) -> {
          assertThat(thrownBy("throw")).isInstanceOf(GuestException.class);
          return null;
        };
    assertThat(instance.func("catch-all").call(1)).isEqualTo(0);
    assertThat(thrownBy("trap")).isInstanceOf(TrapException.class);
  }
}
