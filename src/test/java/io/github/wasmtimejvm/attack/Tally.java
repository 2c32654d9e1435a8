package io.github.wasmtimejvm.attack;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * What was counted, under names with parts between tabs, the first of which says what is counted;
 * and the first of the unexpected outcomes, as text. Any thread may count.
 */
final class Tally {
  /** First part of a name: a case of the class that the second part names. */
  static final String CASE = "case";

  /** First part of a name: a public method, then {@code returned} or {@code threw}. */
  static final String METHOD = "method";

  /** First part of a name: an outcome that nothing foresees, which the second part describes. */
  static final String UNEXPECTED = "unexpected";

  /** First part of a name: cases in which a guest ran. */
  static final String ENTERED = "entered";

  /** First part of a name: cases whose guest was stopped by time or an interrupt before it ran. */
  static final String STOPPED_BEFORE = "stopped before";

  private static final int EXAMPLES = 20;

  private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();
  private final List<String> examples = new ArrayList<>(); // under this

  void count(String... name) {
    add(String.join("\t", name), 1);
  }

  private void add(String name, long n) {
    counts.computeIfAbsent(name, _ -> new LongAdder()).add(n);
  }

  /** Counts an outcome that nothing foresees. */
  void unexpected(long seed, String where, Throwable outcome) {
    StringWriter trace = new StringWriter();
    outcome.printStackTrace(new PrintWriter(trace));
    unexpected(seed, where + ": " + outcome.getClass().getName(), trace.toString());
  }

  /** Counts an outcome that nothing foresees. */
  synchronized void unexpected(long seed, String what, String details) {
    String name = what.replaceAll("\\s", " ");
    boolean first = !counts.containsKey(UNEXPECTED + "\t" + name);
    count(UNEXPECTED, name);
    if (first && examples.size() < EXAMPLES) {
      examples.add("seed " + seed + ", " + what + "\n" + details.strip());
    }
  }

  /** What stands under the names that begin with {@code first}, by the rest of the name. */
  Map<String, Long> counts(String first) {
    Map<String, Long> found = new TreeMap<>();
    counts.forEach(
        (name, count) -> {
          if (name.startsWith(first + "\t")) {
            found.put(name.substring(first.length() + 1), count.sum());
          }
        });
    return found;
  }

  /** The first parts of all names. */
  Set<String> firsts() {
    return counts.keySet().stream()
        .map(name -> name.substring(0, name.indexOf('\t')))
        .collect(Collectors.toSet());
  }

  /** The sum of {@link #counts}. */
  long sum(String first) {
    return counts(first).values().stream().mapToLong(Long::longValue).sum();
  }

  synchronized List<String> examples() {
    return List.copyOf(examples);
  }

  synchronized void addAll(Tally other) {
    other.counts.forEach((name, count) -> add(name, count.sum()));
    for (String example : other.examples()) {
      if (examples.size() < EXAMPLES) {
        examples.add(example);
      }
    }
  }

  /** Replaces the file by a new one, at once. */
  synchronized void save(Path file) throws IOException {
    StringBuilder text = new StringBuilder();
    counts.forEach(
        (name, count) -> text.append(count.sum()).append('\t').append(name).append('\n'));
    examples.forEach(e -> text.append("example\t").append(e.replace("\n", "\r")).append('\n'));
    Path written = file.resolveSibling(file.getFileName() + ".new");
    // Messages may have halves of surrogate pairs in them, which this replaces.
    Files.write(written, text.toString().getBytes(StandardCharsets.UTF_8));
    Files.move(
        written,
        file,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING,
        java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  static Tally load(Path file) throws IOException {
    Tally tally = new Tally();
    if (!Files.exists(file)) {
      return tally;
    }
    for (String line : Files.readString(file).split("\n")) {
      int tab = line.indexOf('\t');
      if (line.startsWith("example\t")) {
        tally.examples.add(line.substring(tab + 1).replace("\r", "\n"));
      } else if (tab > 0) {
        tally.add(line.substring(tab + 1), Long.parseLong(line.substring(0, tab)));
      }
    }
    return tally;
  }
}
