package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.WasmtimeExtern;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.MemorySegment;

/** A global variable: {@code wasmtime_global_t} in C. It can be passed on to other modules. */
public final class Global extends Extern {
  Global(Store store, MemorySegment handle) {
    super(store, WasmtimeExtern.WASMTIME_EXTERN_GLOBAL, handle);
  }

  /** Returns its type: {@code wasmtime_global_type}. */
  public GlobalType type() {
    StoreState state = store().state();
    state.enter();
    try {
      return (GlobalType) describe();
    } finally {
      state.exit();
    }
  }
}
