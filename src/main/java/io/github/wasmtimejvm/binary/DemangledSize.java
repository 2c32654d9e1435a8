package io.github.wasmtimejvm.binary;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How long a function's name may become when the engine demangles the name. A mangled name refers
 * to parts of itself. A hostile name of some hundred characters therefore takes all the memory
 * there is, which ends the process.
 *
 * <p>The engine takes nearly every name for a mangled one, also a name that does not begin as those
 * of C++ do. So the beginning of a name decides nothing here. The exception are the names of Rust,
 * which the engine tries first.
 */
public final class DemangledSize {
  /**
   * Up to this length a demangled name was measured to have less than a megabyte. Beyond this
   * length, each dozen characters may double the size.
   */
  private static final int LONGEST = 100;

  /** A name that is longer than this is not looked at, and counts as endless. */
  private static final int LONGEST_ESTIMATED = 2000;

  private static final long LONGEST_RUST_V0 = 1_000_000; // the demangler's own limit

  // The longest that a character stands for, as in "unsigned long long" or "std::allocator".
  private static final long EXPANSION = 20;

  // A reference is S or T, then nothing or a number of the base 36, then an underscore. In a name
  // of at most LONGEST_ESTIMATED characters no such number has more than two digits.
  private static final int DIGITS = 2;
  private static final int NUMBERS = 1 + 36 + 36 * 36;

  private final int[] references = new int[2 * NUMBERS];
  private final int[] touched = new int[(DIGITS + 1) * LONGEST_ESTIMATED];
  private int kinds;

  /** Whether a name is so long that its demangled form may take a great part of the memory. */
  public static boolean isHostile(@Nullable String name) {
    return name != null && name.length() > LONGEST;
  }

  /** Returns a rough upper bound in bytes, or {@link Long#MAX_VALUE} for endless. */
  static long of(String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    return new DemangledSize().of(utf8, 0, utf8.length);
  }

  /**
   * Returns a rough upper bound in bytes, or {@link Long#MAX_VALUE} for endless, in time that is
   * linear in the name's length.
   *
   * @param bytes an array that has the name, in UTF-8
   */
  long of(byte[] bytes, int from, int length) {
    if (length > LONGEST_ESTIMATED) {
      return Long.MAX_VALUE;
    }
    int to = from + length;
    long size = length * EXPANSION;
    if (isRustV0(bytes, from, to)) {
      return Math.max(size, LONGEST_RUST_V0);
    }
    if (isPath(bytes, from, to)) {
      return size;
    }
    // A part with n references to it appears 1 + n times, and so does each reference in that part.
    for (int i = from; i < to; i++) {
      if (bytes[i] == '_') {
        countReference(bytes, from, i);
      }
    }
    double product = size;
    for (int i = 0; i < kinds; i++) {
      int count = references[touched[i]];
      references[touched[i]] = 0;
      product *=
          touched[i] >= NUMBERS
              ? Math.pow(2, count) // the same index may mean another part
              : 1 + count;
    }
    kinds = 0;
    return (long) product; // saturates
  }

  // The letters before an underscore may be read as more than one reference. All of them count.
  private void countReference(byte[] bytes, int from, int underscore) {
    int number = 0;
    int weight = 1;
    for (int digits = 0; digits <= DIGITS; digits++) {
      int at = underscore - 1 - digits;
      if (at < from) {
        return;
      }
      int c = bytes[at];
      if (c == 'S' || c == 'T') {
        count((c == 'T' ? NUMBERS : 0) + (digits == 0 ? 0 : offset(digits) + number));
      }
      int digit = Character.digit(c, 36);
      if (digit < 0 || c >= 'a') {
        return;
      }
      number += weight * digit;
      weight *= 36;
    }
  }

  private static int offset(int digits) {
    return digits == 1 ? 1 : 1 + 36;
  }

  private void count(int reference) {
    if (references[reference]++ == 0) {
      touched[kinds++] = reference;
    }
  }

  private static boolean isRustV0(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && at < from + 2 && bytes[at] == '_') {
      at++;
    }
    return at + 1 < to
        && bytes[at] == 'R'
        && bytes[at + 1] >= 'A'
        && bytes[at + 1] <= 'Z'
        && contains(bytes, at, to, 'B');
  }

  private static boolean contains(byte[] bytes, int from, int to, char wanted) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == wanted) {
        return true;
      }
    }
    return false;
  }

  // Whether a name is a path of plain names without arguments, the form that Rust had before v0.
  private static boolean isPath(byte[] bytes, int from, int to) {
    int at = from;
    if (to - from < 4 || bytes[at] != '_' || bytes[at + 1] != 'Z' || bytes[at + 2] != 'N') {
      return false;
    }
    at += 3;
    while (at < to && bytes[at] != 'E') {
      int length = 0;
      int digits = at;
      while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
        length = Math.min(10 * length + bytes[at] - '0', to);
        at++;
      }
      if (at == digits) {
        return false;
      }
      at += length;
    }
    if (at >= to || at + 1 < to && bytes[at + 1] != '.') {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (bytes[i] < 0) {
        return false;
      }
    }
    return true;
  }
}
