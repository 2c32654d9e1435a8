package io.github.wasmtimejvm;

/**
 * The type of a WebAssembly value: a number or vector ({@link NumType}) or a reference ({@link
 * RefType}).
 *
 * <p>{@code wasmtime_valtype_t} in C.
 */
public sealed interface ValType extends StorageType permits NumType, RefType {
  /** 32-bit integer, an {@code Integer} in Java. */
  ValType I32 = NumType.I32;

  /** 64-bit integer, a {@code Long} in Java. */
  ValType I64 = NumType.I64;

  /** 32-bit floating point number, a {@code Float} in Java. */
  ValType F32 = NumType.F32;

  /** 64-bit floating point number, a {@code Double} in Java. */
  ValType F64 = NumType.F64;

  /** 128-bit vector, a {@link io.github.wasmtimejvm.V128} in Java. */
  ValType V128 = NumType.V128;

  /** Nullable reference to any function, a {@link Func} or {@code null} in Java. */
  RefType FUNCREF = new RefType(true, AbstractHeapType.FUNC);

  /** Nullable reference to anything of the host's. */
  RefType EXTERNREF = new RefType(true, AbstractHeapType.EXTERN);
}
