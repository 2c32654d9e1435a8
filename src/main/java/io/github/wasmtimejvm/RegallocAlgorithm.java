package io.github.wasmtimejvm;

/** How Cranelift assigns registers: {@code wasmtime_regalloc_algorithm_enum} in C. */
public enum RegallocAlgorithm {
  /** Tries again where that makes the code faster; the time may grow faster than the function. */
  BACKTRACKING,

  /** In one pass: compiles faster, in linear time, to slower code. */
  SINGLE_PASS
}
