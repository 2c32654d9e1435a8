package io.github.wasmtimejvm.testing;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.ModuleCache;
import io.github.wasmtimejvm.component.Component;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The components that {@code scripts/build-guests} has made and fetched. */
public final class BuiltComponents {
  private static final Path GUESTS = Path.of("target/guests");

  private BuiltComponents() {}

  /** Compiles one, once for all builds; the caller closes it. */
  public static Component compile(Engine engine, String name) {
    Path built = GUESTS.resolve("components").resolve(name + ".wasm");
    Path file = Files.exists(built) ? built : GUESTS.resolve(name + ".wasm");
    ModuleCache cache = ModuleCache.open(Path.of("target/guests-compiled"), 1L << 30);
    try {
      return Component.fromCache(cache, engine, Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
