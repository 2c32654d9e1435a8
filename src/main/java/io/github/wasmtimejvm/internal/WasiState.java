package io.github.wasmtimejvm.internal;

import org.jspecify.annotations.Nullable;

/** What belongs to a WASI configuration in one store. */
public interface WasiState {
  /**
   * Returns why a component that imports WASI cannot have this configuration, {@code null} if it
   * can.
   *
   * @param http whether the component imports the engine's {@code wasi:http}, too
   */
  @Nullable String refusalOfComponent(boolean http);

  /** Whether a component that reads or writes one of its streams may wait for somebody else. */
  boolean streamsMayWait();

  /** Ends it, when its store has been closed or has got another one. */
  void end();
}
