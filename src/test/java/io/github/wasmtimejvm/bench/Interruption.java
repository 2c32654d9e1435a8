package io.github.wasmtimejvm.bench;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.EngineBuilder;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.StoppedException;
import io.github.wasmtimejvm.Store;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;

/**
 * What it costs that guests can be stopped, as ratios to an engine that cannot, and how late they
 * end. {@code scripts/measure-interruption} builds and starts this.
 */
public final class Interruption {
  private static final String GUEST =
      """
      (module
        (import "host" "running" (func $running))
        (func (export "add") (param i32 i32) (result i32)
          (i32.add (local.get 0) (local.get 1)))
        (func (export "loop") (param $n i32) (result i32)
          (local $x i32)
          (loop $again
            (local.set $x (i32.xor (i32.mul (local.get $x) (i32.const 31)) (local.get $n)))
            (local.set $n (i32.sub (local.get $n) (i32.const 1)))
            (br_if $again (local.get $n)))
          (local.get $x))
        (func $fibonacci (export "fibonacci") (param $n i32) (result i32)
          (if (result i32) (i32.lt_u (local.get $n) (i32.const 2))
            (then (local.get $n))
            (else
              (i32.add
                (call $fibonacci (i32.sub (local.get $n) (i32.const 1)))
                (call $fibonacci (i32.sub (local.get $n) (i32.const 2)))))))
        (func (export "spin") (call $running) (loop $again (br $again))))
      """;

  private static final int ROUNDS = 15;
  private static final int STOPS = 20;
  private static final Duration TIME = Duration.ofMillis(50);

  /** Where results go, so that no loop may be left out. */
  private static volatile int sink;

  private Interruption() {}

  /** Takes no arguments. */
  public static void main(String[] args) throws InterruptedException {
    Map<String, EngineBuilder> engines = new LinkedHashMap<>();
    engines.put("plain", Engine.builder());
    engines.put("interruptible", Engine.builder().interruptible(true));
    engines.put("with a timeout", Engine.builder().interruptible(true));
    engines.put("consumeFuel", Engine.builder().consumeFuel(true));
    engines.put("both", Engine.builder().interruptible(true).consumeFuel(true));

    System.out.printf(
        "%-16s %10s %6s %10s %6s %10s %6s%n",
        "engine", "loop_ns", "ratio", "guest_ns", "ratio", "call_ns", "ratio");
    double[] plain = null;
    for (Map.Entry<String, EngineBuilder> entry : engines.entrySet()) {
      double[] ns = cost(entry.getValue(), entry.getKey());
      plain = plain == null ? ns : plain;
      System.out.printf(
          "%-16s %10.2f %6.2f %10.2f %6.2f %10.2f %6.2f%n",
          entry.getKey(),
          ns[0],
          ns[0] / plain[0],
          ns[1],
          ns[1] / plain[1],
          ns[2],
          ns[2] / plain[2]);
    }

    System.out.printf("%n%-30s %10s %10s%n", "a spinning guest ends", "median_ms", "worst_ms");
    print("after a deadline, by", lateAfterDeadline());
    print("after an interrupt, by", lateAfterInterrupt());
  }

  private static void print(String what, double[] late) {
    Arrays.sort(late);
    System.out.printf("%-30s %10.2f %10.2f%n", what, late[late.length / 2], late[late.length - 1]);
  }

  /** Nanoseconds of an iteration of a loop, of a call within the guest, of a call from Java. */
  private static double[] cost(EngineBuilder settings, String name) {
    try (Guest guest = new Guest(settings.build())) {
      switch (name) {
        case "with a timeout" -> guest.store.setTimeout(Duration.ofDays(1));
        case "consumeFuel", "both" -> guest.store.setFuel(Long.MAX_VALUE);
        default -> {}
      }
      IntUnaryOperator loop = guest.instance.func("loop").as(IntUnaryOperator.class);
      IntUnaryOperator fibonacci = guest.instance.func("fibonacci").as(IntUnaryOperator.class);
      IntBinaryOperator add = guest.instance.func("add").as(IntBinaryOperator.class);
      return new double[] {
        best(50_000_000, loop),
        best(1_664_079, _ -> fibonacci.applyAsInt(29)), // as many calls as fibonacci(29) makes
        best(3_000_000, times -> call(add, times)),
      };
    }
  }

  private static int call(IntBinaryOperator add, int times) {
    int sum = 0;
    for (int i = 0; i < times; i++) {
      sum = add.applyAsInt(sum, i);
    }
    return sum;
  }

  private static double best(int times, IntUnaryOperator operation) {
    double best = Double.MAX_VALUE;
    for (int i = 0; i < ROUNDS; i++) {
      long start = System.nanoTime();
      sink = operation.applyAsInt(times);
      best = Math.min(best, (System.nanoTime() - start) / (double) times);
    }
    return best;
  }

  private static double[] lateAfterDeadline() {
    double[] late = new double[STOPS];
    try (Guest guest = new Guest(Engine.builder().interruptible(true).build())) {
      guest.store.setTimeout(TIME);
      for (int i = 0; i < STOPS; i++) {
        long start = System.nanoTime();
        guest.spin();
        late[i] = (System.nanoTime() - start - TIME.toNanos()) / 1e6;
      }
    }
    return late;
  }

  private static double[] lateAfterInterrupt() throws InterruptedException {
    double[] late = new double[STOPS];
    try (Guest guest = new Guest(Engine.builder().interruptible(true).build())) {
      Thread runner = Thread.currentThread();
      for (int i = 0; i < STOPS; i++) {
        long[] interrupted = new long[1];
        Thread[] interrupts = new Thread[1];
        guest.running =
            () ->
                interrupts[0] =
                    Thread.ofPlatform()
                        .start(
                            () -> {
                              pause();
                              interrupted[0] = System.nanoTime();
                              runner.interrupt();
                            });
        guest.spin();
        long end = System.nanoTime();
        Thread.interrupted();
        interrupts[0].join();
        late[i] = (end - interrupted[0]) / 1e6;
      }
    }
    return late;
  }

  private static void pause() {
    try {
      Thread.sleep(TIME);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Guest implements AutoCloseable {
    final Engine engine;
    final Store store;
    final Instance instance;
    private final Func spin;
    Runnable running = () -> {};

    Guest(Engine engine) {
      this.engine = engine;
      this.store = Store.create(engine);
      try (Module module = Module.fromWat(engine, GUEST);
          Linker linker = Linker.create(engine)) {
        linker.define(
            "host",
            "running",
            FuncType.of(),
            (caller, args) -> {
              running.run();
              return null;
            });
        this.instance = linker.instantiate(store, module);
      }
      this.spin = instance.func("spin");
    }

    void spin() {
      try {
        spin.call();
        throw new AssertionError("the guest ended by itself");
      } catch (StoppedException expected) {
        // as it should
      }
    }

    @Override
    public void close() {
      store.close();
      engine.close();
    }
  }
}
