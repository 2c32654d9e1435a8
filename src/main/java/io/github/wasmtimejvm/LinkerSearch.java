package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.wasmtimejvm.capi.WasmtimeExtern.wasmtime_extern_t;
import io.github.wasmtimejvm.capi.WasmtimeLinker;
import io.github.wasmtimejvm.internal.NativeVector;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a {@code wasmtime_linker_t} defines, name by name. The caller holds the linker's lock
 * and uses the store that is given. The names share one buffer, however many are looked for.
 */
final class LinkerSearch implements AutoCloseable {
  private final MemorySegment linker;
  private final Store store;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment item = arena.allocate(wasmtime_extern_t.SIZEOF, 8);
  private final Text module = new Text();
  private final Text name = new Text();

  LinkerSearch(MemorySegment linker, Store store) {
    this.linker = linker;
    this.store = store;
  }

  /** A text as C has it, in a buffer that the next text takes over. */
  private final class Text {
    private MemorySegment room = MemorySegment.NULL;
    private long size;
    private @Nullable String written;

    void write(String text) {
      if (text.equals(written)) { // mostly the module's name is that of the import before
        return;
      }
      byte[] utf8 = NativeVector.utf8(text);
      if (utf8.length > room.byteSize()) {
        room = arena.allocate(Math.max(64, 2L * utf8.length));
      }
      MemorySegment.copy(utf8, 0, room, JAVA_BYTE, 0, utf8.length);
      size = utf8.length;
      written = text;
    }
  }

  /** Returns what is defined under a name: {@code wasmtime_linker_get}. */
  Optional<Extern> find(String moduleName, String itemName) {
    module.write(moduleName);
    name.write(itemName);
    return WasmtimeLinker.wasmtime_linker_get(
            linker, store.state().context(), module.room, module.size, name.room, name.size, item)
        ? Optional.of(Extern.of(store, item))
        : Optional.empty();
  }

  @Override
  public void close() {
    arena.close();
  }
}
