package io.github.wasmtimejvm;

/**
 * Something that a module offers: {@code wasm_exporttype_t} in C.
 *
 * @param name its name
 * @param type what it is
 */
public record ExportType(String name, ExternType type) {}
