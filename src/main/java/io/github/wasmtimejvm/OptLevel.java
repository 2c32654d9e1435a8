package io.github.wasmtimejvm;

/** How much Cranelift optimizes: {@code wasmtime_opt_level_enum} in C. */
public enum OptLevel {
  /** Not at all: compiles faster. */
  NONE,

  /** For speed. */
  SPEED,

  /** For speed, but not where that would make the code much larger. */
  SPEED_AND_SIZE
}
