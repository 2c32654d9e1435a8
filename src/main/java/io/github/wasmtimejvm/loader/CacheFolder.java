package io.github.wasmtimejvm.loader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;

/**
 * Where the user's caches are, and folders that nobody else may write to: native code from any
 * other folder would be somebody else's code in our process.
 */
public final class CacheFolder {
  /** System property: the folder to keep everything in. */
  static final String PROPERTY = "wasmtimejvm.cache";

  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

  private CacheFolder() {}

  /** Returns the folder that all our caches of this user are in; it need not exist. */
  public static Path root() {
    String chosen = System.getProperty(PROPERTY);
    if (chosen != null) {
      return Path.of(chosen).toAbsolutePath();
    }
    String home = System.getProperty("user.home");
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    Path caches;
    if (os.startsWith("windows")) {
      String local = System.getenv("LOCALAPPDATA");
      caches = local != null ? Path.of(local) : Path.of(home, "AppData", "Local");
    } else if (os.startsWith("mac")) {
      caches = Path.of(home, "Library", "Caches");
    } else {
      String xdg = System.getenv("XDG_CACHE_HOME");
      caches = xdg != null && !xdg.isEmpty() ? Path.of(xdg) : Path.of(home, ".cache");
    }
    return caches.resolve("wasmtime-jvm").toAbsolutePath();
  }

  /**
   * Creates the folder with mode 0700 if it is not there, and checks that it is ours alone.
   *
   * @throws IOException if it cannot be created or written to, or is open to other users, another
   *     user's, or a symbolic link
   */
  public static void create(Path folder) throws IOException {
    if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectories(folder);
      return;
    }
    Path parent = folder.getParent();
    if (parent != null) {
      Files.createDirectories(parent, PosixFilePermissions.asFileAttribute(PRIVATE));
    }
    Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
    if (Files.isSymbolicLink(folder)) {
      throw new IOException("it is a symbolic link");
    }
    if (!Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS).equals(PRIVATE)) {
      throw new IOException("it is open to other users; its mode must be 0700");
    }
    // Root can use folders of others.
    Path mine = Files.createTempFile(folder, "mine", ".owner");
    try {
      if (!Files.getOwner(folder).equals(Files.getOwner(mine))) {
        throw new IOException("it belongs to another user");
      }
    } finally {
      Files.delete(mine);
    }
  }
}
