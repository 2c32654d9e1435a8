package io.github.wasmtimejvm.leaks;

import io.github.wasmtimejvm.internal.Handles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * Runs the {@link Workload} for a long time and prints what the process holds once a minute: see
 * {@code scripts/soak}. Ends with 1 if that grew, or something failed.
 */
final class Soak {
  // The same at the same point of a run, but for what other threads are just about.
  private static final int DESCRIPTORS = 2;
  private static final int THREADS = 4;
  private static final int MAPPINGS = 100;

  // What the JIT compiler and malloc's arenas may still take after a fifth of the time.
  private static final long RESIDENT_KILOBYTES = 32 * 1024;

  /** What the process holds while no run is under way. */
  private record Footprint(
      long runs,
      int descriptors,
      int threads,
      int mappings,
      long kilobytes,
      long heap,
      int handles) {
    static Footprint now(long runs) throws IOException {
      long kilobytes =
          Files.readAllLines(Path.of("/proc/self/status")).stream()
              .filter(line -> line.startsWith("VmRSS"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .sum();
      Runtime runtime = Runtime.getRuntime();
      return new Footprint(
          runs,
          count(Path.of("/proc/self/fd")),
          count(Path.of("/proc/self/task")),
          Files.readAllLines(Path.of("/proc/self/maps")).size(),
          kilobytes,
          runtime.totalMemory() - runtime.freeMemory(),
          Handles.registered());
    }

    private static int count(Path folder) throws IOException {
      try (Stream<Path> files = Files.list(folder)) {
        return (int) files.count();
      }
    }

    @Override
    public String toString() {
      return "runs %,d, descriptors %d, threads %d, mappings %d, resident %,d KiB, heap %,d KiB, handles %d"
          .formatted(runs, descriptors, threads, mappings, kilobytes, heap / 1024, handles);
    }

    boolean grewSince(Footprint before) {
      return descriptors > before.descriptors + DESCRIPTORS
          || threads > before.threads + THREADS
          || mappings > before.mappings + MAPPINGS
          || handles > before.handles
          || kilobytes > before.kilobytes + RESIDENT_KILOBYTES;
    }
  }

  private final Path folder;
  private final AtomicLong runs = new AtomicLong();
  private final AtomicBoolean pausing = new AtomicBoolean();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  private Soak(Path folder) {
    this.folder = folder;
  }

  /**
   * @param args how many minutes, and an empty folder
   */
  public static void main(String[] args) throws Exception {
    int minutes = Integer.parseInt(args[0]);
    Soak soak = new Soak(Path.of(args[1]));
    Footprint first = null;
    Footprint last = null;
    for (int minute = 1; minute <= minutes; minute++) {
      soak.run(Duration.ofMinutes(1));
      last = soak.rest();
      System.out.println("minute " + minute + ": " + last);
      if (first == null && minute * 5 >= minutes) {
        first = last;
      }
    }
    if (last.grewSince(first)) {
      System.out.println("It grew since " + first);
      System.exit(1);
    }
    System.out.println("Nothing grew since " + first);
  }

  // Two platform threads and two virtual threads, until the time is over.
  private void run(Duration time) throws Exception {
    pausing.set(false);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      threads.add(Thread.ofPlatform().start(this::work));
      threads.add(Thread.ofVirtual().start(this::work));
    }
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end && failure.get() == null) {
      Thread.sleep(100);
    }
    pausing.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    if (failure.get() != null) {
      throw new AssertionError("run " + runs, failure.get());
    }
  }

  private void work() {
    try {
      while (!pausing.get()) {
        try (Workload workload = new Workload(folder)) {
          workload.run();
        }
        runs.incrementAndGet();
      }
    } catch (Throwable t) {
      failure.compareAndSet(null, t);
    }
  }

  // Lets the Cleaner and the threads that nobody needs any more come to an end.
  private Footprint rest() throws Exception {
    for (int i = 0; i < 10; i++) {
      System.gc();
      Thread.sleep(500);
      Handles.drain();
    }
    return Footprint.now(runs.get());
  }
}
