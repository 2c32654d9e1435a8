package io.github.wasmtimejvm.bench;

import static java.util.stream.Collectors.joining;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.StoppedException;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.UntrustedGuests;
import io.github.wasmtimejvm.WasmtimeException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What guests hold that take all they can get, and how late they end: the promises of {@link
 * UntrustedGuests}. {@code scripts/measure-limits} builds and starts this.
 */
public final class Limits {
  private static final long MEBIBYTE = 1 << 20;
  private static final long PAGE = 64 * 1024;
  private static final int TABLES = 4;

  private static final int STOPS = 50;
  private static final Duration TIME = Duration.ofMillis(20);
  private static final double LATEST_MILLIS = 10;

  private static final String MEMORY =
      """
      (memory (export "memory") 0)
      (func (export "take memory")
        (loop $more (br_if $more (i32.ge_s (memory.grow (i32.const 1)) (i32.const 0))))
        (memory.fill (i32.const 0) (i32.const 7) (i32.mul (memory.size) (i32.const 65536))))
      (func (export "fill for ever")
        (loop $again
          (memory.fill (i32.const 0) (i32.const 7) (i32.mul (memory.size) (i32.const 65536)))
          (br $again)))
      (func (export "fill without a loop")
      """
          + """
          (memory.fill (i32.const 0) (i32.const 7) (i32.mul (memory.size) (i32.const 65536)))
          """
              .repeat(500)
          + """
          )
          (func (export "spin") (loop $again (br $again)))
          (func $f (export "f"))
          """;

  /** A table, which grows in small steps: that leaves the most behind. */
  private static final String TABLE =
      """
      (table $t%1$d (export "table %1$d") 0 %2$s)
      (func (export "take table %1$d")
        (loop $more
          (br_if $more (i32.ge_s (table.grow $t%1$d (%3$s) (i32.const 100)) (i32.const 0)))))
      """;

  /**
   * Objects, of 40 bytes and more, in lists that can be dropped. One of the last kind has 900
   * references to the same object, and the collector remembers each while it drops the list.
   */
  private static final String OBJECTS =
      """
      (type $leaf (struct))
      (rec (type $list (struct (field (ref null $list)) (field i64))))
      (rec (type $many (struct %1$s (field (ref null $many)))))
      (type $bytes (array i8))
      (global $x (mut (ref null $list)) (ref.null $list))
      (global $y (mut (ref null $list)) (ref.null $list))
      (global $many (mut (ref null $many)) (ref.null $many))
      (global $kept (export "kept") (mut i32) (i32.const 0))
      (func (export "begin the heap") (param $bytes i32)
        (drop (array.new $bytes (i32.const 7) (local.get $bytes))))
      (func (export "keep objects")
        (loop $again
          (global.set $x (struct.new $list (global.get $x) (i64.const 1)))
          (global.set $y (struct.new $list (global.get $y) (i64.const 1)))
          (global.set $kept (i32.add (global.get $kept) (i32.const 2)))
          (br $again)))
      (func (export "drop every second")
        (global.set $y (ref.null $list))
        (global.set $kept (i32.div_u (global.get $kept) (i32.const 2))))
      (func (export "drop objects")
        (global.set $x (ref.null $list))
        (global.set $y (ref.null $list))
        (global.set $many (ref.null $many))
        (global.set $kept (i32.const 0)))
      (func (export "keep references") (local $leaf (ref null $leaf))
        (local.set $leaf (struct.new $leaf))
        (loop $again
          (global.set $many (struct.new $many %2$s (global.get $many)))
          (br $again)))
      (func $live (param %3$s) (result i32)
        (drop (array.new $bytes (i32.const 7) (i32.const 50000)))
        (drop (call $live %4$s))
        %5$s)
      (func (export "fill the stack") (local $leaf (ref null $leaf))
        (local.set $leaf (struct.new $leaf))
        (drop (call $live %2$s)))
      """;

  /** All ways to take something, those of objects in an order in which they hurt. */
  private static final List<String> WAYS =
      Stream.concat(
              Stream.of("take memory"),
              IntStream.range(0, TABLES).mapToObj(table -> "take table " + table))
          .toList();

  private static final List<String> WAYS_OF_OBJECTS =
      List.of(
          "keep objects",
          "drop every second",
          "drop objects",
          "keep references",
          "drop objects",
          "fill the stack",
          "keep objects",
          "drop every second");

  private Limits() {}

  /** Takes {@code held MEBIBYTES INSTANCES GC} or {@code late}. */
  public static void main(String[] args) throws IOException, JMException {
    boolean kept =
        switch (args[0]) {
          case "held" ->
              held(Long.parseLong(args[1]), Integer.parseInt(args[2]), args[3].equals("true"));
          case "late" -> late();
          default -> throw new IllegalArgumentException(args[0]);
        };
    System.exit(kept ? 0 : 1);
  }

  private static String guest(boolean gc) {
    int many = 900;
    StringBuilder text = new StringBuilder(MEMORY);
    List<String> types =
        gc
            ? List.of("funcref", "externref", "anyref", "exnref")
            : List.of("funcref", "funcref", "funcref", "funcref");
    for (int i = 0; i < TABLES; i++) {
      String first =
          switch (types.get(i)) {
            case "funcref" -> "ref.func $f";
            case "anyref" -> "struct.new $leaf";
            case "externref" -> "extern.convert_any (struct.new $leaf)";
            default -> "ref.null exn";
          };
      text.append(TABLE.formatted(i, types.get(i), first));
    }
    if (gc) {
      text.append(
          OBJECTS.formatted(
              "(field (ref null $leaf))".repeat(many),
              "(local.get $leaf)".repeat(many),
              "(ref null $leaf)".repeat(many),
              IntStream.range(0, many).mapToObj("(local.get %d)"::formatted).collect(joining()),
              "(i32.const 0)"
                  + IntStream.range(0, many)
                      .mapToObj("(i32.or (ref.is_null (local.get %d)))"::formatted)
                      .collect(joining())));
    }
    return "(module " + text + ")";
  }

