package io.github.wasmtimejvm.internal;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/**
 * A native object that is needed in one block only, and deleted at the end of that block.
 *
 * @param pointer the native object, owned from now on
 * @param delete the C function that deletes it
 */
public record ScopedPointer(MemorySegment pointer, Consumer<MemorySegment> delete)
    implements AutoCloseable {
  @Override
  public void close() {
    delete.accept(pointer);
  }
}
