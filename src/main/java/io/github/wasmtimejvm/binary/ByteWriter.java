package io.github.wasmtimejvm.binary;

import java.util.Arrays;

/** Writes the sections of modules and components. */
final class ByteWriter {
  private static final int SIZE = 5; // bytes of the longest number, which every size takes here

  private byte[] bytes = new byte[1 << 12];
  private int length;

  void write(int value) {
    room(1);
    bytes[length++] = (byte) value;
  }

  void write(byte[] from, int begin, int end) {
    room(end - begin);
    System.arraycopy(from, begin, bytes, length, end - begin);
    length += end - begin;
  }

  void writeAll(byte[] from) {
    write(from, 0, from.length);
  }

  /** Writes an unsigned number of up to 32 bits. */
  void writeCount(int value) {
    int rest = value;
    while (rest >>> 7 != 0) {
      write(rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    write(rest);
  }

  /** Writes a number that is not negative where it might be. */
  void writeSigned(int value) {
    int rest = value;
    while (rest >>> 6 != 0) {
      write(rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    write(rest);
  }

  /** Leaves room for a size, and returns where it is. */
  int beginSized() {
    room(SIZE);
    length += SIZE;
    return length;
  }

  /** Writes the size of what was written since. */
  void endSized(int begin) {
    int size = length - begin;
    for (int at = begin - SIZE; at < begin; at++) {
      bytes[at] = (byte) (size & 0x7f | (at < begin - 1 ? 0x80 : 0));
      size >>>= 7;
    }
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, length);
  }

  private void room(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, count), 2 * bytes.length));
    }
  }
}
