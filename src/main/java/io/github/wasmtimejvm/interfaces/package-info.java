/**
 * Classes that are generated for interfaces at run time, and how long they stay; knows nothing of
 * WebAssembly and is exported to nobody.
 */
@org.jspecify.annotations.NullMarked
package io.github.wasmtimejvm.interfaces;
