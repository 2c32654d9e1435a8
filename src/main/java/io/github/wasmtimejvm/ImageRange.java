package io.github.wasmtimejvm;

/**
 * Where a module's compiled code and what belongs to it are in this process's memory, for profilers
 * and debuggers.
 *
 * @param start the address of the first byte
 * @param end the address behind the last byte
 */
public record ImageRange(long start, long end) {}
