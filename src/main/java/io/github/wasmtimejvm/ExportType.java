package io.github.wasmtimejvm;

import io.github.wasmtimejvm.internal.Printable;

/**
 * Something that a module offers: {@code wasm_exporttype_t} in C.
 *
 * @param name its name
 * @param type what it is
 */
public record ExportType(String name, ExternType type) {
  /** Returns both; control characters in the name are escaped. Threads: any. */
  @Override
  public String toString() {
    return "ExportType[name=" + Printable.of(name) + ", type=" + type + "]";
  }
}
