package io.github.wasmtimejvm.build;

import io.github.wasmtimejvm.testing.Links;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A local Maven repository that has the artifacts of this build, and by links all else that the
 * user's has. So what Maven downloads is downloaded once for both, and nothing of ours gets into
 * the user's.
 */
final class LinkedRepository {
  private static final Path OURS = Path.of("io/github/wasmtimejvm");

  private final Path folder;
  private final Path users;

  private LinkedRepository(Path folder, Path users) {
    this.folder = folder;
    this.users = users;
  }

  /** Makes one in a folder that does not exist; the user's need not exist either. */
  static LinkedRepository create(Path folder, Path users) throws IOException {
    LinkedRepository repository = new LinkedRepository(folder, users);
    repository.link(Path.of(""));
    return repository;
  }

  // What is on the way to our own artifacts is a folder, all beside it are links.
  private void link(Path inner) throws IOException {
    Files.createDirectories(folder.resolve(inner));
    if (!inner.equals(OURS)) {
      link(next(inner));
      if (Files.isDirectory(users.resolve(inner))) {
        Links.toAllIn(users.resolve(inner), folder.resolve(inner));
      }
    }
  }

  Path folder() {
    return folder;
  }

  /** Adds a file of ours, as {@code mvn install} does. Its ending is ".pom" or ".jar". */
  void add(String artifact, String version, String ending, Path file) throws IOException {
    Path place = folder.resolve(OURS).resolve(artifact).resolve(version);
    Files.createDirectories(place);
    Files.copy(file, place.resolve(artifact + "-" + version + ending));
  }

  /**
   * Gives the user's repository the folders that Maven has made beside the links. What somebody
   * else has made there in the meantime stays.
   */
  void giveBack() throws IOException {
    giveBack(Path.of(""));
  }

  private void giveBack(Path inner) throws IOException {
    if (inner.equals(OURS)) {
      return;
    }
    for (Path entry : entries(folder.resolve(inner))) {
      Path place = users.resolve(folder.relativize(entry));
      if (entry.equals(folder.resolve(next(inner)))) {
        giveBack(next(inner));
      } else if (!Files.isSymbolicLink(entry) && !Files.exists(place)) {
        Files.createDirectories(place.getParent());
        // It appears under its name when it is complete.
        Path part = place.resolveSibling("." + UUID.randomUUID());
        copy(entry, part);
        Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to);
    if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
      for (Path entry : entries(from)) {
        copy(entry, to.resolve(entry.getFileName()));
      }
    }
  }

  /** The next folder on the way to our own artifacts. */
  private static Path next(Path inner) {
    return OURS.subpath(0, inner.equals(Path.of("")) ? 1 : inner.getNameCount() + 1);
  }

  private static List<Path> entries(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    }
  }
}