  private static UntrustedGuests limits(long bytes, int instances, boolean gc) {
    return UntrustedGuests.builder()
        .memory(bytes)
        .instances(instances)
        .gc(gc)
        .timePerCall(Duration.ofMinutes(10))
        .build();
  }

  private static boolean held(long mebibytes, int instances, boolean gc)
      throws IOException, JMException {
    UntrustedGuests limits = limits(mebibytes * MEBIBYTE, instances, gc);
    try (Engine engine = limits.engineBuilder().build();
        Module module = Module.fromWat(engine, guest(gc))) {
      // Once with little, so that what is made at first is not counted.
      Most warmUp = takeAll(engine, module, limits(8 * MEBIBYTE * instances, instances, gc), gc);
      Most most = takeAll(engine, module, limits, gc);
      long limit = mebibytes * MEBIBYTE;
      System.out.printf(
          "limit %,d (instances: %d%s): memories, tables and objects %,d, resident %,d%n",
          limit, instances, gc ? ", collected objects" : "", most.asked, most.resident);
      return warmUp.asked > 0 && Math.max(most.asked, most.resident) <= limit + PAGE;
    }
  }

  /** The most that there was at a time, as the API and as the system says. */
  private record Most(long asked, long resident) {}

  private static Most takeAll(Engine engine, Module module, UntrustedGuests limits, boolean gc)
      throws IOException, JMException {
    trim();
    long before = resident();
    Most most = new Most(0, 0);
    try (Store store = Store.create(engine)) {
      limits.applyTo(store);
      List<Instance> instances =
          Stream.generate(() -> Instance.create(store, module))
              .limit(limits.storeLimits().instances())
              .toList();
      if (gc) {
        beginHeap(instances.getFirst(), limits.storeLimits().memoryBytes());
      }
      for (String way :
          gc ? Stream.concat(WAYS_OF_OBJECTS.stream(), WAYS.stream()).toList() : WAYS) {
        for (Instance instance : instances) {
          take(instance, way);
        }
        if (way.startsWith("drop")) {
          store.gc();
        }
        long asked = instances.stream().mapToLong(instance -> asked(instance, gc)).sum();
        long resident = resident() - before;
        most = new Most(Math.max(most.asked, asked), Math.max(most.resident, resident));
      }
      if (gc) {
        store.gc(); // which looks at all elements of tables
        most = new Most(most.asked, Math.max(most.resident, resident() - before));
      }
    }
    return most;
  }

  /** A heap doubles, so it gets all that it can have if it begins with the right size. */
  private static void beginHeap(Instance instance, long limit) {
    long pages = limit / PAGE;
    long odd = pages >> Long.numberOfTrailingZeros(pages);
    instance.func("begin the heap").call((int) (odd * PAGE - 1000)); // and some for headers
  }

  private static void take(Instance instance, String way) {
    try {
      instance.func(way).call();
    } catch (WasmtimeException expected) {
      // there is no more
    }
  }

  private static long asked(Instance instance, boolean gc) {
    long sum = instance.memory("memory").byteSize();
    for (int i = 0; i < TABLES; i++) {
      sum += instance.table("table " + i).size() * (gc && i > 0 ? 4 : 8);
    }
    return gc ? sum + 40L * (int) instance.global("kept").get() : sum;
  }

  /** Gives back what the C library keeps of memory that was freed. */
  private static void trim() throws JMException {
    System.gc();
    ManagementFactory.getPlatformMBeanServer()
        .invoke(
            new ObjectName("com.sun.management:type=DiagnosticCommand"),
            "systemTrimNativeHeap",
            null,
            null);
  }

  private static long resident() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("RssAnon"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .sum();
  }

  private static boolean late() {
    UntrustedGuests limits = UntrustedGuests.builder().timePerCall(TIME).build();
    try (Engine engine = limits.engineBuilder().build();
        Module module = Module.fromWat(engine, guest(false));
        Store store = Store.create(engine)) {
      limits.applyTo(store);
      Instance instance = Instance.create(store, module);
      double ninetieth = late(instance, "spin");
      take(instance, "take memory");
      late(instance, "fill for ever");
      late(instance, "fill without a loop");
      return ninetieth <= LATEST_MILLIS;
    }
  }

  /** Prints how late a guest ends that would run for ever; returns what nine of ten keep. */
  private static double late(Instance instance, String function) {
    double[] millis = new double[STOPS];
    for (int i = -1; i < STOPS; i++) { // once for what is made at first
      long start = System.nanoTime();
      try {
        instance.func(function).call();
        throw new AssertionError("the guest ended by itself");
      } catch (StoppedException expected) {
        millis[Math.max(i, 0)] = (System.nanoTime() - start - TIME.toNanos()) / 1e6;
      }
    }
    Arrays.sort(millis);
    double ninetieth = millis[STOPS * 9 / 10 - 1];
    System.out.printf(
        "`%s` with a memory of %,d ends late by ms: median %.2f, nine of ten %.2f, worst of %d"
            + " %.2f%n",
        function,
        instance.memory("memory").byteSize(),
        millis[STOPS / 2],
        ninetieth,
        STOPS,
        millis[STOPS - 1]);
    return ninetieth;
  }
}
