package io.github.wasmtimejvm.internal;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The way from the engine back into Java: one upcall stub for all host functions, which are told
 * apart by a number.
 *
 * <p>No Throwable leaves the stub, for that would end the process: it is kept in the store whose
 * guest called, and the guest is unwound by a trap.
 */
public final class HostCalls {
  /** A host function as the engine calls it. */
  @FunctionalInterface
  public interface Target {
    /**
     * @param store the store whose guest calls
     * @param caller the {@code wasmtime_caller_t*}, valid during the call
     * @param values address of the arguments, to be overwritten by the results
     * @param n how many values there is room for
     */
    void call(StoreState store, long caller, long values, long n) throws Throwable;
  }

  private static final Object LOCK = new Object();

  // Read without the lock by calls: a call of a function can only follow its registration.
  private static volatile @Nullable Target[] targets = new Target[64];
  private static int used; // under LOCK
  private static final Deque<Integer> free = new ArrayDeque<>(); // under LOCK

  private HostCalls() {}

  /**
   * Registers a host function and returns the {@code env} pointer to give to the engine, together
   * with {@link #callback()} and {@link #finalizer()}. The engine owns it from then on, also where
   * it refuses the function: it calls the finalizer when it needs the function no more.
   */
  public static MemorySegment register(Target target) {
    synchronized (LOCK) {
      releaseDropped();
      Integer id = free.poll();
      if (id == null) {
        if (used == targets.length) { // before the count goes up: the copy may fail
          targets = Arrays.copyOf(targets, 2 * used);
        }
        id = used++;
      }
      MemorySegment env = Shim.handleNew(id);
      @Nullable Target[] table = targets;
      table[id] = target;
      targets = table; // publishes the element
      return env;
    }
  }

  /** The callback of every host function: {@code wasmtime_func_unchecked_callback_t}. */
  public static MemorySegment callback() {
    return Shim.hostCall();
  }

  /** The finalizer of every host function. */
  public static MemorySegment finalizer() {
    return Shim.hostDrop();
  }

  /** Forgets the host functions that the engine has dropped since. */
  public static void drain() {
    synchronized (LOCK) {
      releaseDropped();
    }
  }

  /** How many host functions the engine holds; what it dropped counts until the next drain. */
  static int registered() {
    synchronized (LOCK) {
      return used - free.size();
    }
  }

  private static void releaseDropped() {
    for (long id = Shim.nextDropped(); id >= 0; id = Shim.nextDropped()) {
      targets[(int) id] = null;
      free.add((int) id);
    }
  }

  // Called by Shim while it initializes itself, so this class's initializer must not need Shim.
  @SuppressWarnings("restricted") // the one upcall stub
  static MemorySegment upcallStub() {
    MethodType type =
        MethodType.methodType(
            int.class, long.class, long.class, long.class, long.class, long.class);
    MethodType onThrow = type.insertParameterTypes(0, Throwable.class);
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      MethodHandle dispatch = lookup.findStatic(HostCalls.class, "dispatch", type);
      MethodHandle keep = lookup.findStatic(HostCalls.class, "keep", onThrow);
      // Keeping the Throwable may fail too, say for want of stack or heap; a constant cannot.
      MethodHandle lastResort =
          MethodHandles.dropArguments(
              MethodHandles.constant(int.class, 1), 0, onThrow.parameterList());
      MethodHandle guarded =
          MethodHandles.catchException(
              MethodHandles.catchException(dispatch, Throwable.class, keep),
              Throwable.class,
              lastResort);
      return Linker.nativeLinker()
          .upcallStub(
              guarded,
              FunctionDescriptor.of(
                  JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
              Arena.global());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  @SuppressWarnings("unused") // through the upcall stub
  private static int dispatch(long id, long slot, long caller, long values, long n)
      throws Throwable {
    Target target = targets[(int) id];
    if (target == null) {
      throw new IllegalStateException("host function " + id + " was called after it was dropped");
    }
    target.call(StoreState.at(slot), caller, values, n);
    return 0;
  }

  @SuppressWarnings("unused") // through the upcall stub
  private static int keep(Throwable thrown, long id, long slot, long caller, long values, long n) {
    StoreState.at(slot).keep(thrown);
    return 1;
  }
}
