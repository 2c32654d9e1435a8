package io.github.wasmtimejvm.loader;

import java.lang.System.Logger.Level;
import java.util.ServiceConfigurationError;
import org.jspecify.annotations.Nullable;

/**
 * What the library logs, all of it under its own name. Nothing fails for a logger that does: the
 * JDK looks for one at the first use, and where the system refuses a file or memory then, there is
 * none in that process any more.
 */
public final class Log {
  private static final String NAME = "io.github.wasmtimejvm";

  private Log() {}

  /**
   * Logs a message.
   *
   * @param message with places for the parameters, as {@link java.text.MessageFormat} has them
   */
  public static void log(Level level, String message, @Nullable Object... parameters) {
    try {
      System.getLogger(NAME).log(level, message, parameters);
    } catch (RuntimeException | LinkageError | ServiceConfigurationError e) {
      // There is nobody to be told.
    }
  }

  /** Logs a message with what was thrown. */
  public static void log(Level level, String message, Throwable thrown) {
    try {
      System.getLogger(NAME).log(level, message, thrown);
    } catch (RuntimeException | LinkageError | ServiceConfigurationError e) {
      // As above.
    }
  }
}
