package io.github.wasmtimejvm.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * The engine's own runtimes, which start at first use and end the process where the system refuses
 * them a thread or a descriptor. So what they want is asked for here before they can want it:
 * {@code native/runtimes.c} makes it and keeps it for them. What is refused is told by a sentence;
 * nothing has changed then, and the method may be called again.
 */
public final class Runtimes {
  // The answers of wjvm_ready_wasi, and one of wjvm_load_cache.
  private static final long NO_THREAD = 1;
  private static final long NO_DESCRIPTOR = 2;

  private static final MethodHandle READY_COMPILE =
      Shim.downcall("wjvm_ready_compile", FunctionDescriptor.of(JAVA_LONG));
  private static final MethodHandle READY_WASI =
      Shim.downcall("wjvm_ready_wasi", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
  private static final MethodHandle LOAD_CACHE =
      Shim.downcall("wjvm_load_cache", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS));

  private static final String MORE_THREADS =
      " allow the process more threads (ulimit -u, the container's limit on pids) or memory";

  private static volatile boolean compilerIsReady;
  private static volatile boolean wasiIsReady;
  private static volatile boolean readerIsReady;

  private Runtimes() {}

  /**
   * Says which environment variable may end the process, where the engine reads them itself; {@code
   * null} if none may.
   */
  public static @Nullable String variables() {
    return Shim.hasRuntimes() ? null : EngineVariables.ofProcess().refusal();
  }

  /**
   * Gets what an engine needs to compile or validate by several threads.
   *
   * @return what the system refuses, {@code null} if it is there
   */
  public static @Nullable String compiler() {
    if (compilerIsReady) {
      return null;
    }
    long threads;
    try {
      threads = (long) READY_COMPILE.invokeExact();
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
    }
    if (threads == 0) {
      return "The engine's compiler needs a thread of its own, and the system refuses one:"
          + MORE_THREADS
          + ", or build the engine with parallelCompilation(false), which compiles on the calling"
          + " thread.";
    }
    compilerIsReady = true;
    return null;
  }

  /**
   * Gets what the engine's WASI needs.
   *
   * @param reader whether a guest may read the standard input of the process
   * @return what the system refuses, {@code null} if it is there
   */
  public static @Nullable String wasi(boolean reader) {
    if (reader ? readerIsReady : wasiIsReady) {
      return null;
    }
    long answer;
    try {
      answer = (long) READY_WASI.invokeExact(reader ? 1L : 0L);
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
    }
    if (answer == NO_THREAD) {
      return "The engine's WASI needs "
          + (reader ? "three" : "two")
          + " threads of its own, and the system refuses them:"
          + MORE_THREADS
          + ".";
    }
    if (answer == NO_DESCRIPTOR) {
      return "The engine's WASI needs three file descriptors, and the system refuses them: allow"
          + " the process more open files (ulimit -n).";
    }
    wasiIsReady = true;
    if (reader) {
      readerIsReady = true;
    }
    return null;
  }

  /**
   * Loads the configuration of the engine's cache: {@code wasmtime_config_cache_config_load}.
   *
   * @return a {@code wasmtime_error_t*} or {@code NULL}, or {@code null} if there was no thread for
   *     it: then {@link #noCacheThread} says so
   */
  public static @Nullable MemorySegment loadCache(MemorySegment config, MemorySegment file) {
    MemorySegment error;
    try {
      error =
          (MemorySegment)
              LOAD_CACHE.invokeExact(
                  Shim.engineFunction("wasmtime_config_cache_config_load"), config, file);
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
    }
    return error.address() == NO_THREAD ? null : error;
  }

  /** The sentence for {@link #loadCache}. */
  public static String noCacheThread() {
    return "The engine's cache needs a thread of its own, and the system refuses one:"
        + MORE_THREADS
        + ".";
  }
}
