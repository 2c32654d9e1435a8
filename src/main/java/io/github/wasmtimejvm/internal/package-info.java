/**
 * What the public API stands on, exported to nobody: the shim, callbacks, ownership of native
 * objects, and the state of a store.
 */
@org.jspecify.annotations.NullMarked
package io.github.wasmtimejvm.internal;
