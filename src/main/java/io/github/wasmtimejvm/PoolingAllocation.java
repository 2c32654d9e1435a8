package io.github.wasmtimejvm;

import io.github.wasmtimejvm.settings.PoolLimits;
import io.github.wasmtimejvm.settings.Ranges;

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

  private final PoolLimits limits;

  private PoolingAllocation(PoolLimits limits) {
    this.limits = limits;
  }

  /** Returns a builder, which holds the defaults. Threads: any. */
  public static Builder builder() {
    return new Builder();
  }

  /** The limits to be: setters of {@code wasmtime_pooling_allocation_config_t} in C. */
  public static final class Builder implements Cloneable {
    private final PoolLimits limits = new PoolLimits();

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
      limits.maxUnusedWarmSlots = (int) Ranges.notNegative("maxUnusedWarmSlots", count);
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
      limits.decommitBatchSize = Ranges.inRange("decommitBatchSize", count, Ranges.LARGEST_SIZE);
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
      limits.linearMemoryKeepResident =
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
      limits.tableKeepResident = Ranges.inRange("tableKeepResident", bytes, Ranges.LARGEST_SIZE);
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
      limits.totalComponentInstances =
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
      limits.maxComponentInstanceSize =
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
      limits.maxCoreInstancesPerComponent =
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
      limits.maxMemoriesPerComponent = (int) Ranges.notNegative("maxMemoriesPerComponent", count);
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
      limits.maxTablesPerComponent = (int) Ranges.notNegative("maxTablesPerComponent", count);
      return this;
    }

    /**
     * Sets how many memories there may be at a time, the heaps of {@link #totalGcHeaps} included:
     * {@code wasmtime_pooling_allocation_config_total_memories_set}. Where guests have collected
     * objects this must be the number of linear memories and that of stores together. Where guests
     * can be stopped, a store whose component has waited in WASI has one more. Address space for
     * all of them is reserved when the engine is built: for each {@link
     * EngineBuilder#memoryReservation} and {@link EngineBuilder#memoryGuardSize}, 4 TiB with the
     * defaults. Threads: one at a time.
     *
     * @param count from 0 to 1,000,000; 1000 by default
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder totalMemories(int count) {
      limits.totalMemories = (int) Ranges.inRange("totalMemories", count, LARGEST_TOTAL);
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
      limits.totalTables = (int) Ranges.inRange("totalTables", count, LARGEST_TOTAL);
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
      limits.totalCoreInstances = (int) Ranges.inRange("totalCoreInstances", count, LARGEST_TOTAL);
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
      limits.maxCoreInstanceSize =
          Ranges.inRange("maxCoreInstanceSize", bytes, Ranges.LARGEST_SIZE);
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
      limits.maxTablesPerModule =
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
      limits.tableElements = Ranges.inRange("tableElements", count, Ranges.LARGEST_SIZE);
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
      limits.maxMemoriesPerModule =
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
      limits.maxMemorySize = Ranges.inRange("maxMemorySize", bytes, Ranges.LARGEST_SIZE);
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
      limits.totalGcHeaps = (int) Ranges.inRange("totalGcHeaps", count, LARGEST_TOTAL);
      return this;
    }

    /**
     * Returns the limits. Threads: one at a time.
     *
     * @throws IllegalArgumentException if there are more heaps than memories
     */
    public PoolingAllocation build() {
      if (limits.gcHeaps() > limits.totalMemories) {
        throw new IllegalArgumentException(
            "totalGcHeaps "
                + limits.gcHeaps()
                + " and totalMemories "
                + limits.totalMemories
                + ": each heap takes the room of a memory");
      }
      return new PoolingAllocation(limits.copy());
    }
  }

  /** The limits, which nobody writes to. */
  PoolLimits limits() {
    return limits;
  }
}
