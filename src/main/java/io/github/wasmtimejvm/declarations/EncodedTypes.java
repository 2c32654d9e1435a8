package io.github.wasmtimejvm.declarations;

import io.github.wasmtimejvm.ValType;
import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * Value types of one byte each, read from the bytes of their module, so that they take no room of
 * their own.
 */
public final class EncodedTypes extends AbstractList<ValType> implements RandomAccess {
  private final byte[] bytes;
  private final int from;
  private final int size;

  /**
   * @param bytes the module's declarations, which never change
   * @param from where the types begin; {@link ValueTypes#ofByte} knows each of them
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

  // The JDK's unmodifiable lists refuse this call even if they are empty.
  @Override
  public void clear() {
    throw new UnsupportedOperationException();
  }
}
