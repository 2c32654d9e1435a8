package io.github.wasmtimejvm.cli;

import io.github.wasmtimejvm.ExitException;
import io.github.wasmtimejvm.WasmtimeException;
import org.jspecify.annotations.Nullable;

/** A guest could not be loaded, or its program failed. */
final class GuestFailure extends Exception {
  private static final long serialVersionUID = 1;

  private final String file;
  private final @Nullable String step;
  private final WasmtimeException failure;

  /**
   * @param file the guest's file
   * @param step what failed, in the words of the official tool, which has none for some
   * @param failure what the library says
   */
  GuestFailure(String file, @Nullable String step, WasmtimeException failure) {
    super(failure.getMessage(), failure);
    this.file = file;
    this.step = step;
    this.failure = failure;
  }

  /** A piece of the guest's run. */
  interface Step<T extends @Nullable Object> {
    T run();
  }

  /**
   * Runs a piece of the guest's run.
   *
   * @param file the guest's file
   * @param step what fails if it fails, in the words of the official tool, which has none for some
   */
  static <T extends @Nullable Object> T during(String file, @Nullable String step, Step<T> run)
      throws GuestFailure {
    try {
      return run.run();
    } catch (ExitException e) {
      throw e;
    } catch (WasmtimeException e) {
      throw new GuestFailure(file, step, e);
    }
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
