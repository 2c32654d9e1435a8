package io.github.wasmtimejvm.internal;

/** What belongs to a WASI configuration in one store. */
public interface WasiState {
  /** Ends it, when its store has been closed or has got another one. */
  void end();
}
