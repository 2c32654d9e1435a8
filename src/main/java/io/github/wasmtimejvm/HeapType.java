package io.github.wasmtimejvm;

/** What a reference refers to: an abstract type, or one that a module defines. */
public sealed interface HeapType permits AbstractHeapType, ConcreteHeapType {}
