package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.WasmtimeConfig;
import java.lang.foreign.MemorySegment;
import java.util.function.BiConsumer;

/**
 * A proposal to extend WebAssembly that an engine knows, switched by {@link EngineBuilder#feature}.
 * A module or component that uses one which is off is refused with a {@link CompileException}.
 *
 * <p>Compiled code needs every proposal that was on in the engine that compiled it, whether the
 * module uses it or not: another engine that has one of them off refuses the code.
 *
 * <p>What is on by default depends on the compiler. "On" and "off" say it for Cranelift, that is
 * {@link Strategy#CRANELIFT} and {@link Strategy#AUTO}; where Winch differs it is said too.
 */
public enum WasmFeature {
  /**
   * Functions and blocks with several results. On by default. {@code
   * wasmtime_config_wasm_multi_value_set} in C.
   */
  MULTI_VALUE(WasmtimeConfig::wasmtime_config_wasm_multi_value_set),

  /**
   * {@code memory.copy}, {@code memory.fill} and their like. On by default. {@code
   * wasmtime_config_wasm_bulk_memory_set} in C.
   */
  BULK_MEMORY(WasmtimeConfig::wasmtime_config_wasm_bulk_memory_set),

  /**
   * {@code externref}, several tables, {@code table.get}. On by default. {@code
   * wasmtime_config_wasm_reference_types_set} in C.
   */
  REFERENCE_TYPES(WasmtimeConfig::wasmtime_config_wasm_reference_types_set),

  /**
   * 128-bit vectors; Winch needs a CPU with AVX for them. On by default. {@code
   * wasmtime_config_wasm_simd_set} in C.
   */
  SIMD(WasmtimeConfig::wasmtime_config_wasm_simd_set),

  /**
   * Vector instructions whose result depends on the CPU; needs {@link #SIMD}. On by default; off
   * with Winch, which refuses it. {@code wasmtime_config_wasm_relaxed_simd_set} in C.
   */
  RELAXED_SIMD(WasmtimeConfig::wasmtime_config_wasm_relaxed_simd_set),

  /**
   * Atomic instructions and shared memories in modules; creating a shared memory also needs {@link
   * EngineBuilder#sharedMemory}. On by default; off with Winch, and with Pulley, which refuses it.
   * {@code wasmtime_config_wasm_threads_set} in C.
   */
  THREADS(WasmtimeConfig::wasmtime_config_wasm_threads_set),

  /**
   * {@code return_call}. On by default; off with Winch. {@code wasmtime_config_wasm_tail_call_set}
   * in C.
   */
  TAIL_CALL(WasmtimeConfig::wasmtime_config_wasm_tail_call_set),

  /**
   * Typed references to functions, {@code call_ref}. On by default; off with Winch, which refuses
   * it. {@code wasmtime_config_wasm_function_references_set} in C.
   */
  FUNCTION_REFERENCES(WasmtimeConfig::wasmtime_config_wasm_function_references_set),

  /**
   * Structs, arrays and {@code i31ref}, collected by reference counting. On by default; off with
   * Winch, which refuses it. {@code wasmtime_config_wasm_gc_set} in C.
   */
  GC(WasmtimeConfig::wasmtime_config_wasm_gc_set),

  /**
   * {@code throw}, {@code try_table}. On by default; off with Winch. {@code
   * wasmtime_config_wasm_exceptions_set} in C.
   */
  EXCEPTIONS(WasmtimeConfig::wasmtime_config_wasm_exceptions_set),

  /**
   * Several memories in a module. On by default. {@code wasmtime_config_wasm_multi_memory_set} in
   * C.
   */
  MULTI_MEMORY(WasmtimeConfig::wasmtime_config_wasm_multi_memory_set),

  /**
   * Memories and tables with 64-bit addresses. On by default. {@code
   * wasmtime_config_wasm_memory64_set} in C.
   */
  MEMORY64(WasmtimeConfig::wasmtime_config_wasm_memory64_set),

  /**
   * 128-bit addition and multiplication. On by default; off with Winch. {@code
   * wasmtime_config_wasm_wide_arithmetic_set} in C.
   */
  WIDE_ARITHMETIC(WasmtimeConfig::wasmtime_config_wasm_wide_arithmetic_set),

  /**
   * Hints which way a branch mostly goes. Off by default. {@code
   * wasmtime_config_wasm_branch_hinting_set} in C.
   */
  BRANCH_HINTING(WasmtimeConfig::wasmtime_config_wasm_branch_hinting_set),

