package io.github.wasmtimejvm;

import io.github.wasmtimejvm.access.Access;
import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeEngine;
import io.github.wasmtimejvm.internal.NativeObject;
import io.github.wasmtimejvm.internal.Runtimes;
import io.github.wasmtimejvm.internal.Ticker;
import io.github.wasmtimejvm.loader.NativeLibrary;
import io.github.wasmtimejvm.settings.CodeSettings;
import io.github.wasmtimejvm.settings.EngineSettings;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A compiler and its configuration, shared by everything made from it: {@code wasm_engine_t} in C.
 *
 * <pre>{@code
 * try (Engine engine = Engine.builder().maxWasmStack(256 * 1024).build()) {
 *   Module module = Module.fromFile(engine, Path.of("add.wasm"));
 * }
 * }</pre>
 *
 * <p>An application needs one engine, or one per configuration. All threads may use it at once.
 * What was made from an engine lives on when it is closed.
 */
public final class Engine implements AutoCloseable {
  static {
    Access.install(new RootAccess());
  }

  private final NativeObject object;
  private final EngineSettings settings; // nobody writes to them
  private final boolean pulley;
  private final @Nullable Ticker ticker;
  private final RecentCalls recentCalls = new RecentCalls();
  private final Map<Class<?>, Object> attachments = new HashMap<>(); // under this

  /** The settings are the engine's alone. */
  Engine(MemorySegment engine, EngineSettings settings) {
    this.object = new NativeObject("engine", engine, Wasm::wasm_engine_delete);
    this.settings = settings;
    this.ticker = settings.interruptible ? new Ticker(engine) : null;
    this.pulley = WasmtimeEngine.wasmtime_engine_is_pulley(engine);
  }

  /**
   * Creates an engine with the defaults of {@link EngineBuilder}: {@code
   * wasm_engine_new_with_config}. Threads: any.
   *
   * @throws UnsatisfiedLinkError if the native libraries cannot be loaded; the message says what to
   *     do
   */
  public static Engine create() {
    return builder().build();
  }

  /** Returns a builder, which holds the defaults. Threads: any. */
  public static EngineBuilder builder() {
    return new EngineBuilder();
  }

  /**
   * Whether it runs guests by the Pulley interpreter and does not compile them to code of the
   * processor: {@code wasmtime_engine_is_pulley}. Threads: any.
   */
  public boolean isPulley() {
    return pulley;
  }

  /**
   * Moves the clock that {@link Store#setEpochDeadline} counts in: {@code
   * wasmtime_engine_increment_epoch}. Any thread may, guests may be running, and the engine may be
   * closed: what was made from it lives on. Threads: any.
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

  NativeObject object() {
    return object;
  }

  long maxWasmStack() {
    return settings.maxWasmStack;
  }

  boolean memoryMayMove() {
    return settings.memoryMayMove;
  }

  long memoryReservation() {
    return settings.memoryReservation;
  }

  /** Its clock, {@code null} if it does not allow interruption. */
  @Nullable Ticker ticker() {
    return ticker;
  }

  boolean isInterruptible() {
    return ticker != null;
  }

  boolean consumesFuel() {
    return settings.consumeFuel;
  }

  boolean sharedMemory() {
    return settings.sharedMemory;
  }

  boolean gcSupport() {
    return settings.usesGc();
  }

  boolean isWinch() {
    return settings.isWinch();
  }

  boolean debugInfo() {
    return settings.debugInfo;
  }

  boolean hindersSpeculation() {
    return settings.hindersSpeculation();
  }

  /**
   * Whether components' functions are called directly where that is possible. It depends on what
   * the engine's handles consist of, and so on the very library that is packaged.
   */
  boolean callsDirectly() {
    return settings.directCalls && NativeLibrary.isPackaged();
  }

  /** The settings that its compiled code depends on. */
  String codeSettings() {
    return CodeSettings.of(settings);
  }

  /** Throws if it compiles, and validates, by several threads and can have none. */
  void checkCompiler() {
    if (settings.parallelCompilation) {
      Failures.checkReady(Runtimes.compiler());
    }
  }

  /** Throws unless it has a heap for guests' objects: what needs one would end the process. */
  void requireGc() {
    if (!settings.usesGc()) {
      throw new IllegalStateException("the engine was built without gcSupport");
    }
  }

  /** The generated code that calls to its functions used last. */
  RecentCalls recentCalls() {
    return recentCalls;
  }

  /** See {@link Access#attachment}. */
  synchronized <T> T attachment(Class<T> type, Function<Engine, T> make) {
    object.checkOpen();
    Object known = attachments.get(type);
    if (known == null) {
      known = make.apply(this);
      attachments.put(type, known);
    }
    return type.cast(known);
  }

  /** Throws unless {@code other} is this engine. */
  void checkSame(Engine other, String what) {
    if (other != this) {
      throw new IllegalArgumentException("the " + what + " belongs to another engine");
    }
  }

  /** Whether something new can be made from it. */
  boolean isOpen() {
    return object.isOpen();
  }

  /** Closes the engine: {@code wasm_engine_delete}. Closing it again does nothing. Threads: any. */
  @Override
  public void close() {
    object.close();
    synchronized (this) {
      attachments.clear();
    }
    recentCalls.clear();
  }
}
