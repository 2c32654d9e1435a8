/**
 * Programs that were compiled for WASI, modules for preview 1 and components for 0.2: what they may
 * see of the host, running them, and the status that they end with.
 *
 * <pre>{@code
 * WasiConfig config = WasiConfig.builder().args("hello", "world").inheritStdio().build();
 * ExitStatus status = WasiProgram.of(module).run(config);
 * System.exit(status.code());
 * }</pre>
 *
 * <p>For modules, streams, clocks, random numbers and any function of WASI may be Java's: Java then
 * intercepts calls of the engine's functions, on the guest's thread.
 */
@org.jspecify.annotations.NullMarked
package io.github.wasmtimejvm.wasi;
