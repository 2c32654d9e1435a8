package io.github.wasmtimejvm;

import io.github.wasmtimejvm.settings.Ranges;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Settings of an engine and its stores for guests that nobody trusts: how much memory all that a
 * guest holds may take, how long a call may last, and no more of WebAssembly than that needs.
 *
 * <pre>{@code
 * UntrustedGuests limits =
 *     UntrustedGuests.builder().memory(64 << 20).timePerCall(Duration.ofSeconds(1)).build();
 * try (Engine engine = limits.engineBuilder().build();
 *     Module module = Module.fromBytes(engine, bytes);
 *     Store store = Store.create(engine)) {
 *   limits.applyTo(store);
 *   Instance instance = Instance.create(store, module);
 * }
 * }</pre>
 *
 * <p>A store is for one guest. Its memory is divided: a sixteenth is for tables, the rest is for
 * the linear memories, mostly one for each instance, and, where there is one, for the heap of
 * collected objects. The heap is counted three times here: the collector's own lists can grow to
 * 1.4 times the heap, and a heap doubles when it grows, so it may stop at half of its limit.
 *
 * <p>Not limited are what compiling a module takes, what instances take besides, and what host
 * functions do for a guest; {@code docs/untrusted-guests.md} says how to bound them. What a WASI
 * program may do is its {@code WasiConfig}'s, nothing by default.
 */
public final class UntrustedGuests {
  private static final long PAGE = 64 * 1024;

  /** Tables that there may be for each instance. */
  private static final int TABLES = 4;

  // Bytes of an element, 8 of a function, 4 of an object: with what a table leaves unused behind it
  // as it grows. Each of an object's is also in the collector's list of roots.
  private static final long FUNCTION_ELEMENT = 3 * 8;
  private static final long OBJECT_ELEMENT = 3 * 4 + 2 * 16;

  // A reference takes 4 bytes of the stack at least, and 16 of the list of roots, which grows by
  // doubling.
  private static final long ROOTS_OF_STACK = 2 * 16 / 4;

  private static final int HEAP_COUNTS = 3;

  private final Duration timePerCall;
  private final @Nullable Long fuel;
  private final long maxWasmStack;
  private final boolean gc;
  private final boolean components;
  private final StoreLimits limits;

  private UntrustedGuests(Builder builder) {
    this.timePerCall = builder.timePerCall;
    this.fuel = builder.fuel;
    this.maxWasmStack = builder.maxWasmStack;
    this.gc = builder.gc;
    this.components = builder.components;
    this.limits = divide(builder);
  }

  private static StoreLimits divide(Builder builder) {
    int memories = builder.memories == 0 ? builder.instances : builder.memories;
    int tables = TABLES * builder.instances;
    long forTables = builder.memory / 16;
    long element = builder.gc ? Math.max(FUNCTION_ELEMENT, OBJECT_ELEMENT) : FUNCTION_ELEMENT;
    long rest = builder.memory - forTables;
    long each =
        builder.gc
            ? (rest - ROOTS_OF_STACK * builder.maxWasmStack) / (memories + HEAP_COUNTS)
            : rest / memories;
    if (each < PAGE) {
      throw new IllegalArgumentException(
          "memory "
              + builder.memory
              + ": too little for a page each of "
              + memories
              + (memories == 1 ? " linear memory" : " linear memories")
              + (builder.gc ? " and a heap, with a stack of " + builder.maxWasmStack : ""));
    }
    return new StoreLimits(
        each / PAGE * PAGE, forTables / tables / element, builder.instances, tables, memories);
  }

  /** Returns a builder, which holds the defaults. Threads: any. */
  public static Builder builder() {
    return new Builder();
  }

  /** What untrusted guests are to have. */
  public static final class Builder {
    private long memory = 64 << 20;
    private Duration timePerCall = Duration.ofSeconds(1);
    private @Nullable Long fuel;
    private long maxWasmStack = 512 * 1024;
    private boolean gc;
    private boolean components;
    private int instances = 1;
    private int memories; // 0: one for each instance

    private Builder() {}

    /**
     * Sets how much memory all that a store's guest holds may take: linear memories, tables, and
     * collected objects with the collector's lists. Threads: one at a time.
     *
     * @param bytes from 0 to 2<sup>46</sup>, and enough for a page of 64 KiB for each linear memory
     *     and the heap; 64 MiB by default
     * @return this
     * @throws IllegalArgumentException if it is out of range; {@link #build} if it is not enough
     */
    public Builder memory(long bytes) {
      this.memory = Ranges.inRange("memory", bytes, Ranges.LARGEST_SIZE);
      return this;
    }

    /**
     * Sets how long each call into the guest may take, as {@link Store#setTimeout} says. {@link
     * Store#within} bounds several calls together. Threads: one at a time.
     *
     * @param time not negative; a second by default
     * @return this
     * @throws IllegalArgumentException if it is negative
     */
    public Builder timePerCall(Duration time) {
      if (time.isNegative()) {
        throw new IllegalArgumentException("negative time: " + time);
      }
      this.timePerCall = time;
      return this;
    }

    /**
     * Sets how much fuel the guest of a store has, for all calls, as {@link Store#setFuel} says. It
     * ends a guest at the same place in every run, and makes all of them slower. Threads: one at a
     * time.
     *
     * @param fuel not negative: about one unit an instruction, and for operations on many bytes or
     *     elements one for each; without this setting guests need none
     * @return this
     * @throws IllegalArgumentException if it is negative
     */
    public Builder fuel(long fuel) {
      this.fuel = Ranges.notNegative("fuel", fuel);
      return this;
    }

