package io.github.wasmtimejvm.component;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeError;
import io.github.wasmtimejvm.capi.WasmtimeMemory;
import io.github.wasmtimejvm.capi.WasmtimeTag;
import io.github.wasmtimejvm.internal.ScopedPointer;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The numbers that a store gives to core instances, and to memories and tags of the host's, one
 * after another.
 */
final class StoreNumbers {
  // A wasmtime_memory_t and a wasmtime_tag_t: the store's number, that of the instance, and that of
  // the item in it. The fields are private to the engine; the library is known by its hash.
  private static final long STORE = 0;
  private static final long INSTANCE = 8;
  private static final long INDEX = 16;
  private static final long SIZEOF = 24;

  private final StoreState state;
  private boolean hasTags = true;
  private long store;

  StoreNumbers(StoreState state) {
    this.state = state;
  }

  /** Has the store give out a number, and returns it. */
  int next() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment handle = arena.allocate(32, Long.BYTES);
      MemorySegment error = hasTags ? newTag(arena, handle) : newMemory(arena, handle);
      if (error.address() != 0 && hasTags) { // an engine without exceptions
        WasmtimeError.wasmtime_error_delete(error);
        hasTags = false;
        error = newMemory(arena, handle);
      }
      ComponentStore.ACCESS.check(error);
      store = handle.get(JAVA_LONG, STORE);
      return handle.get(JAVA_INT, INSTANCE);
    }
  }

  private MemorySegment newTag(Arena arena, MemorySegment out) {
    MemorySegment params = arena.allocate(16, 8);
    MemorySegment results = arena.allocate(16, 8);
    Wasm.wasm_valtype_vec_new_empty(params);
    Wasm.wasm_valtype_vec_new_empty(results);
    try (ScopedPointer type =
        new ScopedPointer(
            Wasm.wasm_tagtype_new(Wasm.wasm_functype_new(params, results)),
            Wasm::wasm_tagtype_delete)) {
      return WasmtimeTag.wasmtime_tag_new(state.context(), type.pointer(), out);
    }
  }

  // Of no pages.
  private MemorySegment newMemory(Arena arena, MemorySegment out) {
    ComponentStore.ACCESS.allow((Store) state.facade(), 0, 1);
    MemorySegment pointer = arena.allocate(ADDRESS);
    ComponentStore.ACCESS.check(
        WasmtimeMemory.wasmtime_memorytype_new(0, true, 0, false, false, (byte) 16, pointer));
    try (ScopedPointer type =
        new ScopedPointer(pointer.get(ADDRESS, 0), Wasm::wasm_memorytype_delete)) {
      return WasmtimeMemory.wasmtime_memory_new(state.context(), type.pointer(), out);
    }
  }

  /**
   * Returns the {@code wasmtime_memory_t} of a memory, which lives as long as the store.
   *
   * @param instance the number of the core instance that defines it
   * @param index how many memories the instance defines before
   */
  MemorySegment memory(int instance, int index) {
    MemorySegment memory = state.allocate(SIZEOF);
    memory.fill((byte) 0);
    memory.set(JAVA_LONG, STORE, store);
    memory.set(JAVA_INT, INSTANCE, instance);
    memory.set(JAVA_INT, INDEX, index);
    return memory;
  }
}
