package io.github.wasmtimejvm.wasi;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Zero-terminated strings: what the WASI configuration takes. */
final class CString {
  private CString() {}

  /**
   * @throws IllegalArgumentException if the C API could not take the text as it is
   */
  static void check(String text, String what) {
    if (!isEncodable(text)) {
      throw new IllegalArgumentException(
          "the " + what + " contains a zero character or half of a surrogate pair: " + text);
    }
  }

  static boolean isEncodable(String text) {
    return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  static MemorySegment of(Arena arena, String text) {
    return arena.allocateFrom(text);
  }

  /** Returns an array of strings; it has an address also when it is empty. */
  static MemorySegment array(Arena arena, List<String> texts) {
    MemorySegment array = arena.allocate(ADDRESS, texts.size() + 1L);
    for (int i = 0; i < texts.size(); i++) {
      array.setAtIndex(ADDRESS, i, of(arena, texts.get(i)));
    }
    return array;
  }
}
