package io.github.wasmtimejvm;

import io.github.wasmtimejvm.internal.NativeObject;
import io.github.wasmtimejvm.internal.Runtimes;
import io.github.wasmtimejvm.internal.Shim;
import io.github.wasmtimejvm.internal.StackRoom;
import io.github.wasmtimejvm.loader.NativeLibrary;
import io.github.wasmtimejvm.loader.Platform;
import io.github.wasmtimejvm.settings.CraneliftFlags;
import io.github.wasmtimejvm.settings.EngineConfig;
import io.github.wasmtimejvm.settings.EngineRules;
import io.github.wasmtimejvm.settings.EngineSettings;
import io.github.wasmtimejvm.settings.ProfilerFiles;
import io.github.wasmtimejvm.settings.Ranges;
import io.github.wasmtimejvm.settings.SettingsAccess;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The settings of a new engine: {@code wasm_config_t} in C.
 *
 * <pre>{@code
 * Engine engine =
 *     Engine.builder()
 *         .strategy(Strategy.WINCH)
 *         .feature(WasmFeature.MULTI_MEMORY, false)
 *         .interruptible(true)
 *         .build();
 * }</pre>
 *
 * <p>{@link #build} refuses settings that do not go together with an {@link
 * IllegalArgumentException} that names them. A builder may be used again; it is not for use by
 * several threads at once.
 *
 * <p>Some settings of the C API are not offered. {@code concurrency_support} is always off, and so
 * is all that needs it: guests must not start tasks, which run on stacks of their own, where a call
 * up into Java ends the VM. {@code macos_use_mach_ports} is always off: all engines of a process
 * must agree on it, and the JVM's own faults would take the detour. The settings for asynchronous
 * calls, stack creators and memory creators are left out.
 */
public final class EngineBuilder implements Cloneable {
  // The engine refuses a guest stack larger than its fiber stacks (2 MiB by default), although no
  // fiber is ever made.
  private static final long LARGEST_WASM_STACK = 2 * 1024 * 1024;

  private static final SettingsAccess ACCESS =
      new SettingsAccess() {
        @Override
        public void set(MemorySegment config, WasmFeature feature, boolean enable) {
          feature.set(config, enable);
        }

        @Override
        public void check(MemorySegment error) {
          Failures.check(error);
        }

        @Override
        public RuntimeException refused(String refusal) {
          return new EngineException(refusal, List.of());
        }
      };

  final EngineSettings settings = new EngineSettings();

  EngineBuilder() {}

  /**
   * Chooses the compiler: {@code wasmtime_config_strategy_set}. Threads: one at a time.
   *
   * @param strategy {@link Strategy#AUTO} by default
   * @return this
   */
  public EngineBuilder strategy(Strategy strategy) {
    settings.strategy = Objects.requireNonNull(strategy);
    return this;
  }

  /**
   * Sets what code is generated for: {@code wasmtime_config_target_set}.
   *
   * <ul>
   *   <li>{@code "pulley64"}: the Pulley interpreter. It takes no signals and runs slower than
   *       compiled code by an order of magnitude. A host function cannot call a guest of the store
   *       that called it: that is an {@link IllegalStateException}. It needs a {@link
   *       #maxWasmStack} of 64 KiB.
   *   <li>{@link #hostTarget()}: any processor of the host's architecture. The features of the
   *       present one are not used, unless enabled by {@link #craneliftFlagEnable}; so the code can
   *       be moved to another machine.
   * </ul>
   *
   * By default code is generated for the processor of the host with all that it can do. Threads:
   * one at a time.
   *
   * @param triple a target triple
   * @return this
   * @throws IllegalArgumentException if it is any other target: the engine library has the compiler
   *     of the host's architecture only
   */
  public EngineBuilder target(String triple) {
    if (!triple.equals(EngineSettings.PULLEY) && !triple.equals(hostTarget())) {
      throw new IllegalArgumentException(
          "the engine library generates code for "
              + hostTarget()
              + " and "
              + EngineSettings.PULLEY
              + ", it has no compiler for other targets: "
              + triple);
    }
    settings.target = triple;
    return this;
  }

