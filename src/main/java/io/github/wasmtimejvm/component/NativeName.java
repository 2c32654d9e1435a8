package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.internal.NativeVector;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Names as the engine wants them, made once for a type. They go when nobody can reach them. */
final class NativeName {
  private NativeName() {}

  static List<MemorySegment> of(List<String> names) {
    Arena arena = Arena.ofAuto();
    List<MemorySegment> native_ = new ArrayList<>(names.size());
    for (String name : names) {
      native_.add(NativeVector.utf8(arena, name));
    }
    return List.copyOf(native_);
  }

  /** Whether a name in a value of the engine's is this one. */
  static boolean isAt(long at, MemorySegment name) {
    MemorySegment content = NativeVector.content(MemorySegment.ofAddress(at));
    return content.mismatch(name) == -1;
  }

  /**
   * Returns which of the names a value of the engine's has.
   *
   * @param at the address of its string
   */
  static int indexAt(long at, List<MemorySegment> names) {
    for (int i = 0; i < names.size(); i++) {
      if (isAt(at, names.get(i))) {
        return i;
      }
    }
    throw new AssertionError("the engine knows another case");
  }
}
