package io.github.wasmtimejvm.internal;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
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
   * Turns what a host function threw into a trap that means more to the engine than that something
   * was thrown: a WebAssembly exception, which the guest may catch.
   *
   * @return a {@code wasm_trap_t*} for the engine, 0 if there is none for it
   */
  protected abstract long trap(StoreState store, Throwable thrown);
}
