package io.github.wasmtimejvm.component;

import org.jspecify.annotations.Nullable;

/**
 * A value of a {@code variant} without a Java type of its own, as {@link ComponentFunc#call} takes
 * and returns it.
 *
 * @param name the name of its case
 * @param payload its payload, {@code null} if the case has none
 */
public record WitVariant(String name, @Nullable Object payload) {}
