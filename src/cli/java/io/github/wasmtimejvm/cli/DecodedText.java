package io.github.wasmtimejvm.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Texts of the system as Java has decoded them: by the locale, with U+FFFD for all that it does not
 * know. Nobody gets other bytes than he was given, so such a text is refused.
 */
final class DecodedText {
  /** What the system gave, undecoded; on Linux. */
  private static final Path ARGUMENTS = Path.of("/proc/self/cmdline");

  private static final Path ENVIRONMENT = Path.of("/proc/self/environ");

  private DecodedText() {}

  /** Refuses a word of the command line that Java could not decode. */
  static void checkArgument(String text) throws UsageException {
    check(text, '"' + text + '"', ARGUMENTS);
  }

  /** Refuses the value of an environment variable that Java could not decode. */
  static void checkVariable(String name, String value) throws UsageException {
    check(value, "the environment variable " + name, ENVIRONMENT);
  }

  private static void check(String text, String what, Path raw) throws UsageException {
    if (text.indexOf('\uFFFD') < 0) {
      return;
    }
    String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
    if (!encoding.equalsIgnoreCase("UTF-8")) {
      throw new UsageException(
          "Java cannot read %s in a locale of %s: set LC_ALL=C.UTF-8".formatted(what, encoding));
    }
    // It may be that very character.
    if (!isUtf8(raw)) {
      throw new UsageException(what + " is not UTF-8");
    }
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
