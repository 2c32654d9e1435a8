/**
 * The command line: {@code wasmtime-jvm run} and {@code compile}, with the options of {@code
 * wasmtime} and a whole exit status.
 *
 * <p>It takes its arguments apart by hand: an argument library was measured to cost a third of a
 * second of every start, which is more than starting the JVM and running a small guest.
 */
@org.jspecify.annotations.NullMarked
package io.github.wasmtimejvm.cli;
