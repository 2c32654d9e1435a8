package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeError;
import io.github.wasmtimejvm.internal.NativeVector;
import io.github.wasmtimejvm.internal.Printable;
import io.github.wasmtimejvm.internal.StackRoom;
import io.github.wasmtimejvm.settings.MissingFeature;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a call of the C API failed with, if the call ran no guest: turns its {@code
 * wasmtime_error_t} into an exception, and deletes the error. This needs no store.
 */
final class Failures {
  // What the engine says when it finds no address space, mostly for a memory.
  private static final String NO_ADDRESS_SPACE = "mmap failed to reserve";

  // What the engine says of the file in memory that keeps the content of a module's memories.
  private static final String NO_MEMORY_FILE = "cannot create a memfd";
  private static final String MEMORY_FILE_TOO_LARGE = "File too large";

  private Failures() {}

  /**
   * Throws a {@link CompileException} if there is an error.
   *
   * @param error a {@code wasmtime_error_t*} or {@code NULL}, taken from the caller
   */
  static void checkCompile(MemorySegment error) {
    if (error.address() != 0) {
      throw new CompileException(takeMessage(error));
    }
  }

  /**
   * Throws a {@link LinkException} about a clash if there is an error.
   *
   * @param error a {@code wasmtime_error_t*} or {@code NULL}, taken from the caller
   */
  static void checkLink(MemorySegment error) {
    if (error.address() != 0) {
      throw new LinkException(takeMessage(error), List.of());
    }
  }

  /**
   * Throws an {@link EngineException} if there is an error.
   *
   * @param error a {@code wasmtime_error_t*} or {@code NULL}, taken from the caller
   */
  static void check(MemorySegment error) {
    check(error, "");
  }

  /**
   * Throws an {@link EngineException} if there is an error.
   *
   * @param error a {@code wasmtime_error_t*} or {@code NULL}, taken from the caller
   * @param hint what to add to its message
   */
  static void check(MemorySegment error, String hint) {
    if (error.address() != 0) {
      throw EngineException.of(takeMessage(error) + hint, List.of());
    }
  }

  /**
   * Throws an {@link EngineException} if the engine cannot have what it needs.
   *
   * @param refusal what {@link io.github.wasmtimejvm.internal.Runtimes} says about it
   */
  static void checkReady(@Nullable String refusal) {
    if (refusal != null) {
      throw new EngineException(refusal, List.of());
    }
  }

  /** Returns the message of an error and deletes it. */
  static String takeMessage(MemorySegment error) {
    try {
      return message(error);
    } finally {
      WasmtimeError.wasmtime_error_delete(error);
    }
  }

  /**
   * Returns the engine's message for an error, which the caller still owns. If the error has
   * frames, the engine demangles their names for the message, which takes room on the stack.
   */
  static String message(MemorySegment error) {
    return StackRoom.call(() -> withHint(Printable.message(readMessage(error))));
  }

  private static String withHint(String message) {
    if (message.startsWith(NO_ADDRESS_SPACE)) {
      return message.stripTrailing()
          + "\n"
          + "Each memory of a guest reserves 4 GiB of address space by default: raise the limit"
          + " of the process (ulimit -v), or set a smaller EngineBuilder.memoryReservation.";
    }
    // Only at the beginning of the message, where there is no name of a guest.
    if (message.startsWith(NO_MEMORY_FILE) || message.startsWith(MEMORY_FILE_TOO_LARGE)) {
      return message.stripTrailing()
          + "\n"
          + "The content of a module's memories is kept in a file in memory by default: raise the"
          + " limits of the process on files (ulimit -n, ulimit -f), or set"
          + " EngineBuilder.memoryInitCow(false).";
    }
    String advice = MissingFeature.advice(message);
    return advice == null ? message : message.stripTrailing() + "\n" + advice;
  }

  private static String readMessage(MemorySegment error) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment message = arena.allocate(NativeVector.SIZEOF, 8);
      WasmtimeError.wasmtime_error_message(error, message);
      try {
        return NativeVector.text(message);
      } finally {
        Wasm.wasm_byte_vec_delete(message);
      }
    }
  }
}
