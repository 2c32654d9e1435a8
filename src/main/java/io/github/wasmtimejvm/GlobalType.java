package io.github.wasmtimejvm;

import java.util.Objects;

/**
 * The type of a global: {@code wasm_globaltype_t} in C.
 *
 * @param content type of its value
 * @param mutable whether the value can change
 */
public record GlobalType(ValType content, boolean mutable) implements ExternType {
  /** Creates a global type. Threads: any. */
  public GlobalType {
    Objects.requireNonNull(content, "content");
  }

  /**
   * Returns the type in the text format, for example {@code (global (mut i32))}, as far as {@link
   * RefType#toString} does. Threads: any.
   */
  @Override
  public String toString() {
    return "(global " + (mutable ? "(mut " + content + ")" : content.toString()) + ")";
  }
}
