package io.github.wasmtimejvm;

/** Range checks of settings. */
final class Ranges {
  /** Half of the address space of an x86_64 process: no size of anything is larger. */
  static final long LARGEST_SIZE = 1L << 46;

  private Ranges() {}

  static long notNegative(String setting, long value) {
    return inRange(setting, value, Long.MAX_VALUE);
  }

  static long inRange(String setting, long value, long largest) {
    if (value < 0 || value > largest) {
      throw new IllegalArgumentException(
          largest == Long.MAX_VALUE
              ? setting + " must not be negative: " + value
              : setting + " must be from 0 to " + largest + ": " + value);
    }
    return value;
  }
}
