package io.github.wasmtimejvm.settings;

import io.github.wasmtimejvm.OptLevel;
import io.github.wasmtimejvm.ProfilingStrategy;
import io.github.wasmtimejvm.RegallocAlgorithm;
import io.github.wasmtimejvm.Strategy;
import io.github.wasmtimejvm.WasmFeature;
import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeConfig;
import io.github.wasmtimejvm.internal.Runtimes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Writes settings into a {@code wasm_config_t}, and makes an engine of that. */
public final class EngineConfig {
  private EngineConfig() {}

  /**
   * Returns a new {@code wasm_engine_t}.
   *
   * @param settings settings that {@link EngineRules} has passed
   * @param access knows the functions of proposals and makes the exceptions
   * @throws RuntimeException an {@code EngineException} if the configuration of the cache cannot be
   *     used, or the system refuses the thread that it needs
   */
  public static MemorySegment newEngine(EngineSettings settings, SettingsAccess access) {
    MemorySegment config = Wasm.wasm_config_new();
    boolean complete = false;
    try (Arena arena = Arena.ofConfined()) {
      compiler(config, settings, access, arena);
      guests(config, settings, access);
      memories(config, settings);
      cache(config, settings, access, arena);
      // No guest may start tasks: they run on stacks of their own, where an upcall ends the VM.
      WasmtimeConfig.wasmtime_config_concurrency_support_set(config, false);
      // Mach ports would take the detour for the JVM's own faults, and all engines of a process
      // must agree.
      WasmtimeConfig.wasmtime_config_macos_use_mach_ports_set(config, false);
      complete = true; // the engine takes it
      return Wasm.wasm_engine_new_with_config(config);
    } finally {
      if (!complete) {
        Wasm.wasm_config_delete(config);
      }
    }
  }

  private static void compiler(
      MemorySegment config, EngineSettings settings, SettingsAccess access, Arena arena) {
    WasmtimeConfig.wasmtime_config_strategy_set(config, constant(settings.strategy));
    if (settings.target != null) {
      access.check(
          WasmtimeConfig.wasmtime_config_target_set(config, arena.allocateFrom(settings.target)));
    }
    WasmtimeConfig.wasmtime_config_cranelift_opt_level_set(config, constant(settings.optLevel));
    WasmtimeConfig.wasmtime_config_cranelift_regalloc_algorithm_set(
        config, constant(settings.regallocAlgorithm));
    WasmtimeConfig.wasmtime_config_cranelift_nan_canonicalization_set(
        config, settings.nanCanonicalization);
    WasmtimeConfig.wasmtime_config_cranelift_debug_verifier_set(config, settings.debugVerifier);
    for (String flag : settings.enabledFlags) {
      WasmtimeConfig.wasmtime_config_cranelift_flag_enable(config, arena.allocateFrom(flag));
    }
    settings.flags.forEach(
        (flag, value) ->
            WasmtimeConfig.wasmtime_config_cranelift_flag_set(
                config, arena.allocateFrom(flag), arena.allocateFrom(value)));
    WasmtimeConfig.wasmtime_config_parallel_compilation_set(config, settings.parallelCompilation);
    WasmtimeConfig.wasmtime_config_debug_info_set(config, settings.debugInfo);
    WasmtimeConfig.wasmtime_config_native_unwind_info_set(config, settings.nativeUnwindInfo);
    WasmtimeConfig.wasmtime_config_profiler_set(config, constant(settings.profiler));
  }

  private static byte constant(Strategy strategy) {
    return switch (strategy) {
      case AUTO -> WasmtimeConfig.WASMTIME_STRATEGY_AUTO;
      case CRANELIFT -> WasmtimeConfig.WASMTIME_STRATEGY_CRANELIFT;
      case WINCH -> WasmtimeConfig.WASMTIME_STRATEGY_WINCH;
    };
  }

  private static byte constant(OptLevel level) {
    return switch (level) {
      case NONE -> WasmtimeConfig.WASMTIME_OPT_LEVEL_NONE;
      case SPEED -> WasmtimeConfig.WASMTIME_OPT_LEVEL_SPEED;
      case SPEED_AND_SIZE -> WasmtimeConfig.WASMTIME_OPT_LEVEL_SPEED_AND_SIZE;
    };
  }

  private static byte constant(RegallocAlgorithm algorithm) {
    return switch (algorithm) {
      case BACKTRACKING -> WasmtimeConfig.WASMTIME_REGALLOC_BACKTRACKING;
      case SINGLE_PASS -> WasmtimeConfig.WASMTIME_REGALLOC_SINGLE_PASS;
    };
  }

  private static byte constant(ProfilingStrategy profiler) {
    return switch (profiler) {
      case NONE -> WasmtimeConfig.WASMTIME_PROFILING_STRATEGY_NONE;
      case JITDUMP -> WasmtimeConfig.WASMTIME_PROFILING_STRATEGY_JITDUMP;
      case VTUNE -> WasmtimeConfig.WASMTIME_PROFILING_STRATEGY_VTUNE;
      case PERFMAP -> WasmtimeConfig.WASMTIME_PROFILING_STRATEGY_PERFMAP;
    };
  }

  private static void guests(MemorySegment config, EngineSettings settings, SettingsAccess access) {
    WasmtimeConfig.wasmtime_config_gc_support_set(config, settings.usesGc());
    for (WasmFeature feature : WasmFeature.values()) {
      access.set(config, feature, settings.has(feature));
    }
    WasmtimeConfig.wasmtime_config_wasm_relaxed_simd_deterministic_set(
        config, settings.relaxedSimdDeterministic);
    WasmtimeConfig.wasmtime_config_signals_based_traps_set(config, settings.usesSignals());
    WasmtimeConfig.wasmtime_config_max_wasm_stack_set(config, settings.maxWasmStack);
    WasmtimeConfig.wasmtime_config_consume_fuel_set(config, settings.consumeFuel);
    WasmtimeConfig.wasmtime_config_epoch_interruption_set(config, settings.interruptible);
    WasmtimeConfig.wasmtime_config_shared_memory_set(config, settings.sharedMemory);
  }

  private static void memories(MemorySegment config, EngineSettings settings) {
    WasmtimeConfig.wasmtime_config_memory_may_move_set(config, settings.memoryMayMove);
    WasmtimeConfig.wasmtime_config_memory_reservation_set(config, settings.memoryReservation);
    WasmtimeConfig.wasmtime_config_memory_guard_size_set(config, settings.memoryGuardSize());
    WasmtimeConfig.wasmtime_config_memory_reservation_for_growth_set(
        config, settings.memoryReservationForGrowth);
    WasmtimeConfig.wasmtime_config_memory_init_cow_set(config, settings.memoryInitCow);
    if (settings.pooling != null) {
      settings.pooling.configure(
          config, settings.directCalls, settings.interruptible && !settings.isPulley());
    }
  }

  private static void cache(
      MemorySegment config, EngineSettings settings, SettingsAccess access, Arena arena) {
    if (settings.hasCache) {
      MemorySegment file =
          settings.cacheFile == null ? MemorySegment.NULL : arena.allocateFrom(settings.cacheFile);
      MemorySegment error = Runtimes.loadCache(config, file);
      if (error == null) {
        throw access.refused(Runtimes.noCacheThread());
      }
      access.check(error);
    }
  }
}
