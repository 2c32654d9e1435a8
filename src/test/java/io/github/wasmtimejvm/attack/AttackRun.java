package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.testing.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs cases of one class in processes of their own, and says how many of those died. A process
 * that dies is followed by another, which goes on behind the case that ended it.
 */
final class AttackRun {
  /**
   * How a process ended that should not have.
   *
   * @param seed the case
   * @param how its exit code, or that it hung
   * @param steps what it did last
   * @param report of the JVM, what it printed, and its threads if it hung
   */
  record Death(AttackKind kind, long seed, String how, List<String> steps, List<String> report) {
    /**
     * Whether the process crashed: a signal, a panic, or a fatal error of the JVM. The JVM itself
     * then ends with the exit code 1, as it also does for an exception of the attack's own, so the
     * report tells. Where there is no stack for a report, the signal itself ends it.
     */
    boolean isCrash() {
      return SIGNALS.contains(how)
          || report.stream()
              .anyMatch(
                  line ->
                      line.matches(
                          "# +(SIG|Internal Error|fatal error).*|.*panicked at .*|.*fatal runtime"
                              + " error.*|Unrecoverable uncaught exception.*"));
    }

    /**
     * Whether it hung because all threads of the attack, two at least, wait for shared stores that
     * another of them holds, each within a guest: as with any locks, that is the caller's own
     * doing.
     */
    boolean isDeadlock() {
      if (!how.equals(HUNG) || report.stream().noneMatch(DEADLOCK::equals)) {
        return false;
      }
      List<String> threads =
          Stream.of(String.join("\n", report).split("\n(?=\")"))
              .filter(thread -> thread.contains("ApiAttack$Driver"))
              .toList();
      return threads.size() > 1
          && threads.stream()
              .allMatch(
                  thread ->
                      thread.contains("StoreState.enterShared(")
                          && thread.contains("internal.Shim."));
    }

    /**
     * Whether the JVM ended itself because the system refused what it needs for its own ends: it
     * says so, and says it of nothing else. The engine and we cannot bring it to that place.
     */
    boolean isOfTheJvmsOwn() {
      return report.stream()
          .anyMatch(
              line ->
                  line.startsWith("# There is insufficient memory for the Java Runtime")
                      || line.startsWith("Error occurred during initialization of VM"));
    }

    /** How it ended, in a line: with the signal and where it came from, or the panic. */
    String summary() {
      String reason =
          report.stream()
              .filter(
                  line ->
                      line.matches(
                          "# +(SIG|C +\\[|J |V +\\[|j |Internal|fatal).*|.*panicked.*|.*fatal"
                              + " runtime.*|Fatal.*|Un(caught|recoverable).*"))
              .map(line -> line.replaceFirst("^# *", ""))
              .limit(2)
              .collect(Collectors.joining("; "));
      return how + (reason.isEmpty() ? "" : ": " + reason);
    }

    @Override
    public String toString() {
      List<String> some = report.subList(0, Math.min(MOST_LINES, report.size()));
      return "death: %s, seed %d, %s%n  %s%n  %s"
          .formatted(kind, seed, how, String.join("\n  ", steps), String.join("\n  ", some));
    }
  }

  // Without any progress, so that a busy machine is not taken for a process that hangs.
  private static final Duration HANGS_AFTER = Duration.ofMinutes(10);

  // Without a guard a case may hang, and only a crash is looked for.
  private static final Duration HANGS_AFTER_UNGUARDED = Duration.ofMinutes(1);
  private static final int STEPS = 12;
  private static final int REPORT_LINES = 25;
  private static final int MOST_LINES = 500;
  private static final int HANGS_UNGUARDED = 20;
  private static final String HUNG = "hung";
  private static final String EXIT_CODE = "exit code ";

  // 128 and SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV.
  private static final Set<String> SIGNALS =
      IntStream.of(132, 133, 134, 135, 136, 139)
          .mapToObj(code -> EXIT_CODE + code)
          .collect(Collectors.toSet());
  private static final String DEADLOCK = "Found one Java-level deadlock:";

