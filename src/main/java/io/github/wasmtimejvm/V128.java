package io.github.wasmtimejvm;

/**
 * A 128-bit vector.
 *
 * @param low lanes in the lower eight bytes, little-endian
 * @param high lanes in the upper eight bytes, little-endian
 */
public record V128(long low, long high) {}
