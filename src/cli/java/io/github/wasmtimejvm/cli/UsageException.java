package io.github.wasmtimejvm.cli;

/** The command line is wrong. */
final class UsageException extends Exception {
  private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }
}
