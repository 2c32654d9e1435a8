package io.github.wasmtimejvm.bench;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Memory;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import java.lang.foreign.MemorySegment;
import java.util.function.IntUnaryOperator;

/**
 * What the settings of memories cost, for 32-bit and 64-bit addresses: loads and stores of a guest,
 * loads between calls, and reads of Java's. {@code scripts/measure-memories} builds and starts
 * this.
 */
public final class Memories {
  // A mebibyte, walked through in steps of eight bytes.
  private static final String GUEST =
      """
      (module
        (memory (export "memory") %1$s 16)
        (func $nothing (export "nothing"))
        (func (export "loads") (param $n i32) (result i32)
          (local $at %1$s) (local $x i64)
          (loop $again
            (local.set $x (i64.add (local.get $x) (i64.load (local.get $at))))
            %2$s
            (local.set $n (i32.sub (local.get $n) (i32.const 1)))
            (br_if $again (local.get $n)))
          (i32.wrap_i64 (local.get $x)))
        (func (export "stores") (param $n i32) (result i32)
          (local $at %1$s)
          (loop $again
            (i64.store (local.get $at) (i64.extend_i32_u (local.get $n)))
            %2$s
            (local.set $n (i32.sub (local.get $n) (i32.const 1)))
            (br_if $again (local.get $n)))
          (local.get $n))
        (func (export "calls") (param $n i32) (result i32)
          (local $at %1$s) (local $x i64)
          (loop $again
            (call $nothing)
            (local.set $x (i64.add (local.get $x) (i64.load (local.get $at))))
            %2$s
            (local.set $n (i32.sub (local.get $n) (i32.const 1)))
            (br_if $again (local.get $n)))
          (i32.wrap_i64 (local.get $x))))
      """;
  private static final String STEP =
      """
      (local.set $at
        (%1$s.and (%1$s.add (local.get $at) (%1$s.const 8)) (%1$s.const 0xffff8)))
      """;

  private static final long DEFAULT = 1L << 32;
  private static final int ROUNDS = 9;

  /** Where results go, so that no loop may be left out. */
  private static volatile long sink;

  private Memories() {}

  /** Takes no arguments. */
  public static void main(String[] args) {
    System.out.printf(
        "%-10s %-13s %-11s %8s %6s %8s %6s %8s %6s %8s %10s%n",
        "addresses",
        "memoryMayMove",
        "reservation",
        "load_ns",
        "ratio",
        "store_ns",
        "ratio",
        "call_ns",
        "ratio",
        "read_ns",
        "segment_ns");
    double[] base = null; // 32 bits with the defaults
    for (String width : new String[] {"i32", "i64"}) {
      for (boolean mayMove : new boolean[] {true, false}) {
        for (long reservation : new long[] {DEFAULT, 1 << 20, 0}) {
          double[] ns = cost(width, mayMove, reservation);
          base = base == null ? ns : base;
          System.out.printf(
              "%-10s %-13s %-11s %8.2f %6.2f %8.2f %6.2f %8.2f %6.2f %8.1f %10s%n",
              width,
              mayMove,
              reservation == DEFAULT ? "4 GiB" : (reservation >> 20) + " MiB",
              ns[0],
              ns[0] / base[0],
              ns[1],
              ns[1] / base[1],
              ns[2],
              ns[2] / base[2],
              ns[3],
              Double.isNaN(ns[4]) ? "-" : "%.1f".formatted(ns[4]));
        }
      }
    }
  }

  private static double[] cost(String width, boolean mayMove, long reservation) {
    try (Engine engine =
            Engine.builder().memoryMayMove(mayMove).memoryReservation(reservation).build();
        Module module = Module.fromWat(engine, GUEST.formatted(width, STEP.formatted(width)));
        Store store = Store.create(engine)) {
      Instance guest = Instance.create(store, module);
      Memory memory = guest.memory("memory");
      return new double[] {
        best(10_000_000, guest.func("loads").as(IntUnaryOperator.class)),
        best(10_000_000, guest.func("stores").as(IntUnaryOperator.class)),
        best(10_000_000, guest.func("calls").as(IntUnaryOperator.class)),
        best(200_000, times -> reads(memory, times)),
        segment(memory),
      };
    }
  }

  private static int reads(Memory memory, int times) {
    byte[] eight = new byte[Long.BYTES];
    int sum = 0;
    for (int i = 0; i < times; i++) {
      memory.read((i * 8L) & 0xffff8, eight);
      sum += eight[0];
    }
    return sum;
  }

  // Not a number where the memory may move.
  private static double segment(Memory memory) {
    MemorySegment segment;
    try {
      segment = memory.segment();
    } catch (IllegalStateException e) {
      return Double.NaN;
    }
    return best(
        2_000_000,
        times -> {
          long sum = 0;
          for (int i = 0; i < times; i++) {
            sum += segment.get(JAVA_LONG_UNALIGNED, (i * 8L) & 0xffff8);
          }
          return (int) sum;
        });
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
}
