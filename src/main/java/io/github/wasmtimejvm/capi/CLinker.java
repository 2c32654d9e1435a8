package io.github.wasmtimejvm.capi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.wasmtimejvm.loader.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** What the generated classes share. */
final class CLinker {
  private static final Linker LINKER = Linker.nativeLinker();

  private CLinker() {}

  /** Links a function of the Wasmtime library; takes about a millisecond. */
  @SuppressWarnings("restricted") // the whole package is
  static MethodHandle downcall(String name, FunctionDescriptor descriptor) {
    MemorySegment address =
        NativeLibrary.engine()
            .find(name)
            .orElseThrow(
                () -> new UnsatisfiedLinkError("The Wasmtime library has no function " + name));
    return LINKER.downcallHandle(address, descriptor);
  }

  /** Makes a C function of a method handle, to be called for as long as the arena lives. */
  @SuppressWarnings("restricted")
  static MemorySegment upcall(MethodHandle target, FunctionDescriptor descriptor, Arena arena) {
    return LINKER.upcallStub(target, descriptor, arena);
  }

  /**
   * Passes on what a method handle of a C function threw: the arguments were refused, or the
   * function could not be linked. C functions themselves throw nothing.
   */
  static RuntimeException rethrow(Throwable t) {
    return switch (t) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> throw new AssertionError(t);
    };
  }

  /** C's function of that name. */
  static long strlen(MemorySegment s) {
    long length = 0;
    while (s.get(JAVA_BYTE, length) != 0) {
      length++;
    }
    return length;
  }

  /** What {@code wasm_functype_new_M_N} do: takes ownership of the parameter and result types. */
  static MemorySegment functype(int params, MemorySegment... types) {
    try (Arena arena = Arena.ofConfined()) {
      return Wasm.wasm_functype_new(
          valtypes(arena, types, 0, params), valtypes(arena, types, params, types.length));
    }
  }

  private static MemorySegment valtypes(Arena arena, MemorySegment[] types, int from, int to) {
    MemorySegment vec = arena.allocate(Wasm.wasm_valtype_vec_t.LAYOUT);
    MemorySegment data = arena.allocate(ADDRESS, to - from);
    for (int i = from; i < to; i++) {
      data.setAtIndex(ADDRESS, i - from, types[i]);
    }
    Wasm.wasm_valtype_vec_new(vec, to - from, data);
    return vec;
  }
}
