package io.github.wasmtimejvm.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.wasmtimejvm.loader.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The functions of {@code native/shim.c}, which enter guests and are entered by them. Those of
 * {@code native/runtimes.c} are in {@link Runtimes}.
 *
 * <p>Pointers are plain {@code long}s here: these are the hot calls, and whoever makes them has
 * checked the lifetime already.
 */
public final class Shim {
  /** {@link #call} and {@link #enter}: the guest returned. */
  public static final int OK = 0;

  /** {@link #call} and {@link #enter}: the store's struct holds a trap or an error. */
  public static final int FAILED = 1;

  /** {@link #call} and {@link #enter}: refused, the thread has too little stack. */
  public static final int NO_ROOM = 2;

  /** {@link #call} and {@link #enter}: refused, there is no memory for what the thread lacks. */
  public static final int NO_MEMORY = 3;

  /**
   * Bytes of stack that must be left wherever Java or the engine's own code runs.
   *
   * <p>HotSpot touches its shadow pages below a frame before it calls native code, and must still
   * find its guard zones behind them. With the default flags JVMs were seen to die at 96 KiB and to
   * live at 128 KiB.
   */
  public static final long MARGIN = margin();

  /** For {@link #enter}: address of {@code wasmtime_instance_new}. */
  public static final long INSTANCE_NEW = engineFunction("wasmtime_instance_new").address();

  /** For {@link #enter}: address of {@code wasmtime_instance_pre_instantiate}. */
  public static final long PRE_INSTANTIATE =
      engineFunction("wasmtime_instance_pre_instantiate").address();

  /** For {@link #enter}: address of {@code wasmtime_linker_module}. */
  public static final long LINKER_MODULE = engineFunction("wasmtime_linker_module").address();

  /** For {@link #enter}: address of {@code wasmtime_func_call}. */
  public static final long FUNC_CALL = engineFunction("wasmtime_func_call").address();

  /** For {@link #enter}: address of {@code wasmtime_component_linker_instantiate}. */
  public static final long COMPONENT_INSTANTIATE =
      engineFunction("wasmtime_component_linker_instantiate").address();

  /** For {@link #enter}: address of {@code wasmtime_component_func_call}. */
  public static final long COMPONENT_CALL =
      engineFunction("wasmtime_component_func_call").address();

  /** For {@link #enter}: address of {@code wasmtime_component_resource_any_drop}. */
  public static final long RESOURCE_DROP =
      engineFunction("wasmtime_component_resource_any_drop").address();

