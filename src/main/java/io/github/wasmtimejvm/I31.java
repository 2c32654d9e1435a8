package io.github.wasmtimejvm;

/**
 * A 31-bit integer in the place of a reference, {@code i31ref}: of all stores and none. {@code
 * wasmtime_anyref_from_i31} and {@code wasmtime_anyref_i31_get_s} in C.
 *
 * @param value the number, from -2<sup>30</sup> to 2<sup>30</sup> - 1
 */
public record I31(int value) implements EqRef {
  /**
   * Creates a number. Threads: any.
   *
   * @throws IllegalArgumentException if it has more than 31 bits; {@link #wrap} drops the others
   */
  public I31 {
    if (value != value << 1 >> 1) {
      throw new IllegalArgumentException("not a signed 31-bit integer: " + value);
    }
  }

  /**
   * Returns the lower 31 bits of a number, as {@code ref.i31} does. Threads: any.
   *
   * @param value any number
   */
  public static I31 wrap(int value) {
    return new I31(value << 1 >> 1);
  }

  /**
   * Returns the number without a sign, from 0 to 2<sup>31</sup> - 1: {@code
   * wasmtime_anyref_i31_get_u}. Threads: any.
   */
  public int unsignedValue() {
    return value & Integer.MAX_VALUE;
  }
}
