package io.github.wasmtimejvm;

import java.util.List;

/**
 * The heap of garbage-collected objects is full: what the guest or the host wanted to put there
 * finds no room, by {@link StoreLimits#memoryBytes} or in the address space of the heap, also after
 * collecting. The C API has no code for it.
 *
 * <p>The instance can be called again; objects that the guest no longer refers to are collected
 * then. Where the guest's functions have names of more characters than the engine can print safely,
 * a guest's full heap is a plain {@link EngineException}.
 */
public final class GcHeapOutOfMemoryException extends EngineException {
  private static final long serialVersionUID = 1;

  // What the engine's error says of itself, and what comes before the last of its causes.
  private static final String REASON = "GC heap out of memory";
  private static final String CAUSE = "\nCaused by:\n";

  GcHeapOutOfMemoryException(String message, List<WasmFrame> frames) {
    super(message, frames);
  }

  /**
   * Whether a message of the engine is about this. Its cause is the last, behind all names of the
   * guest's, which could say anything.
   */
  static boolean isMeant(String message) {
    int at = message.lastIndexOf(CAUSE);
    String reason = at < 0 ? message : message.substring(at + CAUSE.length()).stripLeading();
    return reason.startsWith(REASON);
  }
}
