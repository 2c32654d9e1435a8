package io.github.wasmtimejvm;

import java.util.List;

/**
 * The guest was stopped from outside: its time was up, or its thread was interrupted. Only engines
 * with {@link EngineBuilder#interruptible} stop guests. Its instance can be called again; what
 * state the guest left its memory in is another matter.
 */
public final class StoppedException extends WasmtimeException {
  private static final long serialVersionUID = 1;

  /** Why a guest was stopped. */
  public enum Reason {
    /** The time that it had was up. */
    TIMEOUT("the guest's time was up"),
    /** The thread that ran it was interrupted. Its interrupt status stays set. */
    INTERRUPT("the guest's thread was interrupted");

    private final String message;

    Reason(String message) {
      this.message = message;
    }
  }

  /** Why it was stopped. */
  private final Reason reason;

  StoppedException(Reason reason, List<WasmFrame> frames) {
    super(reason.message, frames);
    this.reason = reason;
  }

  /** Returns why the guest was stopped. Threads: any. */
  public Reason reason() {
    return reason;
  }
}
