package io.github.wasmtimejvm.binary;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * Reads a range of bytes from front to back, in formats whose content nobody has checked. A read
 * beyond the range throws an {@link IndexOutOfBoundsException}. Every read moves on, so that a loop
 * of reads ends.
 */
public final class ByteReader {
  private final byte[] bytes;
  private final int end;
  private int at;

  public ByteReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  private ByteReader(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  /**
   * A reader from a place to the end of the array.
   *
   * @throws IndexOutOfBoundsException if the place is not in the array
   */
  public static ByteReader from(byte[] bytes, int position) {
    return new ByteReader(
        bytes, Objects.checkFromToIndex(position, bytes.length, bytes.length), bytes.length);
  }

  /** A second reader of the bytes that are left. */
  ByteReader copy() {
    return new ByteReader(bytes, at, end);
  }

  /** A second reader of the same array, from another place to where this reader ends. */
  ByteReader at(int position) {
    Objects.checkFromToIndex(position, end, bytes.length);
    return new ByteReader(bytes, position, end);
  }

  /** Returns the byte behind the next {@code bytes} bytes, and moves over none of them. */
  int ahead(int bytes) {
    return this.bytes[at + Objects.checkIndex(bytes, remaining())] & 0xff;
  }

  /** Returns where the next byte is, counted from the beginning of the array. */
  public int position() {
    return at;
  }

  public int remaining() {
    return end - at;
  }

  /**
   * Takes the next bytes as a range of their own.
   *
   * @param length how many bytes, an unsigned number
   */
  ByteReader take(long length) {
    int from = at;
    skip(length);
    return new ByteReader(bytes, from, at);
  }

  public void skip(long length) {
    if (length < 0 || length > remaining()) {
      throw new IndexOutOfBoundsException();
    }
    at += (int) length;
  }

  /** Returns the next byte and does not move over the byte. */
  public int peek() {
    if (at == end) {
      throw new IndexOutOfBoundsException();
    }
    return bytes[at] & 0xff;
  }

  public int u8() {
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

  /** An unsigned LEB128 number of at most 10 bytes, of which the lowest 64 bits count. */
  public long uleb() {
    if (at < end && bytes[at] >= 0) {
      return bytes[at++];
    }
    return leb(false);
  }

  /** A signed LEB128 number of at most 10 bytes, of which the lowest 64 bits count. */
  public long sleb() {
    return leb(true);
  }

  private long leb(boolean signed) {
    long value = 0;
    int shift = 0;
    int b;
    do {
      if (shift >= Long.SIZE) {
        throw new IndexOutOfBoundsException(); // no encoder pads a number so far
      }
      b = u8();
      value |= (long) (b & 0x7f) << shift;
      shift += 7;
    } while ((b & 0x80) != 0);
    return signed && shift < Long.SIZE && (b & 0x40) != 0 ? value | -1L << shift : value;
  }

  /** A number of elements, or an index: an unsigned LEB128 number that fits an {@code int}. */
  public int count() {
    long count = uleb();
    if (count < 0 || count > Integer.MAX_VALUE) {
      throw new IndexOutOfBoundsException();
    }
    return (int) count;
  }

  /**
   * Reads a text, which follows its length.
   *
   * @param likely a text that this one is likely to equal; it is returned then, and no new one made
   */
  public String name(String likely) {
    int length = count();
    int from = at;
    skip(length);
    return is(likely, from, length)
        ? likely
        : new String(bytes, from, length, StandardCharsets.UTF_8);
  }

  // Compares ASCII only. An equal text with other characters counts as unequal and is made anew.
  private boolean is(String text, int from, int length) {
    if (text.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (bytes[from + i] < 0 || text.charAt(i) != bytes[from + i]) {
        return false;
      }
    }
    return true;
  }

  /** Takes the rest of the range, as UTF-8. */
  String text() {
    String text = new String(bytes, at, remaining(), StandardCharsets.UTF_8);
    at = end;
    return text;
  }

  /** Takes the bytes up to a NUL, and the NUL. */
  ByteReader untilNul() {
    int from = at;
    while (u8() != 0) {}
    return new ByteReader(bytes, from, at - 1);
  }

  /** Returns a copy of the rest of the range, and does not move. */
  byte[] toArray() {
    return Arrays.copyOfRange(bytes, at, end);
  }
}
