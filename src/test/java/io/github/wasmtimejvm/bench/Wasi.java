package io.github.wasmtimejvm.bench;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.StoppedException;
import io.github.wasmtimejvm.wasi.ExitStatus;
import io.github.wasmtimejvm.wasi.OutputCapture;
import io.github.wasmtimejvm.wasi.WasiConfig;
import io.github.wasmtimejvm.wasi.WasiProgram;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * Measures what a JVM program asks of WASI. {@code scripts/measure-wasi} builds and starts this. It
 * prints to standard error, for standard output is what one of the guests writes to.
 */
public final class Wasi {
  private static final int PIECE = 4096;
  private static final int PIECES = 64 * 1024 * 1024 / PIECE;

  private static final String WRITER =
      """
      (module
        (import "wasi_snapshot_preview1" "fd_write"
          (func $fd_write (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 2)
        (func (export "_start") (local $left i32)
          (i32.store (i32.const 0) (i32.const 65536))
          (i32.store (i32.const 4) (i32.const %d))
          (local.set $left (i32.const %d))
          (loop $more
            (i32.store (i32.const 65536) (local.get $left))
            (if (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))
              (then (unreachable)))
            (br_if $more (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))))
      """
          .formatted(PIECE, PIECES);

  // Writes a line and exits with the number in its first argument's two digits.
  private static final String SMALL =
      """
      (module
        (import "wasi_snapshot_preview1" "fd_write"
          (func $fd_write (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (memory (export "memory") 1)
        (data (i32.const 0) "\\10\\00\\00\\00\\06\\00\\00\\00")
        (data (i32.const 16) "hello\\n")
        (func $digit (param i32) (result i32)
          (i32.sub (i32.load8_u (local.get 0)) (i32.const 48)))
        (func (export "_start")
          (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
          (drop (call $args (i32.const 32) (i32.const 64)))
          (call $exit
            (i32.add
              (i32.mul (call $digit (i32.const 64)) (i32.const 10))
              (call $digit (i32.const 65))))))
      """;

  // Waits for ever: sleeps, polls or reads descriptor 0.
  private static final String WAITER =
      """
      (module
        (import "wasi_snapshot_preview1" "poll_oneoff"
          (func $poll (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_read"
          (func $read (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (func $wait (drop (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128))))
        (func (export "sleep")
          (i32.store (i32.const 16) (i32.const 1))
          (i64.store (i32.const 24) (i64.const 0x7fffffffffffffff))
          (call $wait))
        (func (export "poll")
          (i32.store (i32.const 8) (i32.const 1))
          (call $wait))
        (func (export "read")
          (i32.store (i32.const 0) (i32.const 256))
          (i32.store (i32.const 4) (i32.const 16))
          (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))))
      """;

  private Wasi() {}

  /**
   * @param args what to measure; for {@code python} the program and how long a run takes in C
   */
  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "throughput" -> throughput();
      case "runs" -> runs(Integer.parseInt(args[1]));
      case "lateness" -> lateness();
      case "python" -> python(Path.of(args[1]), Double.parseDouble(args[2]));
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static final class Checksum extends OutputStream {
    private final CRC32 sum = new CRC32();
    private long count;

    @Override
    public void write(int b) {
      sum.update(b);
      count++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      sum.update(bytes, offset, length);
      count += length;
    }
  }

  private static void throughput() {
    try (Engine engine = Engine.create();
        Module module = Module.fromWat(engine, WRITER)) {
      WasiProgram program = WasiProgram.of(module);
      WasiConfig inherited = WasiConfig.builder().inheritStdout().build();
      double file = Double.MAX_VALUE;
      double stream = Double.MAX_VALUE;
      for (int round = 0; round < 5; round++) {
        file = Math.min(file, seconds(() -> program.run(inherited)));
        Checksum sum = new Checksum();
        WasiConfig java = WasiConfig.builder().stdout(sum).build();
        stream = Math.min(stream, seconds(() -> program.run(java)));
        if (sum.count != (long) PIECE * PIECES) {
          throw new AssertionError(sum.count + " bytes arrived");
        }
      }
      System.err.printf(
          "64 MiB in pieces of 4 KiB: inherited descriptor to a file %.0f ms, checksummed by a"
              + " Java stream %.0f ms, ratio %.2f%n",
          file * 1e3, stream * 1e3, stream / file);
    }
  }

