package io.github.wasmtimejvm;

import java.util.Locale;

/** The number types and the vector type. */
public enum NumType implements ValType {
  /** 32-bit integer. */
  I32,
  /** 64-bit integer. */
  I64,
  /** 32-bit floating point number. */
  F32,
  /** 64-bit floating point number. */
  F64,
  /** 128-bit vector. */
  V128;

  /** Returns the name in the text format, for example {@code i32}. Threads: any. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