  /**
   * Returns the target triple of this platform, for example {@code x86_64-unknown-linux-gnu}.
   * Threads: any.
   */
  public static String hostTarget() {
    String[] parts = Platform.host().split("-");
    return parts[1]
        + switch (parts[0]) {
          case "linux" -> "-unknown-linux-" + (parts.length > 2 ? parts[2] : "gnu");
          case "macos" -> "-apple-darwin";
          default -> "-pc-windows-msvc";
        };
  }

  /**
   * Switches a proposal on or off: {@code wasmtime_config_wasm_..._set}. Threads: one at a time.
   *
   * @param feature the proposal, which says its default and the C function
   * @param enable whether modules and components may use it
   * @return this
   */
  public EngineBuilder feature(WasmFeature feature, boolean enable) {
    settings.features.put(feature, enable);
    return this;
  }

  /**
   * Sets how much Cranelift optimizes: {@code wasmtime_config_cranelift_opt_level_set}. Threads:
   * one at a time.
   *
   * @param level {@link OptLevel#SPEED} by default
   * @return this
   */
  public EngineBuilder optLevel(OptLevel level) {
    settings.optLevel = Objects.requireNonNull(level);
    return this;
  }

  /**
   * Sets how Cranelift assigns registers: {@code wasmtime_config_cranelift_regalloc_algorithm_set}.
   * Threads: one at a time.
   *
   * @param algorithm {@link RegallocAlgorithm#BACKTRACKING} by default
   * @return this
   */
  public EngineBuilder regallocAlgorithm(RegallocAlgorithm algorithm) {
    settings.regallocAlgorithm = Objects.requireNonNull(algorithm);
    return this;
  }

  /**
   * Enables a flag of Cranelift, or a group of them: {@code wasmtime_config_cranelift_flag_enable}.
   * It may be what {@link #craneliftFlagSet} takes, or on x86_64 a level of the architecture,
   * {@code x86-64-v2} to {@code x86-64-v4}. A module for a feature that the processor has not is
   * refused with a {@link CompileException}. Threads: one at a time.
   *
   * @param flag its name
   * @return this
   * @throws IllegalArgumentException if there is no such flag here, or it could end the process
   */
  public EngineBuilder craneliftFlagEnable(String flag) {
    CraneliftFlags.checkEnable(flag, architecture());
    settings.enabledFlags.add(flag);
    return this;
  }

  /**
   * Sets a flag of Cranelift: {@code wasmtime_config_cranelift_flag_set}. These can be set:
   *
   * <ul>
   *   <li>{@code enable_heap_access_spectre_mitigation}, {@code
   *       enable_table_access_spectre_mitigation}: true by default, false makes untrusted guests
   *       faster and less confined; {@code enable_alias_analysis}: true; {@code
   *       machine_code_cfg_info}, {@code regalloc_checker}: false.
   *   <li>On x86_64 {@code has_} and the name of a feature of processors, such as {@code has_avx2};
   *       on aarch64 {@code has_lse}, {@code has_pauth}, {@code has_fp16}, {@code has_dotprod} and
   *       {@code has_i8mm}. True where the processor has it, unless there is a {@link #target}.
   * </ul>
   *
   * <p>Threads: one at a time.
   *
   * @param flag its name
   * @param value {@code true} or {@code false}
   * @return this
   * @throws IllegalArgumentException if there is no such flag here, or it could end the process
   */
  public EngineBuilder craneliftFlagSet(String flag, String value) {
    CraneliftFlags.checkSet(flag, value, architecture());
    settings.flags.put(flag, value);
    return this;
  }

  private static String architecture() {
    return Platform.host().split("-")[1];
  }

  /**
   * Sets how much stack guests may use, including host functions and what those call: {@code
   * wasmtime_config_max_wasm_stack_set}. A guest is entered only on a thread that has this much
   * left and some for Java (256 KiB, more where JVM flags ask for it); else the call throws a
   * {@link TrapException}. Java threads have 1 MiB unless told otherwise. Threads: one at a time.
   *
   * @param bytes from 1 to 2,097,152 (2 MiB); 524,288 (512 KiB) by default
   * @return this
   * @throws IllegalArgumentException if the size is out of range
   */
  public EngineBuilder maxWasmStack(long bytes) {
    if (bytes <= 0 || bytes > LARGEST_WASM_STACK) {
      throw new IllegalArgumentException(
          "maxWasmStack must be from 1 to " + LARGEST_WASM_STACK + " bytes: " + bytes);
    }
    settings.maxWasmStack = bytes;
    return this;
  }

