package io.github.wasmtimejvm.component;

import java.lang.reflect.AnnotatedElement;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Names in WIT ({@code kebab-case}) and the ones in Java that stand for them. */
final class WitNames {
  // Names of methods that every object has; record components may not be called so.
  private static final Set<String> OF_OBJECT =
      Set.of(
          "clone", "finalize", "getClass", "hashCode", "notify", "notifyAll", "toString", "wait");

  private static final Set<String> KEYWORDS =
      Set.of(
          "abstract",
          "assert",
          "boolean",
          "break",
          "byte",
          "case",
          "catch",
          "char",
          "class",
          "const",
          "continue",
          "default",
          "do",
          "double",
          "else",
          "enum",
          "extends",
          "false",
          "final",
          "finally",
          "float",
          "for",
          "goto",
          "if",
          "implements",
          "import",
          "instanceof",
          "int",
          "interface",
          "long",
          "native",
          "new",
          "null",
          "package",
          "private",
          "protected",
          "public",
          "return",
          "short",
          "static",
          "strictfp",
          "super",
          "switch",
          "synchronized",
          "this",
          "throw",
          "throws",
          "transient",
          "true",
          "try",
          "void",
          "volatile",
          "while");

  private WitNames() {}

  /** Returns the Java name of a function, a field or a parameter. */
  static String camel(String wit) {
    String pascal = pascal(wit);
    String camel = pascal.substring(0, 1).toLowerCase(Locale.ROOT) + pascal.substring(1);
    return KEYWORDS.contains(camel) || OF_OBJECT.contains(camel) ? camel + "_" : camel;
  }

  /** Returns the Java name of a type. */
  static String pascal(String wit) {
    StringBuilder name = new StringBuilder();
    for (String word : wit.split("-", -1)) {
      if (!word.isEmpty()) {
        String lower = word.toLowerCase(Locale.ROOT);
        name.append(lower.substring(0, 1).toUpperCase(Locale.ROOT)).append(lower.substring(1));
      }
    }
    return name.toString();
  }

  /** Returns the Java name of a constant. */
  static String constant(String wit) {
    return wit.replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /** Returns the name that an annotation gives, {@code null} without one. */
  static @Nullable String given(AnnotatedElement element) {
    WitName name = element.getAnnotation(WitName.class);
    return name == null ? null : name.value();
  }

  /** Returns the name of an interface without its package and version. */
  static String simple(String interfaceName) {
    String name = interfaceName.substring(interfaceName.indexOf('/') + 1);
    int version = name.indexOf('@');
    return version < 0 ? name : name.substring(0, version);
  }
}
