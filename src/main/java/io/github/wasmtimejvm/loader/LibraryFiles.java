package io.github.wasmtimejvm.loader;

import io.github.wasmtimejvm.spi.NativesProvider;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * The packaged libraries as files, since the system's loader takes nothing else.
 *
 * <p>They are extracted once, into a folder of the user's cache named by their content, and under
 * their final name only when complete and on the disk: whoever finds a file there that is as long
 * as the packaged one can load it, and any other is extracted again. Nothing is written where all
 * is there. Where the cache cannot be used they go into a private temporary folder for this process
 * alone.
 */
final class LibraryFiles implements AutoCloseable {
  /** System property of Java: where the temporary copy goes. */
  static final String TEMPORARY_PROPERTY = "java.io.tmpdir";

  private static final String DAMAGED = "The wasmtime-jvm natives jar is damaged, fetch it again: ";
  private static final String DESCRIPTION = "natives.properties";
  private static final Pattern NAME = Pattern.compile("\\w[\\w.-]*");
  private static final Pattern SIZE = Pattern.compile("[1-9][0-9]*");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final Map<String, Pattern> VALUES =
      Map.of(
          "engine.file", NAME,
          "engine.size", SIZE,
          "engine.sha256", HASH,
          "shim.file", NAME,
          "shim.size", SIZE,
          "shim.sha256", HASH,
          "content.sha256", HASH);

  private final NativesProvider provider;
  private final Properties properties;
  private final Path folder;
  private final boolean temporary;

  private LibraryFiles(
      NativesProvider provider, Properties properties, Path folder, boolean temporary) {
    this.provider = provider;
    this.properties = properties;
    this.folder = folder;
    this.temporary = temporary;
  }

  /**
   * @throws UnsatisfiedLinkError if the libraries can be written nowhere, or the jar is damaged
   */
  static LibraryFiles of(NativesProvider provider) {
    Properties properties = description(provider);
    Path cache = null;
    try {
      cache = CacheFolder.root().resolve(properties.getProperty("content.sha256"));
      LibraryFiles files = new LibraryFiles(provider, properties, cache, false);
      Uninterrupted.run(files::extractOnce);
      return files;
    } catch (IOException e) {
      return temporary(provider, properties, cache, e);
    }
  }

  private static Properties description(NativesProvider provider) {
    Properties properties = new Properties();
    try (InputStream in = provider.open(DESCRIPTION)) {
      properties.load(in);
    } catch (IOException | IllegalArgumentException e) { // the latter of an escape
      throw NativeLibrary.failure("The wasmtime-jvm natives jar is damaged: " + e.getMessage(), e);
    }
    for (Map.Entry<String, Pattern> entry : VALUES.entrySet()) {
      String key = entry.getKey();
      String value = properties.getProperty(key);
      if (value == null || !entry.getValue().matcher(value).matches()) {
        throw new UnsatisfiedLinkError(
            DAMAGED
                + (value == null
                    ? "there is no %s in its %s.".formatted(key, DESCRIPTION)
                    : "%s in its %s is \"%s\".".formatted(key, DESCRIPTION, value)));
      }
    }
    return properties;
  }

  /**
   * Returns what to load where what is in the cache cannot be loaded: the same files, if they were
   * damaged and are not any more, or else a temporary copy, since the cache may be mounted noexec.
   *
   * @param reason what says that they cannot
   * @throws UnsatisfiedLinkError if the libraries can be written nowhere, or the jar is damaged
   */
  LibraryFiles afterFailure(UnsatisfiedLinkError reason) {
    try {
      if (Uninterrupted.run(this::mend)) {
        return this;
      }
    } catch (IOException e) {
      reason.addSuppressed(e);
    } catch (UnsatisfiedLinkError e) { // the jar is damaged
      e.addSuppressed(reason);
      throw e;
    }
    return temporary(provider, properties, folder, reason);
  }

  private static LibraryFiles temporary(
      NativesProvider provider, Properties properties, @Nullable Path cache, Throwable reason) {
    String kept = cache == null ? "the cache of this user" : cache.toString();
    try {
      Path parent = temporaryFolders();
      LibraryFiles files =
          Uninterrupted.run(
              () -> {
                Path folder = Files.createTempDirectory(parent, "wasmtime-jvm-");
                LibraryFiles copy = new LibraryFiles(provider, properties, folder, true);
                copy.extractAll();
                return copy;
              });
      Log.log(
          Level.WARNING,
          "The native libraries cannot be kept in {0} ({1}); this process uses a temporary"
              + " copy. Choose another folder with -D{2}.",
          kept,
          reason,
          CacheFolder.PROPERTY);
      return files;
    } catch (IOException e) {
      e.addSuppressed(reason);
      throw NativeLibrary.failure(
          "The native libraries can be written neither to "
              + kept
              + " nor to a temporary folder: "
              + e.getMessage()
              + " ("
              + reason.getMessage()
              + "). Choose another folder for the one with -D"
              + CacheFolder.PROPERTY
              + ", or for the other with -D"
              + TEMPORARY_PROPERTY
              + ".",
          e);
    }
  }

