package io.github.wasmtimejvm.internal;

import java.util.List;
import java.util.function.Function;

/** Types as text. A short module can declare a type whose whole text has hundreds of megabytes. */
public final class TypeText {
  private static final int LONGEST_LIST = 10_000; // characters, behind which no other type begins

  private TypeText() {}

  /** Joins the texts of types, and says how many were left out where the text gets too long. */
  public static <T> String list(List<T> types, String separator, Function<T, String> text) {
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < types.size(); i++) {
      list.append(i == 0 ? "" : separator);
      if (list.length() > LONGEST_LIST) {
        return list.append("and ").append(types.size() - i).append(" more").toString();
      }
      list.append(text.apply(types.get(i)));
    }
    return list.toString();
  }
}
