package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.WasmtimeConfig;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Limits of an engine that sets the memory of all its instances aside when it is built: {@code
 * wasmtime_pooling_allocation_config_t} in C.
 *
 * <p>Instances are then made and deleted faster, and there cannot be more of them than there is
 * room for: what finds no room is an {@link EngineException}, a module beyond the limits a {@link
 * CompileException}.
 *
 * <pre>{@code
 * PoolingAllocation pool =
 *     PoolingAllocation.builder().totalMemories(100).maxMemorySize(64 << 20).build();
 * Engine engine = Engine.builder().memoryReservation(64 << 20).pooling(pool).build();
 * }</pre>
 *
 * <p>The pool of stacks for asynchronous calls is empty: nothing here makes such calls.
 */
public final class PoolingAllocation {
  private static final int LARGEST_TOTAL = 1_000_000;

  // The engine counts up to it each time that a module is deleted.
  private static final int LARGEST_PER_MODULE = 100;

  // As a u32 the largest number, which is what the engine means by no limit.
  private static final int UNLIMITED = -1;

  private final Builder limits;

  private PoolingAllocation(Builder builder) {
    this.limits = builder.copy();
  }

  /** Returns a builder, which holds the defaults. Threads: any. */
  public static Builder builder() {
    return new Builder();
  }

  /** The limits to be: setters of {@code wasmtime_pooling_allocation_config_t} in C. */
  public static final class Builder implements Cloneable {
    private int maxUnusedWarmSlots = 100;
    private long decommitBatchSize = 1;
    private long linearMemoryKeepResident = 0;
    private long tableKeepResident = 0;
    private int totalComponentInstances = 1000;
    private long maxComponentInstanceSize = 1 << 20;
    private int maxCoreInstancesPerComponent = UNLIMITED;
    private int maxMemoriesPerComponent = UNLIMITED;
    private int maxTablesPerComponent = UNLIMITED;
    private int totalMemories = 1000;
    private int totalTables = 1000;
    private int totalCoreInstances = 1000;
    private long maxCoreInstanceSize = 1 << 20;
    private int maxTablesPerModule = 1;
    private long tableElements = 20_000;
    private int maxMemoriesPerModule = 1;
    private long maxMemorySize = 1L << 32;
    private @Nullable Integer totalGcHeaps;

    private Builder() {}

