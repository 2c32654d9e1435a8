package io.github.wasmtimejvm.testing;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Extern;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** The guests of the tests: small text files beside the test class. */
public final class Guests {
  private Guests() {}

  /** A lookup with full access, of a class in another package than the tests'. */
  public static MethodHandles.Lookup lookup() {
    return MethodHandles.lookup();
  }

  /** The file {@code name} beside {@code test}. */
  public static Path file(Class<?> test, String name) {
    return Path.of(URI.create(test.getResource(name).toString()));
  }

  /** The text of the guest {@code name} beside {@code test}. */
  public static String read(Class<?> test, String name) {
    try {
      return Files.readString(file(test, name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The guest {@code name} beside {@code test}, compiled; the caller closes it. */
  public static Module compile(Engine engine, Class<?> test, String name) {
    try {
      return Module.fromFile(engine, file(test, name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An instance of a guest in the text format. */
  public static Instance instantiate(Store store, String wat, Extern... imports) {
    try (Module module = Module.fromWat(store.engine(), wat)) {
      return Instance.create(store, module, imports);
    }
  }
}
