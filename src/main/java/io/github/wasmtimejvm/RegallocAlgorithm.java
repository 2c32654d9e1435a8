package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.WasmtimeConfig;

/** How Cranelift assigns registers: {@code wasmtime_regalloc_algorithm_enum} in C. */
public enum RegallocAlgorithm {
  /** Tries again where that makes the code faster; the time may grow faster than the function. */
  BACKTRACKING(WasmtimeConfig.WASMTIME_REGALLOC_BACKTRACKING),

  /** In one pass: compiles faster, in linear time, to slower code. */
  SINGLE_PASS(WasmtimeConfig.WASMTIME_REGALLOC_SINGLE_PASS);

  private final byte constant;

  RegallocAlgorithm(byte constant) {
    this.constant = constant;
  }

  byte constant() {
    return constant;
  }
}
