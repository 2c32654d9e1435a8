package io.github.wasmtimejvm.wasi;

import static io.github.wasmtimejvm.wasi.Guest.RESULT;
import static io.github.wasmtimejvm.wasi.Guest.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.TrapCode;
import io.github.wasmtimejvm.TrapException;
import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.Guests;
import java.io.OutputStream;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nothing that guests do to Java in front of WASI, or Java does there, ends the process. */
class InFrontGuardTest {
  enum Scenario {
    /** Java answers and passes on where the guest's stack ends, on threads of many sizes. */
    STACK_ENDS {
      @Override
      void run() throws InterruptedException {
        for (boolean interruptible : new boolean[] {false, true}) {
          try (Engine engine = Engine.builder().interruptible(interruptible).build();
              Module module = Guests.compile(engine, InFrontGuardTest.class, "deep.wat")) {
            for (int kilobytes : new int[] {0, 900, 1024, 8192}) {
              AtomicReference<Throwable> failure = new AtomicReference<>();
              Runnable recurse =
                  () -> {
                    try {
                      overflow(engine, module);
                    } catch (Throwable t) {
                      failure.set(t);
                    }
                  };
              Thread thread =
                  kilobytes == 0
                      ? Thread.ofVirtual().start(recurse)
                      : Thread.ofPlatform().stackSize(kilobytes * 1024L).start(recurse);
              thread.join();
              assertThat(failure.get()).isNull();
            }
          }
        }
      }

      private void overflow(Engine engine, Module module) {
        OutputStream deep =
            new OutputStream() {
              @Override
              public void write(int b) {
                descend(50);
              }

              private int descend(int n) {
                return n == 0 ? 0 : 1 + descend(n - 1);
              }
            };
        WasiConfig config =
            WasiConfig.builder()
                .stdout(deep)
                .clock(WasiClock.virtual(Instant.EPOCH))
                .inFront("fd_seek", WasiCall::proceed)
                .build();
        try (Linker linker = Linker.create(engine);
            Store store = Store.create(engine)) {
          linker.defineWasi();
          config.applyTo(store);
          Instance instance = linker.instantiate(store, module);
          for (int i = 0; i < 9; i++) {
            int first = i;
            assertThatThrownBy(() -> instance.func("recurse").call(first))
                .isInstanceOfSatisfying(
                    TrapException.class,
                    it -> assertThat(it.code()).isEqualTo(TrapCode.STACK_OVERFLOW));
          }
        }
      }
    },

    /** A stream that runs out of stack, and one that runs out of heap. */
    ERRORS {
      @Override
      void run() {
        withOutput(
            this::overflow,
            guest ->
                assertThatThrownBy(() -> guest.write(1, "x"))
                    .isInstanceOf(StackOverflowError.class));
        OutOfMemoryError full = new OutOfMemoryError("full");
        withOutput(
            () -> {
              throw full;
            },
            guest -> assertThatThrownBy(() -> guest.write(1, "x")).isSameAs(full));
      }

      private void overflow() {
        overflow();
        overflow();
      }

      private void withOutput(Runnable output, Consumer<Guest> test) {
        OutputStream stream =
            new OutputStream() {
              @Override
              public void write(int b) {
                output.run();
              }
            };
        try (Engine engine = Engine.create();
            Guest guest = new Guest(engine, WasiConfig.builder().stdout(stream).build())) {
          test.accept(guest);
          assertThat(guest.close(1)).isEqualTo(SUCCESS);
        }
      }
    },

    /** What is in front closes, changes and calls what it stands in. */
    REENTRANCE {
      @Override
      void run() {
        AtomicReference<Guest> self = new AtomicReference<>();
        WasiConfig other = WasiConfig.builder().build();
        WasiConfig config =
            WasiConfig.builder()
                .inFront(
                    "fd_close",
                    call -> {
                      assertThatIllegalStateException().isThrownBy(call.store()::close);
                      // Another call of the same function, from within.
                      return call.intArg(0) == 0 ? self.get().close(1) + 100 : call.proceed();
                    })
                .inFront(
                    "fd_seek",
                    call -> {
                      other.applyTo(call.store());
                      System.gc();
                      return call.proceed();
                    })
                .build();
        try (Engine engine = Engine.create();
            Guest guest = new Guest(engine, config)) {
          self.set(guest);
          assertThat(guest.close(0)).isEqualTo(100);
          assertThat(guest.close(1)).isEqualTo(Guest.BADF);
          guest.call("fd_seek", 99, 0L, 0, RESULT);
          assertThat(guest.close(0)).isEqualTo(SUCCESS); // nothing is in front any more
        }
      }
    },

    /** A call that is used when it is over, by another thread too, and when its store is closed. */
    AFTERWARDS {
      @Override
      void run() throws InterruptedException {
        AtomicReference<WasiCall> kept = new AtomicReference<>();
        WasiConfig config =
            WasiConfig.builder()
                .inFront(
                    "fd_close",
                    call -> {
                      call.memory();
                      kept.set(call);
                      return SUCCESS;
                    })
                .build();
        try (Engine engine = Engine.create();
            Guest guest = new Guest(engine, config)) {
          guest.close(1);
          refuses(kept.get()::proceed);
          Thread thread =
              Thread.ofPlatform()
                  .start(
                      () -> {
                        refuses(kept.get()::proceed);
                        refuses(() -> kept.get().memory().readInt(0));
                      });
          thread.join();
          guest.store.close();
          refuses(kept.get()::proceed);
          refuses(() -> kept.get().memory().readInt(0));
          refuses(() -> kept.get().memory().byteSize());
        }
      }

      private void refuses(org.assertj.core.api.ThrowableAssert.ThrowingCallable use) {
        assertThatThrownBy(use)
            .isInstanceOfAny(IllegalStateException.class, WrongThreadException.class);
      }
    };

    abstract void run() throws Exception;
  }

  @ParameterizedTest
  @EnumSource
  void theProcessGoesOn(Scenario scenario) {
    ChildJvm.Result result = ChildJvm.run(Child.class, scenario.name());
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).as(result.toString()).isEqualTo("done\n");
  }

  /** One scenario in a JVM of its own. */
  static final class Child {
    public static void main(String[] args) throws Exception {
      Scenario.valueOf(args[0]).run();
      System.out.println("done");
    }
  }
}