  private static double seconds(Runnable action) {
    long start = System.nanoTime();
    action.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private static void runs(int count) throws Exception {
    AtomicInteger next = new AtomicInteger();
    AtomicInteger wrong = new AtomicInteger();
    try (Engine engine = Engine.create();
        Module module = Module.fromWat(engine, SMALL)) {
      WasiProgram program = WasiProgram.of(module);
      String halfWay = "";
      for (int half = 1; half <= 2; half++) {
        int end = count * half / 2;
        Runnable loop =
            () -> {
              for (int i = next.getAndIncrement(); i < end; i = next.getAndIncrement()) {
                int status = i % 100;
                OutputCapture output = new OutputCapture(100);
                WasiConfig config =
                    WasiConfig.builder().args("%02d".formatted(status)).stdout(output).build();
                ExitStatus exit = program.run(config);
                if (exit.code() != status || !output.text().equals("hello\n")) {
                  wrong.incrementAndGet();
                }
              }
            };
        List<Thread> threads =
            Stream.generate(() -> Thread.ofPlatform().start(loop)).limit(2).toList();
        for (Thread thread : threads) {
          thread.join();
        }
        next.set(end); // each thread has taken one more than there were
        System.gc();
        Thread.sleep(2000); // for the Cleaner, and the compiler
        String now = footprint();
        System.err.printf("after run %,d: %s%n", end, now);
        halfWay = halfWay.isEmpty() ? now : halfWay;
      }
    }
    System.err.printf(
        "%,d runs on two threads, wrong statuses or outputs: %d%n", count, wrong.get());
  }

  private static String footprint() throws IOException {
    String resident =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmRSS"))
            .findFirst()
            .orElse("")
            .replaceAll("\\s+", " ");
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"));
        Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      return "%s, descriptors %d, threads %d"
          .formatted(resident, descriptors.count(), tasks.count());
    }
  }

  private static void lateness() throws IOException {
    try (Engine engine = Engine.builder().interruptible(true).build();
        Module module = Module.fromWat(engine, WAITER);
        PipedOutputStream silent = new PipedOutputStream();
        PipedInputStream input = new PipedInputStream(silent)) {
      WasiConfig config = WasiConfig.builder().stdin(input).build();
      WasiProgram plain = WasiProgram.of(module);
      WasiProgram timed = plain.with(store -> store.setTimeout(Duration.ofMillis(50)));
      end(() -> timed.run(config, "sleep")); // once for all that is made at first
      for (String function : List.of("sleep", "poll", "read")) {
        double[] timeouts = new double[40];
        double[] interrupts = new double[40];
        for (int i = 0; i < timeouts.length; i++) {
          long start = System.nanoTime();
          end(() -> timed.run(config, function));
          timeouts[i] = (System.nanoTime() - start) / 1e6 - 50;
          interrupts[i] = lateAfterInterrupt(() -> plain.run(config, function));
        }
        print(function, "its deadline", timeouts);
        print(function, "an interrupt", interrupts);
      }
    }
  }

  private static double lateAfterInterrupt(Runnable guest) {
    Thread self = Thread.currentThread();
    long[] at = new long[1];
    Thread.ofPlatform()
        .start(
            () -> {
              try {
                Thread.sleep(20);
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
              at[0] = System.nanoTime();
              self.interrupt();
            });
    end(guest);
    long end = System.nanoTime();
    Thread.interrupted();
    return (end - at[0]) / 1e6;
  }

  private static void end(Runnable guest) {
    try {
      guest.run();
      throw new AssertionError("it was not stopped");
    } catch (StoppedException expected) {
      // as it should be
    }
  }

  private static void print(String function, String what, double[] millis) {
    Arrays.sort(millis);
    System.err.printf(
        "a guest in %s ends after %s: %.1f ms (median), %.1f ms (worst of %d)%n",
        function, what, millis[millis.length / 2], millis[millis.length - 1], millis.length);
  }

  private static void python(Path file, double cMillis) throws IOException {
    try (Engine engine = Engine.create();
        Module module = Module.fromFile(engine, file)) {
      WasiProgram program = WasiProgram.of(module);
      int times = 100;
      List<Double> runs = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        OutputCapture output = new OutputCapture(1000);
        WasiConfig config =
            WasiConfig.builder()
                .args("python", "-c", "import sys; print(int(sys.argv[1]) ** 2)", "" + i)
                .stdout(output)
                .build();
        runs.add(seconds(() -> program.run(config)) * 1e3);
        if (!output.text().equals(i * i + "\n")) {
          throw new AssertionError(output.text());
        }
      }
      double mean = runs.stream().mapToDouble(it -> it).sum() / times;
      System.err.printf(
          "CPython, %d scripts from one module: %.1f ms each in Java, %.1f ms in C, ratio %.2f%n",
          times, mean, cMillis, mean / cMillis);
    }
  }
}
