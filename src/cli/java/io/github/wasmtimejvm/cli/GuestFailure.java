package io.github.wasmtimejvm.cli;

import io.github.wasmtimejvm.WasmtimeException;
import org.jspecify.annotations.Nullable;

/** A module could not be loaded, or its program failed. */
final class GuestFailure extends Exception {
  private static final long serialVersionUID = 1;

  private final String file;
  private final @Nullable String step;
  private final WasmtimeException failure;

  /**
   * @param file the module's file
   * @param step what failed, in the words of the official tool, which has none for some
   * @param failure what the library says
   */
  GuestFailure(String file, @Nullable String step, WasmtimeException failure) {
    super(failure.getMessage(), failure);
    this.file = file;
    this.step = step;
    this.failure = failure;
  }

  String file() {
    return file;
  }

  @Nullable String step() {
    return step;
  }

  WasmtimeException failure() {
    return failure;
  }
}
