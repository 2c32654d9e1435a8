package io.github.wasmtimejvm;

import java.util.List;

/**
 * An error of the engine that is no trap, no exit and nothing of the host's: a limit or a pool that
 * leaves no room for an instance, something that the system refuses, or a component whose results
 * or handles break the rules. A full heap of collected objects is a {@link
 * GcHeapOutOfMemoryException}.
 */
public sealed class EngineException extends WasmtimeException permits GcHeapOutOfMemoryException {
  private static final long serialVersionUID = 1;

  EngineException(String message, List<WasmFrame> frames) {
    super(message, frames);
  }

  /** Makes the exception for an error of which the engine says this. */
  static EngineException of(String message, List<WasmFrame> frames) {
    return GcHeapOutOfMemoryException.isMeant(message)
        ? new GcHeapOutOfMemoryException(message, frames)
        : new EngineException(message, frames);
  }
}
