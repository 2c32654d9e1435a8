package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.WasmtimeConfig;
import java.lang.foreign.MemorySegment;
import java.util.function.BiConsumer;

/**
 * A proposal to extend WebAssembly that an engine knows, switched by {@link EngineBuilder#feature}.
 * A module that uses one which is off is refused with a {@link CompileException}.
 *
 * <p>What is on by default depends on the compiler. "On" and "off" say it for Cranelift, that is
 * {@link Strategy#CRANELIFT} and {@link Strategy#AUTO}; where Winch differs it is said too.
 */
public enum WasmFeature {
  /**
   * Functions and blocks with several results. On by default. {@code
   * wasmtime_config_wasm_multi_value_set} in C.
   */
  MULTI_VALUE(WasmtimeConfig::wasmtime_config_wasm_multi_value_set, true, true),

  /**
   * {@code memory.copy}, {@code memory.fill} and their like. On by default. {@code
   * wasmtime_config_wasm_bulk_memory_set} in C.
   */
  BULK_MEMORY(WasmtimeConfig::wasmtime_config_wasm_bulk_memory_set, true, true),

  /**
   * {@code externref}, several tables, {@code table.get}. On by default. {@code
   * wasmtime_config_wasm_reference_types_set} in C.
   */
  REFERENCE_TYPES(WasmtimeConfig::wasmtime_config_wasm_reference_types_set, true, true),

  /**
   * 128-bit vectors; Winch needs a CPU with AVX for them. On by default. {@code
   * wasmtime_config_wasm_simd_set} in C.
   */
  SIMD(WasmtimeConfig::wasmtime_config_wasm_simd_set, true, true),

  /**
   * Vector instructions whose result depends on the CPU; needs {@link #SIMD}. On by default; off
   * with Winch, which refuses it. {@code wasmtime_config_wasm_relaxed_simd_set} in C.
   */
  RELAXED_SIMD(WasmtimeConfig::wasmtime_config_wasm_relaxed_simd_set, true, false),

  /**
   * Atomic instructions and shared memories in modules; creating a shared memory also needs {@link
   * EngineBuilder#sharedMemory}. On by default; off with Winch, and with Pulley, which refuses it.
   * {@code wasmtime_config_wasm_threads_set} in C.
   */
  THREADS(WasmtimeConfig::wasmtime_config_wasm_threads_set, true, false),

  /**
   * {@code return_call}. On by default; off with Winch. {@code wasmtime_config_wasm_tail_call_set}
   * in C.
   */
  TAIL_CALL(WasmtimeConfig::wasmtime_config_wasm_tail_call_set, true, false),

  /**
   * Typed references to functions, {@code call_ref}. On by default; off with Winch, which refuses
   * it. {@code wasmtime_config_wasm_function_references_set} in C.
   */
  FUNCTION_REFERENCES(WasmtimeConfig::wasmtime_config_wasm_function_references_set, true, false),

  /**
   * Structs, arrays and {@code i31ref}, collected by reference counting. On by default; off with
   * Winch, which refuses it. {@code wasmtime_config_wasm_gc_set} in C.
   */
  GC(WasmtimeConfig::wasmtime_config_wasm_gc_set, true, false),

  /**
   * {@code throw}, {@code try_table}. On by default; off with Winch. {@code
   * wasmtime_config_wasm_exceptions_set} in C.
   */
  EXCEPTIONS(WasmtimeConfig::wasmtime_config_wasm_exceptions_set, true, false),

  /**
   * Several memories in a module. On by default. {@code wasmtime_config_wasm_multi_memory_set} in
   * C.
   */
  MULTI_MEMORY(WasmtimeConfig::wasmtime_config_wasm_multi_memory_set, true, true),

  /**
   * Memories and tables with 64-bit addresses. On by default. {@code
   * wasmtime_config_wasm_memory64_set} in C.
   */
  MEMORY64(WasmtimeConfig::wasmtime_config_wasm_memory64_set, true, true),

  /**
   * 128-bit addition and multiplication. On by default; off with Winch. {@code
   * wasmtime_config_wasm_wide_arithmetic_set} in C.
   */
  WIDE_ARITHMETIC(WasmtimeConfig::wasmtime_config_wasm_wide_arithmetic_set, true, false),

  /**
   * Hints which way a branch mostly goes. Off by default. {@code
   * wasmtime_config_wasm_branch_hinting_set} in C.
   */
  BRANCH_HINTING(WasmtimeConfig::wasmtime_config_wasm_branch_hinting_set, false, false),