  private static Path temporaryFolders() throws IOException {
    String parent = System.getProperty(TEMPORARY_PROPERTY);
    try {
      return Path.of(parent);
    } catch (InvalidPathException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  // Into a temporary folder, which goes again if this fails.
  private void extractAll() throws IOException {
    boolean complete = false;
    try {
      extract("engine");
      extract("shim");
      complete = true;
    } finally {
      if (!complete) {
        close();
      }
    }
  }

  Path engine() {
    return path("engine");
  }

  Path shim() {
    return path("shim");
  }

  /** Removes a temporary copy: the libraries stay mapped, but nothing is left behind. */
  @Override
  public void close() {
    if (temporary) {
      try {
        deleteAll("*");
        Files.deleteIfExists(folder);
      } catch (IOException e) {
        // Windows does not let go of a loaded library; its own clean-up of temporary files will.
        Log.log(Level.DEBUG, "The temporary copy in {0} stays: {1}", folder, e);
      }
    }
  }

  private Path path(String library) {
    return folder.resolve(properties.getProperty(library + ".file"));
  }

  /** Whether the libraries of other starts are used, and left to others. */
  boolean isKept() {
    return !temporary;
  }

  /** Whether the file is one of these. */
  boolean has(Path file) {
    return file.startsWith(folder);
  }

  private @Nullable Void extractOnce() throws IOException {
    CacheFolder.create(folder);
    if (!hasItsSize("engine") || !hasItsSize("shim")) {
      alone(
          () -> {
            extractUnless(hasItsSize("engine"), "engine");
            extractUnless(hasItsSize("shim"), "shim");
            return null;
          });
      Log.log(Level.DEBUG, "The native libraries are now in {0}.", folder);
    }
    return null;
  }

  // Returns whether there was anything to mend.
  private boolean mend() throws IOException {
    return alone(
        () ->
            extractUnless(hasItsHash("engine"), "engine")
                | extractUnless(hasItsHash("shim"), "shim"));
  }

  // Whoever holds the lock is alone here: what is half-written belongs to a dead process.
  private <T extends @Nullable Object> T alone(Uninterrupted.Work<T> work) throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = lock(channel)) {
      deleteAll("*.part");
      return work.run();
    }
  }

  private boolean extractUnless(boolean inOrder, String library) throws IOException {
    if (!inOrder) {
      extract(library);
    }
    return !inOrder;
  }

  /**
   * Looked at before each loading: a file that was cut short would end the process in the system's
   * loader. That no more is written than was, and all of it, the hash says when it is extracted.
   */
  private boolean hasItsSize(String library) throws IOException {
    try {
      BasicFileAttributes file =
          Files.readAttributes(path(library), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return file.isRegularFile()
          && String.valueOf(file.size()).equals(properties.getProperty(library + ".size"));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private boolean hasItsHash(String library) throws IOException {
    MessageDigest sha256 = sha256();
    try (InputStream in = Files.newInputStream(path(library));
        OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), sha256)) {
      in.transferTo(out);
    } catch (NoSuchFileException e) {
      return false;
    }
    return hash(sha256).equals(properties.getProperty(library + ".sha256"));
  }

  private void deleteAll(String glob) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  private void extract(String library) throws IOException {
    Path target = path(library);
    Path part = Files.createTempFile(folder, library, ".part");
    try {
      String found = write(target.getFileName().toString(), part);
      String expected = properties.getProperty(library + ".sha256");
      if (!found.equals(expected)) {
        throw new UnsatisfiedLinkError(
            DAMAGED
                + "%s has the SHA-256 %s instead".formatted(target.getFileName(), found)
                + " of "
                + expected
                + ".");
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /**
   * Writes a packaged file, and returns the hash of what was written. It is on the disk then: a
   * name may outlive a loss of power that takes what the file had.
   */
  private String write(String name, Path file) throws IOException {
    MessageDigest sha256 = sha256();
    try (InputStream in = provider.open(name);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        OutputStream out = new DigestOutputStream(Channels.newOutputStream(channel), sha256)) {
      in.transferTo(out);
      channel.force(true);
    } catch (FileNotFoundException | EOFException | ZipException e) { // of the jar, not of the disk
      throw NativeLibrary.failure(DAMAGED + name + ": " + e.getMessage() + ".", e);
    }
    return hash(sha256);
  }

  // A file lock is the process's: a second class loader in this process gets an exception instead
  // of waiting.
  private static FileLock lock(FileChannel channel) throws IOException {
    while (true) {
      try {
        return channel.lock();
      } catch (OverlappingFileLockException e) {
        LockSupport.parkNanos(10_000_000);
      }
    }
  }

  private static String hash(MessageDigest sha256) {
    return HexFormat.of().formatHex(sha256.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
