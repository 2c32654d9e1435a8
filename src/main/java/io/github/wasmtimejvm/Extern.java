package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeExtern;
import io.github.wasmtimejvm.capi.WasmtimeExtern.wasmtime_extern_t;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Something in a store that instances import and export: {@code wasmtime_extern_t} in C.
 *
 * <p>It ends with its store. Two objects may stand for one function or memory.
 */
public abstract sealed class Extern permits Func, Memory, Table, Global, Tag {
  // The C API's handle, a struct of up to 24 bytes by kind: wasmtime_func_t and so on. Its first
  // word names the store.

  static final long HANDLE_SIZE = 24;

  private final Store store;
  private final byte kind;
  final long word0;
  final long word1;
  private final long word2;

  /**
   * @param handle the C API's handle for it
   */
  Extern(Store store, byte kind, MemorySegment handle) {
    this.store = store;
    this.kind = kind;
    this.word0 = handle.get(JAVA_LONG, 0);
    this.word1 = handle.get(JAVA_LONG, 8);
    this.word2 = handle.byteSize() < 24 ? 0 : handle.get(JAVA_LONG, 16);
  }

  /** Returns the store that it lives in. */
  public final Store store() {
    return store;
  }

  /** Reads a {@code wasmtime_extern_t} that belongs to a store. */
  static Extern of(Store store, MemorySegment item) {
    MemorySegment handle = item.asSlice(wasmtime_extern_t.of$OFFSET);
    byte kind = item.get(JAVA_BYTE, wasmtime_extern_t.kind$OFFSET);
    return switch (kind) {
      case WasmtimeExtern.WASMTIME_EXTERN_FUNC -> new Func(store, handle);
      case WasmtimeExtern.WASMTIME_EXTERN_MEMORY -> new Memory(store, handle);
      case WasmtimeExtern.WASMTIME_EXTERN_TABLE -> new Table(store, handle);
      case WasmtimeExtern.WASMTIME_EXTERN_GLOBAL -> new Global(store, handle);
      case WasmtimeExtern.WASMTIME_EXTERN_TAG -> new Tag(store, handle);
      default -> {
        WasmtimeExtern.wasmtime_extern_delete(item);
        throw new IllegalStateException("unknown kind of export: " + kind);
      }
    };
  }

  /**
   * Returns an export that must be of a kind.
   *
   * @param hint what to add to the message that it is not there
   */
  static <T extends Extern> T require(
      Optional<Extern> export, Class<T> kind, String name, Supplier<String> hint) {
    return export
        .filter(kind::isInstance)
        .map(kind::cast)
        .orElseThrow(
            () ->
                new NoSuchElementException(
                    "the instance exports no %s \"%s\"%s"
                        .formatted(kind.getSimpleName(), name, hint.get())));
  }

  /** Writes the {@code wasmtime_extern_t}. */
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

  /** Returns the type as the engine knows it now; within a use of the store. */
  final ExternType describe() {
    StoreState state = store.state();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment item = arena.allocate(wasmtime_extern_t.SIZEOF, 8);
      write(item);
      MemorySegment type = WasmtimeExtern.wasmtime_extern_type(state.context(), item);
      try {
        return Types.extern(type, store.engine());
      } finally {
        Wasm.wasm_externtype_delete(type);
      }
    }
  }
}
