package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.WasmtimeExtern;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.MemorySegment;

/** The tag of an exception: {@code wasmtime_tag_t} in C. It can be passed on to other modules. */
public final class Tag extends Extern {
  Tag(Store store, MemorySegment handle) {
    super(store, WasmtimeExtern.WASMTIME_EXTERN_TAG, handle);
  }

  /** Returns its type: {@code wasmtime_tag_type}. */
  public TagType type() {
    StoreState state = store().state();
    state.enter();
    try {
      return (TagType) describe();
    } finally {
      state.exit();
    }
  }
}
