package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.WasmtimeConfig;

/** How much Cranelift optimizes: {@code wasmtime_opt_level_enum} in C. */
public enum OptLevel {
  /** Not at all: compiles faster. */
  NONE(WasmtimeConfig.WASMTIME_OPT_LEVEL_NONE),

  /** For speed. */
  SPEED(WasmtimeConfig.WASMTIME_OPT_LEVEL_SPEED),

  /** For speed, but not where that would make the code much larger. */
  SPEED_AND_SIZE(WasmtimeConfig.WASMTIME_OPT_LEVEL_SPEED_AND_SIZE);

  private final byte constant;

  OptLevel(byte constant) {
    this.constant = constant;
  }

  byte constant() {
    return constant;
  }
}
