package io.github.wasmtimejvm;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A frame of a guest: {@code wasm_frame_t} in C.
 *
 * @param moduleName the module's name from its name section, {@code null} if it has none
 * @param functionName the function's name as it stands in the module, {@code null} if it has none
 * @param functionIndex the function's index in the module, imports counted first
 * @param functionOffset offset of the instruction in the function, in bytes
 * @param moduleOffset offset of the instruction in the module, in bytes
 */
public record WasmFrame(
    @Nullable String moduleName,
    @Nullable String functionName,
    int functionIndex,
    OptionalLong functionOffset,
    OptionalLong moduleOffset) {

  StackTraceElement toStackTraceElement() {
    return new StackTraceElement(
        moduleName == null ? "wasm" : moduleName,
        functionName == null ? "function[" + functionIndex + "]" : functionName,
        null,
        -1);
  }

  /** Returns the frame as Wasmtime writes it, for example {@code 0x3a - program!main}. */
  @Override
  public String toString() {
    return (moduleOffset.isPresent() ? "0x" + Long.toHexString(moduleOffset.getAsLong()) : "?")
        + " - "
        + (moduleName == null ? "<unknown>" : moduleName)
        + "!"
        + (functionName == null ? "<wasm function " + functionIndex + ">" : functionName);
  }
}
