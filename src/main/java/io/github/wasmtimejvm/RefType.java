package io.github.wasmtimejvm;

import java.util.Objects;

/**
 * A reference type.
 *
 * @param nullable whether {@code null} is a value of it
 * @param heapType what it refers to
 */
public record RefType(boolean nullable, HeapType heapType) implements ValType {
  /** Creates a reference type. Threads: any. */
  public RefType {
    Objects.requireNonNull(heapType, "heapType");
  }

  /**
   * Returns the type in the text format, for example {@code (ref null func)}. A type that a module
   * or the host defines has no name there that says what it is: in its place is a description, as
   * in {@code (ref null (struct i32))}, which is no text format. Threads: any.
   */
  @Override
  public String toString() {
    return "(ref " + (nullable ? "null " : "") + heapType + ")";
  }
}
