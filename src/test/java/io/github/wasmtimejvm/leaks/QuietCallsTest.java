package io.github.wasmtimejvm.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.TrapException;
import io.github.wasmtimejvm.ValType;
import io.github.wasmtimejvm.testing.ChildJvm;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The eleventh of what users of another binding meet (see {@code PeerRegressionTest}): with
 * RUST_BACKTRACE=1 each of its calls took eight times as long, as each made and dropped a native
 * error, whose backtrace is dear. Counted are the errors and traps that reach Java: {@code
 * native/shim.c}, which sees them first, has no function that deletes one, so it can drop none.
 */
class QuietCallsTest {
  @TempDir Path counting;

  @Test
  @DisplayName("11: with RUST_BACKTRACE=1 a call that succeeds makes no native error")
  void aCallThatSucceedsMakesNoError() throws IOException {
    Path classes = Path.of(URI.create(Engine.class.getResource("Engine.class").toString()));
    new CountingClasses(classes.resolve("../../../..").normalize()).write(counting);

    ChildJvm.Result result =
        ChildJvm.with()
            .classPathFirst(List.of(counting))
            .env("RUST_BACKTRACE", "1")
            .run(Calls.class);

    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).isEqualTo("errors and traps: 0\nafter a trap: 1\n");
  }

  /** Calls in every form; prints how many errors and traps there were. */
  static final class Calls {
    public static void main(String[] args) throws Throwable {
      try (Engine engine = Engine.create();
          Module module =
              Module.fromWat(
                  engine,
                  """
                  (module
                    (import "host" "f" (func $f (param i32) (result i32)))
                    (func (export "call") (param i32) (result i32) (call $f (local.get 0)))
                    (func (export "trap") unreachable))
                  """);
          Linker linker = Linker.create(engine);
          Store store = Store.create(engine)) {
        FuncType type = FuncType.of(ValType.I32).returns(ValType.I32);
        linker.define("host", "f", type, (_, values) -> values[0]);
        Func call = linker.instantiate(store, module).func("call");
        IntUnaryOperator typed = call.as(IntUnaryOperator.class);
        long before = failures();
        for (int i = 0; i < 100; i++) {
          assertThat(call.call(i)).isEqualTo(i);
          assertThat(typed.applyAsInt(i)).isEqualTo(i);
          assertThat((int) call.handle().invokeExact(i)).isEqualTo(i);
        }
        System.out.println("errors and traps: " + (failures() - before));
        try {
          linker.instantiate(store, module).func("trap").call();
        } catch (TrapException expected) {
          System.out.println("after a trap: " + (failures() - before));
        }
      }
    }

    private static long failures() {
      return acquired("wasmtime_error_t") + acquired("wasm_trap_t");
    }

    private static long acquired(String type) {
      Counts.Count count = Counts.all().get(type);
      return count == null ? 0 : count.acquired().sum();
    }
  }
}
