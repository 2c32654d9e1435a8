package io.github.wasmtimejvm.loader;

import java.lang.System.Logger.Level;
import java.util.function.Consumer;
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
    use(logger -> logger.log(level, message, parameters));
  }

  /** Logs a message with what was thrown. */
  public static void log(Level level, String message, Throwable thrown) {
    use(logger -> logger.log(level, message, thrown));
  }

  private static void use(Consumer<System.Logger> message) {
    try {
      message.accept(System.getLogger(NAME));
    } catch (VirtualMachineError e) {
      throw e;
    } catch (RuntimeException | Error e) { // loggers throw all kinds of errors, the JDK's too
      // There is nobody to be told.
    }
  }
}
