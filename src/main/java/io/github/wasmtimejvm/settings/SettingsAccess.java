package io.github.wasmtimejvm.settings;

import io.github.wasmtimejvm.WasmFeature;
import java.lang.foreign.MemorySegment;

/**
 * What an engine is built with and the public types of the root package do not show: the C
 * functions behind proposals, and the exceptions, which only the root package can make.
 */
public interface SettingsAccess {
  /** Writes into a {@code wasm_config_t} whether modules may use a proposal. */
  void set(MemorySegment config, WasmFeature feature, boolean enable);

  /**
   * Throws an {@code EngineException} if there is an error.
   *
   * @param error a {@code wasmtime_error_t*} or {@code NULL}, taken from the caller
   */
  void check(MemorySegment error);

  /**
   * Makes the {@code EngineException} for what the system refuses.
   *
   * @param refusal what the system refuses and why
   */
  RuntimeException refused(String refusal);
}
