package io.github.wasmtimejvm.attack;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.github.wasmtimejvm.CompileException;
import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.EngineException;
import io.github.wasmtimejvm.testing.SystemLimits;
import io.github.wasmtimejvm.wasi.OutputException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Attacks by the environment. A process runs one case: a program of random steps, between or during
 * which what the process may use is taken from it and given back; at the end it has all, and each
 * step must succeed.
 */
final class EnvironmentAttack implements Attack {
  /** First part of a name: cases, by kind and how they ended. */
  static final String ENDED = "environment";

  /** Second part of a name: nothing was refused. */
  static final String WORKED = "worked";

  /** Second part of a name: something was, and all worked in the end. */
  static final String REFUSED = "refused";

  /** Second part of a name: the JVM ended itself, for want of what it needs for its own ends. */
  static final String JVM_ENDED = "JVM";

  /** Second part of a name: something came out that nothing foresees. */
  static final String AMISS = "amiss";

  /** Second part of a name: the process ended otherwise. */
  static final String DIED = "died";

  private static final int WORKERS = 2;
  private static final int MOST_STEPS = 12;

  private final Journal journal;
  private final Path room = Path.of(System.getProperty(Surroundings.ROOM));
  private final Means.Lever means = Means.Lever.valueOf(System.getProperty(Surroundings.MEANS));

  EnvironmentAttack(Journal journal) {
    this.journal = journal;
  }

  @Override
  public void run(long seed, Tally tally) throws Exception {
    Environment kind = Environment.of(seed);
    SplittableRandom random = new SplittableRandom(~seed);
    Program program = new Program(seed, kind, tally);
    boolean changesUser = means == Means.Lever.THREADS || means == Means.Lever.MODE;
    if (changesUser || means == Means.Lever.DESCRIPTORS) {
      loadClasses();
    }
    if (changesUser) {
      SystemLimits.becomeUser(Integer.getInteger(Surroundings.USER));
    }
    prepareTheJdk();
    EnvironmentLever lever = new EnvironmentLever(means, room, random.split());
    boolean together = random.nextInt(3) == 0;
    if (random.nextInt(means.concernsFiles() ? 4 : 2) == 0) {
      program.step(0, "load");
    }
    if (together) {
      together(program, lever, random);
    } else {
      alone(program, lever, random);
    }
    lever.give();
    program.control();
  }

  // What is taken and given between the steps.
  private void alone(Program program, EnvironmentLever lever, SplittableRandom random)
      throws IOException {
    boolean first = true;
    for (int i = random.nextInt(1, MOST_STEPS); i >= 0; i--) {
      boolean give = !first && random.nextInt(3) == 0;
      first = false;
      if (give) {
        note("give");
        lever.give();
      } else {
        note("take");
        lever.take();
      }
      program.step(0, program.any(random));
    }
  }