    /**
     * Sets how much stack guests may use, as {@link EngineBuilder#maxWasmStack} says. It is the
     * calling thread's and no part of {@link #memory}. Threads: one at a time.
     *
     * @param bytes from 1 to 2,097,152 (2 MiB); 524,288 (512 KiB) by default
     * @return this
     * @throws IllegalArgumentException if the size is out of range
     */
    public Builder maxWasmStack(long bytes) {
      Engine.builder().maxWasmStack(bytes); // which knows the range
      this.maxWasmStack = bytes;
      return this;
    }

    /**
     * Sets whether there are collected objects: {@code externref}, {@link WasmFeature#GC}, {@link
     * WasmFeature#EXCEPTIONS} and {@link WasmFeature#REFERENCE_TYPES} other than to functions. The
     * heap for them takes most of {@link #memory}. Threads: one at a time.
     *
     * @param enable false by default: a module that uses them is refused with a {@link
     *     CompileException}
     * @return this
     */
    public Builder gc(boolean enable) {
      this.gc = enable;
      return this;
    }

    /**
     * Sets whether guests may be components. A component has several instances, which {@link
     * #instances} must allow: mostly 2 to 4, if it is of Python 14. All of them share one memory as
     * a rule: {@code memories(1)}. A component that waits in WASI, for a time or for input, is
     * stopped when it has waited only ({@code docs/untrusted-guests.md}). Threads: one at a time.
     *
     * @param enable false by default: a component is refused with a {@link CompileException}
     * @return this
     */
    public Builder components(boolean enable) {
      this.components = enable;
      return this;
    }

    /**
     * Sets how many instances a store may have. Each may have one linear memory, unless {@link
     * #memories} says otherwise. Threads: one at a time.
     *
     * @param count from 1 to 10,000; 1 by default
     * @return this
     * @throws IllegalArgumentException if it is below 1 or more than 10000
     */
    public Builder instances(int count) {
      this.instances = inRange("instances", count);
      return this;
    }

    /**
     * Sets how many linear memories a store may have; all of them are equally large. Threads: one
     * at a time.
     *
     * @param count from 1 to 10,000; as many as instances by default
     * @return this
     * @throws IllegalArgumentException if it is below 1 or more than 10000
     */
    public Builder memories(int count) {
      this.memories = inRange("memories", count);
      return this;
    }

    private static int inRange(String name, int count) {
      if (count < 1 || count > 10_000) {
        throw new IllegalArgumentException(name + " must be from 1 to 10000: " + count);
      }
      return count;
    }

    /**
     * Returns the settings. Threads: one at a time.
     *
     * @throws IllegalArgumentException if the memory is too little for a page each
     */
    public UntrustedGuests build() {
      return new UntrustedGuests(this);
    }
  }

  /**
   * Returns a builder for an engine whose stores these settings can be applied to. It is
   * interruptible; {@link WasmFeature#THREADS} and {@link WasmFeature#MEMORY64} are off, and so are
   * collected objects, fuel and {@link WasmFeature#COMPONENT_MODEL} unless they were asked for.
   * {@link WasmFeature#MULTI_MEMORY} is on with components only, which need it. Components are not
   * called directly. Threads: any.
   */
  public EngineBuilder engineBuilder() {
    return Engine.builder()
        .interruptible(true)
        .consumeFuel(fuel != null)
        .maxWasmStack(maxWasmStack)
        .gcSupport(gc)
        .feature(WasmFeature.THREADS, false)
        .feature(WasmFeature.MULTI_MEMORY, components)
        .feature(WasmFeature.MEMORY64, false)
        .feature(WasmFeature.COMPONENT_MODEL, components)
        .directComponentCalls(false); // until it has been attacked as long as the rest
  }

  /**
   * Limits a new store's guest, in place of limits that it has: {@code wasmtime_store_limiter},
   * {@code wasmtime_context_set_fuel}. Threads: the store's.
   *
   * @param store a store without instances yet
   * @throws IllegalArgumentException if its engine
   *     <ul>
   *       <li>cannot stop guests, or cannot count fuel where these settings limit fuel,
   *       <li>has memories or a heap that these settings do not bound,
   *       <li>compiles by {@link Strategy#WINCH}, whose code is stopped at loops and calls only and
   *           runs on through any number of bulk operations,
   *       <li>was built without the mitigations of side channels that engines have by default,
   *       <li>or reads the debug information of modules.
   *     </ul>
   *
   * @throws IllegalStateException if they count fuel and an {@link EpochCallback} runs
   */
  public void applyTo(Store store) {
    Engine engine = Objects.requireNonNull(store, "store").engine();
    refuse(engine.ticker() == null, "is not interruptible");
    refuse(fuel != null && !engine.consumesFuel(), "does not count fuel");
    refuse(engine.sharedMemory(), "has shared memories");
    refuse(engine.gcSupport() && !gc, "has collected objects");
    refuse(engine.maxWasmStack() > maxWasmStack, "has a larger stack");
    refuse(engine.isWinch(), "compiles by Winch, whose code cannot be stopped everywhere");
    refuse(!engine.hindersSpeculation(), "is without mitigations of side channels");
    refuse(engine.debugInfo(), "reads the debug information of modules");
    if (fuel != null) {
      store.setFuel(fuel); // first, as it may be refused where the others are not
    }
    store.limit(limits);
    store.setTimeout(timePerCall);
  }

  private static void refuse(boolean clash, String what) {
    if (clash) {
      throw new IllegalArgumentException("the store's engine " + what);
    }
  }

  /** Returns what the memory is divided into. Threads: any. */
  public StoreLimits storeLimits() {
    return limits;
  }
}
