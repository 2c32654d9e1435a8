package io.github.wasmtimejvm.binary;

/**
 * A memory of a core module's instance.
 *
 * @param owner the instance that defines the memory
 * @param index how many memories the owner's module defines before this one
 * @param wide whether addresses have 64 bits
 * @param shared whether threads may share the memory
 * @param odd whether there is anything else about it than a maximum: a page size of its own
 */
public record CoreMemory(
    CoreInstance.OfModule owner, int index, boolean wide, boolean shared, boolean odd) {}
