package io.github.wasmtimejvm.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Texts of the system as Java has decoded them: by the locale, with U+FFFD for all that it does not
 * know. Nobody gets other bytes than the system gave, so such a text is refused.
 */
public final class DecodedText {
  /** What the system gave, undecoded; on Linux. */
  private static final Path ARGUMENTS = Path.of("/proc/self/cmdline");

  private static final Path ENVIRONMENT = Path.of("/proc/self/environ");

  private DecodedText() {}

  /** Says why a word of the command line is not what the system gave; {@code null} if it is. */
  public static @Nullable String refusalOfArgument(String text) {
    return refusal(text, '"' + text + '"', ARGUMENTS);
  }

  /** Says why an environment variable is not what the system gave; {@code null} if it is. */
  public static @Nullable String refusalOfVariable(String name, String value) {
    return refusal(name + value, "the environment variable " + name, ENVIRONMENT);
  }

  private static @Nullable String refusal(String text, String what, Path raw) {
    if (text.indexOf('\uFFFD') < 0) {
      return null;
    }
    String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
    if (!encoding.equalsIgnoreCase("UTF-8")) {
      return "Java cannot read %s in a locale of %s: set LC_ALL=C.UTF-8".formatted(what, encoding);
    }
    // It may be that very character.
    return isUtf8(raw) ? null : what + " is not UTF-8";
  }

  private static boolean isUtf8(Path file) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(file)));
      return true;
    } catch (IOException e) {
      return false; // or nobody can tell
    }
  }
}
