package io.github.wasmtimejvm.binary;

/**
 * A custom section, whose content is not read.
 *
 * @param name the name of the section
 * @param from where the content begins, in the bytes of the outermost component
 * @param to where the content ends
 */
public record CustomSection(String name, int from, int to) {}
