package io.github.wasmtimejvm;

import java.util.List;

/** An error of the engine that is no trap, no exit and nothing of the host's. */
public final class EngineException extends WasmtimeException {
  private static final long serialVersionUID = 1;

  EngineException(String message, List<WasmFrame> frames) {
    super(message, frames);
  }
}