  private final List<String> flags;
  private final List<Path> classPath;
  private final Path folder;
  private final Tally tally = new Tally();
  private final List<Death> deaths = new ArrayList<>();
  private @Nullable Surroundings surroundings; // under this

  /**
   * @param flags for the JVM
   * @param before stands before everything else on the class path
   * @param folder for the files of the run, which must be empty
   */
  AttackRun(List<String> flags, List<Path> before, Path folder) {
    this.flags = List.copyOf(flags);
    this.classPath = List.copyOf(before);
    this.folder = folder;
  }

  /** What was counted up to now. */
  Tally tally() {
    return tally;
  }

  synchronized List<Death> deaths() {
    return List.copyOf(deaths);
  }

  /**
   * Runs {@code cases} cases from {@code seed} on, but begins none when {@code end} has come, a
   * {@link System#nanoTime}.
   *
   * @param more further flags for the JVM
   * @return whether no process died
   */
  boolean run(AttackKind kind, long seed, long cases, long end, String... more)
      throws IOException, InterruptedException {
    boolean alive = true;
    long next = seed;
    while (next < seed + cases && System.nanoTime() < end) {
      long some = Math.min(kind.batch(), seed + cases - next);
      Death death = process(kind, next, some, end, more);
      if (death == null) {
        next += some;
        continue;
      }
      next = death.seed() + 1;
      if (death.isDeadlock()) {
        tally.count("deadlocks", "of shared stores");
        continue;
      }
      if (kind == AttackKind.ENVIRONMENT) {
        // It could not count itself.
        Environment environment = Environment.of(death.seed(), flags);
        boolean ofTheJvm = death.isOfTheJvmsOwn();
        tally.count(Tally.CASE, kind.toString());
        tally.count(
            EnvironmentAttack.ENDED,
            environment.toString(),
            ofTheJvm ? EnvironmentAttack.JVM_ENDED : EnvironmentAttack.DIED);
        if (ofTheJvm) {
          continue;
        }
      }
      alive = false;
      synchronized (this) {
        deaths.add(death);
      }
    }
    return alive;
  }

  /**
   * Runs cases from {@code seed} on until a process crashes, at most {@code cases}. One that hangs
   * or ends otherwise does not count; after some that hang this is given up.
   */
  Optional<Death> untilCrash(AttackKind kind, long seed, long cases)
      throws IOException, InterruptedException {
    long next = seed;
    int hangs = 0;
    while (next < seed + cases && hangs < HANGS_UNGUARDED) {
      long some = Math.min(kind.batch(), seed + cases - next);
      Death death = process(kind, next, some, Long.MAX_VALUE);
      if (death == null) {
        next += some;
        continue;
      }
      synchronized (this) {
        deaths.add(death);
      }
      if (death.isCrash()) {
        return Optional.of(death);
      }
      if (death.how().equals(HUNG)) {
        hangs++;
      }
      next = death.seed() + 1;
    }
    return Optional.empty();
  }