    /**
     * Sets how many freed memories are kept mapped, to be used again by instances of the same
     * module: {@code wasmtime_pooling_allocation_config_max_unused_warm_slots_set}. Threads: one at
     * a time.
     *
     * @param count not negative; 100 by default
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder maxUnusedWarmSlots(int count) {
      this.maxUnusedWarmSlots = (int) Ranges.notNegative("maxUnusedWarmSlots", count);
      return this;
    }

    /**
     * Sets how many freed memories and tables are given back to the system at once: {@code
     * wasmtime_pooling_allocation_config_decommit_batch_size_set}. A larger batch takes fewer calls
     * of the system and keeps them longer. Threads: one at a time.
     *
     * @param count from 0 to 2<sup>46</sup>; 1 by default
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder decommitBatchSize(long count) {
      this.decommitBatchSize = Ranges.inRange("decommitBatchSize", count, Ranges.LARGEST_SIZE);
      return this;
    }

    /**
     * Sets how many bytes of a freed memory are cleared rather than given back to the system; on
     * Linux: {@code wasmtime_pooling_allocation_config_linear_memory_keep_resident_set}. Threads:
     * one at a time.
     *
     * @param bytes from 0 to 2<sup>46</sup>; 0 by default
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder linearMemoryKeepResident(long bytes) {
      this.linearMemoryKeepResident =
          Ranges.inRange("linearMemoryKeepResident", bytes, Ranges.LARGEST_SIZE);
      return this;
    }

    /**
     * Sets how many bytes of a freed table are cleared rather than given back to the system; on
     * Linux: {@code wasmtime_pooling_allocation_config_table_keep_resident_set}. Threads: one at a
     * time.
     *
     * @param bytes from 0 to 2<sup>46</sup>; 0 by default
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder tableKeepResident(long bytes) {
      this.tableKeepResident = Ranges.inRange("tableKeepResident", bytes, Ranges.LARGEST_SIZE);
      return this;
    }

    /**
     * Sets how many component instances there may be at a time: {@code
     * wasmtime_pooling_allocation_config_total_component_instances_set}. Threads: one at a time.
     *
     * @param count from 0 to 1,000,000; 1000 by default
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder totalComponentInstances(int count) {
      this.totalComponentInstances =
          (int) Ranges.inRange("totalComponentInstances", count, LARGEST_TOTAL);
      return this;
    }

    /**
     * Sets how many bytes the engine's own data about a component instance and the instances in it
     * may have: {@code wasmtime_pooling_allocation_config_max_component_instance_size_set}.
     * Threads: one at a time.
     *
     * @param bytes from 0 to 2<sup>46</sup>; 1 MiB by default
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder maxComponentInstanceSize(long bytes) {
      this.maxComponentInstanceSize =
          Ranges.inRange("maxComponentInstanceSize", bytes, Ranges.LARGEST_SIZE);
      return this;
    }

    /**
     * Sets how many instances of modules a component may have in it: {@code
     * wasmtime_pooling_allocation_config_max_core_instances_per_component_set}. Threads: one at a
     * time.
     *
     * @param count not negative; no limit by default
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder maxCoreInstancesPerComponent(int count) {
      this.maxCoreInstancesPerComponent =
          (int) Ranges.notNegative("maxCoreInstancesPerComponent", count);
      return this;
    }

    /**
     * Sets how many memories a component may have in it: {@code
     * wasmtime_pooling_allocation_config_max_memories_per_component_set}. Threads: one at a time.
     *
     * @param count not negative; no limit by default
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder maxMemoriesPerComponent(int count) {
      this.maxMemoriesPerComponent = (int) Ranges.notNegative("maxMemoriesPerComponent", count);
      return this;
    }

    /**
     * Sets how many tables a component may have in it: {@code
     * wasmtime_pooling_allocation_config_max_tables_per_component_set}. Threads: one at a time.
     *
     * @param count not negative; no limit by default
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder maxTablesPerComponent(int count) {
      this.maxTablesPerComponent = (int) Ranges.notNegative("maxTablesPerComponent", count);
      return this;
    }

    /**
     * Sets how many memories there may be at a time, the heaps of {@link #totalGcHeaps} included:
     * {@code wasmtime_pooling_allocation_config_total_memories_set}. Where guests have collected
     * objects this must be the number of linear memories and that of stores together. Address space
     * for all of them is reserved when the engine is built: for each {@link
     * EngineBuilder#memoryReservation} and {@link EngineBuilder#memoryGuardSize}, 4 TiB with the
     * defaults. Threads: one at a time.
     *
     * @param count from 0 to 1,000,000; 1000 by default
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder totalMemories(int count) {
      this.totalMemories = (int) Ranges.inRange("totalMemories", count, LARGEST_TOTAL);
      return this;
    }

    /**
     * Sets how many tables there may be at a time: {@code
     * wasmtime_pooling_allocation_config_total_tables_set}. Address space for all of them is
     * reserved when the engine is built. Threads: one at a time.
     *
     * @param count from 0 to 1,000,000; 1000 by default
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder totalTables(int count) {
      this.totalTables = (int) Ranges.inRange("totalTables", count, LARGEST_TOTAL);
      return this;
    }

    /**
     * Sets how many instances of modules there may be at a time: {@code
     * wasmtime_pooling_allocation_config_total_core_instances_set}. Threads: one at a time.
     *
     * @param count from 0 to 1,000,000; 1000 by default
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder totalCoreInstances(int count) {
      this.totalCoreInstances = (int) Ranges.inRange("totalCoreInstances", count, LARGEST_TOTAL);
      return this;
    }

    /**
     * Sets how many bytes the engine's own data about an instance may have: {@code
     * wasmtime_pooling_allocation_config_max_core_instance_size_set}. Threads: one at a time.
     *
     * @param bytes from 0 to 2<sup>46</sup>; 1 MiB by default
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder maxCoreInstanceSize(long bytes) {
      this.maxCoreInstanceSize = Ranges.inRange("maxCoreInstanceSize", bytes, Ranges.LARGEST_SIZE);
      return this;
    }

    /**
     * Sets how many tables a module may define: {@code
     * wasmtime_pooling_allocation_config_max_tables_per_module_set}. Threads: one at a time.
     *
     * @param count from 0 to 100, which no module exceeds; 1 by default
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder maxTablesPerModule(int count) {
      this.maxTablesPerModule =
          (int) Ranges.inRange("maxTablesPerModule", count, LARGEST_PER_MODULE);
      return this;
    }

    /**
     * Sets how many elements a table may have: {@code
     * wasmtime_pooling_allocation_config_table_elements_set}. Threads: one at a time.
     *
     * @param count from 0 to 2<sup>46</sup>; 20,000 by default
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder tableElements(long count) {
      this.tableElements = Ranges.inRange("tableElements", count, Ranges.LARGEST_SIZE);
      return this;
    }

    /**
     * Sets how many memories a module may define: {@code
     * wasmtime_pooling_allocation_config_max_memories_per_module_set}. Threads: one at a time.
     *
     * @param count from 0 to 100, which no module exceeds; 1 by default
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder maxMemoriesPerModule(int count) {
      this.maxMemoriesPerModule =
          (int) Ranges.inRange("maxMemoriesPerModule", count, LARGEST_PER_MODULE);
      return this;
    }

    /**
     * Sets how many bytes a memory may grow to; at most {@link EngineBuilder#memoryReservation}:
     * {@code wasmtime_pooling_allocation_config_max_memory_size_set}. Threads: one at a time.
     *
     * @param bytes from 0 to 2<sup>46</sup>; 4 GiB by default
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder maxMemorySize(long bytes) {
      this.maxMemorySize = Ranges.inRange("maxMemorySize", bytes, Ranges.LARGEST_SIZE);
      return this;
    }

    /**
     * Sets how many stores may have a heap for garbage-collected objects at a time: {@code
     * wasmtime_pooling_allocation_config_total_gc_heaps_set}. A store has one from its first
     * instance that uses such objects, or the first of them that the host makes, until it is
     * closed. Each heap takes the room of one of {@link #totalMemories}. Threads: one at a time.
     *
     * @param count from 0 to 1,000,000, and not more than {@link #totalMemories}; by default 1000,
     *     or {@link #totalMemories} if that is less
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder totalGcHeaps(int count) {
      this.totalGcHeaps = (int) Ranges.inRange("totalGcHeaps", count, LARGEST_TOTAL);
      return this;
    }

    /**
     * Returns the limits. Threads: one at a time.
     *
     * @throws IllegalArgumentException if there are more heaps than memories
     */
    public PoolingAllocation build() {
      if (gcHeaps() > totalMemories) {
        throw new IllegalArgumentException(
            "totalGcHeaps "
                + gcHeaps()
                + " and totalMemories "
                + totalMemories
                + ": each heap takes the room of a memory");
      }
      return new PoolingAllocation(this);
    }

