package io.github.wasmtimejvm.internal;

import java.util.List;
import java.util.function.Function;

/** Types for people. A short module can declare one whose whole text has hundreds of megabytes. */
public final class TypeText {
  private static final int LONGEST_LIST = 10_000; // characters, after which no other type begins

  private TypeText() {}

  /** Joins the texts of as many types as are worth reading, and says how many are left out. */
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
