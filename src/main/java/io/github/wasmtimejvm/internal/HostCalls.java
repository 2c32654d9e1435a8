package io.github.wasmtimejvm.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * The way from the engine back into Java: one upcall stub for all host functions and callbacks,
 * which are told apart by their number in {@link Handles}.
 *
 * <p>The stub refers to our classes, and nothing unloads their class loader while it is there. So
 * it lives in an arena that ends when nobody can reach it, and {@link Handles} keeps it as long as
 * the engine holds anything of ours.
 *
 * <p>A Throwable that left the stub would end the process. So each one is kept in the store whose
 * guest called, and the guest is unwound by a trap.
 */
public final class HostCalls {
  private static final long RETURNED = 0;
  private static final long THROWN = 1;

  /** A host function as the engine calls it. */
  @FunctionalInterface
  public interface Target {
    /**
     * @param slot the number of the store whose guest calls, for {@link StoreSlots#at}
     * @param caller the {@code wasmtime_caller_t*}, valid during the call; 0 for a component
     * @param args address of the arguments
     * @param results address of the results; of an unchecked call the same
     */
    void call(long slot, long caller, long args, long results) throws Throwable;
  }

  /** Turns what a host function threw into what the engine is to see of it. */
  @FunctionalInterface
  public interface Raiser {
    /**
     * Makes the trap that throws a WebAssembly exception into the guest, which the guest may catch.
     *
     * @param thrown what a host function threw
     * @return a {@code wasm_trap_t*} for the engine, 0 if {@code thrown} stands for no such
     *     exception
     */
    long trap(Throwable thrown);
  }

  private HostCalls() {}

  /**
   * The callback of functions of numbers and vectors: {@code wasmtime_func_unchecked_callback_t}.
   */
  public static MemorySegment callback() {
    return Shim.hostCall();
  }

  /** The callback of functions with references: {@code wasmtime_func_callback_t}. */
  public static MemorySegment checkedCallback() {
    return Shim.hostCallChecked();
  }

  /** The callback of functions of components: {@code wasmtime_component_func_callback_t}. */
  public static MemorySegment componentCallback() {
    return Shim.componentCall();
  }

  /**
   * The destructor of host resources: {@code wasmtime_component_resource_destructor_t}. Its target
   * gets the number of the resource in place of the arguments.
   */
  public static MemorySegment destructor() {
    return Shim.resourceDrop();
  }

  /**
   * Makes a {@code wjvm_java}: the stub, and a list of what the engine drops. Both end when the
   * segment is unreachable. Called by Shim while it initializes itself, so nothing here needs Shim.
   */
  static MemorySegment wayBack() {
    Arena arena = Arena.ofAuto();
    MemorySegment java = arena.allocate(ShimStructs.Java.SIZE, 8);
    java.set(ADDRESS, ShimStructs.Java.UPCALL, upcallStub(arena));
    return java;
  }

  @SuppressWarnings("restricted") // the one upcall stub
  private static MemorySegment upcallStub(Arena arena) {
    MethodType type =
        MethodType.methodType(
            long.class, long.class, long.class, long.class, long.class, long.class);
    MethodType onThrow = type.insertParameterTypes(0, Throwable.class);
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      MethodHandle dispatch = lookup.findStatic(HostCalls.class, "dispatch", type);
      MethodHandle keep = lookup.findStatic(HostCalls.class, "keep", onThrow);
      // Keeping the Throwable may fail too, say for want of stack or heap; a constant cannot.
      MethodHandle lastResort =
          MethodHandles.dropArguments(
              MethodHandles.constant(long.class, THROWN), 0, onThrow.parameterList());
      MethodHandle guarded =
          MethodHandles.catchException(
              MethodHandles.catchException(dispatch, Throwable.class, keep),
              Throwable.class,
              lastResort);
      return Linker.nativeLinker()
          .upcallStub(
              guarded,
              FunctionDescriptor.of(
                  JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
              arena);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  @SuppressWarnings("unused") // through the upcall stub
  private static long dispatch(long id, long slot, long caller, long args, long results)
      throws Throwable {
    Target target = (Target) Handles.object(id);
    if (target == null) {
      throw new IllegalStateException("host function " + id + " was called after it was dropped");
    }
    target.call(slot, caller, args, results);
    return RETURNED;
  }

  @SuppressWarnings("unused") // through the upcall stub
  private static long keep(
      Throwable thrown, long id, long slot, long caller, long args, long results) {
    StoreState store = StoreSlots.at(slot);
    store.keep(thrown);
    // Only a host function, which has a caller, can throw into the guest.
    long trap = caller == 0 ? 0 : store.raiser().trap(thrown);
    if (trap == 0) {
      return THROWN;
    }
    store.raise();
    return trap;
  }
}
