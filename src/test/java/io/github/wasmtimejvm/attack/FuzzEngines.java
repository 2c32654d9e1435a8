package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.EngineBuilder;
import io.github.wasmtimejvm.OptLevel;
import io.github.wasmtimejvm.PoolingAllocation;
import io.github.wasmtimejvm.RegallocAlgorithm;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.StoreLimits;
import io.github.wasmtimejvm.Strategy;
import io.github.wasmtimejvm.WasmFeature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/** Engines of many settings, on all of which every guest ends. */
final class FuzzEngines {
  /**
   * An engine's settings.
   *
   * @param canonical whether a guest's NaNs have the bits that they have on other such engines
   * @param fuel whether it counts fuel; else its guests have a deadline
   */
  record Setup(
      String name, UnaryOperator<EngineBuilder> settings, boolean canonical, boolean fuel) {
    @Override
    public String toString() {
      return name + (fuel ? ", fuel" : "");
    }
  }

  private static final long MEMORY = 16 << 20;
  private static final long ELEMENTS = 10_000;
  private static final StoreLimits LIMITS = new StoreLimits(MEMORY, ELEMENTS, 20, 20, 20);
  private static final long FUEL = 1_000_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private static final List<Setup> ALL = new ArrayList<>();

  static {
    add("plain", b -> b);
    add("unoptimized", b -> b.optLevel(OptLevel.NONE));
    add("optimized for size", b -> b.optLevel(OptLevel.SPEED_AND_SIZE));
    add("single-pass registers", b -> b.regallocAlgorithm(RegallocAlgorithm.SINGLE_PASS));
    add("Pulley", b -> b.target("pulley64"));
    add("any processor", b -> b.target(EngineBuilder.hostTarget()));
    add("without signals", b -> b.signalsBasedTraps(false));
    add("moving memories", b -> b.memoryMayMove(true).memoryReservation(0));
    add("small reservations", b -> b.memoryMayMove(true).memoryReservation(1 << 20));
    add("without guards", b -> b.memoryGuardSize(0));
    add("copied memories", b -> b.memoryInitCow(false));
    add("one thread", b -> b.parallelCompilation(false).debugVerifier(true));
    add("debug information", b -> b.debugInfo(true));
    add("pool", b -> b.pooling(pool()));
    add(
        "without objects",
        b -> without(b, WasmFeature.GC, WasmFeature.EXCEPTIONS).gcSupport(false));
    add("without vectors", b -> without(b, WasmFeature.RELAXED_SIMD, WasmFeature.SIMD));
    add("without tail calls", b -> without(b, WasmFeature.TAIL_CALL));
    add("without exceptions", b -> without(b, WasmFeature.EXCEPTIONS));
    add("without 64-bit memories", b -> without(b, WasmFeature.MEMORY64));
    add("with one memory", b -> without(b, WasmFeature.COMPONENT_MODEL, WasmFeature.MULTI_MEMORY));
    add("without references", b -> without(b, WasmFeature.FUNCTION_REFERENCES, WasmFeature.GC));
    add(
        "with all that is off",
        b ->
            b.feature(WasmFeature.CUSTOM_PAGE_SIZES, true)
                .feature(WasmFeature.COMPACT_IMPORTS, true)
                .feature(WasmFeature.BRANCH_HINTING, true));
    add(
        "without mitigation",
        b -> b.craneliftFlagSet("enable_heap_access_spectre_mitigation", "false"));
    for (boolean fuel : List.of(false, true)) {
      ALL.add(new Setup("Winch", b -> b.strategy(Strategy.WINCH), false, fuel));
      ALL.add(new Setup("any NaN", b -> b, false, fuel));
    }
  }

  private final Map<Setup, Engine> engines = new HashMap<>();

  private static void add(String name, UnaryOperator<EngineBuilder> settings) {
    UnaryOperator<EngineBuilder> canonical =
        b -> settings.apply(b).nanCanonicalization(true).relaxedSimdDeterministic(true);
    ALL.add(new Setup(name, canonical, true, true));
    ALL.add(new Setup(name, canonical, true, false));
  }

  private static EngineBuilder without(EngineBuilder builder, WasmFeature... features) {
    for (WasmFeature feature : features) {
      builder.feature(feature, false);
    }
    return builder;
  }

  private static PoolingAllocation pool() {
    return PoolingAllocation.builder()
        .totalMemories(20)
        .totalTables(20)
        .totalCoreInstances(20)
        .totalGcHeaps(20)
        .maxMemoriesPerModule(10)
        .maxTablesPerModule(10)
        .tableElements(ELEMENTS)
        .maxMemorySize(MEMORY)
        .build();
  }

  /** The one that most modules can be compared with. */
  static Setup first() {
    return ALL.getFirst();
  }

  static Setup any(Random random) {
    return ALL.get(random.nextInt(ALL.size()));
  }

  /** One that computes what {@link #first} does, to the last bit. */
  static Setup anyCanonical(Random random) {
    List<Setup> canonical = ALL.stream().filter(Setup::canonical).toList();
    return canonical.get(random.nextInt(canonical.size()));
  }

  /** The engine of a setup; there is one, which is never closed. */
  Engine engine(Setup setup) {
    return engines.computeIfAbsent(
        setup,
        _ -> {
          EngineBuilder builder = setup.settings().apply(Engine.builder());
          if (SmallStack.BY_DEFAULT) {
            builder.maxWasmStack(SmallStack.BYTES);
          }
          return builder.consumeFuel(setup.fuel()).interruptible(!setup.fuel()).build();
        });
  }

  /** Makes a store that bounds what its guests take. */
  Store store(Setup setup) {
    Store store = Store.create(engine(setup));
    store.limit(LIMITS);
    if (setup.fuel()) {
      store.setFuel(FUEL);
    } else {
      store.setTimeout(TIMEOUT);
    }
    return store;
  }
}
