package io.github.wasmtimejvm;

import java.util.List;

/** A module is malformed, invalid, beyond a limit of the engine, or uses what is switched off. */
public final class CompileException extends WasmtimeException {
  private static final long serialVersionUID = 1;

  CompileException(String message) {
    super(message, List.of());
  }
}
