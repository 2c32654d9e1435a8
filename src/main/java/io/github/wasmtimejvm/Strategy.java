package io.github.wasmtimejvm;

/** Which compiler an engine uses: {@code wasmtime_strategy_enum} in C. */
public enum Strategy {
  /** The engine chooses, which today means {@link #CRANELIFT}. */
  AUTO,

  /** The optimizing compiler. */
  CRANELIFT,

  /**
   * The baseline compiler: compiles in one pass and some times faster, to code that runs slower. It
   * knows fewer proposals, see {@link WasmFeature}; a module that needs more is a {@link
   * CompileException}.
   */
  WINCH
}
