package io.github.wasmtimejvm.binary;

/**
 * An import or export.
 *
 * @param name the name
 * @param item what is imported or exported
 */
public record ComponentExtern(ExternName name, ComponentItem item) {}