  private @Nullable Death process(AttackKind kind, long seed, long cases, long end, String... more)
      throws IOException, InterruptedException {
    Path own = Files.createTempDirectory(folder, kind + "-");
    Path threads = own.resolve("threads");
    Path output = own.resolve("output");
    Path counted = own.resolve("tally");
    Path journalFile = own.resolve("journal");
    Journal journal = Journal.open(journalFile);
    journal.begin(seed);
    List<String> jvm = new ArrayList<>(List.of(more));
    jvm.addAll(flags);
    jvm.add("-XX:-CreateCoredumpOnCrash");
    jvm.add("-Djava.io.tmpdir=" + own);
    long millis = Math.max(1, Math.min(Long.MAX_VALUE / 2, end - System.nanoTime()) / 1_000_000);
    ChildJvm.Prepared child = ChildJvm.with(jvm.toArray(String[]::new)).classPathFirst(classPath);
    if (kind != AttackKind.ENVIRONMENT) {
      child.asByDefault(); // the flags may have a collector, and all compilers are attacked
    }
    ProcessBuilder builder =
        child.builder(
            AttackChild.class,
            kind.toString(),
            Long.toString(seed),
            Long.toString(cases),
            Long.toString(millis),
            journalFile.toString(),
            counted.toString());
    builder
        .directory(own.toFile())
        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(output.toFile());
    if (kind == AttackKind.ENVIRONMENT) {
      surroundings().prepare(builder, seed, Environment.of(seed, flags), classPath, own);
    }
    Process process = builder.start();
    boolean guarded = classPath.isEmpty();
    boolean hung = !await(process, journal, output, guarded ? HANGS_AFTER : HANGS_AFTER_UNGUARDED);
    if (hung) {
      if (guarded) {
        stackTraces(process, threads);
      }
      process.destroyForcibly().waitFor();
    }
    if (!hung && process.exitValue() == AttackChild.CANNOT_BEGIN) {
      throw new IllegalStateException("the attack cannot begin: " + lines(output));
    }
    tally.addAll(Tally.load(counted));
    Death death = null;
    if (hung || process.exitValue() != AttackChild.DONE) {
      String how = hung ? HUNG : EXIT_CODE + process.exitValue();
      List<String> text = new ArrayList<>();
      List<String> printed = new ArrayList<>(lines(own.resolve("report")));
      printed.addAll(lines(output));
      // The head of the JVM's report, which it prints.
      printed.stream().filter(line -> line.startsWith("# ")).limit(REPORT_LINES).forEach(text::add);
      text.addAll(printed.subList(Math.max(0, printed.size() - REPORT_LINES), printed.size()));
      text.addAll(lines(threads));
      death = new Death(kind, journal.seed(), how, journal.last(STEPS), text);
    }
    delete(own);
    return death;
  }

  private synchronized Surroundings surroundings() throws IOException, InterruptedException {
    Surroundings made = surroundings;
    if (made == null) {
      made = new Surroundings(folder);
      made.instead().forEach(line -> tally.count("not to be had here", line));
      surroundings = made;
    }
    return made;
  }

  private static boolean await(Process process, Journal journal, Path output, Duration hangsAfter)
      throws IOException, InterruptedException {
    // As the parent has left it: until the JVM has started and noted something, it may be slow.
    long first = progress(journal, output);
    long seen = first;
    long since = System.nanoTime();
    while (!process.waitFor(200, TimeUnit.MILLISECONDS)) {
      long now = progress(journal, output);
      if (now != seen) {
        seen = now;
        since = System.nanoTime();
      } else if (System.nanoTime() - since > (seen == first ? HANGS_AFTER : hangsAfter).toNanos()) {
        return false;
      }
    }
    return true;
  }

  // A process that crashes is not done before it has printed its report.
  private static long progress(Journal journal, Path output) throws IOException {
    long printed = Files.exists(output) ? Files.size(output) : 0; // it may go elsewhere
    return (journal.seed() * 31 + journal.length()) * 31 + printed;
  }

  // The JVM's own, or where it does not answer because one thread does not let it stop the others,
  // what a debugger sees.
  private static void stackTraces(Process process, Path to)
      throws IOException, InterruptedException {
    String pid = Long.toString(process.pid());
    tool(to, "jcmd", pid, "Thread.print");
    if (lines(to).size() < 10) {
      tool(to, "jhsdb", "jstack", "--mixed", "--pid", pid);
    }
  }

  private static void tool(Path to, String name, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", name).toString());
    command.addAll(List.of(arguments));
    Process tool =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(to.toFile()).start();
    if (!tool.waitFor(5, TimeUnit.MINUTES)) {
      tool.destroyForcibly().waitFor();
    }
  }

  private static List<String> lines(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    String text = new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.UTF_8);
    return text.lines().filter(line -> line.length() > 1).toList();
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
