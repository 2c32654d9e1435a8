package io.github.wasmtimejvm.bench;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Memory;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.NumType;
import io.github.wasmtimejvm.Store;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * The first figures: what {@code reference bench} measures in C, measured in Java beside it, in one
 * session and on the same guest. {@code scripts/bench} builds both and starts this.
 *
 * <p>Both sides take the best of several rounds of a fixed number of operations. C runs before and
 * after Java and its better figure counts: on a machine that something else slows down for a while,
 * the comparison then errs against us.
 */
public final class FirstFigures {
  private static final int WARM_UPS = 6;
  private static final int ROUNDS = 9;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  /** Where sums go, so that no loop may be left out. */
  private static volatile int sink;

  private FirstFigures() {}

  /**
   * @param args the reference program
   */
  public static void main(String[] args) throws Exception {
    String reference = args[0];
    Map<String, Double> c = figuresOf(reference);
    Map<String, Double> java =
        figuresOfJava(
            output(reference, "bench", "--print-guest"),
            output(reference, "bench", "--print-small-guest"));
    figuresOf(reference).forEach((name, ns) -> c.merge(name, ns, Math::min));

    System.out.printf("%-22s %10s %10s %8s%n", "name", "java_ns", "c_ns", "ratio");
    java.forEach(
        (name, ns) ->
            System.out.printf(
                "%-22s %10.2f %10.2f %8.2f%n", name, ns, c.get(name), ns / c.get(name)));
  }

  private static Map<String, Double> figuresOf(String reference)
      throws IOException, InterruptedException {
    Map<String, Double> figures = new LinkedHashMap<>();
    for (String line : output(reference, "bench").lines().toList()) {
      String[] nameAndNs = line.split(" ");
      figures.put(nameAndNs[0], Double.valueOf(nameAndNs[1]));
    }
    return figures;
  }

  private static String output(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.INHERIT);
    builder.environment().remove("RUST_BACKTRACE");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(List.of(command) + " ended with " + process.exitValue());
    }
    return output;
  }

  private static Map<String, Double> figuresOfJava(String guest, String smallGuest) {
    Map<String, Double> figures = new LinkedHashMap<>();
    FuncType type = new FuncType(List.of(NumType.I32, NumType.I32), List.of(NumType.I32));
    try (Engine engine = Engine.create();
        Module module = Module.fromWat(engine, guest);
        Module small = Module.fromWat(engine, smallGuest);
        Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      linker.define("host", "add", type, (caller, args) -> (int) args[0] + (int) args[1]);
      Instance instance = linker.instantiate(store, module);
      Func add = instance.func("add");
      Func callHost = instance.func("call_host");
      Memory memory = instance.memory("memory");

      measure(figures, "call_checked", 2_000_000, times -> call(add, times));
      measure(figures, "host_call_checked", 2_000_000, times -> (int) callHost.call(times));
      measure(figures, "memory_read", 50_000_000, times -> read(memory.segment(), times));
      measure(figures, "memory_data_read", 20_000_000, times -> askAndRead(memory, times));
      measure(figures, "instantiate", 50_000, times -> instantiate(engine, linker, small, times));
      measure(
          figures,
          "instantiate_memory",
          10_000,
          times -> instantiate(engine, linker, module, times));
    }
    return figures;
  }

  private static void measure(
      Map<String, Double> figures, String name, int times, IntUnaryOperator operation) {
    for (int i = 0; i < WARM_UPS; i++) {
      sink = operation.applyAsInt(times);
    }
    List<Double> rounds = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      long start = System.nanoTime();
      sink = operation.applyAsInt(times);
      rounds.add((System.nanoTime() - start) / (double) times);
    }
    figures.put(name, rounds.stream().min(Double::compare).orElseThrow());
  }

  private static int call(Func add, int times) {
    int sum = 0;
    for (int i = 0; i < times; i++) {
      sum = (int) add.call(sum, i);
    }
    return sum;
  }

  /** The stride of the reference: it keeps the compiler from reading several at once. */
  private static int read(MemorySegment segment, int times) {
    int sum = 0;
    int offset = 0;
    for (int i = 0; i < times; i++) {
      sum += segment.get(INT, offset);
      offset = (offset + 68) & 0xfffc;
    }
    return sum;
  }

  private static int askAndRead(Memory memory, int times) {
    int sum = 0;
    int offset = 0;
    for (int i = 0; i < times; i++) {
      sum += memory.segment().get(INT, offset);
      offset = (offset + 68) & 0xfffc;
    }
    return sum;
  }

  private static int instantiate(Engine engine, Linker linker, Module module, int times) {
    int instances = 0;
    for (int i = 0; i < times; i++) {
      try (Store store = Store.create(engine)) {
        linker.instantiate(store, module);
        instances++;
      }
    }
    return instances;
  }
}
