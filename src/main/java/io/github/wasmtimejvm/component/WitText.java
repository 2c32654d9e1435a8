package io.github.wasmtimejvm.component;

import java.util.Collection;
import java.util.List;

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

  /** Returns what a type is made of; the types in it have their names. */
  static String definition(WitType type) {
    WitType unnamed =
        switch (type) {
          case WitType.RecordType(_, List<WitType.Field> fields) ->
              new WitType.RecordType(null, fields);
          case WitType.VariantType(_, List<WitType.Case> cases) ->
              new WitType.VariantType(null, cases);
          case WitType.EnumType(_, List<String> cases) -> new WitType.EnumType(null, cases);
          case WitType.FlagsType(_, List<String> flags) -> new WitType.FlagsType(null, flags);
          default -> type;
        };
    return unnamed.toString();
  }
}
