/**
 * The settings of an engine, which of them go together, and how the engine is told; exported to
 * nobody.
 */
@org.jspecify.annotations.NullMarked
package io.github.wasmtimejvm.settings;
