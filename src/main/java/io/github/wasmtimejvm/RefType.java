package io.github.wasmtimejvm;

import java.util.Objects;

/**
 * A reference type.
 *
 * @param nullable whether {@code null} is a value of it
 * @param heapType what it refers to
 */
public record RefType(boolean nullable, HeapType heapType) implements ValType {
  /** Creates a reference type. */
  public RefType {
    Objects.requireNonNull(heapType, "heapType");
  }

  /** Returns the type in the text format, for example {@code (ref null func)}. */
  @Override
  public String toString() {
    return "(ref " + (nullable ? "null " : "") + heapType + ")";
  }
}
