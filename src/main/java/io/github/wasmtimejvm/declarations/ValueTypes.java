package io.github.wasmtimejvm.declarations;

import io.github.wasmtimejvm.AbstractHeapType;
import io.github.wasmtimejvm.GlobalType;
import io.github.wasmtimejvm.NumType;
import io.github.wasmtimejvm.RefType;
import io.github.wasmtimejvm.ValType;
import io.github.wasmtimejvm.binary.ByteReader;
import org.jspecify.annotations.Nullable;

/** Value types in the binary format. */
final class ValueTypes {
  static final int REF = 0x64;
  static final int REF_NULL = 0x63;

  private static final int ABSTRACT_FROM = 0x68;
  private static final @Nullable AbstractHeapType[] ABSTRACT = {
    null, // cont, which the engine does not have
    AbstractHeapType.EXN,
    AbstractHeapType.ARRAY,
    AbstractHeapType.STRUCT,
    AbstractHeapType.I31,
    AbstractHeapType.EQ,
    AbstractHeapType.ANY,
    AbstractHeapType.EXTERN,
    AbstractHeapType.FUNC,
    AbstractHeapType.NONE,
    AbstractHeapType.NOEXTERN,
    AbstractHeapType.NOFUNC,
    AbstractHeapType.NOEXN,
  };

  private static final @Nullable ValType[] BY_BYTE = new ValType[0x80];
  private static final @Nullable GlobalType[] GLOBALS = new GlobalType[2 * BY_BYTE.length];
  private static final @Nullable RefType[] NOT_NULL = new RefType[ABSTRACT.length];

  static {
    BY_BYTE[0x7f] = NumType.I32;
    BY_BYTE[0x7e] = NumType.I64;
    BY_BYTE[0x7d] = NumType.F32;
    BY_BYTE[0x7c] = NumType.F64;
    BY_BYTE[0x7b] = NumType.V128;
    for (int i = 0; i < ABSTRACT.length; i++) {
      AbstractHeapType heap = ABSTRACT[i];
      if (heap != null) {
        BY_BYTE[ABSTRACT_FROM + i] = new RefType(true, heap);
        NOT_NULL[i] = new RefType(false, heap);
      }
    }
    for (int code = 0; code < BY_BYTE.length; code++) {
      ValType type = BY_BYTE[code];
      if (type != null) {
        GLOBALS[2 * code] = new GlobalType(type, false);
        GLOBALS[2 * code + 1] = new GlobalType(type, true);
      }
    }
  }

  private ValueTypes() {}

  /** Returns the type that one byte stands for, {@code null} if there is none. */
  static @Nullable ValType ofByte(int code) {
    return code < 0 || code >= 0x80 ? null : BY_BYTE[code];
  }

  /**
   * Reads the type of a global whose content's type has one byte.
   *
   * @return {@code null} if the content's type has more bytes; then nothing was read
   */
  static @Nullable GlobalType global(ByteReader in) {
    int code = in.peek();
    return ofByte(code) == null ? null : GLOBALS[2 * in.u8() + (in.u8() & 1)];
  }

  /**
   * Returns the reference to an abstract heap type.
   *
   * @param heap the code of the heap type, a negative number of one byte
   * @throws IndexOutOfBoundsException if there is no such heap type
   */
  static RefType reference(boolean nullable, long heap) {
    int code = (int) heap & 0x7f;
    ValType type = nullable ? ofByte(code) : NOT_NULL[code - ABSTRACT_FROM];
    if (heap < -0x40 || !(type instanceof RefType reference)) {
      throw new IndexOutOfBoundsException();
    }
    return reference;
  }

  /** Skips a value type. */
  static void skip(ByteReader in) {
    int code = in.u8();
    if (code == REF || code == REF_NULL) {
      in.sleb();
    } else if (ofByte(code) == null) {
      throw new IndexOutOfBoundsException();
    }
  }
}
