package io.github.wasmtimejvm.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.TrapException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the caller gets where a stream of Java's fails: the table in docs/wasi.md. */
class OutputEndTest {
  private static final String PROGRAM =
      """
      (module
        (import "wasi_snapshot_preview1" "fd_write"
          (func $write (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (memory (export "memory") 1)
        (data (i32.const 0) "\\10\\00\\00\\00\\05\\00\\00\\00")
        (data (i32.const 16) "hello")
        (func $hello (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
        (func (export "return") (call $hello))
        (func (export "return to error")
          (drop (call $write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8))))
        (func (export "exit 0") (call $hello) (call $exit (i32.const 0)))
        (func (export "exit 3") (call $hello) (call $exit (i32.const 3)))
        (func (export "trap") (call $hello) unreachable))
      """;

  private static Engine engine;
  private static Module module;

  @BeforeAll
  static void compile() {
    engine = Engine.create();
    module = Module.fromWat(engine, PROGRAM);
  }

  @AfterAll
  static void close() {
    module.close();
    engine.close();
  }

  /** How a stream fails in the end. */
  private enum Failure {
    FLUSH_THROWS_A_CHECKED_EXCEPTION(new IOException("the disk is full")),
    FLUSH_THROWS_AN_UNCHECKED_EXCEPTION(new IllegalStateException("closed already")),
    FLUSH_THROWS_AN_ERROR(new AssertionError("a bug")),
    THE_LAST_LINE_IS_REFUSED(new IllegalArgumentException("no such line"));

    private final Throwable thrown;

    Failure(Throwable thrown) {
      this.thrown = thrown;
    }

    WasiConfig config() {
      WasiConfig.Builder builder = WasiConfig.builder();
      if (this == THE_LAST_LINE_IS_REFUSED) {
        Consumer<String> refuses = line -> sneak(thrown);
        return builder.stdoutLines(refuses).build();
      }
      return builder.stdout(new FailsInTheEnd(thrown)).build();
    }
  }

  /** Takes all that is written, is flushed once after that, and fails when it is flushed again. */
  private static final class FailsInTheEnd extends OutputStream {
    private final Throwable thrown;
    private int flushed;

    FailsInTheEnd(Throwable thrown) {
      this.thrown = thrown;
    }

    @Override
    public void write(int b) {}

    @Override
    public void flush() {
      if (flushed++ > 0) {
        sneak(thrown);
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static <X extends Throwable> void sneak(Throwable thrown) throws X {
    throw (X) thrown;
  }

  @ParameterizedTest
  @CsvSource({"return, 0", "exit 0, 0", "exit 3, 3"})
  void theStatusIsNotLost(String function, int status) {
    for (Failure failure : Failure.values()) {
      Throwable caught = run(failure, function);

      if (failure.thrown instanceof Error) {
        assertThat(caught).isSameAs(failure.thrown);
      } else {
        assertThat(caught)
            .isInstanceOf(OutputException.class)
            .hasCause(failure.thrown)
            .hasMessageContaining("ended with status " + status)
            .hasMessageContaining(failure.thrown.getMessage());
        assertThat(((OutputException) caught).status()).contains(new ExitStatus(status));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatTheProgramEndedWithIsThrownAndTheFailureSuppressed(Failure failure) {
    Throwable caught = run(failure, "trap");

    assertThat(caught).isInstanceOf(TrapException.class);
    assertThat(caught.getSuppressed()).hasSize(1);
    Throwable suppressed = caught.getSuppressed()[0];
    assertThat(suppressed instanceof OutputException ? suppressed.getCause() : suppressed)
        .isSameAs(failure.thrown);
  }

  @ParameterizedTest
  @EnumSource
  void aStoreIsClosedAllTheSame(Failure failure) {
    Store store = Store.create(engine);
    failure.config().applyTo(store);
    try (Linker linker = Linker.create(engine)) {
      linker.defineWasi();
      linker.instantiate(store, module).func("return").call();
    }

    Throwable caught = catchThrowable(store::close);

    if (failure.thrown instanceof Error) {
      assertThat(caught).isSameAs(failure.thrown);
    } else {
      assertThat(caught).isInstanceOf(OutputException.class).hasCause(failure.thrown);
      assertThat(((OutputException) caught).status()).isEmpty();
    }
    assertThat(catchThrowable(store::gc)).hasMessage("the store is closed");
    assertThat(catchThrowable(store::close)).isNull();
  }

  @Test
  void anotherConfigurationIsAppliedAllTheSame() {
    OutputCapture after = new OutputCapture(100);
    Failure failure = Failure.THE_LAST_LINE_IS_REFUSED;
    try (Store store = Store.create(engine);
        Linker linker = Linker.create(engine)) {
      failure.config().applyTo(store);
      linker.defineWasi();
      linker.instantiate(store, module).func("return").call();

      Throwable caught =
          catchThrowable(() -> WasiConfig.builder().stdout(after).build().applyTo(store));

      assertThat(caught).isInstanceOf(OutputException.class).hasCause(failure.thrown);
      linker.instantiate(store, module).func("return").call();
    }
    assertThat(after.text()).isEqualTo("hello");
  }

  @Test
  void whatAStreamThrowsWhileTheGuestRunsIsTheSameObject() {
    IOException thrown = new IOException("broken");
    WasiConfig config =
        WasiConfig.builder()
            .stdout(
                new OutputStream() {
                  @Override
                  public void write(int b) throws IOException {
                    throw thrown;
                  }
                })
            .build();

    assertThat(catchThrowable(() -> WasiProgram.of(module).run(config, "exit 0"))).isSameAs(thrown);
  }

  private static Throwable run(Failure failure, String function) {
    return catchThrowable(() -> WasiProgram.of(module).run(failure.config(), function));
  }

  @Test
  void ofTwoStreamsThatFailTheSecondIsSuppressed() {
    IOException out = new IOException("out");
    IOException err = new IOException("err");
    WasiConfig config =
        WasiConfig.builder().stdout(new FailsInTheEnd(out)).stderr(new FailsInTheEnd(err)).build();
    Store store = Store.create(engine);
    config.applyTo(store);
    try (Linker linker = Linker.create(engine)) {
      linker.defineWasi();
      Instance guest = linker.instantiate(store, module);
      guest.func("return").call();
      guest.func("return to error").call();
    }

    assertThat(catchThrowable(store::close)).isInstanceOf(OutputException.class).hasCause(out);
    assertThat(out.getSuppressed()).containsExactly(err);
  }
}
