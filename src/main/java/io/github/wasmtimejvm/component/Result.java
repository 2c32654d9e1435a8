package io.github.wasmtimejvm.component;

import org.jspecify.annotations.Nullable;

/**
 * Success or failure as a value: WIT's {@code result}. A function that returns one may also have a
 * Java method that returns the value of success and throws an {@link ErrException}.
 *
 * @param <T> the value of success; {@link Void} if there is none, which is {@code null}
 * @param <E> the value of failure; {@link Void} if there is none, which is {@code null}
 */
public sealed interface Result<T extends @Nullable Object, E extends @Nullable Object> {
  /**
   * Success.
   *
   * @param value what came out
   */
  record Ok<T extends @Nullable Object, E extends @Nullable Object>(T value)
      implements Result<T, E> {}

  /**
   * Failure.
   *
   * @param error what went wrong
   */
  record Err<T extends @Nullable Object, E extends @Nullable Object>(E error)
      implements Result<T, E> {}

  /** Returns a success. Threads: any. */
  static <T extends @Nullable Object, E extends @Nullable Object> Result<T, E> ok(T value) {
    return new Ok<>(value);
  }

  /** Returns a failure. Threads: any. */
  static <T extends @Nullable Object, E extends @Nullable Object> Result<T, E> err(E error) {
    return new Err<>(error);
  }
}
