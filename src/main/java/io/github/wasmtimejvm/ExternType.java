package io.github.wasmtimejvm;

/** The type of something that a module imports or exports: {@code wasm_externtype_t} in C. */
public sealed interface ExternType permits FuncType, GlobalType, TableType, MemoryType, TagType {}
