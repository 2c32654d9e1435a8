package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.wasmtimejvm.binary.CustomSections;
import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.Wasm.wasm_byte_vec_t;
import io.github.wasmtimejvm.capi.WasmtimeProfiling;
import io.github.wasmtimejvm.capi.WasmtimeProfiling.wasmtime_guestprofiler_modules_t;
import io.github.wasmtimejvm.internal.NativeObject;
import io.github.wasmtimejvm.internal.NativeVector;
import io.github.wasmtimejvm.internal.StackRoom;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Records where the guests of a store spend their time, as samples of their stacks: {@code
 * wasmtime_guestprofiler_t} in C. It samples when it is told to, on the guest's own thread: in a
 * host function, for example.
 *
 * <pre>{@code
 * try (GuestProfiler profiler =
 *     GuestProfiler.start(store, "report", Duration.ofMillis(1), Map.of("app", module))) {
 *   linker.define("host", "tick", FuncType.of(), (caller, args) -> {
 *     profiler.sample(Duration.ZERO);
 *     return null;
 *   });
 *   linker.instantiate(store, module).func("run").call();
 *   Files.write(Path.of("profile.json"), profiler.finish());
 * }
 * }</pre>
 *
 * <p>The result is for <a href="https://profiler.firefox.com">profiler.firefox.com</a>. It shows
 * the functions of the modules that were named, and nothing of the host.
 *
 * <p>It belongs to the threads that its store belongs to. Any thread may close it.
 */
public final class GuestProfiler implements AutoCloseable {
  private static final long LARGEST_NAMES = 256 * 1024 * 1024;

  private final Store store;
  private final NativeObject object;
  private final AtomicBoolean finished;

  private GuestProfiler(Store store, MemorySegment profiler) {
    this.store = store;
    AtomicBoolean consumed = new AtomicBoolean();
    this.finished = consumed;
    this.object =
        new NativeObject(
            "profiler",
            profiler,
            pointer -> {
              if (!consumed.get()) {
                WasmtimeProfiling.wasmtime_guestprofiler_delete(pointer);
              }
            });
  }

  /**
   * Starts a profile, and its clock: {@code wasmtime_guestprofiler_new}. Threads: the store's.
   *
   * @param store the store whose guests are sampled
   * @param name what the profile calls the whole
   * @param interval how often samples are meant to be taken, more than zero; a hint for whoever
   *     shows the profile
   * @param modules the modules whose functions may be seen, by the names that the profile gives
   *     them; they may be closed before the profiler
   * @throws IllegalArgumentException if a module belongs to another engine, or the interval is out
   *     of range, or the names of a module's functions cannot be shown: it was not compiled from
   *     its binary here; or one has more than 2000 characters, or they are far more than a module
   *     of that size needs, or they are mangled so as to take more than 256 MiB: the engine
   *     demangles all of them
   */
  public static GuestProfiler start(
      Store store, String name, Duration interval, Map<String, Module> modules) {
    Map<String, Module> stable = new LinkedHashMap<>(modules);
    stable.forEach((as, module) -> checkModule(store, as, module));
    long nanos = nanos(interval, "interval");
    if (nanos == 0) {
      throw new IllegalArgumentException("the interval must be more than zero");
    }
    StoreState state = store.state();
    try (var _ = state.enter();
        Arena arena = Arena.ofShared()) {
      return start(store, arena, name(arena, name), nanos, stable);
    }
  }

  // The engine demangles all names, with no regard to how long they become.
  private static void checkModule(Store store, String as, Module module) {
    store.engine().checkSame(module.engine(), "module");
    long size = module.customSections().demangledSize();
    if (size > LARGEST_NAMES) {
      throw new IllegalArgumentException(
          "the module %s cannot be profiled: %s"
              .formatted(
                  as,
                  module.customSections() == CustomSections.UNKNOWN
                      ? "the names of its functions are not known, since it was not compiled from"
                          + " its binary here"
                      : "the names of its functions may take "
                          + (size == Long.MAX_VALUE ? "any number of" : size)
                          + " bytes when they are demangled"));
    }
  }

