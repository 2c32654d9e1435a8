package io.github.wasmtimejvm.declarations;

import io.github.wasmtimejvm.ValType;
import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;

/** Value types of one byte each, as they stand in a module: they take no room of their own. */
public final class EncodedTypes extends AbstractList<ValType> implements RandomAccess {
  private final byte[] bytes;
  private final int from;
  private final int size;

  /**
   * @param bytes where they stand, never changed; each has been looked at by {@link
   *     ValueTypes#ofByte}
   */
  EncodedTypes(byte[] bytes, int from, int size) {
    this.bytes = bytes;
    this.from = from;
    this.size = size;
  }

  @Override
  public ValType get(int index) {
    Objects.checkIndex(index, size);
    return Objects.requireNonNull(ValueTypes.ofByte(bytes[from + index]));
  }

  @Override
  public int size() {
    return size;
  }

  // The JDK's own unmodifiable lists refuse it also where there is nothing to clear.
  @Override
  public void clear() {
    throw new UnsupportedOperationException();
  }
}
