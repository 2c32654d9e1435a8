package io.github.wasmtimejvm.bench;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.component.Component;
import io.github.wasmtimejvm.component.ComponentInstance;
import io.github.wasmtimejvm.component.ComponentLinker;
import io.github.wasmtimejvm.component.ComponentPool;
import io.github.wasmtimejvm.component.PreparedComponent;
import io.github.wasmtimejvm.component.WitName;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What {@code reference bench-components} measures in C, on the same component. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Components {
  /** A fork gets the file with the component's text by this property. */
  static final String COMPONENT = "wasmtimejvm.bench.component";

  private static final int TIMES = 10_000;

  /** The component's record of five fields. */
  public record Five(long id, boolean on, String name, double ratio, int tag) {}

  /** The component's record of two fields. */
  public record Point(long x, long y) {}

  /** The component's world. */
  public interface Guest {
    /** Does nothing. */
    void nothing();

    /** Adds. */
    long add(long a, long b);

    /** Calls the host's function a number of times. */
    long callHost(long times);

    /** Gives back what it is given, as all below do. */
    String text(String s);

    Five fiveFields(Five f);

    byte[] bytes(byte[] b);

    @WitName("bytes")
    MemorySegment segment(MemorySegment b);

    /** Has the host give back a number of bytes; returns how many. */
    long callHostEcho(long size);

    List<Point> points(List<Point> p);
  }

  /** What the component imports. */
  @WitName("bench:host/sums@1.0.0")
  public interface Sums {
    /** Adds. */
    long add(long a, long b);
  }

  /** What the component imports besides. */
  @WitName("bench:host/blobs@1.0.0")
  public interface Blobs {
    /** Gives back what it is given. */
    byte[] echo(byte[] b);
  }

  private final String text = "x".repeat(100);
  private final String name = "x".repeat(10);
  private final byte[] bytes = new byte[1 << 20];
  private final byte[] got = new byte[1 << 20];
  private final byte[] manyBytes = new byte[16 << 20];
  private final List<Point> points =
      IntStream.range(0, 10_000).mapToObj(i -> new Point(i, i)).toList();

  private Engine engine;
  private Store store;
  private Component component;
  private PreparedComponent prepared;
  private ComponentPool fresh;
  private ComponentPool reusing;
  private Guest guest;

  @Setup(Level.Trial)
  public void instantiate() throws IOException {
    engine = Engine.create();
    store = Store.create(engine);
    component =
        Component.fromWat(engine, Files.readString(Path.of(System.getProperty(COMPONENT))));
    ComponentLinker linker = ComponentLinker.create(engine);
    linker.define(Sums.class, (a, b) -> a + b & 0xffff_ffffL);
    linker.define(Blobs.class, b -> b);
    prepared = linker.prepare(component);
    guest = prepared.instantiate(store).as(Guest.class);
    fresh = ComponentPool.fresh(prepared, 1, _ -> {});
    reusing = ComponentPool.reusing(prepared, 1, _ -> {});
  }

  @TearDown(Level.Trial)
  public void close() {
    reusing.close();
    fresh.close();
    store.close();
    component.close();
    engine.close();
  }

  @Benchmark
  @OperationsPerInvocation(TIMES)
  public void componentNothing() {
    for (int i = 0; i < TIMES; i++) {
      guest.nothing();
    }
  }

  @Benchmark
  @OperationsPerInvocation(TIMES)
  public long componentAdd() {
    long sum = 0;
    for (int i = 0; i < TIMES; i++) {
      sum = guest.add(sum, i);
    }
    return sum;
  }

  /** The loop is the guest's: one entry for all of the host calls. */
  @Benchmark
  @OperationsPerInvocation(TIMES)
  public long componentHostCall() {
    return guest.callHost(TIMES);
  }

  @Benchmark
  public String componentText() {
    return guest.text(text);
  }

  @Benchmark
  public Five componentFiveFields() {
    return guest.fiveFields(new Five(7, true, name, 1.5, 9));
  }

  @Benchmark
  public byte[] componentBytes() {
    return guest.bytes(bytes);
  }

  /** As C does it: between arrays that are there. */
  @Benchmark
  public byte[] componentSegment() {
    MemorySegment shown = guest.segment(MemorySegment.ofArray(bytes));
    MemorySegment.copy(shown, ValueLayout.JAVA_BYTE, 0, got, 0, got.length);
    return got;
  }

  @Benchmark
  public byte[] componentManyBytes() {
    return guest.bytes(manyBytes);
  }

  @Benchmark
  public long componentHostBytes() {
    return guest.callHostEcho(bytes.length);
  }

  @Benchmark
  public List<Point> componentPoints() {
    return guest.points(points);
  }

  @Benchmark
  public ComponentInstance componentInstantiate() {
    try (Store own = Store.create(engine)) {
      return prepared.instantiate(own);
    }
  }

  @Benchmark
  public ComponentInstance componentPoolFresh() throws InterruptedException {
    try (ComponentPool.Lease lease = fresh.take()) {
      return lease.instance();
    }
  }

  @Benchmark
  public ComponentInstance componentPoolReusing() throws InterruptedException {
    try (ComponentPool.Lease lease = reusing.take()) {
      return lease.instance();
    }
  }
}
