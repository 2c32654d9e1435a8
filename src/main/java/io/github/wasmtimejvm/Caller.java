package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.WasmtimeExtern.wasmtime_extern_t;
import io.github.wasmtimejvm.capi.WasmtimeFunc;
import io.github.wasmtimejvm.internal.NativeVector;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The guest that called a host function: {@code wasmtime_caller_t} in C. It is valid during that
 * call, on its thread.
 */
public final class Caller {
  private final Store store;
  private long caller;

  Caller(Store store, long caller) {
    this.store = store;
    this.caller = caller;
  }

  /** For generated code. */
  static Caller of(long slot, long caller) {
    return new Caller(HostCall.store(slot), caller);
  }

  /** Returns the store that the guest runs in. Threads: any. */
  public Store store() {
    return store;
  }

  /**
   * Returns what the calling instance exports under a name, often its memory: {@code
   * wasmtime_caller_export_get}. Empty where the function was not called by an instance. Threads:
   * the guest's.
   *
   * @param name the name
   * @throws IllegalStateException if the host function has returned
   */
  public Optional<Extern> export(String name) {
    StoreState state = store.state();
    try (var _ = state.enter();
        Arena arena = Arena.ofConfined()) {
      if (caller == 0) {
        throw new IllegalStateException("the host function has returned");
      }
      MemorySegment utf8 = NativeVector.utf8(arena, name);
      MemorySegment item = arena.allocate(wasmtime_extern_t.SIZEOF, 8);
      return WasmtimeFunc.wasmtime_caller_export_get(
              MemorySegment.ofAddress(caller), utf8, utf8.byteSize(), item)
          ? Optional.of(Extern.of(store, item))
          : Optional.empty();
    }
  }

  /**
   * Returns a function that the calling instance exports. Threads: the guest's.
   *
   * @param name the name
   * @throws NoSuchElementException if there is no function of that name
   * @throws IllegalStateException if the host function has returned
   */
  public Func func(String name) {
    return Extern.require(export(name), Func.class, name, () -> "");
  }

  /**
   * Returns a memory that the calling instance exports, mostly {@code "memory"}. Threads: the
   * guest's.
   *
   * @param name the name
   * @throws NoSuchElementException if there is no memory of that name
   * @throws IllegalStateException if the host function has returned
   */
  public Memory memory(String name) {
    return Extern.require(export(name), Memory.class, name, () -> "");
  }

  /** Ends its validity. */
  void end() {
    caller = 0;
  }
}
