package io.github.wasmtimejvm.settings;

/** Range checks of settings. */
public final class Ranges {
  /** Half of the address space of an x86_64 process: no size of anything is larger. */
  public static final long LARGEST_SIZE = 1L << 46;

  private Ranges() {}

  /**
   * Returns the value.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public static long notNegative(String setting, long value) {
    return inRange(setting, value, Long.MAX_VALUE);
  }

  /**
   * Returns the value.
   *
   * @throws IllegalArgumentException if it is not from 0 to the largest
   */
  public static long inRange(String setting, long value, long largest) {
    if (value < 0 || value > largest) {
      throw new IllegalArgumentException(
          largest == Long.MAX_VALUE
              ? setting + " must not be negative: " + value
              : setting + " must be from 0 to " + largest + ": " + value);
    }
    return value;
  }
}
