package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeExtern;
import io.github.wasmtimejvm.capi.WasmtimeFunc;
import io.github.wasmtimejvm.internal.HostCalls;
import io.github.wasmtimejvm.internal.Shim;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/**
 * A function, of a guest or of the host: {@code wasmtime_func_t} in C.
 *
 * <pre>{@code
 * int sum = (int) instance.func("add").call(1, 2);
 * }</pre>
 */
public final class Func extends Extern {
  private @Nullable FuncType type;
  private @Nullable MemorySegment values;

  Func(Store store, MemorySegment handle) {
    super(store, WasmtimeExtern.WASMTIME_EXTERN_FUNC, handle);
  }

  /**
   * Creates a function of the host's in one store: {@code wasmtime_func_new_unchecked}. For any
   * number of stores define it in a {@link Linker}.
   *
   * @param store the store that it lives in
   * @param type its type
   * @param function what it does; kept until the store is closed
   * @throws IllegalArgumentException if values of the type cannot be passed
   */
  public static Func create(Store store, FuncType type, HostFunction function) {
    Values.checkPassable(type, "the host function");
    StoreState state = store.state();
    state.enter();
    MemorySegment nativeType = null;
    try (Arena arena = Arena.ofConfined()) {
      nativeType = Types.nativeFunc(type);
      MemorySegment handle = arena.allocate(WasmtimeExtern.wasmtime_func_t.SIZEOF, 8);
      MemorySegment env = HostCalls.register(new HostCall(type, function));
      WasmtimeFunc.wasmtime_func_new_unchecked(
          state.context(), nativeType, HostCalls.callback(), env, HostCalls.finalizer(), handle);
      return new Func(store, handle);
    } finally {
      if (nativeType != null) {
        Wasm.wasm_functype_delete(nativeType);
      }
      state.exit();
    }
  }

  /** Returns its type: {@code wasmtime_func_type}. */
  public FuncType type() {
    StoreState state = store().state();
    state.enter();
    try {
      return knownType();
    } finally {
      state.exit();
    }
  }

  private FuncType knownType() {
    FuncType known = type;
    if (known == null) {
      known = (FuncType) describe();
      type = known;
    }
    return known;
  }

  /**
   * Calls the function, as {@code wasmtime_func_call} does: {@code wasmtime_func_call_unchecked},
   * with the checks made here.
   *
   * <p>A value is an {@code Integer}, {@code Long}, {@code Float}, {@code Double}, {@link V128}, or
   * for a function reference a {@link Func} of the same store or {@code null}; of exactly the
   * parameter's type, as nothing is converted.
   *
   * @param args the arguments
   * @return {@code null} for a type without results, the value for one result, an {@code Object[]}
   *     for several
   * @throws IllegalArgumentException if the arguments do not fit the type, or values of it cannot
   *     be passed
   * @throws ExitException if the guest exits, with whatever status
   * @throws TrapException if the guest traps, also for want of stack on this thread
   * @throws GuestException if the guest throws an exception that is not caught
   */
  public @Nullable Object call(@Nullable Object... args) {
    StoreState state = store().state();
    state.enter();
    try {
      FuncType known = knownType();
      Values.checkPassable(known, "the function");
      MemorySegment buffer = buffer(state, Values.slots(known));
      Values.write(store(), known.params(), args, buffer, "argument");
      state.takeThrown();
      Outcome.check(
          state, Shim.call(state.address(), word0, word1, buffer.address(), Values.slots(known)));
      return Values.pack(Values.read(store(), known.results(), buffer));
    } finally {
      Reference.reachabilityFence(this);
      state.exit();
    }
  }

  // A nested call may share the buffer: the engine has read the arguments before it runs the guest,
  // and writes the results after.
  private MemorySegment buffer(StoreState state, int slots) {
    if (slots <= StoreState.VALUE_COUNT) {
      return state.values();
    }
    MemorySegment own = values;
    if (own == null) {
      own = Arena.ofAuto().allocate(slots * Values.SIZEOF, Values.SIZEOF);
      values = own;
    }
    return own;
  }
}
