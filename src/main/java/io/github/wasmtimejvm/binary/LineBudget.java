package io.github.wasmtimejvm.binary;

/**
 * How much is made of the lines of one module. A guest's compiler has less, or is not met often.
 */
final class LineBudget {
  /** Bytes of programs that are run. */
  static final int BYTES = 1 << 20;

  private int bytes = BYTES;
  private int characters = 1 << 20; // of all paths

  /** Returns whether there was so much left. */
  synchronized boolean takeBytes(int count) {
    if (count > bytes) {
      return false;
    }
    bytes -= count;
    return true;
  }

  /** Returns whether there was anything left. */
  synchronized boolean takeCharacters(int count) {
    boolean left = characters > 0;
    characters -= Math.min(count, characters);
    return left;
  }
}
