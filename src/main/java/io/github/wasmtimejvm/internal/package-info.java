/**
 * What the public API is built on, exported to nobody: the shim, callbacks, ownership of native
 * objects, and the state of a store.
 */
@org.jspecify.annotations.NullMarked
package io.github.wasmtimejvm.internal;