  /**
   * Sets whether a memory may move when it grows beyond the address space that is reserved for it:
   * {@code wasmtime_config_memory_may_move_set}. A memory that can never be larger than {@link
   * #memoryReservation} does not move in any case: by default every one with 32-bit addresses. Of
   * one that may move, {@link Memory#segment} is refused, and {@link Memory#read} and {@link
   * Memory#write} remain.
   *
   * <p>Where memories may not move, one of 64-bit addresses cannot grow beyond what is reserved, or
   * if it is larger from the start, beyond its first size and {@link #memoryReservationForGrowth};
   * and code that imports a memory larger than {@link #memoryReservation} traps within its bounds
   * if the import's type would also take a smaller one. In return the guest's code reads where the
   * memory is once and not after each call, which in loops of loads and stores, and of calls, makes
   * no difference that shows ({@code scripts/measure-memories}: 0.8 to 1.3 times the time, with
   * 64-bit addresses too). Threads: one at a time.
   *
   * @param enable true by default
   * @return this
   */
  public EngineBuilder memoryMayMove(boolean enable) {
    settings.memoryMayMove = enable;
    return this;
  }

  /**
   * Sets how much address space each memory gets, and each store's heap of garbage-collected
   * objects: {@code wasmtime_config_memory_reservation_set}. Less of it than 4 GiB makes guests
   * check the bounds of each access (a load in a loop then takes 1.4 to 1.6 times as long, by
   * {@code scripts/measure-memories}; with 64-bit addresses there is no difference), and memories
   * of 32-bit addresses move when they grow beyond it ({@link #memoryMayMove}), so that {@link
   * Memory#segment} is refused of those that can. Threads: one at a time.
   *
   * @param bytes from 0 to 2<sup>46</sup>; 4 GiB by default, all that 32-bit addresses reach
   * @return this
   * @throws IllegalArgumentException if the size is out of range
   */
  public EngineBuilder memoryReservation(long bytes) {
    settings.memoryReservation = Ranges.inRange("memoryReservation", bytes, Ranges.LARGEST_SIZE);
    return this;
  }

  /**
   * Sets how much address space without access lies before and behind each memory: {@code
   * wasmtime_config_memory_guard_size_set}. Less of it makes guests check more bounds. Threads: one
   * at a time.
   *
   * @param bytes from 0 to 2<sup>46</sup>; 32 MiB by default, 0 for Pulley
   * @return this
   * @throws IllegalArgumentException if the size is out of range
   */
  public EngineBuilder memoryGuardSize(long bytes) {
    settings.memoryGuardSize = Ranges.inRange("memoryGuardSize", bytes, Ranges.LARGEST_SIZE);
    return this;
  }

  /**
   * Sets how much address space is kept for further growth behind a memory that has moved, or began
   * larger than {@link #memoryReservation}: {@code
   * wasmtime_config_memory_reservation_for_growth_set}. Threads: one at a time.
   *
   * @param bytes from 0 to 2<sup>46</sup>; 2 GiB by default
   * @return this
   * @throws IllegalArgumentException if the size is out of range
   */
  public EngineBuilder memoryReservationForGrowth(long bytes) {
    settings.memoryReservationForGrowth =
        Ranges.inRange("memoryReservationForGrowth", bytes, Ranges.LARGEST_SIZE);
    return this;
  }

  /**
   * Sets whether the first contents of memories are mapped rather than copied, so that an instance
   * only pays for the pages that it writes: {@code wasmtime_config_memory_init_cow_set}. Threads:
   * one at a time.
   *
   * @param enable true by default
   * @return this
   */
  public EngineBuilder memoryInitCow(boolean enable) {
    settings.memoryInitCow = enable;
    return this;
  }

