package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeExtern;
import io.github.wasmtimejvm.capi.WasmtimeExtern.wasmtime_extern_t;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** An item that lives in a store and ends with it. */
abstract sealed class StoreItem extends Extern permits Func, Memory, Table, Global, Tag {
  // The C API's handle, a struct of up to 24 bytes by kind: wasmtime_func_t and so on. Its first
  // word names the store.

  private final Store store;
  private final byte kind;
  final long word0;
  final long word1;
  final long word2;

  /**
   * @param handle the C API's handle for it
   */
  StoreItem(Store store, byte kind, MemorySegment handle) {
    this.store = store;
    this.kind = kind;
    this.word0 = handle.get(JAVA_LONG, 0);
    this.word1 = handle.get(JAVA_LONG, 8);
    this.word2 = handle.byteSize() < 24 ? 0 : handle.get(JAVA_LONG, 16);
  }

  /** Returns the store that it lives in. Threads: any. */
  public final Store store() {
    return store;
  }

  @Override
  final void checkUsable(Store store, String what) {
    store.checkSame(this.store, what);
  }

  @Override
  final void write(MemorySegment item) {
    item.set(JAVA_BYTE, wasmtime_extern_t.kind$OFFSET, kind);
    writeHandle(item.asSlice(wasmtime_extern_t.of$OFFSET));
  }

  /** Puts the C API's handle into the store's scratch memory, for one C call. */
  final MemorySegment nativeHandle() {
    MemorySegment scratch = store.state().scratch();
    writeHandle(scratch);
    return scratch;
  }

  final void writeHandle(MemorySegment handle) {
    handle.set(JAVA_LONG, 0, word0);
    handle.set(JAVA_LONG, 8, word1);
    handle.set(JAVA_LONG, 16, word2);
  }

  /** Returns the {@code wasm_externtype_t*}, to be deleted by the caller; within a use. */
  final MemorySegment nativeType() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment item = arena.allocate(wasmtime_extern_t.SIZEOF, 8);
      write(item);
      return WasmtimeExtern.wasmtime_extern_type(store.state().context(), item);
    }
  }

  @Override
  final ExternType describe() {
    MemorySegment type = nativeType();
    try {
      return Types.extern(type, store.engine());
    } finally {
      Wasm.wasm_externtype_delete(type);
    }
  }
}
