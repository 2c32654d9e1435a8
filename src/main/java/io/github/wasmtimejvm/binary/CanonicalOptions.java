package io.github.wasmtimejvm.binary;

import org.jspecify.annotations.Nullable;

/**
 * How values are passed between a component and a core module.
 *
 * @param encoding how strings are encoded
 * @param memory the memory with the values, {@code null} if none is needed
 * @param realloc the function that allocates in it, {@code null} if none is needed
 * @param postReturn what is called when the results were read, {@code null} if nothing is
 * @param async whether the function is an asynchronous one
 * @param callback what is called for an event of an asynchronous function, {@code null} if nothing
 *     is
 */
public record CanonicalOptions(
    StringEncoding encoding,
    @Nullable CoreItem memory,
    @Nullable CoreItem realloc,
    @Nullable CoreItem postReturn,
    boolean async,
    @Nullable CoreItem callback) {
  /** The encodings of strings. */
  public enum StringEncoding {
    UTF8,
    UTF16,
    LATIN1_OR_UTF16
  }
}