  /**
   * Makes the engine set the memory of all its instances aside when it is built: {@code
   * wasmtime_pooling_allocation_strategy_set}. By default each instance gets its memory when it is
   * made. Threads: one at a time.
   *
   * @param pooling the limits of the pools
   * @return this
   */
  public EngineBuilder pooling(PoolingAllocation pooling) {
    settings.pooling = pooling == null ? null : pooling.limits();
    return this;
  }

  /**
   * Sets whether shared memories can be created: {@code wasmtime_config_shared_memory_set}. Modules
   * that use them also need {@link WasmFeature#THREADS}. Threads: one at a time.
   *
   * @param enable false by default
   * @return this
   */
  public EngineBuilder sharedMemory(boolean enable) {
    settings.sharedMemory = enable;
    return this;
  }

  /**
   * Sets whether guests consume fuel as they run and trap when there is none: {@code
   * wasmtime_config_consume_fuel_set}. What is counted, and when, {@link Store#setFuel} says. Loops
   * were measured to take 1.6 to 2 times as long. Threads: one at a time.
   *
   * @param enable false by default
   * @return this
   */
  public EngineBuilder consumeFuel(boolean enable) {
    settings.consumeFuel = enable;
    return this;
  }

  /**
   * Sets whether guests can be interrupted as they run, which timeouts, interrupts and epochs need:
   * {@code wasmtime_config_epoch_interruption_set}. Loops were measured to take 1.15 to 1.5 times
   * as long, and calls from Java up to 1.5 times. Threads: one at a time.
   *
   * @param enable false by default
   * @return this
   */
  public EngineBuilder interruptible(boolean enable) {
    settings.interruptible = enable;
    return this;
  }

  /**
   * Sets whether guests' traps may be signals of the processor, for example for an access out of
   * bounds: {@code wasmtime_config_signals_based_traps_set}. Without, the engine installs no signal
   * handlers, and guests check everything themselves and run slower. Threads: one at a time.
   *
   * @param enable true by default, false for Pulley, which cannot
   * @return this
   */
  public EngineBuilder signalsBasedTraps(boolean enable) {
    settings.signalsBasedTraps = enable;
    return this;
  }

  /**
   * Sets whether there are heaps of garbage-collected objects at all: {@code
   * wasmtime_config_gc_support_set}. {@code externref}, {@link WasmFeature#GC} and {@link
   * WasmFeature#EXCEPTIONS} need them; without, a module that uses these is refused. Threads: one
   * at a time.
   *
   * @param enable true by default, false with Winch
   * @return this
   */
  public EngineBuilder gcSupport(boolean enable) {
    settings.gcSupport = enable;
    return this;
  }

  /**
   * Sets whether relaxed vector instructions give the same results on all processors, for which
   * they may be slower: {@code wasmtime_config_wasm_relaxed_simd_deterministic_set}. Threads: one
   * at a time.
   *
   * @param enable false by default
   * @return this
   */
  public EngineBuilder relaxedSimdDeterministic(boolean enable) {
    settings.relaxedSimdDeterministic = enable;
    return this;
  }

  /**
   * Sets whether Java writes the arguments of components' functions into the guest's memory, and
   * reads their results there, where that is possible and faster: for lists, records and what has
   * them. Otherwise the engine copies each value into a tree of its own values and that one into
   * the guest's memory, which takes a thousand times as long for lists of bytes. {@code
   * docs/components.md} says what decides. A component is compiled with a small module more for
   * that. With a library of your own it is never done. Threads: one at a time.
   *
   * @param enable true by default
   * @return this
   */
  public EngineBuilder directComponentCalls(boolean enable) {
    settings.directCalls = enable;
    return this;
  }

  /**
   * Sets whether every NaN that a guest computes has the same bits, for which floating-point code
   * is slower: {@code wasmtime_config_cranelift_nan_canonicalization_set}. Winch does not do it.
   * Threads: one at a time.
   *
   * @param enable false by default
   * @return this
   */
  public EngineBuilder nanCanonicalization(boolean enable) {
    settings.nanCanonicalization = enable;
    return this;
  }

