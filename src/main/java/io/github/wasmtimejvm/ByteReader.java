package io.github.wasmtimejvm;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads a range of bytes from front to back, for formats whose content nobody has checked: whatever
 * does not fit is an {@link IndexOutOfBoundsException}, and every read moves on.
 */
final class ByteReader {
  private final byte[] bytes;
  private final int end;
  private int at;

  ByteReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  private ByteReader(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  /** A second reader of what is left. */
  ByteReader copy() {
    return new ByteReader(bytes, at, end);
  }

  /** Where the next byte is, counted from the beginning of the array. */
  int position() {
    return at;
  }

  int remaining() {
    return end - at;
  }

  /** Takes the next {@code length} bytes, an unsigned number, as a range of their own. */
  ByteReader take(long length) {
    int from = at;
    skip(length);
    return new ByteReader(bytes, from, at);
  }

  void skip(long length) {
    if (length < 0 || length > remaining()) {
      throw new IndexOutOfBoundsException();
    }
    at += (int) length;
  }

  int u8() {
    if (at == end) {
      throw new IndexOutOfBoundsException();
    }
    return bytes[at++] & 0xff;
  }

  int s8() {
    return (byte) u8();
  }

  int u16() {
    return u8() | u8() << 8;
  }

  long u32() {
    return u16() | (long) u16() << 16;
  }

  long u64() {
    return u32() | u32() << 32;
  }

  /** An unsigned LEB128 number, of which the lowest 64 bits count. */
  long uleb() {
    return leb(false);
  }

  /** A signed LEB128 number, of which the lowest 64 bits count. */
  long sleb() {
    return leb(true);
  }

  private long leb(boolean signed) {
    long value = 0;
    int shift = 0;
    int b;
    do {
      b = u8();
      if (shift < Long.SIZE) {
        value |= (long) (b & 0x7f) << shift;
        shift += 7;
      }
    } while ((b & 0x80) != 0);
    return signed && shift < Long.SIZE && (b & 0x40) != 0 ? value | -1L << shift : value;
  }

  /** The rest, as UTF-8. */
  String text() {
    String text = new String(bytes, at, remaining(), StandardCharsets.UTF_8);
    at = end;
    return text;
  }

  /** The bytes up to a NUL, which is taken too. */
  ByteReader untilNul() {
    int from = at;
    while (u8() != 0) {}
    return new ByteReader(bytes, from, at - 1);
  }

  /** A copy of the rest. */
  byte[] toArray() {
    return Arrays.copyOfRange(bytes, at, end);
  }
}
