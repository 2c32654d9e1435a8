package io.github.wasmtimejvm.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * How large the files of a cache of modules are together, so that the cache need not list its
 * folder for each file that it writes. The sum is kept in a file that all processes share which use
 * the folder: first the bytes and the number of files that were found when the folder was last
 * listed, then the size of each file that was written since. A size is appended, in one piece. What
 * is lost by a process that ends half-way, or that lists while another one writes, is found when
 * the folder is next listed.
 */
public final class CacheSize {
  /** The name of the file in the folder. */
  public static final String FILE = "sizes";

  /** The beginning of the file, which changes with the format. */
  public static final long MAGIC = 0x776a_766d_7369_7a31L;

  private static final int HEADER = 3 * Long.BYTES;
  private static final int LEAST_BETWEEN = 64; // files written, and a part of all there are
  private static final int PART_BETWEEN = 8;
  private static final int MOST_BETWEEN = 1 << 16; // whatever a damaged file says

  private final Path file;

  /** Makes no file yet. */
  public CacheSize(Path folder) {
    this.file = folder.resolve(FILE);
  }

  /**
   * Adds a file that was written.
   *
   * @return whether the folder must be listed: its files may be larger than allowed, or it is long
   *     ago, or it is not known
   */
  public boolean add(long size, long maxBytes) {
    try {
      try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
        out.write(ByteBuffer.allocate(Long.BYTES).putLong(size).array());
      }
      return mayBeLargerThan(maxBytes);
    } catch (IOException e) {
      return true; // it is not there yet, or set() finds out what is wrong with it
    }
  }

  private boolean mayBeLargerThan(long maxBytes) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] header = in.readNBytes(HEADER);
      if (header.length < HEADER) {
        return true;
      }
      ByteBuffer known = ByteBuffer.wrap(header);
      long magic = known.getLong();
      long bytes = known.getLong();
      long files = known.getLong();
      if (magic != MAGIC || bytes < 0 || files < 0) {
        return true;
      }
      int mostBetween = (int) Math.min(MOST_BETWEEN, LEAST_BETWEEN + files / PART_BETWEEN);
      byte[] since = in.readNBytes(mostBetween * Long.BYTES + 1);
      return since.length % Long.BYTES != 0 // as where there are more than these
          || isMore(ByteBuffer.wrap(since), maxBytes - bytes);
    }
  }

  private static boolean isMore(ByteBuffer sizes, long left) {
    while (sizes.hasRemaining() && left >= 0) {
      long next = sizes.getLong();
      left = next < 0 ? -1 : left - next;
    }
    return left < 0;
  }

  /** Notes what was found in the folder. */
  public void set(long bytes, long files) throws IOException {
    Path part = Files.createTempFile(file.getParent(), FILE, ".part");
    try {
      byte[] header =
          ByteBuffer.allocate(HEADER).putLong(MAGIC).putLong(bytes).putLong(files).array();
      Files.write(part, header);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
