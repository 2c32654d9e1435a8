package io.github.wasmtimejvm.component;

import static io.github.wasmtimejvm.internal.NativeMemory.putLong;

/**
 * The core values that arguments are flattened to, as the engine's: each a {@code
 * wasmtime_component_val_t} of an unsigned number or a float. Its bits are the same in each type
 * that core values of several cases are joined to.
 */
final class CoreValues {
  private final byte[] kinds;
  private long frame;
  private int count;

  /**
   * @param kinds of the values
   */
  CoreValues(byte[] kinds) {
    this.kinds = kinds;
  }

  /** Begins to write values to an address. */
  void begin(long frame) {
    this.frame = frame;
    count = 0;
  }

  /** How many there are. */
  int count() {
    return count;
  }

  /** Adds a value by its bits. */
  void add(long bits) {
    long at = frame + count * Codec.SIZEOF;
    Codec.setKind(at, kinds[count++]);
    putLong(at + Codec.OF, bits);
  }

  /** Adds zeroes until there are so many. */
  void fillUpTo(int end) {
    while (count < end) {
      add(0);
    }
  }
}
