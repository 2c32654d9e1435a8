package io.github.wasmtimejvm.component;

import java.util.Collection;

/** Types as text. The types of a small component can have a text without end: it is cut off. */
final class WitText {
  private static final int LIMIT = 400;

  private WitText() {}

  /** Puts "a" or "an" before the name of a Java type. */
  static String withArticle(String name) {
    return ("aeioAEIO".indexOf(name.charAt(0)) < 0 ? "a " : "an ") + name;
  }

  static String of(String before, Collection<?> parts, String after) {
    StringBuilder text = new StringBuilder(before);
    String separator = "";
    for (Object part : parts) {
      text.append(separator).append(part);
      separator = ", ";
      if (text.length() > LIMIT) {
        text.setLength(LIMIT);
        return text.append("...").toString();
      }
    }
    return text.append(after).toString();
  }
}
