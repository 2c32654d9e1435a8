package io.github.wasmtimejvm.bench;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.WasmFeature;
import io.github.wasmtimejvm.component.CallPath;
import io.github.wasmtimejvm.component.Component;
import io.github.wasmtimejvm.component.ComponentLinker;
import io.github.wasmtimejvm.wasi.WasiConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Prints which functions of the components of the tests are called directly, and what bytes there
 * and back take by both ways; draws the latter for the documents. {@code
 * scripts/measure-components} starts it.
 */
public final class ComponentPaths {
  private static final int SIZE = 1 << 20;
  private static final long ENOUGH = 300_000_000; // nanoseconds for one figure
  private static final int MOST_BY_VALUES = 1 << 20; // far beyond the engine refuses

  /** The components' world. */
  public interface Echo {
    /** Gives the bytes back. */
    byte[] echo(byte[] bytes);
  }

  /** The strings of a component of the reference's. */
  public interface Text {
    /** Gives the text back. */
    String text(String s);
  }

  /** One size: the times of both ways. */
  private record Point(int size, double direct, double byValues) {}

  private ComponentPaths() {}

  /**
   * @param args the folder of the components; the reference's component; the file of the plot, if
   *     it is to be drawn
   */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    boolean good = shares(folder);
    System.out.println();
    good &= stock(folder, "greeter-c", 1000);
    good &= stock(folder, "greeter-js", 300);
    good &= stock(folder, "greeter-python", 120);
    System.out.println();
    texts(Path.of(args[1]));
    System.out.println();
    List<Point> points = sizes(folder);
    if (args.length > 2) {
      Files.writeString(Path.of(args[2]), plot(points));
    }
    System.exit(good ? 0 : 1);
  }

  private static Engine engine(boolean direct) {
    return Engine.builder()
        .directComponentCalls(direct)
        .feature(WasmFeature.COMPONENT_MODEL_MAP, true)
        .build();
  }

  private static boolean shares(Path folder) throws IOException {
    System.out.printf(
        "%-18s %9s %9s   %s%n", "component", "exports", "imports", "why by the engine's values");
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(folder.resolve("components"))) {
      all.filter(file -> file.toString().endsWith(".wasm")).sorted().forEach(files::add);
    }
    files.add(folder.resolve("numcodecs-zlib.wasm"));
    Map<String, Boolean> languages = new TreeMap<>();
    for (Path file : files) {
      try (Engine engine = engine(true);
          Component component = Component.fromFile(engine, file)) {
        Collection<CallPath> exports = component.callPaths().values();
        Collection<CallPath> imports = component.hostCallPaths().values();
        Map<String, Long> reasons =
            Stream.concat(exports.stream(), imports.stream())
                .filter(path -> !path.isDirect())
                .collect(
                    Collectors.groupingBy(CallPath::reason, TreeMap::new, Collectors.counting()));
        String name = file.getFileName().toString().replace(".wasm", "");
        System.out.printf(
            "%-18s %9s %9s   %s%n", name, share(exports), share(imports), text(reasons));
        if (name.startsWith("greeter-")) {
          languages.put(name, exports.stream().anyMatch(CallPath::isDirect));
        }
      }
    }
    return languages.values().stream().allMatch(direct -> direct);
  }

  private static String text(Map<String, Long> reasons) {
    return reasons.entrySet().stream()
        .map(entry -> entry.getValue() + " " + entry.getKey())
        .collect(Collectors.joining("; "));
  }

  private static String share(Collection<CallPath> paths) {
    return "%s of %s".formatted(paths.stream().filter(CallPath::isDirect).count(), paths.size());
  }

  private static boolean stock(Path folder, String name, int times) throws IOException {
    byte[] bytes = new byte[SIZE];
    new java.util.Random(1).nextBytes(bytes);
    double[] micros = new double[2];
    for (int i = 0; i < 2; i++) {
      try (Engine engine = engine(i == 0);
          Component component =
              Component.fromFile(engine, folder.resolve("components/" + name + ".wasm"));
          Store store = Store.create(engine)) {
        Echo guest = instance(engine, store, component);
        if (!Arrays.equals(guest.echo(bytes), bytes)) {
          throw new AssertionError(name + " gave other bytes back");
        }
        micros[i] = best(() -> guest.echo(bytes)) / 1000;
      }
    }
    double ratio = micros[1] / micros[0];
    System.out.printf(
        Locale.ROOT,
        "%-18s 1 MiB there and back: directly %.0f us, by values %.0f us, 1/%.0f (at most"
            + " 1/%d)%s%n",
        name,
        micros[0],
        micros[1],
        ratio,
        times,
        ratio < times ? "  above its bound" : "");
    return ratio >= times;
  }

  private static Echo instance(Engine engine, Store store, Component component) {
    WasiConfig.builder().build().applyTo(store);
    ComponentLinker linker = ComponentLinker.create(engine);
    linker.defineWasi();
    return linker.instantiate(store, component).as(Echo.class);
  }

  // Nanoseconds: the best of many calls, as all that disturbs makes it slower.
  private static double best(Runnable call) {
    double best = Double.MAX_VALUE;
    long end = System.nanoTime() + ENOUGH;
    int times = 1;
    int rounds = 0;
    while (rounds < 5 || System.nanoTime() < end) {
      long begin = System.nanoTime();
      for (int i = 0; i < times; i++) {
        call.run();
      }
      double took = System.nanoTime() - begin;
      best = Math.min(best, took / times);
      if (took < 100_000) {
        times *= 2; // long enough for the clock
      }
      rounds++;
    }
    return best;
  }

  // Where direct calls are off, and where they are on: then short strings go by values all the
  // same.
  private static void texts(Path reference) throws IOException {
    System.out.printf("%-18s %12s %12s%n", "string there and", "as chosen", "by values");
    System.out.printf("%-18s %12s %12s%n", "back, characters", "us", "us");
    for (int size = 1; size <= 1 << 20; size *= 4) {
      double[] micros = new double[2];
      for (int i = 0; i < 2; i++) {
        micros[i] = text(reference, "x".repeat(size), i == 0) / 1000;
      }
      System.out.printf(Locale.ROOT, "%-18d %12.2f %12.2f%n", size, micros[0], micros[1]);
    }
  }

  private static double text(Path reference, String text, boolean direct) throws IOException {
    try (Engine engine = engine(direct);
        Component component = Component.fromWat(engine, Files.readString(reference));
        Store store = Store.create(engine)) {
      ComponentLinker linker = ComponentLinker.create(engine);
      linker.trapUnknownImports();
      Text guest = linker.instantiate(store, component).as(Text.class);
      return best(() -> guest.text(text));
    }
  }

  private static List<Point> sizes(Path folder) throws IOException {
    System.out.printf("%-18s %12s %12s%n", "bytes there and", "directly", "by values");
    System.out.printf("%-18s %12s %12s%n", "back (greeter-c)", "us", "us");
    List<Point> points = new ArrayList<>();
    for (int size = 1; size <= 16 << 20; size *= 4) {
      byte[] bytes = new byte[size];
      double[] micros = {Double.NaN, Double.NaN};
      for (int i = 0; i < 2 && (i == 0 || size <= MOST_BY_VALUES); i++) {
        try (Engine engine = engine(i == 0);
            Component component =
                Component.fromFile(engine, folder.resolve("components/greeter-c.wasm"));
            Store store = Store.create(engine)) {
          Echo guest = instance(engine, store, component);
          micros[i] = best(() -> guest.echo(bytes)) / 1000;
        }
      }
      points.add(new Point(size, micros[0], micros[1]));
      System.out.printf(
          Locale.ROOT,
          "%-18d %12.2f %12s%n",
          size,
          micros[0],
          Double.isNaN(micros[1]) ? "-" : String.format(Locale.ROOT, "%.2f", micros[1]));
    }
    return points;
  }

  private static final int WIDTH = 640;
  private static final int HEIGHT = 400;
  private static final int LEFT = 70;
  private static final int BOTTOM = 50;
  private static final int TOP = 20;

  // Both axes are logarithmic: a step is a factor of 16 in size and of 10 in time.
  private static String plot(List<Point> points) {
    StringBuilder svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
        <!-- Drawn by scripts/measure-components. -->
        <rect width="%d" height="%d" fill="white"/>
        """
            .formatted(WIDTH, HEIGHT, WIDTH, HEIGHT));
    for (int power = 0; power <= 24; power += 4) {
      double x = x(1 << power);
      svg.append(
          String.format(
              Locale.ROOT,
              "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#ddd\"/>"
                  + "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
              x,
              TOP,
              x,
              HEIGHT - BOTTOM,
              x,
              HEIGHT - BOTTOM + 18,
              new String[] {"1 B", "16 B", "256 B", "4 KiB", "64 KiB", "1 MiB", "16 MiB"}
                  [power / 4]));
    }
    for (int power = -1; power <= 6; power++) {
      double y = y(Math.pow(10, power));
      svg.append(
          String.format(
              Locale.ROOT,
              "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#ddd\"/>"
                  + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
              LEFT,
              y,
              WIDTH - 20,
              y,
              LEFT - 8,
              y + 4,
              new String[] {"100 ns", "1 µs", "10 µs", "100 µs", "1 ms", "10 ms", "100 ms", "1 s"}
                  [power + 1]));
    }
    line(svg, points.stream().filter(p -> !Double.isNaN(p.byValues())).toList(), false);
    line(svg, points, true);
    return svg.append(
            """
            <text x="%d" y="%d" text-anchor="middle">size of a list&lt;u8&gt;, to a component in C and back</text>
            <text x="%d" y="%d" fill="#b03020">by the engine's values</text>
            <text x="%d" y="%d" fill="#1050a0">directly</text>
            </svg>
            """
                .formatted(
                    (LEFT + WIDTH) / 2,
                    HEIGHT - 10,
                    Math.round(x(1 << 10)),
                    Math.round(y(3000)),
                    Math.round(x(1 << 17)),
                    Math.round(y(1.5))))
        .toString();
  }

  private static void line(StringBuilder svg, List<Point> points, boolean direct) {
    svg.append(
        points.stream()
            .map(
                p ->
                    String.format(
                        Locale.ROOT,
                        "%.1f,%.1f",
                        x(p.size()),
                        y(direct ? p.direct() : p.byValues())))
            .collect(
                Collectors.joining(
                    " ",
                    "<polyline fill=\"none\" stroke-width=\"2\" stroke=\""
                        + (direct ? "#1050a0" : "#b03020")
                        + "\" points=\"",
                    "\"/>\n")));
  }

  private static double x(double size) {
    return LEFT + Math.log(size) / Math.log(2) / 24 * (WIDTH - 20 - LEFT);
  }

  private static double y(double micros) {
    return HEIGHT - BOTTOM - (Math.log10(micros) + 1) / 7 * (HEIGHT - BOTTOM - TOP);
  }
}
