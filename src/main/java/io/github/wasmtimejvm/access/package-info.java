/**
 * How the packages above the root package reach what lies behind its public objects; exported to
 * nobody. This package and the root package refer to each other.
 */
@org.jspecify.annotations.NullMarked
package io.github.wasmtimejvm.access;
