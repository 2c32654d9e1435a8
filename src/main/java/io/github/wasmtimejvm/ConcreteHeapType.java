package io.github.wasmtimejvm;

/**
 * A heap type that a module defines. It is equal to itself alone: two decodings of one type are not
 * known to be the same.
 */
public final class ConcreteHeapType implements HeapType {
  private final AbstractHeapType supertype;

  ConcreteHeapType(AbstractHeapType supertype) {
    this.supertype = supertype;
  }

  /**
   * Returns the abstract type that it belongs to: {@code FUNC}, {@code STRUCT}, {@code ARRAY} or
   * {@code EXN}.
   */
  public AbstractHeapType supertype() {
    return supertype;
  }

  /** Returns a description, for example {@code (concrete func)}. */
  @Override
  public String toString() {
    return "(concrete " + supertype + ")";
  }
}
