package io.github.wasmtimejvm.peer;

import static io.github.wasmtimejvm.ValType.EXTERNREF;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.ExitException;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.HostFunction;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Memory;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.TrapCode;
import io.github.wasmtimejvm.TrapException;
import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.wasi.ExitStatus;
import io.github.wasmtimejvm.wasi.OutputCapture;
import io.github.wasmtimejvm.wasi.WasiConfig;
import io.github.wasmtimejvm.wasi.WasiProgram;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What users of another Java binding of Wasmtime meet, seen by running it (wasmtime4j 47.0.4, its
 * JNI and its Panama side): here each ends well. What killed their JVM runs in one of its own. The
 * eleventh is {@code QuietCallsTest}.
 */
class PeerRegressionTest {
  private static final String GUEST =
      """
      (module
        (import "host" "f" (func $f))
        (import "host" "echo" (func $echo (param externref) (result externref)))
        (memory (export "memory") 1 10)
        (func (export "run") (call $f))
        (func $forever (export "forever") (call $forever))
        (func (export "echo") (param externref) (result externref) (call $echo (local.get 0)))
        (func (export "divide") (param i32) (result i32)
          (i32.div_s (i32.const 1) (local.get 0)))
        (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
        (func (export "read") (param i32) (result i32) (i32.load8_u (local.get 0)))
        (func (export "write") (param i32 i32) (i32.store8 (local.get 0) (local.get 1))))
      """;

  private static final String EXIT =
      """
      (module
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (memory (export "memory") 1)
        (func (export "exit") (param i32) (result i32) (call $exit (local.get 0)) (i32.const 1))
        (func (export "_start") (call $exit (i32.const 0))))
      """;

  // Copies its input to its output, in small pieces.
  private static final String COPY =
      """
      (module
        (import "wasi_snapshot_preview1" "fd_read"
          (func $read (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_write"
          (func $write (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (func (export "_start")
          (loop $more
            (i32.store (i32.const 0) (i32.const 16))
            (i32.store (i32.const 4) (i32.const 5000))
            (if (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8))
              (then unreachable))
            (i32.store (i32.const 4) (i32.load (i32.const 8)))
            (if (i32.eqz (i32.load (i32.const 8))) (then return))
            (if (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 12))
              (then unreachable))
            (br $more))))
      """;

  /** A guest in a store of its own. */
  private static final class World implements AutoCloseable {
    final Engine engine = Engine.create();
    final Module module = Module.fromWat(engine, GUEST);
    final Linker linker = Linker.create(engine);
    final Store store = Store.create(engine);
    final Instance instance;

    World(HostFunction f) {
      linker.define("host", "f", FuncType.of(), f);
      linker.define(
          "host", "echo", FuncType.of(EXTERNREF).returns(EXTERNREF), (_, args) -> args[0]);
      this.instance = linker.instantiate(store, module);
    }

    World() {
      this((_, _) -> null);
    }

    @Override
    public void close() {
      store.close();
      linker.close();
      module.close();
      engine.close();
    }
  }

