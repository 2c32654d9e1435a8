package io.github.wasmtimejvm.component;

import static io.github.wasmtimejvm.internal.NativeMemory.getInt;
import static io.github.wasmtimejvm.internal.NativeMemory.getLong;
import static io.github.wasmtimejvm.internal.NativeMemory.putInt;

import io.github.wasmtimejvm.capi.WasmtimeComponentVal;
import io.github.wasmtimejvm.internal.Shim;

/**
 * A core function of an instance, lifted with its core type. A call has a frame: its arguments, and
 * behind them its result, each a {@code wasmtime_component_val_t}.
 *
 * @param func address of its {@code wasmtime_component_func_t}, which lives as long as the store
 * @param params how many parameters it has
 * @param results how many results it has: none or one
 */
record CoreFunction(long func, int params, int results) {
  /** How many parameters {@code cabi_realloc} has. */
  static final int REALLOC_PARAMETERS = 4;

  /** Bytes of a frame for calls with so many arguments. */
  static long frameSize(int params) {
    return (params + 1) * Codec.SIZEOF;
  }

  /**
   * Calls the function, within a call of the store.
   *
   * @param frame with the arguments
   * @return the bits of its result, 0 if it has none
   */
  long call(ComponentStore store, long frame) {
    long result = frame + params * Codec.SIZEOF;
    Codec.setKind(result, (byte) 0); // the engine deletes the value that is there
    store.enter(
        Shim.COMPONENT_CALL,
        6,
        func,
        store.state().context().address(),
        frame,
        params,
        result,
        results);
    return results == 0 ? 0 : getLong(result + Codec.OF);
  }

  /**
   * Calls the function, all of whose values are 32-bit numbers, within a call of the store.
   *
   * @param frame for the arguments
   * @return its result, 0 if it has none
   */
  int call(ComponentStore store, long frame, int... args) {
    for (int i = 0; i < args.length; i++) {
      Codec.setKind(frame + i * Codec.SIZEOF, WasmtimeComponentVal.WASMTIME_COMPONENT_U32);
      putInt(frame + i * Codec.SIZEOF + Codec.OF, args[i]);
    }
    call(store, frame);
    return results == 0 ? 0 : getInt(frame + params * Codec.SIZEOF + Codec.OF);
  }
}
