package io.github.wasmtimejvm.wasi;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import org.jspecify.annotations.Nullable;

/** What a program is made of, for any number of runs and threads. */
sealed interface ProgramCode permits ModuleCode, ComponentCode {
  Engine engine();

  /**
   * Finds what the program imports.
   *
   * @throws IllegalArgumentException if the configuration has what such programs cannot have
   */
  void prepare(WasiConfig config);

  /**
   * Instantiates the program and calls a function.
   *
   * @param store a store with the configuration
   * @param function name of the function, {@code null} for that of a program that is run
   */
  ExitStatus run(Store store, @Nullable String function, @Nullable Object... args);
}
