package io.github.wasmtimejvm.component;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names of functions in an interface of WIT: plain ones, {@code [constructor]r}, {@code
 * [method]r.m} and {@code [static]r.m}, and the names of the Java methods that stand for them.
 */
final class WitFunctions {
  private static final String CONSTRUCTOR = "[constructor]";
  private static final String METHOD = "[method]";
  private static final String STATIC = "[static]";

  private WitFunctions() {}

  /** Whether a function is called on a resource. */
  static boolean isMethod(String name) {
    return name.startsWith(METHOD);
  }

  /** Returns the name of the resource whose method a function is. */
  static String resourceOf(String method) {
    return method.substring(METHOD.length(), method.indexOf('.'));
  }

  /** Whether a function is a method of a resource of that name. */
  static boolean isMethodOf(String name, String resource) {
    return isMethod(name) && resourceOf(name).equals(resource);
  }

  /** Returns the name of the Java method for a function. */
  static String javaName(String name) {
    if (name.startsWith(CONSTRUCTOR)) {
      return "new" + WitNames.pascal(name.substring(CONSTRUCTOR.length()));
    }
    int dot = name.indexOf('.');
    if (name.startsWith(STATIC)) {
      return WitNames.camel(name.substring(STATIC.length(), dot))
          + WitNames.pascal(name.substring(dot + 1));
    }
    return WitNames.camel(isMethod(name) ? name.substring(dot + 1) : name);
  }

  /**
   * Returns the name of the function that a Java method stands for, {@code null} if there is none.
   *
   * @param names the functions that may be meant
   * @throws MisfitException if several may be
   */
  static @Nullable String find(Method method, Iterable<String> names) {
    String given = WitNames.given(method);
    List<String> found = new ArrayList<>(1);
    for (String name : names) {
      if (given == null ? javaName(name).equals(method.getName()) : isGiven(given, name)) {
        found.add(name);
      }
    }
    if (found.size() > 1) {
      throw new MisfitException(
          "the method may stand for each of %s: annotate it with @WitName".formatted(found));
    }
    return found.isEmpty() ? null : found.getFirst();
  }

  // The name of a resource's method may be given without the resource.
  private static boolean isGiven(String given, String name) {
    return given.equals(name) || (isMethod(name) && name.endsWith("." + given));
  }

  /** Returns the names of the functions of an interface. */
  static List<String> names(Map<String, WitItem> items) {
    List<String> names = new ArrayList<>();
    items.forEach(
        (name, item) -> {
          if (item instanceof WitItem.Function) {
            names.add(name);
          }
        });
    return names;
  }
}
