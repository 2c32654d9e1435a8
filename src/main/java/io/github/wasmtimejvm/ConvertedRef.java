package io.github.wasmtimejvm;

import io.github.wasmtimejvm.internal.GcRoot;
import java.lang.foreign.MemorySegment;

/**
 * A reference that a guest has converted between {@code externref} and {@code anyref}. It can be
 * passed on as what it is now, which is all that the C API offers.
 */
public final class ConvertedRef implements AnyRef {
  private final Store store;
  private final boolean external;
  private final GcRoot root;

  ConvertedRef(Store store, boolean external, GcRoot root) {
    this.store = store;
    this.external = external;
    this.root = root;
  }

  /** Returns the store that it lives in. Threads: any. */
  public Store store() {
    return store;
  }

  /** Returns whether it is an {@code externref} now; else it is an {@code anyref}. Threads: any. */
  public boolean isExternal() {
    return external;
  }

  void write(MemorySegment reference) {
    root.write(reference);
  }
}
