package io.github.wasmtimejvm.wasi;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A stream of Java's failed in the end, when its store was closed or got another configuration: in
 * the last {@code flush()}, or with a last line that has no end. The {@linkplain #getCause() cause}
 * is what it threw, further ones are {@linkplain #getSuppressed() suppressed} by that. What a
 * stream throws while the guest runs comes through as the same object instead.
 *
 * <p>How a program ended is not lost: {@link #status} has what {@link WasiProgram#run} would have
 * returned; where the program ended with an exception, that is thrown, and this one is suppressed
 * by it.
 */
public final class OutputException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient @Nullable ExitStatus status;

  OutputException(Throwable cause) {
    super("the output of the guest could not be delivered: " + cause, cause);
    this.status = null;
  }

  OutputException(ExitStatus status, OutputException lost) {
    super(
        "the program ended with status " + status.code() + ", but " + lost.getMessage(),
        lost.getCause());
    this.status = status;
  }

  /**
   * Returns the status of the program whose output it was, if {@link WasiProgram#run} threw this;
   * else nothing. Threads: any.
   */
  public Optional<ExitStatus> status() {
    return Optional.ofNullable(status);
  }
}