  private static final MethodHandle CALL =
      downcall(
          "wjvm_call", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle ENTER =
      downcall(
          "wjvm_enter",
          FunctionDescriptor.of(
              JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
              JAVA_LONG, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle ROOM = downcall("wjvm_room", FunctionDescriptor.of(JAVA_LONG));
  private static final MethodHandle HAS_MEMORY =
      downcall("wjvm_has_memory", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
  private static final MethodHandle STOP_REASON =
      downcall("wjvm_stop_reason", FunctionDescriptor.of(JAVA_LONG));
  private static final MethodHandle DEADLINE =
      downcall(
          "wjvm_deadline",
          FunctionDescriptor.of(JAVA_LONG),
          Linker.Option.critical(false)); // some loads, before every call of an interruptible guest
  private static final MethodHandle STORE_NEW =
      downcall("wjvm_store_new", FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle STORE_DELETE =
      downcall("wjvm_store_delete", FunctionDescriptor.ofVoid(JAVA_LONG));
  private static final MethodHandle HANDLE_NEW =
      downcall("wjvm_handle_new", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG));
  private static final MethodHandle NEXT_DROPPED =
      downcall("wjvm_next_dropped", FunctionDescriptor.of(JAVA_LONG, ADDRESS));

  private static final MethodHandle DROP =
      downcall("wjvm_host_drop", FunctionDescriptor.ofVoid(ADDRESS));

  // Answers of wjvm_init.
  private static final long OTHER_ENGINE = 0;
  private static final long TAKEN_OVER = 2;

  private static final long INITIALIZED = init();

  private Shim() {}

  /**
   * Calls a function of the store, unchecked: {@code wasmtime_func_call_unchecked}.
   *
   * @param store the store's struct
   * @param func address of the {@code wasmtime_func_t}
   * @param values arguments, overwritten by the results
   * @param n how many values there is room for
   */
  public static int call(long store, long func, long values, long n) {
    try {
      return (int) CALL.invokeExact(store, func, values, n);
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
    }
  }

  /** Calls another C function of two or four to seven pointers that may run guest code. */
  public static int enter(
      long store, long function, int argc, long a, long b, long c, long d, long e, long f, long g) {
    try {
      return (int) ENTER.invokeExact(store, function, argc, a, b, c, d, e, f, g);
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
    }
  }

  /** Bytes of stack that this thread has left. */
  public static long room() {
    try {
      return (long) ROOM.invokeExact();
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
    }
  }

  /**
   * Throws unless the engine can have so much memory for a value: it ends the process where it gets
   * none.
   */
  public static void checkMemory(long size) {
    int has;
    try {
      has = (int) HAS_MEMORY.invokeExact(size);
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
    }
    if (has == 0) {
      throw new OutOfMemoryError("no native memory for a value of " + size + " bytes");
    }
  }

  /** Why the guests on this thread must end, a constant of {@link Ticker}, or 0. */
  public static int stopReason() {
    try {
      return (int) (long) STOP_REASON.invokeExact();
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
    }
  }

  /** When the first of the guests on this thread must end, {@link Ticker#NEVER} if none must. */
  static long deadline() {
    try {
      return (long) DEADLINE.invokeExact();
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
    }
  }

  /** Creates a store and its struct, whose address it returns. */
  static long storeNew(MemorySegment engine, long entryRoom, long slot) {
    long store;
    try {
      store = (long) STORE_NEW.invokeExact(engine, entryRoom, slot);
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
    }
    if (store == 0) {
      throw new OutOfMemoryError("no native memory for a store");
    }
    return store;
  }

  /** Deletes a store and its struct. */
  static void storeDelete(long store) {
    try {
      STORE_DELETE.invokeExact(store);
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
    }
  }

  /**
   * The pointer that the engine gets for Java object {@code id}.
   *
   * @param java the {@code wjvm_java} that it refers to
   */
  static MemorySegment handleNew(MemorySegment java, long id) {
    MemorySegment handle;
    try {
      handle = (MemorySegment) HANDLE_NEW.invokeExact(java, id);
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
    }
    if (handle.address() == 0) {
      throw new OutOfMemoryError("no native memory for a handle");
    }
    return handle;
  }

  /** Puts a handle that the engine does not hold on the list of those that it has dropped. */
  static void dropHandle(MemorySegment handle) {
    try {
      DROP.invokeExact(handle);
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
    }
  }

  /**
   * The id of a Java object that the engine has dropped, or -1; one thread at a time.
   *
   * @param java the {@code wjvm_java} that its handle refers to
   */
  static long nextDropped(MemorySegment java) {
    long dropped = java.address() + ShimStructs.Java.DROPPED;
    if (NativeMemory.getLong(dropped) == 0) { // the common case, without a call
      return -1;
    }
    try {
      return (long) NEXT_DROPPED.invokeExact(java);
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
    }
  }

  /** {@code wasmtime_func_unchecked_callback_t} of host functions of numbers and vectors. */
  static MemorySegment hostCall() {
    return symbol("wjvm_host_call");
  }

  /** {@code wasmtime_func_callback_t} of host functions with references. */
  static MemorySegment hostCallChecked() {
    return symbol("wjvm_host_call_checked");
  }

  /** {@code wasmtime_component_func_callback_t} of host functions of components. */
  static MemorySegment componentCall() {
    return symbol("wjvm_component_call");
  }

  /** {@code wasmtime_component_resource_destructor_t} of host resources. */
  static MemorySegment resourceDrop() {
    return symbol("wjvm_resource_drop");
  }

  /** Finalizer of every host function and every external reference. */
  static MemorySegment hostDrop() {
    return symbol("wjvm_host_drop");
  }

  /** The epoch deadline callback of every store. */
  static MemorySegment epoch() {
    return symbol("wjvm_epoch");
  }

  /** Whether the engine's own runtimes get what {@link Runtimes} has for them. */
  static boolean hasRuntimes() {
    return INITIALIZED == TAKEN_OVER;
  }

  private static long init() {
    MethodHandle init =
        downcall(
            NativeLibrary.SHIM_INIT,
            FunctionDescriptor.of(
                JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG,
                JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS));
    EngineVariables variables = EngineVariables.ofProcess();
    String log = variables.log();
    long answer;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment logText = log == null ? MemorySegment.NULL : arena.allocateFrom(log);
      answer =
          (long)
              init.invokeExact(
                  engineFunction("wasmtime_func_call_unchecked"),
                  engineFunction("wasmtime_trap_new"),
                  engineFunction("wasmtime_trap_new_code"),
                  engineFunction("wasmtime_error_new"),
                  engineFunction("wasmtime_store_new"),
                  engineFunction("wasmtime_store_context"),
                  engineFunction("wasmtime_store_delete"),
                  MARGIN,
                  VmFlags.guards(pageSize()),
                  VmFlags.threadStackSize(),
                  variables.compileThreads(),
                  variables.wasiThreads(),
                  logText);
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
    }
    if (answer == OTHER_ENGINE) {
      throw new UnsatisfiedLinkError(
          "the wasmtime-jvm shim serves another Wasmtime library in this process already");
    }
    Handles.prepare();
    return answer;
  }

  private static long margin() {
    return Math.max(256 * 1024, VmFlags.shadowAndGuards(pageSize()) + 64 * 1024);
  }

  private static long pageSize() {
    try {
      return (long) downcall("wjvm_page_size", FunctionDescriptor.of(JAVA_LONG)).invokeExact();
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
    }
  }

  /** The address of a C function of the engine. */
  public static MemorySegment engineFunction(String name) {
    return NativeLibrary.engine()
        .find(name)
        .orElseThrow(() -> new UnsatisfiedLinkError("the Wasmtime library lacks " + name));
  }

  private static MemorySegment symbol(String name) {
    return NativeLibrary.shim()
        .find(name)
        .orElseThrow(() -> new UnsatisfiedLinkError("the wasmtime-jvm shim lacks " + name));
  }

  @SuppressWarnings("restricted") // linking native code is what this class is for
  static MethodHandle downcall(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    return Linker.nativeLinker().downcallHandle(symbol(name), descriptor, options);
  }
}
