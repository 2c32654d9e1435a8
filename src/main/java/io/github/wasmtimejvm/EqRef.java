package io.github.wasmtimejvm;

/** A reference that guests can compare by identity: {@code wasmtime_eqref_t} in C. */
public sealed interface EqRef extends AnyRef permits I31, StructRef, ArrayRef {}
