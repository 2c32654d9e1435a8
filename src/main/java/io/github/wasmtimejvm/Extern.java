package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.wasmtimejvm.capi.WasmtimeExtern;
import io.github.wasmtimejvm.capi.WasmtimeExtern.wasmtime_extern_t;
import io.github.wasmtimejvm.internal.Printable;
import java.lang.foreign.MemorySegment;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Something that instances import and export: {@code wasmtime_extern_t} in C.
 *
 * <p>It ends with its store; a {@link SharedMemory} alone belongs to no store. Two objects may
 * stand for one function or memory.
 */
public abstract sealed class Extern permits StoreItem, SharedMemory {
  static final long HANDLE_SIZE = 24;

  Extern() {}

  /** Reads a {@code wasmtime_extern_t} that belongs to a store, and takes what it owns. */
  static Extern of(Store store, MemorySegment item) {
    MemorySegment handle = item.asSlice(wasmtime_extern_t.of$OFFSET);
    byte kind = item.get(JAVA_BYTE, wasmtime_extern_t.kind$OFFSET);
    return switch (kind) {
      case WasmtimeExtern.WASMTIME_EXTERN_FUNC -> new Func(store, handle);
      case WasmtimeExtern.WASMTIME_EXTERN_MEMORY -> new Memory(store, handle);
      case WasmtimeExtern.WASMTIME_EXTERN_SHAREDMEMORY ->
          new SharedMemory(store.engine(), handle.get(ADDRESS, 0));
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
                        .formatted(kind.getSimpleName(), Printable.of(name), hint.get())));
  }

  /**
   * Throws unless it can be used in a store.
   *
   * @param what what to call it in the message
   */
  abstract void checkUsable(Store store, String what);

  /** Writes the {@code wasmtime_extern_t}, to be given back by {@code wasmtime_extern_delete}. */
  abstract void write(MemorySegment item);

  /** Returns the type as the engine knows it now; within a use of its store. */
  abstract ExternType describe();
}
