package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.spi.NativesProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.ServiceLoader;

/** The native libraries as files, as the library itself keeps them, and copies of them. */
final class PackagedFiles {
  private final Path folder;
  private final Properties properties = new Properties();

  /**
   * Writes them.
   *
   * @param folder where to, which is created
   */
  PackagedFiles(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    NativesProvider provider = provider();
    try (InputStream in = provider.open("natives.properties")) {
      properties.load(in);
    }
    for (String name : names()) {
      try (InputStream in = provider.open(name)) {
        Files.copy(in, folder.resolve(name));
      }
    }
  }

  static NativesProvider provider() {
    return ServiceLoader.load(NativesProvider.class).iterator().next();
  }

  /** The engine's library first. */
  List<String> names() {
    return List.of(properties.getProperty("engine.file"), properties.getProperty("shim.file"));
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  /** Where the library keeps them below the folder of a cache. */
  Path keptIn(Path cache) {
    return cache.resolve(properties.getProperty("content.sha256"));
  }
}
