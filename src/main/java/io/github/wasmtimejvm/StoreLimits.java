package io.github.wasmtimejvm;

/**
 * Limits for the guests of a store: {@code wasmtime_store_limiter} in C. Growing beyond one fails
 * in the guest as WebAssembly says; instantiating beyond one is an {@link EngineException}, and an
 * object for which the heap has no room a {@link GcHeapOutOfMemoryException}. Shared memories are
 * not counted.
 *
 * @param memoryBytes bytes that each memory and the heap of collected objects may have, -1 without
 *     limit
 * @param tableElements elements that each table may have, -1 without limit
 * @param instances instances that there may be, -1 for 10000
 * @param tables tables that there may be, -1 for 10000
 * @param memories memories that there may be, -1 for 10000
 */
public record StoreLimits(
    long memoryBytes, long tableElements, long instances, long tables, long memories) {
  /** No limits but the engine's own. */
  public static final StoreLimits NONE = new StoreLimits(-1, -1, -1, -1, -1);

  /**
   * Creates limits. Threads: any.
   *
   * @throws IllegalArgumentException if one is below -1
   */
  public StoreLimits {
    if (Math.min(
            Math.min(memoryBytes, tableElements), Math.min(instances, Math.min(tables, memories)))
        < -1) {
      throw new IllegalArgumentException("a limit is -1 or not negative");
    }
  }

  /**
   * Returns these limits with another one for each memory and the heap. Threads: any.
   *
   * @param bytes at least 0; -1 without limit
   * @throws IllegalArgumentException if it is below -1
   */
  public StoreLimits withMemoryBytes(long bytes) {
    return new StoreLimits(bytes, tableElements, instances, tables, memories);
  }

  /**
   * Returns these limits with another one for each table. Threads: any.
   *
   * @param elements at least 0; -1 without limit
   * @throws IllegalArgumentException if it is below -1
   */
  public StoreLimits withTableElements(long elements) {
    return new StoreLimits(memoryBytes, elements, instances, tables, memories);
  }

  /**
   * Returns these limits with another number of instances. Threads: any.
   *
   * @param count at least 0; -1 for 10,000
   * @throws IllegalArgumentException if it is below -1
   */
  public StoreLimits withInstances(long count) {
    return new StoreLimits(memoryBytes, tableElements, count, tables, memories);
  }

  /**
   * Returns these limits with another number of tables. Threads: any.
   *
   * @param count at least 0; -1 for 10,000
   * @throws IllegalArgumentException if it is below -1
   */
  public StoreLimits withTables(long count) {
    return new StoreLimits(memoryBytes, tableElements, instances, count, memories);
  }

  /**
   * Returns these limits with another number of memories. Threads: any.
   *
   * @param count at least 0; -1 for 10,000
   * @throws IllegalArgumentException if it is below -1
   */
  public StoreLimits withMemories(long count) {
    return new StoreLimits(memoryBytes, tableElements, instances, tables, count);
  }
}
