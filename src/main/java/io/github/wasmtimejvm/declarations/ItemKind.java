package io.github.wasmtimejvm.declarations;

import io.github.wasmtimejvm.Extern;
import io.github.wasmtimejvm.ExternType;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.Global;
import io.github.wasmtimejvm.GlobalType;
import io.github.wasmtimejvm.Memory;
import io.github.wasmtimejvm.MemoryType;
import io.github.wasmtimejvm.SharedMemory;
import io.github.wasmtimejvm.Table;
import io.github.wasmtimejvm.TableType;
import io.github.wasmtimejvm.Tag;
import io.github.wasmtimejvm.TagType;
import io.github.wasmtimejvm.capi.Wasm;
import java.lang.foreign.MemorySegment;

/** What can be imported and exported, with the numbers of the binary format. */
public enum ItemKind {
  FUNC,
  TABLE,
  MEMORY,
  GLOBAL,
  TAG;

  private static final ItemKind[] ALL = values();

  /** A function of exactly the given type, which counts as a function here. */
  private static final int EXACT_FUNC = 0x20;

  /**
   * Returns the kind of a number.
   *
   * @throws IndexOutOfBoundsException if there is no such kind
   */
  static ItemKind of(int number) {
    return number == EXACT_FUNC ? FUNC : ALL[number];
  }

  /** Returns the kind of a {@code wasm_externtype_t*}. */
  public static ItemKind ofNative(MemorySegment type) {
    int kind = Wasm.wasm_externtype_kind(type);
    return switch (kind) {
      case Wasm.WASM_EXTERN_FUNC -> FUNC;
      case Wasm.WASM_EXTERN_GLOBAL -> GLOBAL;
      case Wasm.WASM_EXTERN_TABLE -> TABLE;
      case Wasm.WASM_EXTERN_MEMORY -> MEMORY;
      case Wasm.WASM_EXTERN_TAG -> TAG;
      default -> throw new IllegalStateException("unknown kind of external type: " + kind);
    };
  }

  public static ItemKind of(ExternType type) {
    return switch (type) {
      case FuncType _ -> FUNC;
      case TableType _ -> TABLE;
      case MemoryType _ -> MEMORY;
      case GlobalType _ -> GLOBAL;
      case TagType _ -> TAG;
    };
  }

  public static ItemKind of(Extern item) {
    return switch (item) {
      case Func _ -> FUNC;
      case Table _ -> TABLE;
      case Memory _, SharedMemory _ -> MEMORY;
      case Global _ -> GLOBAL;
      case Tag _ -> TAG;
    };
  }
}
