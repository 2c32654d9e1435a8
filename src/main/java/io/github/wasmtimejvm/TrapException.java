package io.github.wasmtimejvm;

import java.util.List;

/**
 * The guest trapped: {@code wasm_trap_t} with a code in C. Its instance can be called again; what
 * state the guest left its memory in is another matter.
 */
public final class TrapException extends WasmtimeException {
  private static final long serialVersionUID = 1;

  /** The number that the engine gave. */
  private final int rawCode;

  TrapException(int rawCode, String message, List<WasmFrame> frames) {
    super(message, frames);
    this.rawCode = rawCode;
  }

  /**
   * Returns why it trapped; {@link TrapCode#UNKNOWN} for a reason newer than this library. Threads:
   * any.
   */
  public TrapCode code() {
    return TrapCode.of(rawCode);
  }

  /** Returns the engine's number for the reason: {@code wasmtime_trap_code} in C. Threads: any. */
  public int rawCode() {
    return rawCode;
  }
}
