package io.github.wasmtimejvm.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Symbolic links in place of copies. */
public final class Links {
  private Links() {}

  /** Makes a link in {@code folder} to all that is in {@code original} and not yet there. */
  public static void toAllIn(Path original, Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(original.toAbsolutePath())) {
      for (Path entry : entries.toList()) {
        Path link = folder.resolve(entry.getFileName());
        if (!Files.exists(link)) {
          Files.createSymbolicLink(link, entry);
        }
      }
    }
  }

  /** Deletes all links in a folder and the folders in it, but not what they lead to. */
  public static void deleteIn(Path folder) throws IOException {
    List<Path> links;
    try (Stream<Path> files = Files.walk(folder)) {
      links = files.filter(Files::isSymbolicLink).toList();
    }
    for (Path link : links) {
      Files.delete(link);
    }
  }
}
