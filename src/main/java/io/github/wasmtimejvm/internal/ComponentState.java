package io.github.wasmtimejvm.internal;

/** What belongs to the components in one store. */
public interface ComponentState {
  /** The store has been closed. */
  void storeClosed();
}
