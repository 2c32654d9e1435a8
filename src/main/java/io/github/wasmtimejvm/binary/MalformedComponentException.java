package io.github.wasmtimejvm.binary;

/** Says that bytes are no component of the known format, or one beyond the bounds, and where. */
public final class MalformedComponentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int position;

  MalformedComponentException(String message, int position) {
    super(message + " (at byte " + position + ")");
    this.position = position;
  }

  /** Returns where reading ended, counted from the beginning of the bytes. */
  public int position() {
    return position;
  }
}
