package io.github.wasmtimejvm.wasi;

import io.github.wasmtimejvm.ExitException;

/**
 * What a program ended with, whether it returned or exited.
 *
 * <p>Exiting unwinds the guest, so the engine reports it as an error, also for the status 0 of a
 * program that succeeded. In C every call must be followed by a look at {@code
 * wasmtime_error_exit_status}; {@link #of} is that look, for all calls.
 *
 * @param code the status as the guest gave it, all 32 bits; 0 is success
 */
public record ExitStatus(int code) {
  /** The status of a program that succeeded. */
  public static final ExitStatus SUCCESS = new ExitStatus(0);

  // What a program that returns an error ends with, as the command line has it.
  static final ExitStatus FAILURE = new ExitStatus(1);

  /** Something that runs a guest. */
  @FunctionalInterface
  public interface Run<X extends Exception> {
    /**
     * Runs it. Threads: any.
     *
     * @throws X whatever it likes
     */
    void run() throws X;
  }

  /**
   * Runs a guest and returns its status: 0 when it returns normally, n when it exits with n. Traps,
   * errors of the engine and exceptions of host functions are no exits; they are thrown as ever.
   *
   * <pre>{@code
   * ExitStatus status = ExitStatus.of(() -> instance.func("_start").call());
   * }</pre>
   *
   * <p>Threads: any.
   *
   * @param run what runs the guest: a call, an instantiation, or both
   * @throws X what {@code run} throws
   */
  public static <X extends Exception> ExitStatus of(Run<X> run) throws X {
    try {
      run.run();
      return SUCCESS;
    } catch (ExitException exit) {
      return new ExitStatus(exit.status());
    }
  }

  /** Returns whether the status is 0. Threads: any. */
  public boolean isSuccess() {
    return code == 0;
  }
}
