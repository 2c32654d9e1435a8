package io.github.wasmtimejvm.component;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A function returned the {@code err} of its {@code result}. That is a value like any other: the
 * component that returned it goes on.
 *
 * <p>A method that stands for a function with a {@code result} declares this exception, or a
 * subclass with one public constructor, whose only parameter is the Java type of the error:
 *
 * <pre>{@code
 * final class ParseException extends ErrException {
 *   public ParseException(ParseError error) {
 *     super(error);
 *   }
 * }
 * }</pre>
 *
 * <p>The same exception is what a Java object throws that implements an imported interface.
 */
public class ErrException extends Exception {
  private static final long serialVersionUID = 1;

  /** What went wrong. */
  private final transient @Nullable Object error;

  /**
   * Makes the exception. Threads: any.
   *
   * @param error what went wrong, {@code null} if the type of the result has no error value
   */
  public ErrException(@Nullable Object error) {
    super("the function returned an error: " + Objects.toString(error, "err"));
    this.error = error;
  }

  /** Returns what went wrong; {@code null} after deserialization. Threads: any. */
  public @Nullable Object error() {
    return error;
  }
}
