package io.github.wasmtimejvm.internal;

/** What belongs to the components in one store. */
public interface ComponentState {
  /** Whether a call is under way, also one whose arguments are still being read. */
  boolean isBusy();

  /** The store has been closed. */
  void storeClosed();
}