  /** What ended the process of the other binding; each runs in a JVM of its own. */
  enum Fatal {
    RECURSION_ON_THE_MAIN_THREAD {
      @Override
      void run() {
        try (World world = new World()) {
          assertOverflow(world.instance.func("forever"));
        }
      }
    },
    RECURSION_BELOW_DEEP_JAVA_FRAMES {
      @Override
      void run() throws InterruptedException, ExecutionException {
        deepest();
        for (Thread.Builder threads : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
          FutureTask<?> deepest = new FutureTask<>(Executors.callable(this::deepest));
          threads.start(deepest);
          deepest.get();
        }
      }

      private void deepest() {
        try (World world = new World()) {
          Func forever = world.instance.func("forever");
          assertOverflow(forever);
          try {
            recurse(forever, 0);
          } catch (StackOverflowError javaIsAtItsEnd) {
            // and every call on the way was refused, or ended in a trap
          }
          assertOverflow(forever);
        }
      }

      private void recurse(Func forever, int depth) {
        if (depth % 500 == 0) {
          assertOverflow(forever);
        }
        recurse(forever, depth + 1);
      }
    },
    STACK_OVERFLOW_ERROR_IN_A_HOST_FUNCTION {
      @Override
      void run() {
        try (World world =
            new World(
                (_, _) -> {
                  throw new AssertionError(recurse(0));
                })) {
          assertThat(catchThrowable(() -> world.instance.func("run").call()))
              .isInstanceOf(StackOverflowError.class);
        }
      }

      private int recurse(int n) {
        return recurse(n + 1) + 1;
      }
    },
    ASSERTION_ERROR_IN_A_HOST_FUNCTION {
      @Override
      void run() {
        AssertionError error = new AssertionError("mine");
        try (World world =
            new World(
                (_, _) -> {
                  throw error;
                })) {
          assertThat(catchThrowable(() -> world.instance.func("run").call())).isSameAs(error);
        }
      }
    },
    USE_AFTER_STORE_CLOSE {
      @Override
      void run() {
        World world = new World();
        Func run = world.instance.func("run");
        Runnable typed = run.as(Runnable.class);
        Memory memory = world.instance.memory("memory");
        world.close();
        assertClosed(run::call);
        assertClosed(typed::run);
        assertClosed(() -> world.instance.func("run"));
        assertClosed(memory::size);
        assertClosed(() -> world.linker.instantiate(world.store, world.module));
      }
    },
    USE_AFTER_LINKER_CLOSE {
      @Override
      void run() {
        try (World world = new World()) {
          world.linker.close();
          assertClosed(() -> world.linker.instantiate(world.store, world.module));
          world.instance.func("run").call(); // what it made lives on
        }
      }
    },
    VIEW_AFTER_CLOSE {
      @Override
      void run() {
        World world = new World();
        MemorySegment view = world.instance.memory("memory").segment();
        world.close();
        assertClosed(() -> view.get(JAVA_BYTE, 0));
      }
    },
    VIEW_OF_A_MEMORY_THAT_GROWS {
      @Override
      void run() {
        try (World world = new World()) {
          MemorySegment view = world.instance.memory("memory").segment();
          assertThat(world.instance.func("grow").call(9)).isEqualTo(1);
          view.set(JAVA_BYTE, 65535, (byte) 7);
          assertThat(world.instance.func("read").call(65535)).isEqualTo(7);
        }
        try (Engine moving = Engine.builder().memoryMayMove(true).memoryReservation(0).build();
            Module module = Module.fromWat(moving, "(module (memory (export \"memory\") 1 10))");
            Store store = Store.create(moving)) {
          Memory memory = Instance.create(store, module).memory("memory");
          assertThatThrownBy(memory::segment).isInstanceOf(IllegalStateException.class);
          memory.grow(9);
          memory.write(655359, new byte[] {7});
        }
      }
    };

    abstract void run() throws Throwable;

    static void assertOverflow(Func forever) {
      assertThatExceptionOfType(TrapException.class)
          .isThrownBy(forever::call)
          .satisfies(trap -> assertThat(trap.code()).isEqualTo(TrapCode.STACK_OVERFLOW));
    }

    static void assertClosed(org.assertj.core.api.ThrowableAssert.ThrowingCallable use) {
      assertThatThrownBy(use).isInstanceOf(IllegalStateException.class);
    }
  }

  /** Runs one of them. */
  static final class Alone {
    private Alone() {}

    public static void main(String[] args) throws Throwable {
      Fatal.valueOf(args[0]).run();
      System.out.println("done");
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("1 to 4: recursion, errors in host functions, use after close, views")
  void whatEndedTheProcessIsAnException(Fatal what) {
    ChildJvm.Result result = ChildJvm.run(Alone.class, what.name());

    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).isEqualTo("done\n");
  }

  @Test
  @DisplayName("5: a view is the memory itself, no copy of it")
  void aViewIsTheMemoryItself() {
    try (World world = new World()) {
      MemorySegment view = world.instance.memory("memory").segment();
      for (int i = 0; i < 1000; i++) {
        view.set(JAVA_BYTE, 5, (byte) i);
        assertThat(world.instance.func("read").call(5)).isEqualTo(i & 0xff);
        world.instance.func("write").call(5, i + 1);
        assertThat(view.get(JAVA_BYTE, 5)).isEqualTo((byte) (i + 1));
      }
    }
  }

