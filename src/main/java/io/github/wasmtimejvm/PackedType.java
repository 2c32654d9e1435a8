package io.github.wasmtimejvm;

import java.util.Locale;

/** Integers that are stored in fewer bits than a value has; in Java an {@code Integer}. */
public enum PackedType implements StorageType {
  /** 8 bits. */
  I8,
  /** 16 bits. */
  I16;

  /** Returns the name in the text format, for example {@code i8}. Threads: any. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
