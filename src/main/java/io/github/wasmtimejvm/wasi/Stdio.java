package io.github.wasmtimejvm.wasi;

import java.io.OutputStream;
import java.util.function.Consumer;

/** What one of a guest's standard streams is; the first three are the engine's own. */
sealed interface Stdio {
  /** Nothing: an empty input, or an output that is thrown away. */
  record None() implements Stdio {}

  /** The process's own. */
  record Inherited() implements Stdio {}

  record OfFile(String file) implements Stdio {}

  record OfBytes(byte[] bytes) implements Stdio {}

  record OfInput(Input input) implements Stdio {}

  record OfOutput(OutputStream stream) implements Stdio {}

  /** For each store a splitter of its own. */
  record OfLines(Consumer<String> lines) implements Stdio {}

  Stdio NONE = new None();
  Stdio INHERITED = new Inherited();
}
