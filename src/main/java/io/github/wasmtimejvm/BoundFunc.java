package io.github.wasmtimejvm;

import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.MemorySegment;

/**
 * A function of numbers and vectors as its calls need it: addresses that stay valid until its store
 * is closed.
 *
 * @param state the store's, which each call enters first
 * @param func the {@code wasmtime_func_t}
 * @param values where arguments go and results come from: the store's buffer, or one of its own. A
 *     nested call may use it too, since the engine has read the arguments before it runs the guest,
 *     and writes the results after
 * @param slots how many values there is room for
 */
record BoundFunc(StoreState state, long func, long values, int slots) {
  /** Within a use of the store. */
  static BoundFunc of(Func func, FuncType type) {
    StoreState state = func.store().state();
    int slots = Math.max(type.params().size(), type.results().size());
    MemorySegment handle = state.allocate(Extern.HANDLE_SIZE);
    func.writeHandle(handle);
    long values =
        slots <= StoreState.VALUE_COUNT
            ? state.values().address()
            : state.allocate(slots * (long) RawValues.SIZEOF).address();
    return new BoundFunc(state, handle.address(), values, slots);
  }

  /** Calls the function, within a use of the store. */
  void call() {
    GuestEntry.call(state, false, state.address(), func, values, slots);
  }
}
