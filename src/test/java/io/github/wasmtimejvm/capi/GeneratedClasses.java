package io.github.wasmtimejvm.capi;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The generated classes, found beside one of them. */
final class GeneratedClasses {
  private GeneratedClasses() {}

  /** Returns the classes of the headers. */
  static List<Class<?>> all() throws IOException {
    URI wasm = URI.create(Wasm.class.getResource("Wasm.class").toString());
    try (Stream<Path> files = Files.list(Path.of(wasm).getParent())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("Was[a-zA-Z]+\\.class"))
          .map(name -> name.substring(0, name.length() - ".class".length()))
          .sorted()
          .<Class<?>>map(GeneratedClasses::named)
          .toList();
    }
  }

  /** Returns the classes inside them: structs, callback types and the holders of the handles. */
  static Stream<Class<?>> nested() throws IOException {
    return all().stream().flatMap(type -> Arrays.stream(type.getDeclaredClasses()));
  }

  // Without running its static initialiser, which may link a function.
  private static Class<?> named(String name) {
    try {
      return Class.forName(
          GeneratedClasses.class.getPackageName() + "." + name,
          false,
          GeneratedClasses.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
