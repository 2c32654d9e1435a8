package io.github.wasmtimejvm;

/**
 * Which profiler of the system is told about compiled code: {@code
 * wasmtime_profiling_strategy_enum} in C.
 *
 * <p>With any but {@link #NONE} the engine demangles the names of all functions of each module that
 * it compiles or loads. A name can be made so that this takes all the memory there is, which ends
 * the process: not for guests that are not trusted.
 */
public enum ProfilingStrategy {
  /** None. */
  NONE,

  /**
   * {@code perf} of Linux, by a file {@code jit-PID.dump} in the working directory, which must be
   * writable and not mounted {@code noexec}; one file for all engines of the process.
   */
  JITDUMP,

  /** Intel VTune, on x86_64. */
  VTUNE,

  /**
   * {@code perf} of Linux, by a file {@code /tmp/perf-PID.map}; one file for all engines of the
   * process, and the JVM's own when it is told to write one. Not on Windows.
   */
  PERFMAP
}
