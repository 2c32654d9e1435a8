package io.github.wasmtimejvm.bench;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.InstancePre;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Memory;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.ValType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
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

/** What {@code reference bench} measures in C, on the same guests, in loops of the same shape. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Calls {
  /** A fork gets the folder with the guests, which the reference program prints, by this property. */
  static final String GUESTS = "wasmtimejvm.bench.guests";

  private static final int TIMES = 10_000;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  /** All that the guest exports. */
  public interface Guest {
    /** Adds. */
    int add(int a, int b);

    /** Calls the host's function a number of times. */
    int call_host(int times);

    /** Its memory. */
    Memory memory();
  }

  private Engine engine;
  private Store store;
  private Linker linker;
  private InstancePre small;
  private InstancePre withMemory;
  private Module smallModule;
  private Func add;
  private IntBinaryOperator typedAdd;
  private Guest guest;
  private IntUnaryOperator callHost;
  private Func callBoxedHost;
  private Memory memory;

  @Setup(Level.Trial)
  public void instantiate() throws IOException {
    Path guests = Path.of(System.getProperty(GUESTS));
    engine = Engine.create();
    store = Store.create(engine);
    Module module = Module.fromWat(engine, Files.readString(guests.resolve("guest.wat")));
    smallModule = Module.fromWat(engine, Files.readString(guests.resolve("small-guest.wat")));

    try (Linker boxed = Linker.create(engine)) {
      FuncType type = FuncType.of(ValType.I32, ValType.I32).returns(ValType.I32);
      boxed.define("host", "add", type, (caller, args) -> (int) args[0] + (int) args[1]);
      callBoxedHost = boxed.instantiate(store, module).func("call_host");
    }
    linker = Linker.create(engine);
    linker.define("host", "add", IntBinaryOperator.class, (a, b) -> a + b);
    small = linker.instantiatePre(smallModule);
    withMemory = linker.instantiatePre(module);
    Instance instance = linker.instantiate(store, module);
    add = instance.func("add");
    typedAdd = add.as(IntBinaryOperator.class);
    callHost = instance.func("call_host").as(IntUnaryOperator.class);
    guest = instance.as(Guest.class);
    memory = instance.memory("memory");
  }

  @TearDown(Level.Trial)
  public void close() {
    withMemory.close();
    small.close();
    smallModule.close();
    linker.close();
    store.close();
    engine.close();
  }

  @Benchmark
  @OperationsPerInvocation(TIMES)
  public int typedCall() {
    int sum = 0;
    for (int i = 0; i < TIMES; i++) {
      sum = typedAdd.applyAsInt(sum, i);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(TIMES)
  public int moduleInterfaceCall() {
    int sum = 0;
    for (int i = 0; i < TIMES; i++) {
      sum = guest.add(sum, i);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(TIMES)
  public int genericCall() {
    int sum = 0;
    for (int i = 0; i < TIMES; i++) {
      sum = (int) add.call(sum, i);
    }
    return sum;
  }

  /** The loop is the guest's: one entry for all of the host calls. */
  @Benchmark
  @OperationsPerInvocation(TIMES)
  public int hostCall() {
    return callHost.applyAsInt(TIMES);
  }

  @Benchmark
  @OperationsPerInvocation(TIMES)
  public int genericHostCall() {
    return (int) callBoxedHost.call(TIMES);
  }

  @Benchmark
  public Instance instantiatePre() {
    try (Store fresh = Store.create(engine)) {
      return small.instantiate(fresh);
    }
  }

  @Benchmark
  public Instance instantiatePreMemory() {
    try (Store fresh = Store.create(engine)) {
      return withMemory.instantiate(fresh);
    }
  }

  @Benchmark
  public Instance instantiateByLinker() {
    try (Store fresh = Store.create(engine)) {
      return linker.instantiate(fresh, smallModule);
    }
  }

  /** The stride of the reference: it keeps the compiler from reading several at once. */
  @Benchmark
  @OperationsPerInvocation(TIMES)
  public int memoryReadInt() {
    MemorySegment segment = memory.segment();
    int sum = 0;
    for (int i = 0; i < TIMES; i++) {
      sum += segment.get(INT, i * 68 & 0xfffc);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(TIMES)
  public int memorySegmentAndReadInt() {
    int sum = 0;
    for (int i = 0; i < TIMES; i++) {
      sum += memory.segment().get(INT, i * 68 & 0xfffc);
    }
    return sum;
  }
}