  private static GuestProfiler start(
      Store store, Arena arena, MemorySegment name, long interval, Map<String, Module> modules) {
    MemorySegment items =
        arena.allocate(wasmtime_guestprofiler_modules_t.SIZEOF * (modules.size() + 1), 8);
    NativeObject engine = store.engine().object();
    MemorySegment nativeEngine = engine.lease();
    int leased = 0;
    try {
      for (Map.Entry<String, Module> module : modules.entrySet()) {
        MemorySegment item = items.asSlice(leased * wasmtime_guestprofiler_modules_t.SIZEOF);
        item.set(
            ADDRESS, wasmtime_guestprofiler_modules_t.name$OFFSET, name(arena, module.getKey()));
        item.set(
            ADDRESS,
            wasmtime_guestprofiler_modules_t.mod$OFFSET,
            module.getValue().object().lease());
        leased++;
      }
      return new GuestProfiler(
          store,
          StackRoom.call(
              () ->
                  WasmtimeProfiling.wasmtime_guestprofiler_new(
                      nativeEngine, name, interval, items, modules.size())));
    } finally {
      modules.values().stream().limit(leased).forEach(module -> module.object().release());
      engine.release();
    }
  }

  private static MemorySegment name(Arena arena, String name) {
    MemorySegment utf8 = NativeVector.utf8(arena, name);
    MemorySegment vector = arena.allocate(NativeVector.SIZEOF, 8);
    vector.set(JAVA_LONG, wasm_byte_vec_t.size$OFFSET, utf8.byteSize());
    vector.set(ADDRESS, wasm_byte_vec_t.data$OFFSET, utf8);
    return vector;
  }

  private static long nanos(Duration duration, String what) {
    try {
      long nanos = duration.toNanos();
      if (nanos >= 0) {
        return nanos;
      }
    } catch (ArithmeticException e) {
      // more than 292 years
    }
    throw new IllegalArgumentException("the " + what + " is out of range: " + duration);
  }

  /**
   * Takes a sample of what the store's guest on this thread is doing: {@code
   * wasmtime_guestprofiler_sample}. Where none is running the sample is empty. Threads: the
   * store's.
   *
   * @param cpu processor time that the guest used since the sample before, not negative; zero if
   *     that is not to be recorded
   * @throws IllegalArgumentException if the time is out of range
   * @throws IllegalStateException if the profiler is finished or closed, or the store is closed
   * @throws WrongThreadException if the store belongs to another thread
   */
  public void sample(Duration cpu) {
    long nanos = nanos(cpu, "processor time");
    StoreState state = store.state();
    try (var _ = state.enter()) {
      MemorySegment profiler = object.lease();
      try {
        WasmtimeProfiling.wasmtime_guestprofiler_sample(profiler, state.store(), nanos);
      } finally {
        object.release();
      }
    }
  }

  /**
   * Ends the profile, closes the profiler and returns what it recorded, a JSON text in UTF-8:
   * {@code wasmtime_guestprofiler_finish}. Threads: the store's.
   *
   * @throws IllegalStateException if the profiler is finished or closed, or the store is closed
   * @throws WrongThreadException if the store belongs to another thread
   */
  public byte[] finish() {
    StoreState state = store.state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined()) {
      MemorySegment json = arena.allocate(NativeVector.SIZEOF, 8);
      MemorySegment profiler = object.lease();
      try {
        object.close(); // takes effect when the lease ends
        finished.set(true); // the engine deletes it
        Failures.check(WasmtimeProfiling.wasmtime_guestprofiler_finish(profiler, json));
      } finally {
        object.release();
      }
      try {
        return NativeVector.bytes(json);
      } finally {
        Wasm.wasm_byte_vec_delete(json);
      }
    }
  }

  /**
   * Closes the profiler and drops what it recorded: {@code wasmtime_guestprofiler_delete}. Closing
   * it again does nothing, nor does closing it after {@link #finish}. Threads: any.
   */
  @Override
  public void close() {
    object.close();
  }
}
