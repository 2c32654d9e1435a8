package io.github.wasmtimejvm.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A class loader below that of the tests, as a plugin has; it defines what it is told to. */
public final class ChildLoader extends ClassLoader {
  /** One that has no class of its own yet. */
  public ChildLoader() {
    super(ChildLoader.class.getClassLoader());
  }

  /** Another class of the name and the code of {@code type}. */
  public Class<?> defineAgain(Class<?> type) {
    try (InputStream in =
        type.getResourceAsStream("/" + type.getName().replace('.', '/') + ".class")) {
      byte[] bytes = in.readAllBytes();
      return defineClass(type.getName(), bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
