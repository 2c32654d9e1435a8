package io.github.wasmtimejvm.internal;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How the packages above the root package reach what stands behind its public objects, without
 * anything for it in the public API. The root package installs itself when its {@code Store} class
 * is initialized.
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

  /** Returns the state behind a {@code Store}. */
  public abstract StoreState state(Object store);

  /**
   * Throws the exception for an error.
   *
   * @param error a {@code wasmtime_error_t*} or {@code NULL}, taken from the caller
   */
  public abstract void check(MemorySegment error);

  /**
   * Throws an exception if the engine cannot have what it needs.
   *
   * @param refusal what {@link Runtimes} says about it
   */
  public abstract void checkReady(@Nullable String refusal);

  /**
   * Puts host functions in front of the engine's functions of WASI, for instances made from now on.
   *
   * @param store a {@code Store}
   * @param functions a {@code HostFunction} for each name; of one name the same for all stores
   */
  public abstract void setInFront(Object store, Map<String, ?> functions);

  /**
   * Sets whether exits in the store are WebAssembly exceptions, so that the guest's handlers run.
   *
   * @param store a {@code Store}
   * @throws IllegalStateException if its engine has no exceptions
   */
  public abstract void setUnwindingExit(Object store, boolean unwinding);

  /** Returns a {@code Linker} with the functions of WASI, in front of which nothing will stand. */
  public abstract Object plainWasi(Object engine);

  /** Whether guests of a {@code Store} can be stopped from outside. */
  public abstract boolean isInterruptible(Object store);

  /**
   * Returns what is kept with an {@code Engine}, which is open, until it is closed.
   *
   * @param make makes it, the first time
   */
  public abstract Object attachment(Object engine, Supplier<?> make);

  /** Makes the exception for a guest that was stopped for a reason of {@link Ticker}. */
  public abstract RuntimeException stopped(int reason);

  /**
   * Turns what a host function threw into a trap that means more to the engine than that something
   * was thrown: a WebAssembly exception, which the guest may catch.
   *
   * @return a {@code wasm_trap_t*} for the engine, 0 if there is none for it
   */
  protected abstract long trap(StoreState store, Throwable thrown);
}
