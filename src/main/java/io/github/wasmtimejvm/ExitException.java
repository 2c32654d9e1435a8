package io.github.wasmtimejvm;

import java.util.List;
import java.util.OptionalInt;

/**
 * The guest ended itself: a program of any language that exits, 0 being success.
 *
 * <p>Also a status of 0 arrives here, since exiting unwinds the guest; {@link
 * io.github.wasmtimejvm.wasi.ExitStatus} treats it as a normal return. A host function may catch
 * one that comes out of a guest that it called, or throw one to end its own guest.
 */
public final class ExitException extends WasmtimeException {
  private static final long serialVersionUID = 1;

  /** The status, as the guest gave it. */
  private final int status;

  private transient boolean seen;

  /**
   * Creates an exit, which a host function may throw to end the guest that called it. Threads: any.
   *
   * @param status any number, all 32 bits of it; 0 is success
   */
  public ExitException(int status) {
    this(status, List.of());
  }

  ExitException(int status, List<WasmFrame> frames) {
    super("exit with status " + status, frames);
    this.status = status;
  }

  /** Whether nobody has asked this before. */
  boolean isNew() {
    boolean first = !seen;
    seen = true;
    return first;
  }

  /** Returns the status, all 32 bits of it as the guest gave them. Threads: any. */
  public int status() {
    return status;
  }

  @Override
  public OptionalInt exitStatus() {
    return OptionalInt.of(status);
  }
}
