package io.github.wasmtimejvm.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
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
  // JMH counts what the JVM itself allocates beside the benchmark, too.
  private static final double NEARLY_NOTHING = 0.5;

  /**
   * A line of the table: a benchmark of {@link Calls} or {@link Components} beside a figure of the
   * reference.
   *
   * @param c {@code null} if C has nothing of the kind
   * @param bound what we want the ratio to be at most, {@code null} for nothing
   * @param free whether it must not allocate
   */
  private record Line(String name, String java, String c, Double bound, boolean free) {
    static Line of(String name, String java, String c) {
      return new Line(name, java, c, null, false);
    }

    Line bound(double ratio) {
      return new Line(name, java, c, ratio, free);
    }

    Line allocatingNothing() {
      return new Line(name, java, c, bound, true);
    }
  }

  private static final List<Line> LINES =
      List.of(
          Line.of("typed-call", "typedCall", "call_unchecked").bound(1.3).allocatingNothing(),
          Line.of("typed-call-vs-checked", "typedCall", "call_checked"),
          Line.of("module-interface-call", "moduleInterfaceCall", "call_unchecked")
              .allocatingNothing(),
          Line.of("generic-call", "genericCall", "call_checked"),
          Line.of("host-call", "hostCall", "host_call_unchecked").allocatingNothing(),
          Line.of("host-call-vs-checked", "hostCall", "host_call_checked"),
          Line.of("generic-host-call", "genericHostCall", "host_call_checked"),
          Line.of("instantiate-pre", "instantiatePre", "instantiate_pre").bound(1.3),
          Line.of("instantiate-pre-memory", "instantiatePreMemory", "instantiate_pre_memory"),
          Line.of("instantiate-by-linker", "instantiateByLinker", "instantiate"),
          Line.of("memory-read-int", "memoryReadInt", "memory_read"),
          Line.of("memory-segment-read-int", "memorySegmentAndReadInt", "memory_data_read"),
          Line.of("component-nothing", "componentNothing", "component_nothing")
              .allocatingNothing(),
          Line.of("component-add", "componentAdd", "component_add")
              .bound(1.15)
              .allocatingNothing(),
          Line.of("component-host-call", "componentHostCall", "component_host_call")
              .bound(1.15)
              .allocatingNothing(),
          Line.of("component-text-100", "componentText", "component_text").bound(1.5),
          Line.of("component-five-fields", "componentFiveFields", "component_five_fields")
              .bound(0.8),
          Line.of("component-bytes-1M", "componentBytes", "component_bytes").bound(0.001),
          Line.of("component-bytes-1M-vs-flat", "componentBytes", "component_flat_bytes"),
          Line.of("component-segment-1M-vs-flat", "componentSegment", "component_flat_bytes")
              .bound(1.3),
          Line.of("component-host-bytes-1M", "componentHostBytes", "component_host_bytes")
              .bound(0.001),
          Line.of("component-bytes-16M", "componentManyBytes", null),
          Line.of("component-points-10k", "componentPoints", "component_points").bound(0.02),
          Line.of("component-instantiate", "componentInstantiate", "component_instantiate")
              .bound(1.2),
          Line.of("component-pool-fresh", "componentPoolFresh", "component_instantiate"),
          Line.of("component-pool-reusing", "componentPoolReusing", null));

  private Comparison() {}

  /**
   * @param args the reference program, a folder to work in, the file to write, the component's
   *     text, a pattern of the names of the lines that are wanted
   */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[1]);
    Path component = Path.of(args[3]);
    Pattern wanted = Pattern.compile(args[4]);
    List<Line> lines = LINES.stream().filter(line -> wanted.matcher(line.name).find()).toList();
    if (lines.isEmpty()) {
      throw new IllegalArgumentException("no line has a name with a match of " + wanted);
    }
    Reference reference = new Reference(
            args[0],
            component,
            lines.stream().map(line -> line.c).filter(Objects::nonNull).toList());
    Files.createDirectories(folder);
    reference.writeGuests(folder);

    Map<String, Double> c = reference.figures();
    Map<String, Double> java = new HashMap<>();
    Map<String, Double> bytes = new HashMap<>();
    for (RunResult result : new Runner(options(folder, component, lines)).run()) {
      String name = result.getPrimaryResult().getLabel();
      java.put(name, best(result));
      bytes.put(name, result.getSecondaryResults().get("gc.alloc.rate.norm").getScore());
    }
    reference.figures().forEach((name, ns) -> c.merge(name, ns, Math::min));

    List<String> json = new ArrayList<>();
    System.out.printf(
        "%n%-28s %13s %13s %7s %7s %9s%n", "name", "java_ns", "c_ns", "ratio", "bound", "bytes/op");
    for (Line line : lines) {
      double ns = java.get(line.java);
      Double cNs = line.c == null ? null : c.get(line.c);
      Double ratio = cNs == null ? null : ns / cNs;
      double allocated = bytes.get(line.java);
      System.out.printf(
          "%-28s %13.2f %13s %7s %7s %9.1f%s%s%n",
          line.name,
          ns,
          text(cNs),
          text(ratio),
          text(line.bound),
          allocated,
          line.bound != null && ratio > line.bound ? "  above its bound" : "",
          line.free && allocated > NEARLY_NOTHING ? "  allocates" : "");
      json.add(
          String.format(
              Locale.ROOT,
              "  {\"name\": \"%s\", \"java_ns\": %.3f, \"c_ns\": %s, \"ratio\": %s, \"bound\": %s, \"bytes\": %.3f}",
              line.name,
              ns,
              cNs,
              ratio,
              line.bound,
              allocated));
    }
    Files.writeString(Path.of(args[2]), "[\n" + String.join(",\n", json) + "\n]\n");
    if (java.containsKey("moduleInterfaceCall") && java.containsKey("typedCall")) {
      System.out.printf(
          "%nmodule-interface-call / typed-call: %.3f%n",
          java.get("moduleInterfaceCall") / java.get("typedCall"));
    }
    System.out.printf(
        "a call to C that does nothing: %.2f ns, from C to Java: %.2f ns%n",
        java.get("emptyDowncall"), java.get("emptyUpcall"));
  }

  private static String text(Double number) {
    return number == null ? "-" : (number < 0.1 ? "%.5f" : "%.2f").formatted(number);
  }

  private static Options options(Path folder, Path component, List<Line> lines) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(Transitions.class.getName())
            .forks(2)
            .warmupIterations(4)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(30)
            .measurementTime(TimeValue.milliseconds(100))
            .addProfiler(GCProfiler.class)
            .jvmArgsAppend(
                "-D" + Calls.GUESTS + "=" + folder, "-D" + Components.COMPONENT + "=" + component);
    for (Line line : lines) {
      options = options.include("\\." + line.java + "$");
    }
    return options.build();
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
}
