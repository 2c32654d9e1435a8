package io.github.wasmtimejvm.component;

import static io.github.wasmtimejvm.internal.NativeMemory.getLong;
import static io.github.wasmtimejvm.internal.NativeMemory.putLong;

import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeComponentVal;
import io.github.wasmtimejvm.internal.NativeVector;
import io.github.wasmtimejvm.internal.Shim;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Where the parts of a value go that do not fit into its {@code wasmtime_component_val_t}: what the
 * vectors and pointers in it refer to. All of it is zeroed when it is given out, and zeroes are
 * valid values, so that a half-built value can be deleted at any time.
 */
abstract sealed class Space {
  /** Which of the C API's vectors. */
  enum Vector {
    LIST(Codec.SIZEOF),
    RECORD(48),
    TUPLE(Codec.SIZEOF),
    FLAGS(NativeVector.SIZEOF),
    MAP(2 * Codec.SIZEOF);

    /** Size of an element in bytes. */
    final long elementSize;

    Vector(long elementSize) {
      this.elementSize = elementSize;
    }
  }

  final ComponentStore store;

  private Space(ComponentStore store) {
    this.store = store;
  }

  /**
   * Makes a vector of zeroes.
   *
   * @param at the address of its struct
   * @return the address of its first element
   */
  abstract long vector(Vector vector, long at, long count);

  /**
   * Makes a string.
   *
   * @param at the address of its struct
   */
  abstract void text(long at, byte[] utf8);

  /**
   * Makes a string of a name that lives as long as its codec.
   *
   * @param at the address of its struct
   */
  abstract void name(long at, MemorySegment name);

  /**
   * Makes a value that a pointer refers to.
   *
   * @param at the address of the pointer
   * @return the address of the value, zeroed
   */
  abstract long box(long at);

  /** Whether the engine takes over the resources in it, as it does those in results. */
  abstract boolean isOwned();

  /** The space of arguments: the engine only reads them during the call. */
  static final class Arguments extends Space {
    Arguments(ComponentStore store) {
      super(store);
    }

    @Override
    long vector(Vector vector, long at, long count) {
      long size = count * vector.elementSize;
      long data = store.scratch().allocate(size);
      putLong(at, count);
      putLong(at + 8, data);
      return data;
    }

    @Override
    void text(long at, byte[] utf8) {
      long data = store.scratch().reserve(utf8.length);
      MemorySegment.copy(
          utf8,
          0,
          NativeVector.sized(MemorySegment.ofAddress(data), utf8.length),
          ValueLayout.JAVA_BYTE,
          0,
          utf8.length);
      putLong(at + 8, data);
      putLong(at, utf8.length);
    }

    @Override
    void name(long at, MemorySegment name) {
      putLong(at + 8, name.address());
      putLong(at, name.byteSize());
    }

    @Override
    long box(long at) {
      long value = store.scratch().allocate(Codec.SIZEOF);
      putLong(at, value);
      return value;
    }

    @Override
    boolean isOwned() {
      return false;
    }
  }

  /** The space of what a host function returns: the engine takes it over, and so it makes it. */
  static final class Results extends Space {
    private static final long CHECKED_SIZE = 64 * 1024;

    Results(ComponentStore store) {
      super(store);
    }

    @Override
    long vector(Vector vector, long at, long count) {
      checkMemory(count * vector.elementSize);
      MemorySegment struct = MemorySegment.ofAddress(at);
      switch (vector) {
        case LIST -> WasmtimeComponentVal.wasmtime_component_vallist_new_uninit(struct, count);
        case RECORD -> WasmtimeComponentVal.wasmtime_component_valrecord_new_uninit(struct, count);
        case TUPLE -> WasmtimeComponentVal.wasmtime_component_valtuple_new_uninit(struct, count);
        case FLAGS -> WasmtimeComponentVal.wasmtime_component_valflags_new_uninit(struct, count);
        case MAP -> WasmtimeComponentVal.wasmtime_component_valmap_new_uninit(struct, count);
      }
      long data = getLong(at + 8);
      NativeVector.sized(MemorySegment.ofAddress(data), count * vector.elementSize).fill((byte) 0);
      return data;
    }

    @Override
    void text(long at, byte[] utf8) {
      checkMemory(utf8.length);
      Wasm.wasm_byte_vec_new_uninitialized(MemorySegment.ofAddress(at), utf8.length);
      if (utf8.length > 0) {
        MemorySegment.copy(
            utf8,
            0,
            NativeVector.sized(MemorySegment.ofAddress(getLong(at + 8)), utf8.length),
            ValueLayout.JAVA_BYTE,
            0,
            utf8.length);
      }
    }

    // For the value, and for the copy that the engine makes of it.
    private static void checkMemory(long size) {
      if (size > CHECKED_SIZE) {
        Shim.checkMemory((1 + Scratch.COPY) * size);
      }
    }

    @Override
    void name(long at, MemorySegment name) {
      Wasm.wasm_byte_vec_new(MemorySegment.ofAddress(at), name.byteSize(), name);
    }

    @Override
    long box(long at) {
      long empty = store.scratch().allocate(Codec.SIZEOF);
      long value =
          WasmtimeComponentVal.wasmtime_component_val_new(MemorySegment.ofAddress(empty)).address();
      putLong(at, value);
      return value;
    }

    @Override
    boolean isOwned() {
      return true;
    }
  }
}
