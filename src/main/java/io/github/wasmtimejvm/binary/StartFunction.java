package io.github.wasmtimejvm.binary;

import java.util.List;

/**
 * The function that a component calls when it is instantiated.
 *
 * @param function the function
 * @param arguments what it is called with
 */
public record StartFunction(ComponentFunction function, List<ComponentValue> arguments) {}
