package io.github.wasmtimejvm.internal;

import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts of guests as they are shown to people, in messages and traces. A guest chooses the names of
 * its functions and imports; a line break in one would begin a line of somebody's log, and an
 * escape sequence would be obeyed by a terminal.
 */
public final class Printable {
  // What moves or hides other text: controls, separators of lines and paragraphs, and what turns
  // the direction of the text around.
  private static final Pattern UNPRINTABLE =
      Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]");

  // The lines that the engine's own messages have after the first: a headline of causes, a numbered
  // cause or frame, the only cause, a place in a text module with its quoted line, a note. All but
  // the headlines are indented.
  private static final Pattern LINE_OF_THE_ENGINE =
      Pattern.compile(
          "|Caused by:|Stack backtrace:| +[0-9]+: .*| +--> .*| +([0-9]+ )?\\|.*| +note: .*",
          Pattern.DOTALL);

  private Printable() {}

  /** Returns a text in one line, its control characters as Java writes them: {@code \n}. */
  public static String of(String text) {
    Matcher found = UNPRINTABLE.matcher(text);
    return found.find()
        ? found.replaceAll(match -> Matcher.quoteReplacement(escape(match.group().charAt(0))))
        : text;
  }

  /**
   * Returns a message of the engine, in which names of a guest may be anywhere: with the line
   * breaks that look like the engine's, and no other control characters. A name may imitate a line
   * of the engine's, which is indented or a headline without text of its own, and begins no other.
   */
  public static String message(String message) {
    String[] lines = message.split("\n", -1);
    StringBuilder all = new StringBuilder(of(lines[0]));
    for (int i = 1; i < lines.length; i++) {
      boolean ofTheEngine =
          LINE_OF_THE_ENGINE.matcher(lines[i]).matches()
              || lines[i - 1].equals("Caused by:") && lines[i].startsWith("    ");
      all.append(ofTheEngine ? "\n" : "\\n").append(of(lines[i]));
    }
    return all.toString();
  }

  private static String escape(char character) {
    return switch (character) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> "\\u" + HexFormat.of().toHexDigits(character);
    };
  }
}
