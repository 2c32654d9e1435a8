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

  /** Which streams of a component may keep it waiting for somebody else. */
  enum Waiting {
    /** None: they are files, or bytes in memory. */
    NOWHERE,
    /** Those that it reads. */
    READING,
    /** All. */
    ANYWHERE
  }

  /** Returns which streams may keep a component waiting. */
  Waiting waiting();

  /** Ends it, when its store has been closed or has got another one. */
  void end();
}
