package io.github.wasmtimejvm;

import io.github.wasmtimejvm.internal.Printable;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A frame of a guest: {@code wasm_frame_t} in C.
 *
 * <p>The source file and line come from the module's DWARF section {@code .debug_line}, if it has
 * one: compile the guest with {@code -g}, and do not strip it. Where two modules in a store cannot
 * be told apart there are none. Of a section of more than 1 MiB only that much is read, in the
 * places that frames point to; what is beyond it has no lines.
 *
 * <p>Names and paths are as in the module, whatever is in them. Where a frame is shown, by {@link
 * #toString} and in stack traces, control characters are escaped.
 *
 * @param moduleName the module's name from its name section, {@code null} if it has none
 * @param functionName the function's name as in the module, {@code null} if it has none
 * @param functionIndex the function's index in the module, imports counted first
 * @param functionOffset offset of the instruction in the function, in bytes; empty if unknown
 * @param moduleOffset offset of the instruction in the module, in bytes; empty if unknown
 * @param sourceFile path of the source file as the compiler wrote it, {@code null} if it is not
 *     known
 * @param sourceLine the line in the source file, from 1; empty if it is not known
 */
public record WasmFrame(
    @Nullable String moduleName,
    @Nullable String functionName,
    int functionIndex,
    OptionalLong functionOffset,
    OptionalLong moduleOffset,
    @Nullable String sourceFile,
    OptionalInt sourceLine) {

  /** Creates a frame. Threads: any. */
  public WasmFrame {
    Objects.requireNonNull(functionOffset, "functionOffset");
    Objects.requireNonNull(moduleOffset, "moduleOffset");
    Objects.requireNonNull(sourceLine, "sourceLine");
  }

  /**
   * The same frame at a line.
   *
   * @param line 0 if there is only a file
   */
  WasmFrame at(String file, int line) {
    return new WasmFrame(
        moduleName,
        functionName,
        functionIndex,
        functionOffset,
        moduleOffset,
        file,
        line > 0 ? OptionalInt.of(line) : OptionalInt.empty());
  }

  /** As Java shows its own frames, which have the file's name without its folder. */
  StackTraceElement toStackTraceElement() {
    return new StackTraceElement(
        moduleName == null ? "wasm" : Printable.of(moduleName),
        functionName == null ? "function[" + functionIndex + "]" : Printable.of(functionName),
        sourceFile == null
            ? null
            : Printable.of(
                sourceFile.substring(
                    Math.max(sourceFile.lastIndexOf('/'), sourceFile.lastIndexOf('\\')) + 1)),
        sourceLine.orElse(-1));
  }

  /**
   * Returns the frame much as Wasmtime writes it, for example {@code 0x3a - program!main at a.c:1}:
   * the offset in the module, with {@code ?} if it is not known. Names are not demangled. Threads:
   * any.
   */
  @Override
  public String toString() {
    return (moduleOffset.isPresent() ? "0x" + Long.toHexString(moduleOffset.getAsLong()) : "?")
        + " - "
        + (moduleName == null ? "<unknown>" : Printable.of(moduleName))
        + "!"
        + (functionName == null
            ? "<wasm function " + functionIndex + ">"
            : Printable.of(functionName))
        + (sourceFile == null ? "" : " at " + Printable.of(sourceFile))
        + (sourceLine.isEmpty() ? "" : ":" + sourceLine.getAsInt());
  }
}
