package io.github.wasmtimejvm.documents;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/** Runs the main methods of classes, one after the other, in the JVM of {@link DocumentsTest}. */
final class RunPrograms {
  /** What the line before the output of each class begins with. */
  static final String HEADING = "=== ";

  private RunPrograms() {}

  /** Arguments: the names of the classes. */
  public static void main(String[] args) throws ReflectiveOperationException {
    for (String name : args) {
      System.out.println(HEADING + name);
      System.out.flush(); // as a guest writes to the same descriptor, past Java
      Method main = Class.forName(name).getDeclaredMethod("main", String[].class);
      main.setAccessible(true);
      try {
        main.invoke(null, (Object) new String[0]);
      } catch (InvocationTargetException e) {
        e.getCause().printStackTrace(System.out);
      }
      System.out.flush();
    }
  }
}
