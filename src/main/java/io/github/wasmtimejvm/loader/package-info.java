/** Finds, checks and loads the native libraries; exported to nobody. */
@org.jspecify.annotations.NullMarked
package io.github.wasmtimejvm.loader;