  /**
   * Memories with pages of one byte. Off by default. {@code
   * wasmtime_config_wasm_custom_page_sizes_set} in C.
   */
  CUSTOM_PAGE_SIZES(WasmtimeConfig::wasmtime_config_wasm_custom_page_sizes_set, false, false),

  /**
   * A shorter encoding of imports. Off by default. {@code wasmtime_config_wasm_compact_imports_set}
   * in C.
   */
  COMPACT_IMPORTS(WasmtimeConfig::wasmtime_config_wasm_compact_imports_set, false, false),

  /**
   * Continuations; refused, as they run on stacks of their own, where a call up into Java ends the
   * VM. Off, and cannot be switched on. {@code wasmtime_config_wasm_stack_switching_set} in C.
   */
  STACK_SWITCHING(WasmtimeConfig::wasmtime_config_wasm_stack_switching_set, false, false),

  /** Components. On by default. {@code wasmtime_config_wasm_component_model_set} in C. */
  COMPONENT_MODEL(WasmtimeConfig::wasmtime_config_wasm_component_model_set, true, true),

  /**
   * The type {@code map} of components. Off by default. {@code
   * wasmtime_config_wasm_component_model_map_set} in C.
   */
  COMPONENT_MODEL_MAP(WasmtimeConfig::wasmtime_config_wasm_component_model_map_set, false, false),

  /**
   * The annotations {@code implements} and {@code external-id} of components. Off by default.
   * {@code wasmtime_config_wasm_component_model_implements_set} in C.
   */
  COMPONENT_MODEL_IMPLEMENTS(
      WasmtimeConfig::wasmtime_config_wasm_component_model_implements_set, false, false),

  /**
   * Canonical names of a component's imports and exports. Off by default. {@code
   * wasmtime_config_wasm_component_model_canonical_names_set} in C.
   */
  COMPONENT_MODEL_CANONICAL_NAMES(
      WasmtimeConfig::wasmtime_config_wasm_component_model_canonical_names_set, false, false),

  /**
   * {@code [get]} and {@code [set]} functions of components. Off by default. {@code
   * wasmtime_config_wasm_component_model_accessors_set} in C.
   */
  COMPONENT_MODEL_ACCESSORS(
      WasmtimeConfig::wasmtime_config_wasm_component_model_accessors_set, false, false),

  /**
   * Asynchronous functions of components; refused, as they run on stacks of their own, where a call
   * up into Java ends the VM. Off, and cannot be switched on. {@code
   * wasmtime_config_wasm_component_model_async_set} in C.
   */
  COMPONENT_MODEL_ASYNC(
      WasmtimeConfig::wasmtime_config_wasm_component_model_async_set, false, false),

  /**
   * More of the same; refused. Off, and cannot be switched on. {@code
   * wasmtime_config_wasm_component_model_more_async_builtins_set} in C.
   */
  COMPONENT_MODEL_MORE_ASYNC_BUILTINS(
      WasmtimeConfig::wasmtime_config_wasm_component_model_more_async_builtins_set, false, false),

  /**
   * More of the same; refused. Off, and cannot be switched on. {@code
   * wasmtime_config_wasm_component_model_async_stackful_set} in C.
   */
  COMPONENT_MODEL_ASYNC_STACKFUL(
      WasmtimeConfig::wasmtime_config_wasm_component_model_async_stackful_set, false, false);

  private final BiConsumer<MemorySegment, Boolean> setter;
  private final boolean onWithCranelift;
  private final boolean onWithWinch;

  WasmFeature(
      BiConsumer<MemorySegment, Boolean> setter, boolean onWithCranelift, boolean onWithWinch) {
    this.setter = setter;
    this.onWithCranelift = onWithCranelift;
    this.onWithWinch = onWithWinch;
  }

  void set(MemorySegment config, boolean enable) {
    setter.accept(config, enable);
  }

  /** Whether compiling it without {@link EngineBuilder#gcSupport} would end the process. */
  boolean needsGc() {
    return this == GC || this == EXCEPTIONS;
  }

  /** Whether it is on when nothing is said about it. */
  boolean isDefault(Strategy strategy, boolean pulley) {
    return strategy == Strategy.WINCH
        ? onWithWinch
        : onWithCranelift && !(pulley && this == THREADS);
  }
}
