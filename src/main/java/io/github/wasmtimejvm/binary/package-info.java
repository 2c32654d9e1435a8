/**
 * What the bytes of a module or component say; exported to nobody. The classes here know nothing of
 * the engine or of the public API.
 */
@org.jspecify.annotations.NullMarked
package io.github.wasmtimejvm.binary;
