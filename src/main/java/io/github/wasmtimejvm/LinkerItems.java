package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.WasmtimeExtern;
import io.github.wasmtimejvm.capi.WasmtimeExtern.wasmtime_extern_t;
import io.github.wasmtimejvm.capi.WasmtimeLinker;
import io.github.wasmtimejvm.declarations.ItemKind;
import io.github.wasmtimejvm.internal.Handles;
import io.github.wasmtimejvm.internal.HostCalls;
import io.github.wasmtimejvm.internal.NativeVector;
import io.github.wasmtimejvm.internal.ScopedPointer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a {@code wasmtime_linker_t} defines; under the linker's lock, and within a use of the store
 * that is given.
 */
final class LinkerItems {
  private LinkerItems() {}

  /**
   * Defines a host function: {@code wasmtime_linker_define_func_unchecked}, or {@code
   * wasmtime_linker_define_func} where its type has references.
   *
   * @throws LinkException if the name is taken
   */
  static void define(
      MemorySegment linker, Engine engine, String module, String name, HostCall call) {
    try (Arena arena = Arena.ofConfined();
        ScopedPointer nativeType = Types.nativeFunc(call.type(), engine)) {
      MemorySegment module8 = NativeVector.utf8(arena, module);
      MemorySegment name8 = NativeVector.utf8(arena, name);
      MemorySegment env = Handles.register(call.target());
      Failures.checkLink(
          call.unchecked()
              ? WasmtimeLinker.wasmtime_linker_define_func_unchecked(
                  linker,
                  module8,
                  module8.byteSize(),
                  name8,
                  name8.byteSize(),
                  nativeType.pointer(),
                  HostCalls.callback(),
                  env,
                  Handles.finalizer())
              : WasmtimeLinker.wasmtime_linker_define_func(
                  linker,
                  module8,
                  module8.byteSize(),
                  name8,
                  name8.byteSize(),
                  nativeType.pointer(),
                  HostCalls.checkedCallback(),
                  env,
                  Handles.finalizer()));
    }
  }

  /**
   * Defines an item: {@code wasmtime_linker_define}.
   *
   * @throws LinkException if the name is taken
   */
  static void define(MemorySegment linker, Store store, String module, String name, Extern item) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment module8 = NativeVector.utf8(arena, module);
      MemorySegment name8 = NativeVector.utf8(arena, name);
      MemorySegment nativeItem = arena.allocate(wasmtime_extern_t.SIZEOF, 8);
      item.write(nativeItem);
      MemorySegment error =
          WasmtimeLinker.wasmtime_linker_define(
              linker,
              store.state().context(),
              module8,
              module8.byteSize(),
              name8,
              name8.byteSize(),
              nativeItem);
      WasmtimeExtern.wasmtime_extern_delete(nativeItem);
      Failures.checkLink(error);
    }
  }

  /** Returns what is defined under a name: {@code wasmtime_linker_get}. */
  static Optional<Extern> find(MemorySegment linker, Store store, String module, String name) {
    try (LinkerSearch search = new LinkerSearch(linker, store)) {
      return search.find(module, name);
    }
  }

  /**
   * Makes definitions in a copy of a linker, so that the linker itself gets all of them or none:
   * where one is refused, it is the copy that has some.
   */
  static void tryOnCopy(MemorySegment linker, Consumer<MemorySegment> definitions) {
    MemorySegment copy = WasmtimeLinker.wasmtime_linker_clone(linker);
    try {
      definitions.accept(copy);
    } finally {
      WasmtimeLinker.wasmtime_linker_delete(copy);
      Handles.drain();
    }
  }

  /**
   * Defines what a module imports and the linker does not have, with default values, or nothing
   * where it throws: {@code wasmtime_linker_define_unknown_imports_as_default_values}.
   *
   * @throws LinkException if a type has no default value, or a limit of the store is in the way
   */
  static void defineUnknownAsDefaults(MemorySegment linker, Store store, Module module) {
    MemorySegment nativeModule = module.object().lease();
    try {
      store.noteDefaults(module);
      // Made once, in the copy, as the store may have no room for two.
      tryOnCopy(
          linker,
          copy -> {
            Failures.checkLink(
                WasmtimeLinker.wasmtime_linker_define_unknown_imports_as_default_values(
                    copy, store.state().context(), nativeModule));
            module.imports().forEach(needed -> defineIfMissing(linker, store, needed, copy));
          });
    } finally {
      module.object().release();
    }
  }

  private static void defineIfMissing(
      MemorySegment linker, Store store, ImportType needed, MemorySegment from) {
    Optional<Extern> known = find(linker, store, needed.module(), needed.name());
    if (known.isEmpty()) {
      Extern item = find(from, store, needed.module(), needed.name()).orElseThrow();
      define(linker, store, needed.module(), needed.name(), item);
      close(item);
    }
    known.ifPresent(LinkerItems::close);
  }

  private static void close(Extern item) {
    if (item instanceof SharedMemory memory) {
      memory.close();
    }
  }

  /**
   * Tells the linker how large the memories and tables are that a module imports. An import is
   * compared with the size that it had when it was defined; it may have grown since.
   *
   * @param shadowing whether the linker allows it, for afterwards
   */
  static void refreshSizes(MemorySegment linker, Store store, Module module, boolean shadowing) {
    WasmtimeLinker.wasmtime_linker_allow_shadowing(linker, true);
    try {
      for (ImportType needed : module.imports()) {
        if (needed.kind() == ItemKind.MEMORY || needed.kind() == ItemKind.TABLE) {
          find(linker, store, needed.module(), needed.name())
              .ifPresent(item -> refresh(linker, store, needed, item));
        }
      }
    } finally {
      WasmtimeLinker.wasmtime_linker_allow_shadowing(linker, shadowing);
    }
  }

  private static void refresh(MemorySegment linker, Store store, ImportType needed, Extern item) {
    switch (item) {
      case Memory _, Table _ -> define(linker, store, needed.module(), needed.name(), item);
      case SharedMemory memory -> {
        try (memory) {
          define(linker, store, needed.module(), needed.name(), memory);
        }
      }
      default -> {} // of a wrong kind, which is told later
    }
  }
}
