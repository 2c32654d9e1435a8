package io.github.wasmtimejvm;

import java.util.Locale;

/** The heap types that WebAssembly itself defines. */
public enum AbstractHeapType implements HeapType {
  /** Anything of the host's. */
  EXTERN,
  /** Nothing, below {@link #EXTERN}. */
  NOEXTERN,
  /** Any function. */
  FUNC,
  /** Nothing, below {@link #FUNC}. */
  NOFUNC,
  /** Any object of the guest's. */
  ANY,
  /** Nothing, below {@link #ANY}. */
  NONE,
  /** Anything that can be compared by identity. */
  EQ,
  /** A 31-bit integer. */
  I31,
  /** Any array. */
  ARRAY,
  /** Any struct. */
  STRUCT,
  /** Any exception. */
  EXN,
  /** Nothing, below {@link #EXN}. */
  NOEXN;

  /** Whether it has no values, so that only {@code null} can be a reference to it. */
  boolean isBottom() {
    return switch (this) {
      case NOEXTERN, NOFUNC, NONE, NOEXN -> true;
      default -> false;
    };
  }

  /** Returns the name in the text format, for example {@code func}. Threads: any. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