  // What a rival does, who takes and gives while others work.
  private void together(Program program, EnvironmentLever lever, SplittableRandom random)
      throws Exception {
    try (ExecutorService threads =
        Executors.newFixedThreadPool(WORKERS, Thread.ofPlatform().daemon().factory())) {
      List<Future<?>> workers = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) {
        int number = i + 1;
        SplittableRandom own = random.split();
        workers.add(
            threads.submit(
                () -> {
                  for (int n = own.nextInt(1, MOST_STEPS); n >= 0; n--) {
                    String step = program.any(own);
                    if (!EnvironmentSteps.ALONE.contains(step)) {
                      program.step(number, step);
                    }
                  }
                }));
      }
      while (!workers.stream().allMatch(Future::isDone)) {
        lever.take();
        LockSupport.parkNanos(random.nextInt(1_000_000));
        lever.give();
        LockSupport.parkNanos(random.nextInt(500_000));
      }
      lever.give();
      for (Future<?> worker : workers) {
        worker.get(20, TimeUnit.MINUTES);
      }
    }
  }

  private void note(String line) {
    journal.note(line);
  }

  // What the JDK opens files for when it first needs it: where it may not, it never works again.
  private void prepareTheJdk() throws Exception {
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    MessageDigest.getInstance("SHA-256");
    Files.delete(Files.createTempFile(room.resolve("tmp"), "first", ""));
    FileSystems.getDefault().getPathMatcher("glob:*");
  }

  // The classes of the library and of these tests: to read them takes descriptors, and rights, that
  // the process may not have any more when it wants them.
  private static void loadClasses() throws Exception {
    for (Class<?> each : new Class<?>[] {Engine.class, EnvironmentAttack.class}) {
      URI place = each.getProtectionDomain().getCodeSource().getLocation().toURI();
      Path path = Path.of(place);
      if (Files.isDirectory(path)) {
        loadClasses(path);
      } else {
        try (FileSystem jar = FileSystems.newFileSystem(path)) {
          loadClasses(jar.getPath("/"));
        }
      }
    }
  }

  private static void loadClasses(Path root) throws Exception {
    List<String> names;
    try (Stream<Path> all = Files.walk(root.resolve("io/github/wasmtimejvm"))) {
      names =
          all.map(file -> root.relativize(file).toString())
              .filter(name -> name.endsWith(".class"))
              .filter(name -> !name.endsWith("-info.class"))
              .map(name -> name.substring(0, name.length() - 6).replace('/', '.'))
              .filter(name -> !name.contains("Test") && !name.contains("Bench"))
              .filter(name -> !name.contains(".attack.") || name.contains("Environment"))
              .toList();
    }
    for (String name : names) {
      try {
        Class.forName(name, false, EnvironmentAttack.class.getClassLoader());
      } catch (NoClassDefFoundError e) {
        // Of something that is not on the class path, and not needed here.
      }
    }
  }

  /** What the threads of a case do. */
  private final class Program {
    private final long seed;
    private final Environment kind;
    private final Tally tally;
    private final List<EnvironmentSteps> steps = new ArrayList<>();
    private volatile boolean refused;
    private volatile boolean amiss;

    Program(long seed, Environment kind, Tally tally) {
      this.seed = seed;
      this.kind = kind;
      this.tally = tally;
      for (int i = 0; i <= WORKERS; i++) {
        steps.add(new EnvironmentSteps(room, i));
      }
    }

    String any(SplittableRandom random) {
      List<String> names =
          means.concernsFiles() && random.nextBoolean()
              ? EnvironmentSteps.FILES
              : List.copyOf(steps.get(0).all().keySet());
      return names.get(random.nextInt(names.size()));
    }

    void step(int worker, String name) {
      note(worker + ": " + name);
      try {
        steps.get(worker).all().get(name).run();
        tally.count("steps", kind.toString(), "returned");
      } catch (Throwable t) {
        refused = true;
        tally.count("steps", kind.toString(), t.getClass().getSimpleName());
        if (!isForeseen(t)) {
          amiss = true;
          tally.unexpected(seed, kind + ", " + name, t);
        }
      }
    }

    void control() {
      for (Map.Entry<String, EnvironmentSteps.Step> step : steps.get(0).all().entrySet()) {
        note("control: " + step.getKey());
        try {
          step.getValue().run();
        } catch (Throwable t) {
          amiss = true;
          tally.unexpected(seed, kind + ", in the end, " + step.getKey(), t);
        }
      }
      tally.count(ENDED, kind.toString(), amiss ? AMISS : refused ? REFUSED : WORKED);
      tally.count(Tally.ENTERED, AttackKind.ENVIRONMENT.toString());
    }

    // By docs/environment.md, and the comments of the methods.
    private boolean isForeseen(Throwable t) {
      return switch (t) {
        case OutOfMemoryError _ ->
            means == Means.Lever.THREADS || means == Means.Lever.ADDRESS_SPACE;
        case EngineException _,
            UnsatisfiedLinkError _,
            IOException _,
            CompileException _,
            OutputException _,
            IllegalArgumentException _,
            EnvironmentSteps.GuestRefusedException _ ->
            true;
        default -> false;
      };
    }
  }
}
