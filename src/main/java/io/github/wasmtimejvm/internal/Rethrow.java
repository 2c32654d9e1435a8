package io.github.wasmtimejvm.internal;

/** Throws any Throwable as it is, checked ones too. */
public final class Rethrow {
  private Rethrow() {}

  /**
   * Throws {@code t}; declared to return an exception so that callers can write {@code throw
   * Rethrow.unchecked(t)} and the compiler sees that the path ends.
   */
  public static RuntimeException unchecked(Throwable t) {
    throw Rethrow.<RuntimeException>sneaky(t);
  }

  @SuppressWarnings("unchecked") // erased: the cast does nothing, which is the point
  private static <T extends Throwable> T sneaky(Throwable t) throws T {
    throw (T) t;
  }
}
