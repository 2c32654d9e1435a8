package io.github.wasmtimejvm;

import java.util.List;

/** The guest threw a WebAssembly exception that neither it nor a host function caught. */
public final class GuestException extends WasmtimeException {
  private static final long serialVersionUID = 1;

  GuestException(List<WasmFrame> frames) {
    super("uncaught WebAssembly exception", frames);
  }
}
