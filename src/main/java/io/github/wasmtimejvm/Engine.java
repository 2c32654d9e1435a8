package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeConfig;
import io.github.wasmtimejvm.internal.NativeObject;
import io.github.wasmtimejvm.internal.Shim;
import io.github.wasmtimejvm.internal.Ticker;
import io.github.wasmtimejvm.loader.NativeLibrary;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A compiler and its configuration, shared by everything made from it: {@code wasm_engine_t} in C.
 *
 * <p>An application needs one engine, or one per configuration. All threads may use it at once.
 * What was made from an engine lives on when it is closed.
 */
public final class Engine implements AutoCloseable {
  private final NativeObject object;
  private final long maxWasmStack;
  private final boolean memoryMayMove;
  private final boolean consumesFuel;
  private final @Nullable Ticker ticker;

  private Engine(MemorySegment engine, Builder builder) {
    this.object = new NativeObject("engine", engine, Wasm::wasm_engine_delete);
    this.consumesFuel = builder.consumeFuel;
    this.ticker = builder.interruptible ? new Ticker(engine) : null;
    this.maxWasmStack = builder.maxWasmStack;
    this.memoryMayMove = builder.memoryMayMove;
  }

  /**
   * Creates an engine with the defaults of {@link Builder}: {@code wasm_engine_new_with_config}.
   *
   * @throws UnsatisfiedLinkError if the native libraries cannot be loaded; the message says what to
   *     do
   */
  public static Engine create() {
    return builder().build();
  }

  /** Returns a builder, which holds the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** How a new engine shall be: {@code wasm_config_t} in C. */
  public static final class Builder {
    // The C API's own default. Above that the engine would want larger fiber stacks, which are
    // never used here but checked all the same.
    private static final long LARGEST_WASM_STACK = 2 * 1024 * 1024;

    private long maxWasmStack = 512 * 1024;
    private boolean memoryMayMove;
    private boolean interruptible;
    private boolean consumeFuel;

    private Builder() {}

    /**
     * Sets how much stack guests may use, including host functions and what those call: {@code
     * wasmtime_config_max_wasm_stack_set}. A guest is entered only on a thread that has this much
     * left and some for Java (256 KiB, more where JVM flags ask for it); else the call throws a
     * {@link TrapException}. Java threads have 1 MiB unless told otherwise.
     *
     * @param bytes from 1 to 2 MiB; 512 KiB by default
     * @return this
     * @throws IllegalArgumentException if the size is out of range
     */
    public Builder maxWasmStack(long bytes) {
      if (bytes <= 0 || bytes > LARGEST_WASM_STACK) {
        throw new IllegalArgumentException(
            "maxWasmStack must be from 1 to " + LARGEST_WASM_STACK + " bytes: " + bytes);
      }
      this.maxWasmStack = bytes;
      return this;
    }

    /**
     * Sets whether a memory may move when it grows: {@code wasmtime_config_memory_may_move_set}.
     * Where it may, {@link Memory#segment} is refused and {@link Memory#read} and {@link
     * Memory#write} remain. Where it may not, which is the default, it cannot grow beyond the
     * address space reserved for it: 4 GiB, the most that 32-bit addresses reach.
     *
     * @param enable false by default
     * @return this
     */
    public Builder memoryMayMove(boolean enable) {
      this.memoryMayMove = enable;
      return this;
    }

    /** Allows interruption. */
    public Builder interruptible(boolean enable) {
      this.interruptible = enable;
      return this;
    }

    /** Consumes fuel. */
    public Builder consumeFuel(boolean enable) {
      this.consumeFuel = enable;
      return this;
    }

    /**
     * Creates the engine: {@code wasm_engine_new_with_config}.
     *
     * @throws UnsatisfiedLinkError if the native libraries cannot be loaded; the message says what
     *     to do
     */
    public Engine build() {
      NativeLibrary.engine(); // fails with a sentence, where a class initializer would not
      Shim.room(); // initializes the class now, where there is stack for it
      Outcome.prepare();
      MemorySegment config = Wasm.wasm_config_new();
      WasmtimeConfig.wasmtime_config_max_wasm_stack_set(config, maxWasmStack);
      WasmtimeConfig.wasmtime_config_memory_may_move_set(config, memoryMayMove);
      WasmtimeConfig.wasmtime_config_epoch_interruption_set(config, interruptible);
      WasmtimeConfig.wasmtime_config_consume_fuel_set(config, consumeFuel);
      // No guest may start tasks: they run on stacks of their own, where an upcall ends the VM.
      WasmtimeConfig.wasmtime_config_concurrency_support_set(config, false);
      // Mach ports would take the detour for the JVM's own faults, and all engines of a process
      // must agree.
      WasmtimeConfig.wasmtime_config_macos_use_mach_ports_set(config, false);
      return new Engine(Wasm.wasm_engine_new_with_config(config), this);
    }
  }

  NativeObject object() {
    return object;
  }

  long maxWasmStack() {
    return maxWasmStack;
  }

  /**
   * Moves the clock that {@link Store#setEpochDeadline} counts in: {@code
   * wasmtime_engine_increment_epoch}. Any thread may, and guests may be running.
   *
   * @throws IllegalStateException if the engine was built without {@link
   *     EngineBuilder#interruptible}
   */
  public void incrementEpoch() {
    if (ticker == null) {
      throw new IllegalStateException("the engine was built without interruptible");
    }
    ticker.tick();
  }

  boolean consumesFuel() {
    return consumesFuel;
  }

  @Nullable Ticker ticker() {
    return ticker;
  }

  boolean memoryMayMove() {
    return memoryMayMove;
  }

  /** Throws unless {@code other} is this engine. */
  void checkSame(Engine other, String what) {
    if (other != this) {
      throw new IllegalArgumentException("the " + what + " belongs to another engine");
    }
  }

  /** Closes the engine: {@code wasm_engine_delete}. Closing it again does nothing. */
  @Override
  public void close() {
    object.close();
  }
}
