package io.github.wasmtimejvm.attack;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Bytes of the binary format, as they are written. */
final class WasmBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Writes each number as a byte. */
  WasmBytes put(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  WasmBytes put(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /** Writes an unsigned LEB128 number. */
  WasmBytes unsigned(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    return put((int) rest);
  }

  /** Writes a signed LEB128 number. */
  WasmBytes signed(long value) {
    long rest = value;
    while (rest < -64 || rest > 63) {
      out.write((int) (rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    return put((int) rest & 0x7f);
  }

  /** Writes the lowest {@code count} bytes of a number, the lowest first. */
  WasmBytes littleEndian(long value, int count) {
    for (int i = 0; i < count; i++) {
      out.write((int) (value >> 8 * i));
    }
    return this;
  }

  WasmBytes name(String name) {
    return sized(name.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes bytes behind their number. */
  WasmBytes sized(byte[] bytes) {
    return unsigned(bytes.length).put(bytes);
  }

  /** Writes a section, unless it has no entries. */
  WasmBytes section(int id, List<byte[]> entries) {
    if (entries.isEmpty()) {
      return this;
    }
    WasmBytes content = new WasmBytes().unsigned(entries.size());
    entries.forEach(content::put);
    return put(id).sized(content.toArray());
  }

  byte[] toArray() {
    return out.toByteArray();
  }
}
