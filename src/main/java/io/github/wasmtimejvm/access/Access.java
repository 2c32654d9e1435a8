package io.github.wasmtimejvm.access;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.HostFunction;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the packages above the root package reach what lies behind its public objects, without any
 * method for this in the public API. The root package installs its implementation when its class
 * {@link Store} is initialized.
 */
public abstract class Access {
  private static volatile @Nullable Access installed;

  /** For the root package's implementation. */
  protected Access() {}

  /** Installs the root package's implementation. */
  public static void install(Access access) {
    installed = access;
  }

  /** Returns the root package's implementation; whoever has a store may ask. */
  public static Access get() {
    return Objects.requireNonNull(installed);
  }

  /** Returns the state behind a store. */
  public abstract StoreState state(Store store);

  /**
   * Throws the exception for an error.
   *
   * @param error a {@code wasmtime_error_t*} or {@code NULL}, taken from the caller
   */
  public abstract void check(MemorySegment error);

  /**
   * Throws an exception if the engine cannot have what it needs.
   *
   * @param refusal what {@link io.github.wasmtimejvm.internal.Runtimes} says about it
   */
  public abstract void checkReady(@Nullable String refusal);

  /**
   * Replaces functions of WASI by host functions, in instances made from now on.
   *
   * @param functions the host functions by name; for one name the same in all stores
   */
  public abstract void intercept(Store store, Map<String, HostFunction> functions);

  /**
   * Sets whether exits in a store are WebAssembly exceptions, so that the guests' handlers run.
   *
   * @throws IllegalStateException if its engine has no exceptions
   */
  public abstract void setUnwindingExit(Store store, boolean unwinding);

  /** Returns a linker with the engine's own functions of WASI, which no store intercepts. */
  public abstract Linker plainWasi(Engine engine);

  /** Whether guests of a store can be stopped from outside. */
  public abstract boolean isInterruptible(Store store);

  /**
   * Returns the object of a class that is kept with an engine until the engine is closed.
   *
   * @param engine an open engine
   * @param make makes the object, the first time
   */
  public abstract <T> T attachment(Engine engine, Class<T> type, Function<Engine, T> make);

  /**
   * Makes the exception for a guest that was stopped.
   *
   * @param reason a constant of {@link io.github.wasmtimejvm.internal.Ticker}
   */
  public abstract RuntimeException stopped(int reason);
}
