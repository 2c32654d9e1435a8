package io.github.wasmtimejvm.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The layers of ARCHITECTURE.md: a package uses those below it only. Where two packages use each
 * other, they are named here.
 */
class LayersTest {
  private static final String ROOT = "io/github/wasmtimejvm";

  // From the top; a package may use itself and what comes after it.
  private static final List<String> LAYERS =
      List.of(
          ROOT + "/wasi",
          ROOT + "/component",
          ROOT + "/access",
          ROOT,
          ROOT + "/declarations",
          ROOT + "/settings",
          ROOT + "/interfaces",
          ROOT + "/binary",
          ROOT + "/internal",
          ROOT + "/capi",
          ROOT + "/loader",
          ROOT + "/spi");

  // A package and the one above it that it uses all the same. What passes between them are the root
  // package's public types.
  private static final Map<String, String> CIRCLES =
      Map.of(ROOT, ROOT + "/access", ROOT + "/declarations", ROOT, ROOT + "/settings", ROOT);

  @Test
  void arrowsPointDownOnly() throws IOException, URISyntaxException {
    ClassGraph graph = ClassGraph.read();
    Set<String> up = new TreeSet<>();
    Set<String> circles = new TreeSet<>();
    for (String name : graph.classes()) {
      String from = ClassGraph.packageOf(name);
      assertThat(LAYERS).as("layer of %s", name).contains(from);
      for (String other : graph.references(name)) {
        String to = ClassGraph.packageOf(other);
        if (LAYERS.indexOf(to) < LAYERS.indexOf(from)) {
          if (to.equals(CIRCLES.get(from))) {
            circles.add(from);
          } else {
            up.add(name + " -> " + other);
          }
        }
      }
    }
    assertThat(graph.classes()).hasSizeGreaterThan(100);
    assertThat(up).isEmpty();
    assertThat(circles).as("circles that are still there").isEqualTo(CIRCLES.keySet());
  }

  /** The classes in the root package that all refer to each other may only get fewer. */
  @Test
  void noClassJoinsTheCircleOfTheRootPackage() throws IOException, URISyntaxException {
    Set<String> circle =
        ClassGraph.read().largestCircle(ROOT).stream()
            .map(name -> name.substring(ROOT.length() + 1))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> known = new TreeSet<>(lines("circle.txt"));

    Set<String> joined = new TreeSet<>(circle);
    joined.removeAll(known);
    assertThat(joined)
        .as("classes new in the circle of those that all refer to each other: cut what ties them")
        .isEmpty();
    known.removeAll(circle);
    assertThat(known).as("classes that left the circle: take them off circle.txt").isEmpty();
  }

  private static List<String> lines(String name) throws IOException {
    try (var in = Objects.requireNonNull(LayersTest.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    }
  }
}
