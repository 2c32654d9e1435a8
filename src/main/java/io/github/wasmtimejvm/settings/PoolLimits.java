package io.github.wasmtimejvm.settings;

import io.github.wasmtimejvm.capi.WasmtimeConfig;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The limits of pools as plain values, with the defaults. What each one means, the builder of
 * {@code PoolingAllocation} says at the method of the same name.
 *
 * <p>The fields are public, since this class has no rule to protect: the builder checks each value
 * that it writes. An engine is built from a {@link #copy}; nobody writes to a copy.
 */
public final class PoolLimits implements Cloneable {
  // As a u32 the largest number, which is what the engine means by no limit.
  private static final int UNLIMITED = -1;

  // Those of what a component waits by.
  private static final int CORE_INSTANCES_OF_WAITS = 2;

  public int maxUnusedWarmSlots = 100;
  public long decommitBatchSize = 1;
  public long linearMemoryKeepResident;
  public long tableKeepResident;
  public int totalComponentInstances = 1000;
  public long maxComponentInstanceSize = 1 << 20;
  public int maxCoreInstancesPerComponent = UNLIMITED;
  public int maxMemoriesPerComponent = UNLIMITED;
  public int maxTablesPerComponent = UNLIMITED;
  public int totalMemories = 1000;
  public int totalTables = 1000;
  public int totalCoreInstances = 1000;
  public long maxCoreInstanceSize = 1 << 20;
  public int maxTablesPerModule = 1;
  public long tableElements = 20_000;
  public int maxMemoriesPerModule = 1;
  public long maxMemorySize = 1L << 32;
  public @Nullable Integer totalGcHeaps; // null for as many as there may be

  /** Returns the same limits, which later changes of these do not change. */
  public PoolLimits copy() {
    try {
      return (PoolLimits) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  /** How many stores may have a heap for garbage-collected objects at a time. */
  public int gcHeaps() {
    return totalGcHeaps != null ? totalGcHeaps : Math.min(1000, totalMemories);
  }

  /**
   * Writes the limits into a {@code wasm_config_t}.
   *
   * @param directCalls whether each component may have an instance of ours, which no limit counts
   * @param waits whether each component may have another component of ours beside it; of all limits
   *     only that of the memories counts it
   */
  public void configure(MemorySegment config, boolean directCalls, boolean waits) {
    int perComponent = maxCoreInstancesPerComponent;
    if (perComponent != UNLIMITED) {
      perComponent =
          Math.max(perComponent + (directCalls ? 1 : 0), waits ? CORE_INSTANCES_OF_WAITS : 0);
    }
    int components = (waits ? 2 : 1) * totalComponentInstances;
    int ofAllComponents =
        ((directCalls ? 1 : 0) + (waits ? CORE_INSTANCES_OF_WAITS : 0)) * totalComponentInstances;
    MemorySegment pool = WasmtimeConfig.wasmtime_pooling_allocation_config_new();
    try {
      WasmtimeConfig.wasmtime_pooling_allocation_config_max_unused_warm_slots_set(
          pool, maxUnusedWarmSlots);
      WasmtimeConfig.wasmtime_pooling_allocation_config_decommit_batch_size_set(
          pool, decommitBatchSize);
      WasmtimeConfig.wasmtime_pooling_allocation_config_linear_memory_keep_resident_set(
          pool, linearMemoryKeepResident);
      WasmtimeConfig.wasmtime_pooling_allocation_config_table_keep_resident_set(
          pool, tableKeepResident);
      WasmtimeConfig.wasmtime_pooling_allocation_config_total_component_instances_set(
          pool, components);
      WasmtimeConfig.wasmtime_pooling_allocation_config_max_component_instance_size_set(
          pool, maxComponentInstanceSize);
      WasmtimeConfig.wasmtime_pooling_allocation_config_max_core_instances_per_component_set(
          pool, perComponent);
      WasmtimeConfig.wasmtime_pooling_allocation_config_max_memories_per_component_set(
          pool, maxMemoriesPerComponent);
      WasmtimeConfig.wasmtime_pooling_allocation_config_max_tables_per_component_set(
          pool, maxTablesPerComponent);
      WasmtimeConfig.wasmtime_pooling_allocation_config_total_memories_set(pool, totalMemories);
      WasmtimeConfig.wasmtime_pooling_allocation_config_total_tables_set(pool, totalTables);
      WasmtimeConfig.wasmtime_pooling_allocation_config_total_core_instances_set(
          pool, totalCoreInstances + ofAllComponents);
      WasmtimeConfig.wasmtime_pooling_allocation_config_max_core_instance_size_set(
          pool, maxCoreInstanceSize);
      WasmtimeConfig.wasmtime_pooling_allocation_config_max_tables_per_module_set(
          pool, maxTablesPerModule);
      WasmtimeConfig.wasmtime_pooling_allocation_config_table_elements_set(pool, tableElements);
      WasmtimeConfig.wasmtime_pooling_allocation_config_max_memories_per_module_set(
          pool, maxMemoriesPerModule);
      WasmtimeConfig.wasmtime_pooling_allocation_config_max_memory_size_set(pool, maxMemorySize);
      WasmtimeConfig.wasmtime_pooling_allocation_config_total_gc_heaps_set(pool, gcHeaps());
      // For fibers, which are never used: the default would reserve 2 GiB for them.
      WasmtimeConfig.wasmtime_pooling_allocation_config_total_stacks_set(pool, 0);
      WasmtimeConfig.wasmtime_pooling_allocation_strategy_set(config, pool);
    } finally {
      WasmtimeConfig.wasmtime_pooling_allocation_config_delete(pool);
    }
  }
}
