/**
 * What a module imports and exports, as its bytes or the engine say it; exported to nobody. The
 * types that are found are those of the public API: this package and the root package use each
 * other.
 */
@org.jspecify.annotations.NullMarked
package io.github.wasmtimejvm.declarations;