  /**
   * Sets whether a module is compiled by several threads, as many as there are processors: {@code
   * wasmtime_config_parallel_compilation_set}. They are the engine's own and serve all engines;
   * where the system refuses the first of them, compiling throws an {@link EngineException}.
   * Threads: one at a time.
   *
   * @param enable true by default
   * @return this
   */
  public EngineBuilder parallelCompilation(boolean enable) {
    settings.parallelCompilation = enable;
    return this;
  }

  /**
   * Sets whether Cranelift checks its own work, for which it takes longer: {@code
   * wasmtime_config_cranelift_debug_verifier_set}. Threads: one at a time.
   *
   * @param enable false by default
   * @return this
   */
  public EngineBuilder debugVerifier(boolean enable) {
    settings.debugVerifier = enable;
    return this;
  }

  /**
   * Sets whether debuggers of the system, such as gdb, are told what source the code came from, by
   * the debug information in modules: {@code wasmtime_config_debug_info_set}. The engine reads it
   * for that, and a module whose debug information is damaged may not compile ({@link
   * CompileException}); leave this off for modules that are not trusted. Not with Winch. Threads:
   * one at a time.
   *
   * @param enable false by default
   * @return this
   */
  public EngineBuilder debugInfo(boolean enable) {
    settings.debugInfo = enable;
    return this;
  }

  /**
   * Sets whether debuggers and profilers of the system can walk a guest's stack: {@code
   * wasmtime_config_native_unwind_info_set}. Threads: one at a time.
   *
   * @param enable true by default; false is refused on Windows
   * @return this
   */
  public EngineBuilder nativeUnwindInfo(boolean enable) {
    settings.nativeUnwindInfo = enable;
    return this;
  }

  /**
   * Sets which profiler of the system is told about compiled code: {@code
   * wasmtime_config_profiler_set}. Threads: one at a time.
   *
   * @param profiler {@link ProfilingStrategy#NONE} by default
   * @return this
   */
  public EngineBuilder profiler(ProfilingStrategy profiler) {
    settings.profiler = Objects.requireNonNull(profiler);
    return this;
  }

  /**
   * Switches the engine's own cache of compiled modules on, with its default settings or those of
   * the user's configuration file for it: {@code wasmtime_config_cache_config_load} with {@code
   * NULL}. Off by default. What is in its folder is run as it is: nobody else may write there.
   * Threads: one at a time.
   *
   * @return this
   */
  public EngineBuilder engineCache() {
    settings.hasCache = true;
    settings.cacheFile = null;
    return this;
  }

  /**
   * Switches the engine's own cache of compiled modules on: {@code
   * wasmtime_config_cache_config_load}. Off by default. What is in its folder is run as it is:
   * nobody else may write there. Threads: one at a time.
   *
   * @param config its configuration, a file in the format TOML, read by {@link #build}
   * @return this
   * @throws IllegalArgumentException if the file is not in the default file system
   */
  public EngineBuilder engineCache(Path config) {
    String name = config.toString();
    if (config.getFileSystem() != FileSystems.getDefault()
        || !StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      throw new IllegalArgumentException("not in the default file system: " + config);
    }
    settings.hasCache = true;
    settings.cacheFile = name;
    return this;
  }

  /**
   * Creates the engine: {@code wasm_engine_new_with_config}. Threads: one at a time.
   *
   * @throws IllegalArgumentException if two settings do not go together
   * @throws EngineException if the configuration of the cache cannot be used, the profiler's file
   *     cannot be written, there is not enough address space for the pools, the system refuses the
   *     cache a thread, or an environment variable has a value that may end the process (macOS and
   *     Windows)
   * @throws OutOfMemoryError if the system refuses the first engine a thread of Java's
   * @throws UnsatisfiedLinkError if the native libraries cannot be loaded; the message says what to
   *     do
   */
  public Engine build() {
    NativeLibrary.engine(); // fails with a sentence, where a class initializer would not
    Shim.room(); // initializes the class now, where there is stack for it
    NativeObject.prepare();
    Outcome.prepare();
    Failures.checkReady(Runtimes.variables());
    EngineSettings stable = settings.copy(); // what is checked must be what is built
    EngineRules.check(stable, ACCESS);
    ProfilerFiles.create(stable.profiler, ACCESS);
    return new Engine(StackRoom.call(() -> EngineConfig.newEngine(stable, ACCESS)), stable);
  }
}
