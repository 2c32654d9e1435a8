package io.github.wasmtimejvm.loader;

import io.github.wasmtimejvm.spi.NativesProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;

/**
 * The packaged libraries as files, since the system's loader takes nothing else.
 *
 * <p>They are extracted once, into a folder of the user's cache named by their content, and under
 * their final name only when complete: whoever finds a file there can load it. Where the cache
 * cannot be used they go into a private temporary folder for this process alone.
 */
final class LibraryFiles implements AutoCloseable {
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
    Properties properties = new Properties();
    try (InputStream in = provider.open("natives.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw NativeLibrary.failure("The wasmtime-jvm natives jar is damaged: " + e.getMessage(), e);
    }
    Path cache = CacheFolder.root().resolve(properties.getProperty("content.sha256"));
    IOException reason;
    try {
      LibraryFiles files = new LibraryFiles(provider, properties, cache, false);
      files.extractOnce();
      return files;
    } catch (IOException e) {
      reason = e;
    }
    try {
      LibraryFiles files =
          new LibraryFiles(provider, properties, Files.createTempDirectory("wasmtime-jvm-"), true);
      files.extractAll();
      System.getLogger(NativeLibrary.LOGGER)
          .log(
              Level.WARNING,
              "The native libraries cannot be kept in {0} ({1}); this process uses a temporary"
                  + " copy. Choose another folder with -D{2}.",
              cache,
              reason,
              CacheFolder.PROPERTY);
      return files;
    } catch (IOException e) {
      e.addSuppressed(reason);
      throw NativeLibrary.failure(
          "The native libraries can be written neither to "
              + cache
              + " nor to a temporary folder: "
              + e.getMessage(),
          e);
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
        System.getLogger(NativeLibrary.LOGGER)
            .log(Level.DEBUG, "The temporary copy in {0} stays: {1}", folder, e);
      }
    }
  }

  private Path path(String library) {
    return folder.resolve(properties.getProperty(library + ".file"));
  }

  private void extractOnce() throws IOException {
    CacheFolder.create(folder);
    if (Files.exists(engine()) && Files.exists(shim())) {
      return;
    }
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = lock(channel)) {
      // Whoever holds the lock is alone here: what is half-written belongs to a dead process.
      deleteAll("*.part");
      extract("engine");
      extract("shim");
    }
    System.getLogger(NativeLibrary.LOGGER)
        .log(Level.DEBUG, "The native libraries are now in {0}.", folder);
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
    if (Files.exists(target)) {
      return;
    }
    Path part = Files.createTempFile(folder, library, ".part");
    MessageDigest sha256 = sha256();
    try (InputStream in = provider.open(target.getFileName().toString());
        OutputStream out = new DigestOutputStream(Files.newOutputStream(part), sha256)) {
      in.transferTo(out);
    }
    String found = HexFormat.of().formatHex(sha256.digest());
    String expected = properties.getProperty(library + ".sha256");
    if (!found.equals(expected)) {
      Files.delete(part);
      throw new UnsatisfiedLinkError(
          "The wasmtime-jvm natives jar is damaged, fetch it again: %s has the SHA-256 %s instead"
                  .formatted(target.getFileName(), found)
              + " of "
              + expected
              + ".");
    }
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
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

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
