package io.github.wasmtimejvm.loader;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  /**
   * Returns the folder that all our caches of this user are in; it need not exist.
   *
   * @throws IOException if the user has none, or one whose name Java cannot read
   */
  public static Path root() throws IOException {
    String chosen = System.getProperty(PROPERTY);
    if (chosen != null && !chosen.isEmpty()) {
      return path("-D" + PROPERTY, chosen).toAbsolutePath();
    }
    return userCaches().resolve("wasmtime-jvm");
  }

  private static Path userCaches() throws IOException {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    if (os.startsWith("windows")) {
      Path local = fromEnvironment("LOCALAPPDATA");
      return local != null ? local : home().resolve("AppData", "Local");
    }
    if (os.startsWith("mac")) {
      return home().resolve("Library", "Caches");
    }
    Path xdg = fromEnvironment("XDG_CACHE_HOME");
    return xdg != null ? xdg : home().resolve(".cache");
  }

  // A relative one would put native code into whatever the working directory is; the XDG base
  // directory specification wants it ignored.
  private static @Nullable Path fromEnvironment(String variable) throws IOException {
    String value = System.getenv(variable);
    if (value == null || value.isEmpty()) {
      return null;
    }
    Path path = path(variable, value);
    return path.isAbsolute() ? path : null;
  }

  // Java has "?" for a user without a home folder.
  private static Path home() throws IOException {
    Path home = path("user.home", System.getProperty("user.home", ""));
    if (!home.isAbsolute()) {
      throw new FileNotFoundException("this user has no home folder");
    }
    return home;
  }

  private static Path path(String what, String text) throws IOException {
    String problem = "a character that no path has";
    try {
      // What Java could not decode; the file of such a name would be another one.
      if (text.indexOf('\uFFFD') < 0) {
        return Path.of(text);
      }
    } catch (InvalidPathException e) {
      problem = e.getReason();
    }
    throw new IOException(
        "%s cannot be read in a locale of %s (%s): set LC_ALL=C.UTF-8"
            .formatted(what, System.getProperty("sun.jnu.encoding"), problem));
  }

  /**
   * Creates the folder with mode 0700 if it is not there, and checks that it is ours alone. One
   * that is there is not written to, if that can be told without.
   *
   * @throws IOException if it cannot be created, or is open to other users, another user's, or a
   *     symbolic link
   */
  public static void create(Path folder) throws IOException {
    if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectories(folder);
      return;
    }
    // Not where they are: some file systems that are read-only say that first.
    if (!Files.isDirectory(folder)) {
      Path parent = folder.getParent();
      if (parent != null) {
        Files.createDirectories(parent, PosixFilePermissions.asFileAttribute(PRIVATE));
      }
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
    }
    if (Files.isSymbolicLink(folder)) {
      throw new IOException("it is a symbolic link");
    }
    PosixFileAttributes attributes =
        Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!PRIVATE.containsAll(attributes.permissions())) {
      throw new IOException("it is open to other users; its mode must be 0700");
    }
    // Root can use folders of others.
    if (!belongsToThisProcess(folder) && !belongsToOwnerOfNewFiles(folder)) {
      throw new IOException("it belongs to another user");
    }
  }

  // Linux shows a process as a folder of its user's.
  private static boolean belongsToThisProcess(Path folder) {
    try {
      return Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS)
          .equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private static boolean belongsToOwnerOfNewFiles(Path folder) throws IOException {
    Path mine = Files.createTempFile(folder, "mine", ".owner");
    try {
      return Files.getOwner(folder).equals(Files.getOwner(mine));
    } finally {
      Files.delete(mine);
    }
  }
}
