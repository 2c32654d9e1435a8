package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.WasmtimeConfig;

/** Which compiler an engine uses: {@code wasmtime_strategy_enum} in C. */
public enum Strategy {
  /** The engine chooses, which today means {@link #CRANELIFT}. */
  AUTO(WasmtimeConfig.WASMTIME_STRATEGY_AUTO),

  /** The optimizing compiler. */
  CRANELIFT(WasmtimeConfig.WASMTIME_STRATEGY_CRANELIFT),

  /**
   * The baseline compiler: compiles in one pass and some times faster, to code that runs slower. It
   * knows fewer proposals, see {@link WasmFeature}; a module that needs more is a {@link
   * CompileException}.
   */
  WINCH(WasmtimeConfig.WASMTIME_STRATEGY_WINCH);

  private final byte constant;

  Strategy(byte constant) {
    this.constant = constant;
  }

  byte constant() {
    return constant;
  }
}
