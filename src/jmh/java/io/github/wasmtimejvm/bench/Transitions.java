package io.github.wasmtimejvm.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What the JVM itself takes for a call from Java to C and for one from C to Java that do nothing: no
 * call into a guest, or out of it, can cost less more than C's.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Transitions {
  private static final int TIMES = 10_000;
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle ABS =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("abs"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle LFIND =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("lfind"),
          FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));

  private final MemorySegment elements = Arena.ofAuto().allocate(TIMES);
  private final MemorySegment count = Arena.ofAuto().allocateFrom(JAVA_LONG, TIMES);
  private final MemorySegment differ = differ();

  private static int differ(MemorySegment a, MemorySegment b) {
    return 1;
  }

  private static MemorySegment differ() {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      MethodType type = MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class);
      return LINKER.upcallStub(
          lookup.findStatic(Transitions.class, "differ", type),
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS),
          Arena.global());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  @Benchmark
  @OperationsPerInvocation(TIMES)
  public int emptyDowncall() throws Throwable {
    int sum = 0;
    for (int i = 0; i < TIMES; i++) {
      sum = (int) ABS.invokeExact(sum ^ i);
    }
    return sum;
  }

  /** C looks for what is not there, and asks Java about every element. */
  @Benchmark
  @OperationsPerInvocation(TIMES)
  public MemorySegment emptyUpcall() throws Throwable {
    return (MemorySegment) LFIND.invokeExact(elements, elements, count, 1L, differ);
  }
}
