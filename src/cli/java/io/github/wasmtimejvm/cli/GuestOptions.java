package io.github.wasmtimejvm.cli;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.EngineBuilder;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.OptLevel;
import io.github.wasmtimejvm.RegallocAlgorithm;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.StoreLimits;
import io.github.wasmtimejvm.Strategy;
import io.github.wasmtimejvm.WasmFeature;
import io.github.wasmtimejvm.component.ComponentLinker;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a module is compiled and run: what of the official tool's {@code -O}, {@code -C}, {@code -D}
 * and {@code -W} the library can do. Of a setting that is given twice the last one counts.
 */
final class GuestOptions {
  // What the official tool has; those that we have are handled before.
  private static final String OFFICIAL_OPTIMIZE =
      """
      gc-heap-may-move gc-heap-reservation gc-heap-reservation-for-growth gc-heap-guard-size
      gc-heap-initial-size guard-before-linear-memory table-lazy-init pooling-allocator
      pooling-decommit-batch-size pooling-memory-keep-resident pooling-table-keep-resident
      pooling-memory-protection-keys pooling-max-memory-protection-keys
      memory-guaranteed-dense-image-size pooling-total-core-instances
      pooling-total-component-instances pooling-total-memories pooling-total-tables
      pooling-total-stacks pooling-max-memory-size pooling-table-elements
      pooling-max-core-instance-size pooling-max-unused-warm-slots
      pooling-async-stack-keep-resident pooling-max-component-instance-size
      pooling-max-core-instances-per-component pooling-max-memories-per-component
      pooling-max-tables-per-component pooling-max-tables-per-module
      pooling-max-memories-per-module pooling-total-gc-heaps dynamic-memory-guard-size
      static-memory-guard-size static-memory-forced static-memory-maximum-size
      dynamic-memory-reserved-for-growth pooling-pagemap-scan gc-zeal-alloc-counter
      """;
  private static final String OFFICIAL_CODEGEN =
      """
      cache cache-config collector inlining metadata-for-internal-asserts metadata-for-gc-heap-corruption
      unsafe-intrinsics compile-time-builtin
      """;
  private static final String OFFICIAL_DEBUG =
      """
      guest-debug address-map logging log-to-files coredump debugger arg inherit-stdin
      inherit-stdout inherit-stderr max-backtrace symbols
      """;
  private static final String OFFICIAL_WASM =
      """
      async-stack-size async-stack-zeroing unknown-exports-allow wmemcheck trap-on-grow-failure
      all-proposals shared-everything-threads component-model-async
      component-model-more-async-builtins component-model-async-stackful
      component-model-threading component-model-error-context component-model-gc
      component-model-memory64 stack-switching extended-const
      component-model-fixed-length-lists concurrency-support
      """;

  private static final Set<String> OFFICIAL_WASM_NAMES =
      Set.of(OFFICIAL_WASM.strip().split("\\s+"));

  private static final String CRANELIFT = "cranelift-";

  private final EngineBuilder engine = Engine.builder();
  private final Map<WasmFeature, Boolean> features = new EnumMap<>(WasmFeature.class);
  private StoreLimits limits = StoreLimits.NONE;
  private long wasmStack;
  private boolean interruptible;
  private boolean unknownImportsTrap;
  private boolean unknownImportsDefault;
  private @Nullable Long fuel;
  private @Nullable Duration timeout;

  /**
   * Takes the value of one of the options.
   *
   * @throws UsageException if nobody takes it
   */
  void set(String option, String value) throws UsageException {
    for (Setting setting : Setting.parse(option, value)) {
      try {
        switch (option) {
          case "-O", "--optimize" -> optimize(setting);
          case "-C", "--codegen" -> codegen(setting);
          case "-D", "--debug" -> debug(setting);
          default -> wasm(setting);
        }
      } catch (IllegalArgumentException e) {
        throw setting.refused(e);
      }
    }
  }

  private void optimize(Setting setting) throws UsageException {
    switch (setting.name()) {
      case "opt-level" ->
          engine.optLevel(
              setting.oneOf(
                  Map.of(
                      "0", OptLevel.NONE,
                      "1", OptLevel.SPEED,
                      "2", OptLevel.SPEED,
                      "s", OptLevel.SPEED_AND_SIZE)));
      case "regalloc-algorithm" ->
          engine.regallocAlgorithm(
              setting.oneOf(
                  Map.of(
                      "backtracking", RegallocAlgorithm.BACKTRACKING,
                      "single-pass", RegallocAlgorithm.SINGLE_PASS)));
      case "memory-may-move" -> engine.memoryMayMove(setting.flag());
      case "memory-reservation" -> engine.memoryReservation(setting.size());
      case "memory-reservation-for-growth" -> engine.memoryReservationForGrowth(setting.size());
      case "memory-guard-size" -> engine.memoryGuardSize(setting.size());
      case "memory-init-cow" -> engine.memoryInitCow(setting.flag());
      case "signals-based-traps" -> engine.signalsBasedTraps(setting.flag());
      default -> throw setting.refusal(OFFICIAL_OPTIMIZE);
    }
  }

