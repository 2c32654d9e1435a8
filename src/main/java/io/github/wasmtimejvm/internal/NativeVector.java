package io.github.wasmtimejvm.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The C API's vectors, {@code struct { size_t size; T *data; }}, and its strings among them. */
public final class NativeVector {
  /** Size of the struct in bytes. */
  public static final long SIZEOF = 16;

  // What String.getBytes puts in the place of what cannot be encoded.
  private static final byte REPLACEMENT = '?';
  private static final long EIGHT_REPLACEMENTS = 0x3f3f_3f3f_3f3f_3f3fL;
  private static final long LOW_BITS = 0x0101_0101_0101_0101L;
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private NativeVector() {}

  /** Gives a segment from a C function its size; it lives as long as what it was borrowed from. */
  @SuppressWarnings("restricted")
  public static MemorySegment sized(MemorySegment pointer, long size) {
    return MemorySegment.ofAddress(pointer.address()).reinterpret(size);
  }

  /** Returns the pointers in a vector of pointers, which must outlive the list. */
  public static List<MemorySegment> elements(MemorySegment vector) {
    MemorySegment struct = sized(vector, SIZEOF);
    long size = struct.get(JAVA_LONG, 0);
    List<MemorySegment> elements = new ArrayList<>((int) size);
    if (size > 0) {
      MemorySegment data = sized(struct.get(ADDRESS, 8), size * 8);
      for (long i = 0; i < size; i++) {
        elements.add(data.getAtIndex(ADDRESS, i));
      }
    }
    return elements;
  }

  /** Returns how many elements a vector has. */
  public static long size(MemorySegment vector) {
    return sized(vector, SIZEOF).get(JAVA_LONG, 0);
  }

  /** Returns a pointer in a vector of pointers. */
  public static MemorySegment element(MemorySegment vector, int index) {
    MemorySegment struct = sized(vector, SIZEOF);
    return sized(struct.get(ADDRESS, 8), struct.get(JAVA_LONG, 0) * 8).getAtIndex(ADDRESS, index);
  }

  /** Returns the text in a {@code wasm_name_t}, which stays the caller's. */
  public static String text(MemorySegment vector) {
    return new String(bytes(vector), StandardCharsets.UTF_8);
  }

  /** Returns the content of a {@code wasm_byte_vec_t}, which stays the caller's. */
  public static byte[] bytes(MemorySegment vector) {
    return content(vector).toArray(JAVA_BYTE);
  }

  /** Returns the content of a {@code wasm_byte_vec_t} in place; it ends with the vector. */
  public static MemorySegment content(MemorySegment vector) {
    MemorySegment struct = sized(vector, SIZEOF);
    long size = struct.get(JAVA_LONG, 0);
    return size == 0 ? MemorySegment.NULL : sized(struct.get(ADDRESS, 8), size);
  }

  /**
   * Returns the UTF-8 bytes of a text, without a terminator, as C functions with a length want.
   *
   * @throws IllegalArgumentException if it has a half of a surrogate pair
   */
  public static MemorySegment utf8(Arena arena, String text) {
    return arena.allocateFrom(JAVA_BYTE, utf8(text));
  }

  /**
   * Returns the UTF-8 bytes of a text.
   *
   * @throws IllegalArgumentException if it has a half of a surrogate pair: UTF-8 has no bytes for
   *     that, and others in its place would be another text
   */
  public static byte[] utf8(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (hasReplacement(bytes)) {
      checkSurrogates(text);
    }
    return bytes;
  }

  // Whether there is a question mark, eight bytes at a time: what cannot be encoded becomes one.
  private static boolean hasReplacement(byte[] bytes) {
    int i = 0;
    for (; i <= bytes.length - Long.BYTES; i += Long.BYTES) {
      long zeroes = (long) LONGS.get(bytes, i) ^ EIGHT_REPLACEMENTS;
      if ((zeroes - LOW_BITS & ~zeroes & HIGH_BITS) != 0) {
        return true;
      }
    }
    for (; i < bytes.length; i++) {
      if (bytes[i] == REPLACEMENT) {
        return true;
      }
    }
    return false;
  }

  private static void checkSurrogates(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          throw new IllegalArgumentException(
              "the text cannot be UTF-8: its character "
                  + i
                  + " is half of a surrogate pair, \\u"
                  + Integer.toHexString(c));
        }
        i++;
      }
    }
  }
}
