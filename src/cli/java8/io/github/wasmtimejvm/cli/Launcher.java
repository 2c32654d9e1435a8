package io.github.wasmtimejvm.cli;

import java.lang.reflect.InvocationTargetException;

/**
 * The first class of the command line, compiled for Java 8: an older Java than ours can load it and
 * gets a sentence, where {@code Main} would only give an UnsupportedClassVersionError.
 */
public final class Launcher {
  private static final int NEEDED = 25;

  private Launcher() {}

  /**
   * Starts {@code Main}, or says which Java is needed and exits with 1.
   *
   * @param args the command line
   * @throws Throwable what {@code Main} throws
   */
  public static void main(String[] args) throws Throwable {
    String version = System.getProperty("java.specification.version");
    if (feature(version) < NEEDED) {
      System.err.println(
          "wasmtime-jvm needs Java "
              + NEEDED
              + " or later and this is Java "
              + version
              + ": install a newer one, or start this jar with the java command of one you have.");
      System.exit(1);
    }
    try {
      Class.forName("io.github.wasmtimejvm.cli.Main")
          .getMethod("main", String[].class)
          .invoke(null, (Object) args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  // "1.8" up to Java 8, "9", "17" and so on from then.
  private static int feature(String version) {
    return Integer.parseInt(version.startsWith("1.") ? version.substring(2) : version);
  }
}
