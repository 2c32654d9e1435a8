package io.github.wasmtimejvm;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A WebAssembly exception on its way through Java.
 *
 * <p>It comes out of a call whose guest threw one that neither it nor a host function caught. A
 * host function that throws it, made anew or caught before, throws the WebAssembly exception to the
 * guest, which may catch it.
 */
public final class GuestException extends WasmtimeException {
  private static final long serialVersionUID = 1;

  private final transient ExnRef exception;

  GuestException(ExnRef exception, List<WasmFrame> frames) {
    super("WebAssembly exception", frames);
    this.exception = exception;
  }

  /**
   * Creates one to throw. Threads: any.
   *
   * @param exception what to throw
   */
  public GuestException(ExnRef exception) {
    this(Objects.requireNonNull(exception, "exception"), List.of());
  }

  /**
   * Creates one to throw, with a new WebAssembly exception: {@code wasmtime_exnref_new}. Threads:
   * the store's.
   *
   * @param tag its tag
   * @param payload what it carries, values as {@link Func#call} takes them
   * @throws IllegalArgumentException if the payload does not fit the tag
   */
  public GuestException(Tag tag, @Nullable Object... payload) {
    this(ExnRef.create(tag, payload));
  }

  /**
   * Returns the exception with its tag and payload, which live in its store. Threads: any.
   *
   * @throws IllegalStateException after deserialization, which does not keep it
   */
  public ExnRef exception() {
    if (exception == null) {
      throw new IllegalStateException("the exception was left behind by serialization");
    }
    return exception;
  }

  /** Returns the exception's tag; see {@link ExnRef#tag}. Threads: the store's. */
  public Tag tag() {
    return exception().tag();
  }

  /** Returns what the exception carries; see {@link ExnRef#payload}. Threads: the store's. */
  public List<@Nullable Object> payload() {
    return exception().payload();
  }
}
