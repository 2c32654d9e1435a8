package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.WasmtimeVal;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values on their way into a C function that borrows them, an array of {@code wasmtime_val_t}:
 * closing gives back the roots that were made for them.
 *
 * @param segment the array
 * @param count how many there are
 */
record OwnedValues(MemorySegment segment, int count) implements AutoCloseable {
  /**
   * Writes values, after a check of each; within a use of the store.
   *
   * @param what what to call one in messages, for example {@code "argument"}
   * @throws IllegalArgumentException if their number or a type is wrong
   */
  static OwnedValues of(
      Store store, List<ValType> types, @Nullable Object[] values, Arena arena, String what) {
    Values.checkCount(types, values, what);
    MemorySegment segment = arena.allocate((values.length + 1) * Values.SIZEOF, 8);
    int written = 0;
    try {
      for (; written < values.length; written++) {
        Values.put(
            store,
            types.get(written),
            values[written],
            segment.asSlice(written * Values.SIZEOF),
            what,
            written);
      }
      return new OwnedValues(segment, written);
    } finally {
      if (written < values.length) {
        new OwnedValues(segment, written).close();
      }
    }
  }

  /** Writes one value. */
  static OwnedValues of(
      Store store, ValType type, @Nullable Object value, Arena arena, String what) {
    return of(store, Collections.singletonList(type), new @Nullable Object[] {value}, arena, what);
  }

  @Override
  public void close() {
    for (int i = 0; i < count; i++) {
      WasmtimeVal.wasmtime_val_unroot(segment.asSlice(i * Values.SIZEOF));
    }
  }
}
