package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.internal.NativeVector;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The names of a type's fields, cases or flags as the engine wants them, made once for the type.
 * They go when nobody can reach them.
 */
final class NativeNames {
  private static final int FEW = 8; // as many are compared one after another

  private final List<MemorySegment> names = new ArrayList<>();
  private final Map<String, Integer> indices = new HashMap<>(); // empty for few names

  NativeNames(List<String> names) {
    Arena arena = Arena.ofAuto();
    for (String name : names) {
      if (names.size() > FEW) {
        indices.put(name, this.names.size());
      }
      this.names.add(NativeVector.utf8(arena, name));
    }
  }

  /** Returns a name. */
  MemorySegment get(int index) {
    return names.get(index);
  }

  /** How many there are. */
  int size() {
    return names.size();
  }

  /**
   * Returns which of the names a value of the engine's has.
   *
   * @param at the address of its string
   */
  int indexAt(long at) {
    if (!indices.isEmpty()) {
      Integer index = indices.get(NativeVector.text(MemorySegment.ofAddress(at)));
      if (index != null) {
        return index;
      }
    } else {
      MemorySegment content = NativeVector.content(MemorySegment.ofAddress(at));
      for (int i = 0; i < names.size(); i++) {
        if (content.mismatch(names.get(i)) == -1) {
          return i;
        }
      }
    }
    throw new AssertionError("the engine knows another case");
  }
}
