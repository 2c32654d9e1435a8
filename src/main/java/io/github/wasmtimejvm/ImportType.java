package io.github.wasmtimejvm;

/**
 * Something that a module needs: {@code wasm_importtype_t} in C.
 *
 * @param module first part of its name
 * @param name second part of its name
 * @param type what it must be
 */
public record ImportType(String module, String name, ExternType type) {}
