package io.github.wasmtimejvm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Values of every setting, to be combined. */
public final class SettingValues {
  /** One value of one setting. */
  public record Setting(String name, String value, Consumer<EngineBuilder> apply) {
    @Override
    public String toString() {
      return name + "=" + value;
    }
  }

  private static final long MIB = 1 << 20;

  private SettingValues() {}

  public static List<Setting> all() {
    List<Setting> all = new ArrayList<>();
    for (Strategy strategy : Strategy.values()) {
      add(all, "strategy", strategy, b -> b.strategy(strategy));
    }
    add(all, "target", "pulley64", b -> b.target("pulley64"));
    add(all, "target", "host", b -> b.target(EngineBuilder.hostTarget()));
    for (OptLevel level : OptLevel.values()) {
      add(all, "optLevel", level, b -> b.optLevel(level));
    }
    add(all, "regalloc", "single", b -> b.regallocAlgorithm(RegallocAlgorithm.SINGLE_PASS));
    for (WasmFeature feature : WasmFeature.values()) {
      both(all, feature.name(), (b, on) -> b.feature(feature, on));
    }
    both(all, "gcSupport", EngineBuilder::gcSupport);
    both(all, "relaxedSimdDeterministic", EngineBuilder::relaxedSimdDeterministic);
    both(all, "signalsBasedTraps", EngineBuilder::signalsBasedTraps);
    both(all, "consumeFuel", EngineBuilder::consumeFuel);
    both(all, "interruptible", EngineBuilder::interruptible);
    both(all, "sharedMemory", EngineBuilder::sharedMemory);
    both(all, "nanCanonicalization", EngineBuilder::nanCanonicalization);
    both(all, "parallelCompilation", EngineBuilder::parallelCompilation);
    both(all, "debugVerifier", EngineBuilder::debugVerifier);
    both(all, "debugInfo", EngineBuilder::debugInfo);
    both(all, "nativeUnwindInfo", EngineBuilder::nativeUnwindInfo);
    both(all, "memoryMayMove", EngineBuilder::memoryMayMove);
    both(all, "memoryInitCow", EngineBuilder::memoryInitCow);
    for (long bytes : new long[] {1, 4096, 2 * MIB}) {
      add(all, "maxWasmStack", bytes, b -> b.maxWasmStack(bytes));
    }
    for (long bytes : new long[] {0, 1, 65535, MIB, (1L << 32) - 1, 1L << 33, 1L << 40, 1L << 46}) {
      add(all, "memoryReservation", bytes, b -> b.memoryReservation(bytes));
    }
    for (long bytes : new long[] {0, 1, 65537, 1L << 32, 1L << 46}) {
      add(all, "memoryGuardSize", bytes, b -> b.memoryGuardSize(bytes));
    }
    for (long bytes : new long[] {0, 1, 65537, 1L << 46}) {
      add(all, "reservationForGrowth", bytes, b -> b.memoryReservationForGrowth(bytes));
    }
    pools().forEach((name, pool) -> add(all, "pooling", name, b -> b.pooling(pool)));
    for (String flag :
        List.of(
            "enable_alias_analysis",
            "enable_heap_access_spectre_mitigation",
            "enable_table_access_spectre_mitigation",
            "machine_code_cfg_info",
            "regalloc_checker")) {
      both(all, flag, (b, on) -> b.craneliftFlagSet(flag, Boolean.toString(on)));
    }
    if (EngineBuilder.hostTarget().startsWith("x86_64")) {
      for (String flag :
          List.of(
              "has_sse3",
              "has_ssse3",
              "has_sse41",
              "has_sse42",
              "has_avx",
              "has_avx2",
              "has_fma",
              "has_popcnt",
              "has_lzcnt",
              "has_bmi1",
              "has_bmi2",
              "has_cmpxchg16b",
              "has_avx512vl",
              "has_avx512f",
              "has_avx512dq",
              "has_avx512vbmi",
              "has_avx512bitalg",
              "has_avx512vnni",
              "has_avx_vnni")) {
        add(all, flag, "false", b -> b.craneliftFlagSet(flag, "false"));
      }
      add(all, "has_avx512f", "true", b -> b.craneliftFlagSet("has_avx512f", "true"));
      for (String preset : List.of("baseline", "x86-64-v2", "x86-64-v3", "x86-64-v4")) {
        add(all, "cpu", preset, b -> b.craneliftFlagEnable(preset));
      }
    }
    return all;
  }

  private static Map<String, PoolingAllocation> pools() {
    Map<String, PoolingAllocation> pools = new LinkedHashMap<>();
    pools.put("default", PoolingAllocation.builder().build());
    pools.put("no memories", PoolingAllocation.builder().totalMemories(0).build());
    pools.put(
        "small",
        PoolingAllocation.builder()
            .totalMemories(3)
            .totalTables(3)
            .totalCoreInstances(3)
            .totalComponentInstances(3)
            .totalGcHeaps(3)
            .maxMemorySize(MIB)
            .maxMemoriesPerModule(2)
            .maxTablesPerModule(2)
            .tableElements(10)
            .decommitBatchSize(2)
            .build());
    pools.put(
        "nothing",
        PoolingAllocation.builder()
            .maxUnusedWarmSlots(0)
            .decommitBatchSize(0)
            .totalMemories(0)
            .totalTables(0)
            .totalCoreInstances(0)
            .totalComponentInstances(0)
            .totalGcHeaps(0)
            .maxMemorySize(0)
            .maxMemoriesPerModule(0)
            .maxTablesPerModule(0)
            .tableElements(0)
            .maxCoreInstanceSize(0)
            .maxComponentInstanceSize(0)
            .build());
    pools.put(
        "empty memories",
        PoolingAllocation.builder()
            .maxMemorySize(0)
            .decommitBatchSize(0)
            .tableElements(0)
            .maxUnusedWarmSlots(0)
            .build());
    pools.put(
        "large",
        PoolingAllocation.builder()
            .totalMemories(1_000_000)
            .totalTables(1_000_000)
            .totalCoreInstances(1_000_000)
            .totalGcHeaps(1_000_000)
            .maxMemorySize(0)
            .maxTablesPerModule(100)
            .maxMemoriesPerModule(100)
            .maxUnusedWarmSlots(Integer.MAX_VALUE)
            .decommitBatchSize(1L << 46)
            .linearMemoryKeepResident(1L << 46)
            .tableKeepResident(1L << 46)
            .maxCoreInstanceSize(1L << 46)
            .tableElements(10)
            .build());
    pools.put("enormous", PoolingAllocation.builder().tableElements(1L << 46).build());
    pools.put("larger memories", PoolingAllocation.builder().maxMemorySize(1L << 40).build());
    pools.put(
        "resident",
        PoolingAllocation.builder()
            .maxTablesPerModule(4)
            .maxMemoriesPerModule(4)
            .linearMemoryKeepResident(MIB)
            .tableKeepResident(MIB)
            .maxMemorySize(65536 * 3)
            .build());
    return pools;
  }

  private interface Switch {
    void set(EngineBuilder builder, boolean on);
  }

  private static void both(List<Setting> all, String name, Switch setter) {
    add(all, name, false, b -> setter.set(b, false));
    add(all, name, true, b -> setter.set(b, true));
  }

  private static void add(
      List<Setting> all, String name, Object value, Consumer<EngineBuilder> apply) {
    all.add(new Setting(name, String.valueOf(value), apply));
  }
}