  private void codegen(Setting setting) throws UsageException {
    switch (setting.name()) {
      case "compiler" ->
          engine.strategy(
              setting.oneOf(Map.of("cranelift", Strategy.CRANELIFT, "winch", Strategy.WINCH)));
      case "cranelift-debug-verifier" -> engine.debugVerifier(setting.flag());
      case "parallel-compilation" -> engine.parallelCompilation(setting.flag());
      case "native-unwind-info" -> engine.nativeUnwindInfo(setting.flag());
      // These flags of the compiler are settings of the library.
      case "cranelift-opt_level" ->
          engine.optLevel(
              setting.oneOf(
                  Map.of(
                      "none", OptLevel.NONE,
                      "speed", OptLevel.SPEED,
                      "speed_and_size", OptLevel.SPEED_AND_SIZE)));
      case "cranelift-regalloc_algorithm" ->
          engine.regallocAlgorithm(
              setting.oneOf(
                  Map.of(
                      "backtracking", RegallocAlgorithm.BACKTRACKING,
                      "single_pass", RegallocAlgorithm.SINGLE_PASS)));
      case "cranelift-enable_verifier" -> engine.debugVerifier(setting.flag());
      case "cranelift-enable_nan_canonicalization" -> engine.nanCanonicalization(setting.flag());
      case "cranelift-unwind_info" -> engine.nativeUnwindInfo(setting.flag());
      default -> {
        if (!setting.name().startsWith(CRANELIFT)) {
          throw setting.refusal(OFFICIAL_CODEGEN);
        }
        String flag = setting.name().substring(CRANELIFT.length());
        if (setting.text() == null) {
          engine.craneliftFlagEnable(flag);
        } else {
          engine.craneliftFlagSet(flag, setting.text());
        }
      }
    }
  }

  private void debug(Setting setting) throws UsageException {
    if (!setting.name().equals("debug-info")) {
      throw setting.refusal(OFFICIAL_DEBUG);
    }
    engine.debugInfo(setting.flag());
  }

  private void wasm(Setting setting) throws UsageException {
    switch (setting.name()) {
      case "timeout" -> timeout = setting.time();
      case "fuel" -> fuel = setting.number();
      case "epoch-interruption" -> interruptible = setting.flag();
      case "max-memory-size" -> limits = limits.withMemoryBytes(setting.size());
      case "max-table-elements" -> limits = limits.withTableElements(setting.size());
      case "max-instances" -> limits = limits.withInstances(setting.size());
      case "max-tables" -> limits = limits.withTables(setting.size());
      case "max-memories" -> limits = limits.withMemories(setting.size());
      case "max-wasm-stack" -> {
        wasmStack = setting.size();
        engine.maxWasmStack(wasmStack);
      }
      case "unknown-imports-trap" -> unknownImportsTrap = setting.flag();
      case "unknown-imports-default" -> unknownImportsDefault = setting.flag();
      case "nan-canonicalization" -> engine.nanCanonicalization(setting.flag());
      case "relaxed-simd-deterministic" -> engine.relaxedSimdDeterministic(setting.flag());
      case "shared-memory" -> engine.sharedMemory(setting.flag());
      case "gc-support" -> engine.gcSupport(setting.flag());
      default -> {
        WasmFeature feature =
            feature(setting.name()).orElseThrow(() -> setting.refusal(OFFICIAL_WASM));
        features.put(feature, setting.flag());
      }
    }
  }

  /** The proposal that has this name. */
  private static Optional<WasmFeature> feature(String name) {
    return OFFICIAL_WASM_NAMES.contains(name)
        ? Optional.empty()
        : Arrays.stream(WasmFeature.values())
            .filter(feature -> name.equals(SettingNames.optionName(feature)))
            .findFirst();
  }

  /**
   * Creates the engine.
   *
   * @throws UsageException if two settings do not go together
   */
  Engine engine() throws UsageException {
    engine.consumeFuel(fuel != null).interruptible(interruptible || timeout != null);
    // Components need these two; a module that must do without them needs no components.
    if (isOff(WasmFeature.MULTI_MEMORY) || isOff(WasmFeature.MULTI_VALUE)) {
      features.putIfAbsent(WasmFeature.COMPONENT_MODEL, false);
    }
    features.forEach(engine::feature);
    try {
      return engine.build();
    } catch (IllegalArgumentException e) {
      throw new UsageException(SettingNames.inRefusal(String.valueOf(e.getMessage())));
    }
  }

  private boolean isOff(WasmFeature feature) {
    return Boolean.FALSE.equals(features.get(feature));
  }

  /** The stack that a thread needs for the guest and for what Java does around it; 0 for any. */
  long stackSize() {
    return wasmStack == 0 ? 0 : wasmStack + (1 << 20);
  }

  /** The time that the program has, {@code null} for ever. */
  @Nullable Duration timeout() {
    return timeout;
  }

  void applyTo(Store store) {
    store.limit(limits);
    if (fuel != null) {
      store.setFuel(fuel);
    }
  }

  /** Defines what is missing, once all else is defined. */
  void applyTo(Linker linker, Store store, Module module) {
    if (unknownImportsTrap) {
      linker.defineUnknownImportsAsTraps(module);
    }
    if (unknownImportsDefault) {
      linker.defineUnknownImportsAsDefaults(store, module);
    }
  }

  /**
   * Says that what is missing traps, where that was asked for.
   *
   * @throws UsageException if it was to be zeros
   */
  void applyTo(ComponentLinker linker) throws UsageException {
    if (unknownImportsDefault) {
      throw new UsageException("-W unknown-imports-default is for modules, not for components");
    }
    if (unknownImportsTrap) {
      linker.trapUnknownImports();
    }
  }
}
