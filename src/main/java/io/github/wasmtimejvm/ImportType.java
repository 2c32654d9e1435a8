package io.github.wasmtimejvm;

import io.github.wasmtimejvm.internal.Printable;

/**
 * Something that a module needs: {@code wasm_importtype_t} in C.
 *
 * @param module first part of its name
 * @param name second part of its name
 * @param type what it must be
 */
public record ImportType(String module, String name, ExternType type) {
  /** Returns all three; control characters in the names are escaped. Threads: any. */
  @Override
  public String toString() {
    return "ImportType[module="
        + Printable.of(module)
        + ", name="
        + Printable.of(name)
        + ", type="
        + type
        + "]";
  }
}
