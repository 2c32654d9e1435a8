package io.github.wasmtimejvm.component;

/** A value of Java's that does not fit its type in WIT, with the way to it from the outside. */
final class MisfitException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  /** The way to the value, the innermost step last. */
  private String path = "";

  /** Whether the way has reached the outside: code of the caller's may call other functions. */
  private boolean complete;

  MisfitException(String problem) {
    super(problem);
  }

  static MisfitException expected(Object type, @org.jspecify.annotations.Nullable Object value) {
    return new MisfitException(
        "expected %s, got %s".formatted(type, value == null ? "null" : value.getClass().getName()));
  }

  /** Adds a step on the way, from the inside to the outside. */
  MisfitException within(String step) {
    if (!complete) {
      path = path.isEmpty() ? step : step + ", " + path;
    }
    return this;
  }

  /** Adds the outermost step on the way. */
  MisfitException of(String step) {
    within(step);
    complete = true;
    return this;
  }

  @Override
  public String getMessage() {
    return path.isEmpty() ? super.getMessage() : path + ": " + super.getMessage();
  }
}
