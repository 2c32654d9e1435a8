package io.github.wasmtimejvm;

import io.github.wasmtimejvm.internal.Raw;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A function of numbers and vectors with all that a call needs at hand. The generated code of
 * {@link TypedCalls} stands on its methods: {@link #begin}, arguments, {@link #enter}, results,
 * {@link #end}.
 */
final class BoundFunc {
  private final StoreState state;
  private final long word0;
  private final long word1;
  private final int slots;
  private final FuncType type;

  // Where arguments go and results come from: the store's buffer, or one of our own. A nested call
  // may use it too, since the engine has read the arguments before it runs the guest, and writes
  // the results after.
  final long values;
  private final @Nullable MemorySegment own;

  BoundFunc(StoreState state, FuncType type, long word0, long word1) {
    this.state = state;
    this.word0 = word0;
    this.word1 = word1;
    this.type = type;
    this.slots = Math.max(type.params().size(), type.results().size());
    this.own =
        slots <= StoreState.VALUE_COUNT
            ? null
            : Arena.ofAuto().allocate(slots * (long) RawValues.SIZEOF, RawValues.SIZEOF);
    this.values = own == null ? state.values().address() : own.address();
  }

  /** Begins a use of the store and returns the address of the values. */
  long begin() {
    state.enter();
    return values;
  }

  /** Calls the function. */
  void enter() {
    Entry.call(state, word0, word1, values, slots);
  }

  /** Ends the use of the store. */
  void end() {
    Reference.reachabilityFence(this);
    state.exit();
  }

  int[] ints() {
    int[] results = new int[type.results().size()];
    Arrays.setAll(results, i -> Raw.getInt(values + i * (long) RawValues.SIZEOF));
    return results;
  }

  long[] longs() {
    long[] results = new long[type.results().size()];
    Arrays.setAll(results, i -> Raw.getLong(values + i * (long) RawValues.SIZEOF));
    return results;
  }

  float[] floats() {
    float[] results = new float[type.results().size()];
    for (int i = 0; i < results.length; i++) {
      results[i] = Raw.getFloat(values + i * (long) RawValues.SIZEOF);
    }
    return results;
  }

  double[] doubles() {
    double[] results = new double[type.results().size()];
    Arrays.setAll(results, i -> Raw.getDouble(values + i * (long) RawValues.SIZEOF));
    return results;
  }
}