  /**
   * Memories with pages of one byte. Off by default. {@code
   * wasmtime_config_wasm_custom_page_sizes_set} in C.
   */
  CUSTOM_PAGE_SIZES(WasmtimeConfig::wasmtime_config_wasm_custom_page_sizes_set),

  /**
   * A shorter encoding of imports. Off by default. {@code wasmtime_config_wasm_compact_imports_set}
   * in C.
   */
  COMPACT_IMPORTS(WasmtimeConfig::wasmtime_config_wasm_compact_imports_set),

  /**
   * Continuations; refused, as they run on stacks of their own, where a call up into Java ends the
   * VM. Off, and cannot be switched on. {@code wasmtime_config_wasm_stack_switching_set} in C.
   */
  STACK_SWITCHING(WasmtimeConfig::wasmtime_config_wasm_stack_switching_set),

  /**
   * Components; needs {@link #MULTI_VALUE} and {@link #MULTI_MEMORY}, in which the engine writes
   * what stands between two components. On by default, with Winch too. {@code
   * wasmtime_config_wasm_component_model_set} in C.
   */
  COMPONENT_MODEL(WasmtimeConfig::wasmtime_config_wasm_component_model_set),

  /**
   * The type {@code map<k, v>} of components. Off by default. {@code
   * wasmtime_config_wasm_component_model_map_set} in C.
   */
  COMPONENT_MODEL_MAP(WasmtimeConfig::wasmtime_config_wasm_component_model_map_set),

  /**
   * The annotation {@code implements}, with which a component imports or exports one interface
   * under several plain names, and {@code external-id}. A linker finds such an import by its plain
   * name only. Off by default. {@code wasmtime_config_wasm_component_model_implements_set} in C.
   */
  COMPONENT_MODEL_IMPLEMENTS(WasmtimeConfig::wasmtime_config_wasm_component_model_implements_set),

  /**
   * Canonical names of a component's imports and exports, {@code ns:pkg/iface@0.2} with the rest of
   * the version as the annotation {@code version-suffix}. The engine takes them and forgets the
   * suffix: an import {@code @0.2} is found under just that name, not under {@code @0.2.12}. Off by
   * default. {@code wasmtime_config_wasm_component_model_canonical_names_set} in C.
   */
  COMPONENT_MODEL_CANONICAL_NAMES(
      WasmtimeConfig::wasmtime_config_wasm_component_model_canonical_names_set),

  /**
   * Functions of components with names such as {@code [get]size}, {@code [set]size} and {@code
   * [method][get]file.size}. To the engine these are names as others are. Off by default. {@code
   * wasmtime_config_wasm_component_model_accessors_set} in C.
   */
  COMPONENT_MODEL_ACCESSORS(WasmtimeConfig::wasmtime_config_wasm_component_model_accessors_set),

  /**
   * Asynchronous functions, streams and futures of components, and the built-in functions for them;
   * refused, as they run on stacks of their own, where a call up into Java ends the VM. Off, and
   * cannot be switched on. {@code wasmtime_config_wasm_component_model_async_set} in C.
   */
  COMPONENT_MODEL_ASYNC(WasmtimeConfig::wasmtime_config_wasm_component_model_async_set),

  /**
   * More built-in functions of {@link #COMPONENT_MODEL_ASYNC}; refused. Off, and cannot be switched
   * on. {@code wasmtime_config_wasm_component_model_more_async_builtins_set} in C.
   */
  COMPONENT_MODEL_MORE_ASYNC_BUILTINS(
      WasmtimeConfig::wasmtime_config_wasm_component_model_more_async_builtins_set),

  /**
   * Functions of {@link #COMPONENT_MODEL_ASYNC} that wait where they are, without a callback;
   * refused. Off, and cannot be switched on. {@code
   * wasmtime_config_wasm_component_model_async_stackful_set} in C.
   */
  COMPONENT_MODEL_ASYNC_STACKFUL(
      WasmtimeConfig::wasmtime_config_wasm_component_model_async_stackful_set);

  private final BiConsumer<MemorySegment, Boolean> setter;

  WasmFeature(BiConsumer<MemorySegment, Boolean> setter) {
    this.setter = setter;
  }

  void set(MemorySegment config, boolean enable) {
    setter.accept(config, enable);
  }
}
