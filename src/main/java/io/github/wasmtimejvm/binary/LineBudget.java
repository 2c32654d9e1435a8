package io.github.wasmtimejvm.binary;

/** A bound on what is made of the lines of one module. What compilers write seldom meets it. */
final class LineBudget {
  /** How many bytes of programs are run. */
  static final int BYTES = 1 << 20;

  private int bytes = BYTES;
  private int characters = 1 << 20; // of all paths together

  /** Takes bytes of programs; takes nothing and returns {@code false} where fewer are left. */
  synchronized boolean takeBytes(int count) {
    if (count > bytes) {
      return false;
    }
    bytes -= count;
    return true;
  }

  /** Takes characters of paths, or the rest of them; returns whether any were left. */
  synchronized boolean takeCharacters(int count) {
    boolean left = characters > 0;
    characters -= Math.min(count, characters);
    return left;
  }
}