    private int gcHeaps() {
      return totalGcHeaps != null ? totalGcHeaps : Math.min(1000, totalMemories);
    }

    private Builder copy() {
      try {
        return (Builder) clone();
      } catch (CloneNotSupportedException e) {
        throw new AssertionError(e);
      }
    }
  }

  long maxMemorySize() {
    return limits.maxMemorySize;
  }

  int totalMemories() {
    return limits.totalMemories;
  }

  int totalTables() {
    return limits.totalTables;
  }

  long tableElements() {
    return limits.tableElements;
  }

  /** Writes the limits into a {@code wasm_config_t}. */
  void configure(MemorySegment config) {
    MemorySegment pool = WasmtimeConfig.wasmtime_pooling_allocation_config_new();
    try {
      WasmtimeConfig.wasmtime_pooling_allocation_config_max_unused_warm_slots_set(
          pool, limits.maxUnusedWarmSlots);
      WasmtimeConfig.wasmtime_pooling_allocation_config_decommit_batch_size_set(
          pool, limits.decommitBatchSize);
      WasmtimeConfig.wasmtime_pooling_allocation_config_linear_memory_keep_resident_set(
          pool, limits.linearMemoryKeepResident);
      WasmtimeConfig.wasmtime_pooling_allocation_config_table_keep_resident_set(
          pool, limits.tableKeepResident);
      WasmtimeConfig.wasmtime_pooling_allocation_config_total_component_instances_set(
          pool, limits.totalComponentInstances);
      WasmtimeConfig.wasmtime_pooling_allocation_config_max_component_instance_size_set(
          pool, limits.maxComponentInstanceSize);
      WasmtimeConfig.wasmtime_pooling_allocation_config_max_core_instances_per_component_set(
          pool, limits.maxCoreInstancesPerComponent);
      WasmtimeConfig.wasmtime_pooling_allocation_config_max_memories_per_component_set(
          pool, limits.maxMemoriesPerComponent);
      WasmtimeConfig.wasmtime_pooling_allocation_config_max_tables_per_component_set(
          pool, limits.maxTablesPerComponent);
      WasmtimeConfig.wasmtime_pooling_allocation_config_total_memories_set(
          pool, limits.totalMemories);
      WasmtimeConfig.wasmtime_pooling_allocation_config_total_tables_set(pool, limits.totalTables);
      WasmtimeConfig.wasmtime_pooling_allocation_config_total_core_instances_set(
          pool, limits.totalCoreInstances);
      WasmtimeConfig.wasmtime_pooling_allocation_config_max_core_instance_size_set(
          pool, limits.maxCoreInstanceSize);
      WasmtimeConfig.wasmtime_pooling_allocation_config_max_tables_per_module_set(
          pool, limits.maxTablesPerModule);
      WasmtimeConfig.wasmtime_pooling_allocation_config_table_elements_set(
          pool, limits.tableElements);
      WasmtimeConfig.wasmtime_pooling_allocation_config_max_memories_per_module_set(
          pool, limits.maxMemoriesPerModule);
      WasmtimeConfig.wasmtime_pooling_allocation_config_max_memory_size_set(
          pool, limits.maxMemorySize);
      WasmtimeConfig.wasmtime_pooling_allocation_config_total_gc_heaps_set(pool, limits.gcHeaps());
      // For fibers, which are never used: the default would reserve 2 GiB for them.
      WasmtimeConfig.wasmtime_pooling_allocation_config_total_stacks_set(pool, 0);
      WasmtimeConfig.wasmtime_pooling_allocation_strategy_set(config, pool);
    } finally {
      WasmtimeConfig.wasmtime_pooling_allocation_config_delete(pool);
    }
  }
}
