package io.github.wasmtimejvm.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the C reference and the benchmarks in one session and sets their figures side by side, as a
 * table and in a file. {@code scripts/bench} builds both and starts this.
 *
 * <p>The best round of each side counts, because all that disturbs a round makes it slower and
 * nothing makes it faster; rounds are short, so that some fall between two disturbances. C runs before and after Java and its better figure counts: on a machine
 * that something else slows down for a while, the comparison then errs against us.
 */
public final class Comparison {
  /** A line of the table: a benchmark of {@link Calls} beside a figure of the reference. */
  private record Line(String name, String java, String c) {}

  private static final List<Line> LINES =
      List.of(
          new Line("typed-call", "typedCall", "call_unchecked"),
          new Line("typed-call-vs-checked", "typedCall", "call_checked"),
          new Line("module-interface-call", "moduleInterfaceCall", "call_unchecked"),
          new Line("generic-call", "genericCall", "call_checked"),
          new Line("host-call", "hostCall", "host_call_unchecked"),
          new Line("host-call-vs-checked", "hostCall", "host_call_checked"),
          new Line("generic-host-call", "genericHostCall", "host_call_checked"),
          new Line("instantiate-pre", "instantiatePre", "instantiate_pre"),
          new Line("instantiate-pre-memory", "instantiatePreMemory", "instantiate_pre_memory"),
          new Line("instantiate-by-linker", "instantiateByLinker", "instantiate"),
          new Line("memory-read-int", "memoryReadInt", "memory_read"),
          new Line("memory-segment-read-int", "memorySegmentAndReadInt", "memory_data_read"));

  private Comparison() {}

  /**
   * @param args the reference program, a folder to work in, the file to write
   */
  public static void main(String[] args) throws Exception {
    String reference = args[0];
    Path folder = Path.of(args[1]);
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("guest.wat"), output(reference, "bench", "--print-guest"));
    Files.writeString(
        folder.resolve("small-guest.wat"), output(reference, "bench", "--print-small-guest"));

    Map<String, Double> c = figuresOf(reference);
    Map<String, Double> java = new HashMap<>();
    Map<String, Double> bytes = new HashMap<>();
    for (RunResult result : new Runner(options(folder)).run()) {
      String name = result.getPrimaryResult().getLabel();
      java.put(name, best(result));
      bytes.put(name, result.getSecondaryResults().get("gc.alloc.rate.norm").getScore());
    }
    figuresOf(reference).forEach((name, ns) -> c.merge(name, ns, Math::min));

    StringBuilder json = new StringBuilder("[");
    System.out.printf("%n%-24s %10s %10s %8s%n", "name", "java_ns", "c_ns", "ratio");
    for (Line line : LINES) {
      double ns = java.get(line.java);
      double cNs = c.get(line.c);
      System.out.printf("%-24s %10.2f %10.2f %8.2f%n", line.name, ns, cNs, ns / cNs);
      json.append(
          String.format(
              Locale.ROOT,
              "%s%n  {\"name\": \"%s\", \"java_ns\": %.3f, \"c_ns\": %.3f, \"ratio\": %.4f}",
              json.length() == 1 ? "" : ",",
              line.name,
              ns,
              cNs,
              ns / cNs));
    }
    Files.writeString(Path.of(args[2]), json.append(System.lineSeparator()).append("]") + "\n");
    System.out.printf(
        "%nmodule-interface-call / typed-call: %.3f%n",
        java.get("moduleInterfaceCall") / java.get("typedCall"));
    System.out.printf(
        "a call to C that does nothing: %.2f ns, from C to Java: %.2f ns%n",
        java.get("emptyDowncall"), java.get("emptyUpcall"));
    System.out.printf("bytes allocated per typed call: %.4f%n", bytes.get("typedCall"));
    System.out.printf("bytes allocated per typed host call: %.4f%n", bytes.get("hostCall"));
  }

  private static Options options(Path folder) {
    return new OptionsBuilder()
        .include(Calls.class.getName())
        .include(Transitions.class.getName())
        .forks(2)
        .warmupIterations(4)
        .warmupTime(TimeValue.seconds(1))
        .measurementIterations(30)
        .measurementTime(TimeValue.milliseconds(100))
        .addProfiler(GCProfiler.class)
        .jvmArgsAppend("-D" + Calls.GUESTS + "=" + folder)
        .build();
  }

  private static double best(RunResult result) {
    List<Double> rounds = new ArrayList<>();
    result
        .getBenchmarkResults()
        .forEach(
            fork ->
                fork.getIterationResults()
                    .forEach(round -> rounds.add(round.getPrimaryResult().getScore())));
    return rounds.stream().min(Double::compare).orElseThrow();
  }

  private static Map<String, Double> figuresOf(String reference)
      throws IOException, InterruptedException {
    Map<String, Double> figures = new HashMap<>();
    for (String line : output(reference, "bench").lines().toList()) {
      String[] nameAndNs = line.split(" ");
      figures.put(nameAndNs[0], Double.valueOf(nameAndNs[1]));
    }
    return figures;
  }

  private static String output(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(List.of(command) + " ended with " + process.exitValue());
    }
    return output;
  }
}
