package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.WasmtimeExtern;
import io.github.wasmtimejvm.capi.WasmtimeTable;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.MemorySegment;

/** A table of references: {@code wasmtime_table_t} in C. It can be passed on to other modules. */
public final class Table extends Extern {
  Table(Store store, MemorySegment handle) {
    super(store, WasmtimeExtern.WASMTIME_EXTERN_TABLE, handle);
  }

  /** Returns how many elements it has now: {@code wasmtime_table_size}. */
  public long size() {
    StoreState state = store().state();
    state.enter();
    try {
      return WasmtimeTable.wasmtime_table_size(state.context(), nativeHandle());
    } finally {
      state.exit();
    }
  }
}
