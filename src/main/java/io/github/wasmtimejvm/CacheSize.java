package io.github.wasmtimejvm;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * How large the files of a {@link ModuleCache} are together, so that it need not list its folder
 * for each that it writes. All processes that use the folder share it: a file with what was found
 * there when it was last listed, the bytes and the number of files, and after that the size of each
 * file that was written since. A size is appended, in one piece. What is lost by a process that
 * ends half-way, or that lists while another one writes, is found when the folder is next listed.
 */
final class CacheSize {
  static final String FILE = "sizes";

  static final long MAGIC = 0x776a_766d_7369_7a31L; // changes with the format

  private static final int HEADER = 3 * Long.BYTES;
  private static final int LEAST_BETWEEN = 64; // files written, and a part of all there are
  private static final int PART_BETWEEN = 8;

  private final Path file;

  CacheSize(Path folder) {
    this.file = folder.resolve(FILE);
  }

  /**
   * Adds a file that was written.
   *
   * @return whether the folder must be listed: its files may be larger than allowed, or it is long
   *     ago, or it is not known
   */
  boolean add(long size, long maxBytes) throws IOException {
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
      out.write(ByteBuffer.allocate(Long.BYTES).putLong(size).array());
    } catch (NoSuchFileException e) {
      return true;
    }
    byte[] content = Files.readAllBytes(file);
    if (content.length < HEADER || content.length % Long.BYTES != 0) {
      return true;
    }
    ByteBuffer sizes = ByteBuffer.wrap(content);
    long magic = sizes.getLong();
    long bytes = sizes.getLong();
    long mostBetween = LEAST_BETWEEN + sizes.getLong() / PART_BETWEEN;
    if (magic != MAGIC || bytes < 0 || sizes.remaining() / Long.BYTES > mostBetween) {
      return true;
    }
    long left = maxBytes - bytes;
    while (sizes.hasRemaining() && left >= 0) {
      long next = sizes.getLong();
      left = next < 0 ? -1 : left - next;
    }
    return left < 0;
  }

  /** Notes what was found in the folder. */
  void set(long bytes, long files) throws IOException {
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
