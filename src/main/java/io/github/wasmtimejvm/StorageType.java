package io.github.wasmtimejvm;

/**
 * What a field of a struct or an element of an array stores: a value, or an integer of few bits.
 */
public sealed interface StorageType permits ValType, PackedType {}
