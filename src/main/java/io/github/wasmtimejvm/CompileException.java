package io.github.wasmtimejvm;

import java.util.List;

/**
 * A module is malformed, invalid, beyond a limit of the engine, or uses what is switched off; or it
 * is compiled already, and damaged or not for this engine.
 */
public final class CompileException extends WasmtimeException {
  private static final long serialVersionUID = 1;

  CompileException(String message) {
    super(message, List.of());
  }
}
