package io.github.wasmtimejvm;

/**
 * A reference into the heap of guests with garbage collection, or a small number in its place:
 * {@code wasmtime_anyref_t} in C. {@code null} stands for the null reference.
 *
 * <p>What it refers to lives as long as Java or a guest can reach it. It belongs to one store, but
 * for an {@link I31}, which belongs to all.
 */
public sealed interface AnyRef permits EqRef, ConvertedRef {}