  @Test
  @DisplayName("6: an exit has its status, however the guest was called")
  void anExitHasItsStatus() {
    try (Engine engine = Engine.create();
        Module module = Module.fromWat(engine, EXIT);
        Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      linker.defineWasi();
      WasiConfig config = WasiConfig.builder().build();
      config.applyTo(store);
      Func exit = linker.instantiate(store, module).func("exit");
      IntUnaryOperator typed = exit.as(IntUnaryOperator.class);
      for (int status : new int[] {0, 1, 125, 126, 255, -1}) {
        assertExit(status, () -> exit.call(status));
        assertExit(status, () -> typed.applyAsInt(status));
        assertExit(status, () -> exit.handle().invoke(status));
      }
      assertThat(WasiProgram.of(module).run(config)).isEqualTo(ExitStatus.SUCCESS);
    }
  }

  private static void assertExit(
      int status, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatExceptionOfType(ExitException.class)
        .isThrownBy(call)
        .satisfies(exit -> assertThat(exit.exitStatus()).hasValue(status));
  }

  @Test
  @DisplayName("7: traps have their codes, and the host's exception is the one that was thrown")
  void trapsHaveCodesAndExceptionsTheirIdentity() {
    IOException mine = new IOException("mine");
    try (World world =
        new World(
            (_, _) -> {
              throw mine;
            })) {
      Func divide = world.instance.func("divide");
      IntUnaryOperator typed = divide.as(IntUnaryOperator.class);
      for (org.assertj.core.api.ThrowableAssert.ThrowingCallable call :
          List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
              () -> divide.call(0), () -> typed.applyAsInt(0))) {
        assertThatExceptionOfType(TrapException.class)
            .isThrownBy(call)
            .satisfies(
                trap -> {
                  assertThat(trap.code()).isEqualTo(TrapCode.INTEGER_DIVISION_BY_ZERO);
                  assertThat(trap.frames()).isNotEmpty();
                });
      }
      Func run = world.instance.func("run");
      assertThat(catchThrowable(run::call)).isSameAs(mine);
      assertThat(catchThrowable(run.as(Runnable.class)::run)).isSameAs(mine);
    }
  }

  @Test
  @DisplayName("8: a linker serves many stores, and external references arrive")
  void aLinkerServesManyStores() {
    List<Object> seen = new ArrayList<>();
    try (World world =
        new World(
            (caller, _) -> {
              seen.add(caller.store());
              return null;
            })) {
      try (Store second = Store.create(world.engine)) {
        Instance instance = world.linker.instantiate(second, world.module);
        world.instance.func("run").call();
        instance.func("run").call();
        assertThat(seen).containsExactly(world.store, second);
        Object mine = new Object();
        assertThat(instance.func("echo").call(mine)).isSameAs(mine);
        assertThat(world.instance.func("echo").call((Object) null)).isNull();
        Reference.reachabilityFence(mine);
      }
    }
  }

  @Test
  @DisplayName("9: all output arrives, of a stream and of a capture")
  void allOutputArrives() {
    try (Engine engine = Engine.create();
        Module module = Module.fromWat(engine, COPY)) {
      byte[] much = new byte[300_000];
      for (int i = 0; i < much.length; i++) {
        much[i] = (byte) (i * 31);
      }
      ByteArrayOutputStream stream = new ByteArrayOutputStream();
      WasiProgram program = WasiProgram.of(module);
      assertThat(
              program.run(
                  WasiConfig.builder()
                      .stdin(new ByteArrayInputStream(much))
                      .stdout(stream)
                      .build()))
          .isEqualTo(ExitStatus.SUCCESS);
      assertThat(stream.toByteArray()).isEqualTo(much);
      OutputCapture capture = new OutputCapture(1 << 20);
      program.run(WasiConfig.builder().stdinBytes(much).stdout(capture).build());
      assertThat(capture.bytes()).isEqualTo(much);
      assertThat(capture.isTruncated()).isFalse();
    }
  }

  @Test
  @DisplayName("10: a process that crashes leaves nothing in the temporary folder")
  void aCrashLeavesNothing(@TempDir Path folder) throws IOException {
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    ChildJvm.Result result =
        ChildJvm.with(
                "-Djava.io.tmpdir=" + temporary,
                "-XX:-UsePerfData",
                "-Dwasmtimejvm.cache=" + folder.resolve("cache"))
            .run(Crash.class);

    assertThat(result.exitCode()).as(result.toString()).isEqualTo(9);
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left).isEmpty();
    }
  }

  /** Ends at once, as in a crash, while a guest runs. */
  static final class Crash {
    private Crash() {}

    public static void main(String[] args) {
      try (World world =
          new World(
              (_, _) -> {
                Runtime.getRuntime().halt(9);
                return null;
              })) {
        world.instance.func("run").call();
      }
    }
  }
}
