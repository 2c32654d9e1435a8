/**
 * Programs that were compiled for WASI preview 1: what they may see of the host, running them, and
 * the status that they end with.
 *
 * <pre>{@code
 * WasiConfig config = WasiConfig.builder().args("hello", "world").inheritStdio().build();
 * ExitStatus status = WasiProgram.of(module).run(config);
 * System.exit(status.code());
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
package io.github.wasmtimejvm.wasi;
