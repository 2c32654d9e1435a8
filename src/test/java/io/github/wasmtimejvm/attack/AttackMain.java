package io.github.wasmtimejvm.attack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** The command behind {@code scripts/attack}. */
final class AttackMain {
  private static final List<List<String>> MATRIX =
      List.of(
          List.of("-Xcomp"),
          List.of("-Xint"),
          List.of("-XX:+UseZGC"),
          List.of("-XX:+UseSerialGC"),
          List.of("-Xcheck:jni"),
          List.of("-Xss512k"));

  private long minutes;
  private long seed = System.currentTimeMillis();
  private long cases = -1;
  private List<AttackKind> kinds =
      Arrays.stream(AttackKind.values()).filter(AttackKind::isForThisSystem).toList();
  private List<String> flags = List.of();
  private List<Guard> without = List.of();
  private boolean matrix;

  private AttackMain() {}

  public static void main(String[] args) throws Exception {
    AttackMain main = new AttackMain();
    try {
      main.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    }
    System.exit(main.run() ? 0 : 1);
  }

  private void parse(String[] args) {
    for (int i = 0; i < args.length; i += 2) {
      if (args[i].equals("--matrix")) {
        matrix = true;
        i--;
        continue;
      }
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + " needs a value, or is not known");
      }
      String value = args[i + 1];
      switch (args[i]) {
        case "--minutes" -> minutes = Long.parseLong(value);
        case "--seed" -> seed = Long.parseLong(value);
        case "--cases" -> cases = Long.parseLong(value);
        case "--only" ->
            kinds = Arrays.stream(value.split(",")).flatMap(AttackMain::kinds).toList();
        case "--without" -> {
          without =
              value.equals("each")
                  ? Arrays.stream(Guard.values())
                      .filter(guard -> guard.kind().isForThisSystem())
                      .toList()
                  : Arrays.stream(value.split(",")).map(Guard::valueOf).toList();
        }
        case "--jvm" -> flags = List.of(value.split(" "));
        default ->
            throw new IllegalArgumentException(
                "unknown: "
                    + args[i]
                    + "; there are --minutes, --seed, --cases, --only, --jvm,"
                    + " --without and --matrix");
      }
    }
  }

  private static Stream<AttackKind> kinds(String name) {
    return name.equals("components")
        ? Arrays.stream(AttackKind.values()).filter(AttackKind::isOfComponents)
        : Stream.of(AttackKind.of(name));
  }

  private boolean run() throws Exception {
    return matrix ? matrix() : without.isEmpty() ? attack() : prove();
  }

  /** Leaves out one guard after the other, and says when a process first crashed of it. */
  private boolean prove() throws Exception {
    System.out.println("seed " + seed);
    System.out.printf("%-18s %-16s %8s  %s%n", "without", "attack", "cases", "death");
    AtomicInteger missed = new AtomicInteger();
    try (ExecutorService pool =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      List<Future<?>> all = new ArrayList<>();
      for (Guard guard : without) {
        all.add(
            pool.submit(
                () -> {
                  if (!prove(guard)) {
                    missed.incrementAndGet();
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    if (without.stream().anyMatch(guard -> guard.kind() == AttackKind.ENVIRONMENT)) {
      System.out.printf(
          "%-18s %-16s %8s  %s%n",
          "(none)", AttackKind.ENVIRONMENT, "-", "closed-streams: see class Environment");
    }
    return missed.get() == 0;
  }

  private boolean prove(Guard guard) throws Exception {
    Path folder = Files.createTempDirectory("attack");
    Path changed = folder.resolve("changed");
    guard.leaveOut(changed);
    List<String> all = new ArrayList<>(flags);
    all.addAll(guard.flags());
    AttackRun run = new AttackRun(all, List.of(changed), folder);
    AttackKind kind = guard.kind();
    long most = cases >= 0 ? cases : Math.max(10L * kind.batch(), 200);
    Optional<AttackRun.Death> crash = run.untilCrash(kind, seed, most);
    System.out.printf(
        "%-18s %-16s %8s  %s%n",
        guard,
        kind,
        crash.map(death -> Long.toString(death.seed() - seed + 1)).orElse("-"),
        crash.map(AttackRun.Death::summary).orElse("MISSED"));
    run.deaths().stream()
        .filter(death -> !death.isCrash())
        .forEach(death -> System.out.printf("%s, no crash: %s%n", guard, death));
    AttackRun.delete(folder);
    return crash.isPresent();
  }

  /** Runs the same cases by other compilers, collectors and stack sizes. */
  private boolean matrix() throws Exception {
    boolean well = true;
    // These need a small JVM of a certain kind.
    kinds = kinds.stream().filter(kind -> kind != AttackKind.ENVIRONMENT).toList();
    System.out.println("seed " + seed);
    System.out.printf("%-22s %-16s %8s %8s %7s%n", "flags", "attack", "cases", "entered", "deaths");
    for (List<String> set : MATRIX) {
      flags = set;
      AttackRun run = all();
      Tally tally = run.tally();
      for (AttackKind kind : kinds) {
        String name = kind.toString();
        System.out.printf(
            "%-22s %-16s %8d %7.1f%% %7d%n",
            String.join(" ", set),
            name,
            tally.counts(Tally.CASE).getOrDefault(name, 0L),
            100.0
                * tally.counts(Tally.ENTERED).getOrDefault(name, 0L)
                / Math.max(1, tally.counts(Tally.CASE).getOrDefault(name, 0L)),
            run.deaths().stream().filter(death -> death.kind() == kind).count());
      }
      System.out.printf(
          "%-22s unexpected outcomes: %d%n", String.join(" ", set), tally.sum(Tally.UNEXPECTED));
      tally.examples().forEach(example -> System.out.println("\n" + example));
      run.deaths().forEach(death -> System.out.println("\n" + death));
      well &= run.deaths().isEmpty() && tally.sum(Tally.UNEXPECTED) == 0;
    }
    return well;
  }

  private boolean attack() throws Exception {
    System.out.println("seed " + seed + (flags.isEmpty() ? "" : ", " + String.join(" ", flags)));
    AttackRun run = all();
    print(run);
    return run.deaths().isEmpty() && run.tally().sum(Tally.UNEXPECTED) == 0;
  }

  private AttackRun all() throws Exception {
    Path folder = Files.createTempDirectory("attack");
    AttackRun run = new AttackRun(flags, List.of(), folder);
    long end = minutes == 0 ? Long.MAX_VALUE : System.nanoTime() + minutes * 60_000_000_000L;
    int workers = Runtime.getRuntime().availableProcessors();
    Map<AttackKind, AtomicLong> next = new EnumMap<>(AttackKind.class);
    kinds.forEach(kind -> next.put(kind, new AtomicLong()));
    try (ExecutorService pool = Executors.newFixedThreadPool(workers)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        all.add(
            pool.submit(
                () -> {
                  work(run, next, end);
                  return null;
                }));
      }
      for (Future<?> worker : all) {
        worker.get();
      }
    }
    AttackRun.delete(folder);
    return run;
  }

  // With time given, the classes take turns until it is up; else each has its number of cases.
  private void work(AttackRun run, Map<AttackKind, AtomicLong> next, long end) throws Exception {
    while (System.nanoTime() < end) {
      boolean more = false;
      for (AttackKind kind : kinds) {
        long wanted = minutes > 0 ? Long.MAX_VALUE : cases >= 0 ? cases : kind.cases();
        long from = next.get(kind).getAndAdd(kind.batch());
        if (from < wanted) {
          more = true;
          run.run(kind, seed + from, Math.min(kind.batch(), wanted - from), end, kind.heap(from));
        }
      }
      if (!more) {
        return;
      }
    }
  }

  private static void print(AttackRun run) {
    Tally tally = run.tally();
    Map<String, long[]> methods = new TreeMap<>();
    tally
        .counts(Tally.METHOD)
        .forEach(
            (name, count) -> {
              int tab = name.lastIndexOf('\t');
              long[] both = methods.computeIfAbsent(name.substring(0, tab), _ -> new long[2]);
              both[name.endsWith("returned") ? 0 : 1] += count;
            });
    if (!methods.isEmpty()) {
      System.out.printf("%n%10s %10s  method%n", "returned", "threw");
      methods.forEach((name, both) -> System.out.printf("%10d %10d  %s%n", both[0], both[1], name));
    }
    TreeSet<String> others = new TreeSet<>(tally.firsts());
    others.removeAll(
        List.of(
            Tally.METHOD, Tally.CASE, Tally.UNEXPECTED, Tally.ENTERED, EnvironmentAttack.ENDED));
    for (String first : others) {
      System.out.printf("%n%s%n", first);
      tally
          .counts(first)
          .forEach((name, n) -> System.out.printf("%10d  %s%n", n, name.replace('\t', ' ')));
    }
    System.out.printf("%n%10s %10s  class of attacks%n", "cases", "entered");
    Map<String, Long> entered = tally.counts(Tally.ENTERED);
    tally
        .counts(Tally.CASE)
        .forEach(
            (name, n) ->
                System.out.printf(
                    "%10d %9.1f%%  %s%n", n, 100.0 * entered.getOrDefault(name, 0L) / n, name));
    EnvironmentTable.print(run);
    System.out.printf("%nunexpected outcomes: %d%n", tally.sum(Tally.UNEXPECTED));
    tally.counts(Tally.UNEXPECTED).forEach((name, n) -> System.out.printf("%10d  %s%n", n, name));
    tally.examples().forEach(example -> System.out.println("\n" + example));
    System.out.printf("%nJVM deaths: %d%n", run.deaths().size());
    run.deaths().forEach(death -> System.out.println("\n" + death));
  }
}
