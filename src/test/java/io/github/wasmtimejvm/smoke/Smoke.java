package io.github.wasmtimejvm.smoke;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.TrapCode;
import io.github.wasmtimejvm.TrapException;
import io.github.wasmtimejvm.ValType;
import io.github.wasmtimejvm.internal.Shim;
import io.github.wasmtimejvm.wasi.ExitStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Shows that the native libraries of a platform work on it: load, compile, call, host call, trap,
 * exit and stack guard, one line each. Ends with status 0 and the line {@code smoke: ok}, or with
 * an exception.
 *
 * <p>Needs a JVM and our classes only, so that it runs where no build tool and no test framework
 * does, an emulated machine for example.
 */
final class Smoke {
  private static final long KIB = 1024;

  private static final String GUEST =
      """
      (module
        (import "host" "twice" (func $twice (param i32) (result i32)))
        (import "host" "entered" (func $entered))
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (memory 1)
        (func (export "add") (param i32 i32) (result i32)
          (i32.add (local.get 0) (local.get 1)))
        (func (export "call host") (param i32) (result i32)
          (call $twice (local.get 0)))
        (func (export "unreachable")
          unreachable)
        (func (export "divide") (param i32 i32) (result i32)
          (i32.div_s (local.get 0) (local.get 1)))
        (func (export "load") (param i32) (result i32)
          (i32.load (local.get 0)))
        (func (export "exit") (param i32)
          (call $exit (local.get 0)))
        (func $forever
          call $forever)
        (func (export "overflow")
          call $entered
          call $forever))
      """;

  /** How often a guest that overflows its stack really ran, and was not refused at once. */
  private static final AtomicInteger entered = new AtomicInteger();

  private Smoke() {}

  public static void main(String[] args) throws Exception {
    say("os.arch", System.getProperty("os.arch"));
    try (Engine engine = Engine.create();
        Linker linker = Linker.create(engine)) {
      say("load", "ok");
      if (Files.exists(Path.of("/proc/self/maps"))) {
        sayMachines();
      }

      linker.define(
          "host",
          "twice",
          FuncType.of(ValType.I32).returns(ValType.I32),
          (caller, values) -> 2 * (int) values[0]);
      linker.define(
          "host",
          "entered",
          FuncType.of(),
          (caller, values) -> {
            entered.incrementAndGet();
            return null;
          });
      linker.defineWasi();

      try (Module module = Module.fromWat(engine, GUEST);
          Store store = Store.create(engine)) {
        expect("exports of the compiled module", 7, module.exports().size());
        say("compile", "ok");
        Instance instance = linker.instantiate(store, module);
        callAndTrapAndExit(instance);
        stackGuard("main thread", instance);
        onThread(KIB * KIB, "1 MiB thread", engine, linker, module);
      }
    }
    System.out.println("smoke: ok");
  }

  private static void callAndTrapAndExit(Instance instance) {
    expect("add(1, 2)", 3, instance.func("add").call(1, 2));
    say("call", "ok");

    expect("the host's twice(21)", 42, instance.func("call host").call(21));
    say("host call", "ok");

    // Together they go through each way in which compiled code can trap: an illegal instruction, a
    // check or a processor exception, an access to a guard page.
    trap(TrapCode.UNREACHABLE_CODE_REACHED, instance.func("unreachable"));
    trap(TrapCode.INTEGER_DIVISION_BY_ZERO, instance.func("divide"), 1, 0);
    trap(TrapCode.INTEGER_OVERFLOW, instance.func("divide"), Integer.MIN_VALUE, -1);
    trap(TrapCode.MEMORY_OUT_OF_BOUNDS, instance.func("load"), -4);
    say("trap", "ok");

    for (int status : new int[] {0, 3, 200}) {
      expect(
          "exit", new ExitStatus(status), ExitStatus.of(() -> instance.func("exit").call(status)));
      say("exit", status);
    }
  }

  private static TrapException trap(TrapCode code, Func function, Object... args) {
    try {
      function.call(args);
    } catch (TrapException e) {
      expect("trap code", code, e.code());
      return e;
    }
    throw new AssertionError("the guest did not trap: " + code);
  }

  private static void onThread(
      long stackSize, String name, Engine engine, Linker linker, Module module) throws Exception {
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              try (Store store = Store.create(engine)) {
                stackGuard(name, linker.instantiate(store, module));
              }
              return null;
            });
    new Thread(null, task, name, stackSize).start();
    task.get();
  }

  /**
   * Recurses in Java down to the end of the stack, and on the way down lets a guest recurse
   * forever. Without the guard in the shim the guest would run over the end of the stack, which
   * ends the process.
   */
  private static void stackGuard(String thread, Instance instance) {
    expect("add before the overflow", 42, instance.func("add").call(20, 22));
    long room = Shim.room();
    StackGuard guard = new StackGuard(instance.func("overflow"));
    entered.set(0);
    guard.dive(room);
    expect("add after the overflow", 42, instance.func("add").call(20, 22));
    if (entered.get() == 0 || guard.overflows == entered.get()) {
      throw new AssertionError(
          "%d of %d guests ran on %s, which has %d KiB of stack: some should, and some be refused"
              .formatted(entered.get(), guard.overflows, thread, room / KIB));
    }
    say(
        "stack guard",
        "ok, %s with %d KiB; guests that ran into their limit: %d, refused: %d"
            .formatted(thread, room / KIB, entered.get(), guard.overflows - entered.get()));
  }

  private static final class StackGuard {
    private static final long STEP = 128 * KIB;
    // Java itself still needs some where it calls the guest.
    private static final long END = 256 * KIB;

    private final Func overflow;
    private int overflows;

    StackGuard(Func overflow) {
      this.overflow = overflow;
    }

    /** Calls the guest as soon as no more than {@code next} bytes of stack are left, and so on. */
    void dive(long next) {
      long room = Shim.room();
      if (room <= next) {
        trap(TrapCode.STACK_OVERFLOW, overflow);
        overflows++;
        next = room - STEP;
      }
      if (room > END) {
        dive(next);
      }
    }
  }

  /** Says for which processor the two libraries in this process are, and checks it. */
  private static void sayMachines() throws IOException {
    int expected =
        switch (System.getProperty("os.arch")) {
          case "amd64" -> 62; // EM_X86_64
          case "aarch64" -> 183; // EM_AARCH64
          default -> throw new AssertionError("no natives for this processor");
        };
    List<Path> libraries =
        Files.readAllLines(Path.of("/proc/self/maps")).stream()
            .filter(line -> line.matches(".*/_?libwasmtime(jvm)?\\.so"))
            .map(line -> Path.of(line.substring(line.indexOf('/'))))
            .distinct()
            .sorted()
            .toList();
    expect("number of loaded libraries", 2, libraries.size());
    for (Path library : libraries) {
      int machine = elfMachine(library);
      expect("machine of " + library, expected, machine);
      say(
          library.getFileName().toString(),
          "ELF machine " + machine + (machine == 183 ? " (AArch64)" : " (x86-64)"));
    }
  }

  private static int elfMachine(Path library) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel file = FileChannel.open(library)) {
      while (header.hasRemaining() && file.read(header) >= 0) {}
    }
    return Short.toUnsignedInt(header.getShort(18));
  }

  private static void expect(String what, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      throw new AssertionError(what + ": expected " + expected + ", got " + actual);
    }
  }

  private static void say(String step, Object result) {
    System.out.println(step + ": " + result);
  }
}
