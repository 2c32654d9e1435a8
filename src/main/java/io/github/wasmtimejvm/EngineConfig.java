package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeConfig;
import io.github.wasmtimejvm.internal.Runtimes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Writes the settings of a builder into a {@code wasm_config_t}, and makes an engine of it. */
final class EngineConfig {
  private EngineConfig() {}

  /**
   * Returns a new {@code wasm_engine_t}.
   *
   * @param builder settings that {@link EngineRules} has passed
   * @throws EngineException if the configuration of the cache cannot be used, or the system refuses
   *     the thread that it needs
   */
  static MemorySegment newEngine(EngineBuilder builder) {
    MemorySegment config = Wasm.wasm_config_new();
    boolean complete = false;
    try (Arena arena = Arena.ofConfined()) {
      compiler(config, builder, arena);
      guests(config, builder);
      memories(config, builder);
      cache(config, builder, arena);
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

  private static void compiler(MemorySegment config, EngineBuilder builder, Arena arena) {
    WasmtimeConfig.wasmtime_config_strategy_set(config, builder.strategy.constant());
    if (builder.target != null) {
      Failures.check(
          WasmtimeConfig.wasmtime_config_target_set(config, arena.allocateFrom(builder.target)));
    }
    WasmtimeConfig.wasmtime_config_cranelift_opt_level_set(config, builder.optLevel.constant());
    WasmtimeConfig.wasmtime_config_cranelift_regalloc_algorithm_set(
        config, builder.regallocAlgorithm.constant());
    WasmtimeConfig.wasmtime_config_cranelift_nan_canonicalization_set(
        config, builder.nanCanonicalization);
    WasmtimeConfig.wasmtime_config_cranelift_debug_verifier_set(config, builder.debugVerifier);
    for (String flag : builder.enabledFlags) {
      WasmtimeConfig.wasmtime_config_cranelift_flag_enable(config, arena.allocateFrom(flag));
    }
    builder.flags.forEach(
        (flag, value) ->
            WasmtimeConfig.wasmtime_config_cranelift_flag_set(
                config, arena.allocateFrom(flag), arena.allocateFrom(value)));
    WasmtimeConfig.wasmtime_config_parallel_compilation_set(config, builder.parallelCompilation);
    WasmtimeConfig.wasmtime_config_debug_info_set(config, builder.debugInfo);
    WasmtimeConfig.wasmtime_config_native_unwind_info_set(config, builder.nativeUnwindInfo);
    WasmtimeConfig.wasmtime_config_profiler_set(config, builder.profiler.constant());
  }

  private static void guests(MemorySegment config, EngineBuilder builder) {
    WasmtimeConfig.wasmtime_config_gc_support_set(config, builder.usesGc());
    for (WasmFeature feature : WasmFeature.values()) {
      feature.set(config, builder.has(feature));
    }
    WasmtimeConfig.wasmtime_config_wasm_relaxed_simd_deterministic_set(
        config, builder.relaxedSimdDeterministic);
    WasmtimeConfig.wasmtime_config_signals_based_traps_set(config, builder.usesSignals());
    WasmtimeConfig.wasmtime_config_max_wasm_stack_set(config, builder.maxWasmStack);
    WasmtimeConfig.wasmtime_config_consume_fuel_set(config, builder.consumeFuel);
    WasmtimeConfig.wasmtime_config_epoch_interruption_set(config, builder.interruptible);
    WasmtimeConfig.wasmtime_config_shared_memory_set(config, builder.sharedMemory);
  }

  private static void memories(MemorySegment config, EngineBuilder builder) {
    WasmtimeConfig.wasmtime_config_memory_may_move_set(config, builder.memoryMayMove);
    WasmtimeConfig.wasmtime_config_memory_reservation_set(config, builder.memoryReservation);
    WasmtimeConfig.wasmtime_config_memory_guard_size_set(config, builder.memoryGuardSize());
    WasmtimeConfig.wasmtime_config_memory_reservation_for_growth_set(
        config, builder.memoryReservationForGrowth);
    WasmtimeConfig.wasmtime_config_memory_init_cow_set(config, builder.memoryInitCow);
    if (builder.pooling != null) {
      builder.pooling.configure(config);
    }
  }

  private static void cache(MemorySegment config, EngineBuilder builder, Arena arena) {
    if (builder.hasCache) {
      MemorySegment file =
          builder.cacheFile == null ? MemorySegment.NULL : arena.allocateFrom(builder.cacheFile);
      MemorySegment error = Runtimes.loadCache(config, file);
      if (error == null) {
        throw new EngineException(Runtimes.noCacheThread(), List.of());
      }
      Failures.check(error);
    }
  }
}
