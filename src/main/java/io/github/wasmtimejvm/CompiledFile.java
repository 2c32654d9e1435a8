package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.github.wasmtimejvm.capi.Wasmtime;
import io.github.wasmtimejvm.internal.Printable;
import io.github.wasmtimejvm.loader.Platform;
import io.github.wasmtimejvm.settings.CodeSettings;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The file format of compiled modules and components: what the engine serialized, the {@link
 * CodeSettings} of that engine, what the code declares (with a byte before it, which says of which
 * kind it is), and a trailer that says who made it and ends in the SHA-256 of all that is before.
 *
 * <p>The engine trusts compiled code: a single wrong bit in it can end the process. So nothing gets
 * to the engine whose hash was not checked. The trailer is at the end, and not at the front,
 * because then the engine can map the file as it is.
 */
final class CompiledFile {
  /** Size of a key in bytes. */
  static final int KEY_SIZE = 32;

  /** The key of what is outside a cache. */
  static final byte[] NO_KEY = new byte[KEY_SIZE];

  // The version of the format. 1 was without settings and declarations.
  private static final int FORMAT = 2;
  private static final byte[] MAGIC = "wasmtime-jvm".getBytes(StandardCharsets.US_ASCII);
  private static final ValueLayout.OfInt INT =
      JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  // The trailer. From PAYLOAD_SIZE on, all is where it is, seen from the end, in all formats.
  private static final int MAKER = KEY_SIZE;
  private static final int MAKER_SIZE = 64;
  private static final int SETTINGS_SIZE = MAKER + MAKER_SIZE;
  private static final int PAYLOAD_SIZE = SETTINGS_SIZE + Integer.BYTES;
  private static final int FORMAT_NUMBER = PAYLOAD_SIZE + Long.BYTES;
  private static final int MAGIC_AT = FORMAT_NUMBER + Integer.BYTES;
  private static final int HASH = MAGIC_AT + 12;
  private static final int HASH_SIZE = 32;
  private static final int TRAILER_SIZE = HASH + HASH_SIZE;

  private static final int CHUNK = 64 * 1024;

  /** The files of modules. */
  static final CompiledFile MODULES = new CompiledFile("module", (byte) 0xd7);

  /** The files of components. */
  static final CompiledFile COMPONENTS = new CompiledFile("component", (byte) 0xd8);

  private final String what;
  private final byte mark;

  /**
   * @param what what to call the code in messages
   * @param mark the byte before what is declared
   */
  private CompiledFile(String what, byte mark) {
    this.what = what;
    this.mark = mark;
  }

  /**
   * Returns what the engine serialized as a file.
   *
   * @param settings those of the engine that serialized it
   * @param declared what the code declares, {@code null} if that is not known
   * @param key what the file can be loaded as, {@link #KEY_SIZE} bytes
   */
  MemorySegment of(
      Arena arena,
      MemorySegment serialized,
      String settings,
      byte @Nullable [] declared,
      byte[] key) {
    byte[] marked = new byte[declared == null ? 0 : 1 + declared.length];
    if (declared != null) {
      marked[0] = mark;
      System.arraycopy(declared, 0, marked, 1, declared.length);
    }
    // The engine returns code that it has loaded as it was in the file, with the trailer.
    return hasTrailer(serialized) && isOfThisFormat(serialized) && isComplete(serialized)
        ? withTrailer(
            arena,
            serialized.asSlice(0, trailer(serialized).get(LONG, PAYLOAD_SIZE)),
            settings(serialized),
            marked,
            key)
        : withTrailer(arena, serialized, settings, marked, key);
  }

  private CompiledFile other() {
    return this == MODULES ? COMPONENTS : MODULES;
  }

  // The bytes between the settings and the trailer; null if there are none.
  byte @Nullable [] declared(MemorySegment file) {
    if (!hasTrailer(file) || !isOfThisFormat(file) || !isComplete(file)) {
      return null; // as of another host's file
    }
    long from = declaredAt(trailer(file));
    long size = file.byteSize() - TRAILER_SIZE - from;
    return isDeclared(size) ? file.asSlice(from + 1, size - 1).toArray(JAVA_BYTE) : null;
  }

  // The same of a file that is not read as a whole.
  byte @Nullable [] declared(Path file) {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long end = in.length() - TRAILER_SIZE;
      if (end < 0) {
        return null;
      }
      byte[] bytes = new byte[TRAILER_SIZE];
      in.seek(end);
      in.readFully(bytes);
      MemorySegment trailer = MemorySegment.ofArray(bytes);
      if (!hasTrailer(trailer) || !isOfThisFormat(trailer) || !hasSizes(trailer, end)) {
        return null;
      }
      long size = end - declaredAt(trailer);
      if (!isDeclared(size)) {
        return null;
      }
      byte[] declared = new byte[(int) size - 1];
      in.seek(end - size);
      if (in.readByte() != mark) {
        return null;
      }
      in.readFully(declared);
      return declared;
    } catch (IOException e) {
      return null;
    }
  }

  // Whether declarations can have that many bytes.
  private static boolean isDeclared(long size) {
    return size >= 1 && size <= Integer.MAX_VALUE - 8;
  }

  private static MemorySegment withTrailer(
      Arena arena, MemorySegment payload, String settings, byte[] declared, byte[] key) {
    byte[] text = settings.getBytes(StandardCharsets.US_ASCII);
    long size = payload.byteSize();
    MemorySegment file = arena.allocate(size + text.length + declared.length + TRAILER_SIZE);
    MemorySegment.copy(payload, 0, file, 0, size);
    MemorySegment.copy(text, 0, file, JAVA_BYTE, size, text.length);
    MemorySegment.copy(declared, 0, file, JAVA_BYTE, size + text.length, declared.length);
    MemorySegment trailer = trailer(file);
    MemorySegment.copy(key, 0, trailer, JAVA_BYTE, 0, KEY_SIZE);
    MemorySegment.copy(maker(), 0, trailer, JAVA_BYTE, MAKER, MAKER_SIZE);
    trailer.set(INT, SETTINGS_SIZE, text.length);
    trailer.set(LONG, PAYLOAD_SIZE, size);
    trailer.set(INT, FORMAT_NUMBER, FORMAT);
    MemorySegment.copy(MAGIC, 0, trailer, JAVA_BYTE, MAGIC_AT, MAGIC.length);
    byte[] hash = sha256(file.asSlice(0, file.byteSize() - HASH_SIZE));
    MemorySegment.copy(hash, 0, trailer, JAVA_BYTE, HASH, HASH_SIZE);
    return file;
  }

  /**
   * Returns what the engine serialized.
   *
   * @param settings those of the engine that is to load the code
   * @param key what the file must be loaded as; {@code null} if that does not matter
   * @throws CompileException if the file is not whole, was made by another version or for another
   *     platform, was compiled with other settings, or has another key
   */
  MemorySegment check(String settings, MemorySegment file, byte @Nullable [] key) {
    checkTrailer(file);
    MemorySegment trailer = trailer(file);
    byte[] hash = sha256(file.asSlice(0, file.byteSize() - HASH_SIZE));
    boolean isWhole = Arrays.equals(hash, trailer.asSlice(HASH).toArray(JAVA_BYTE));
    if (isWhole && !isComplete(file) && other().isComplete(file)) {
      throw new CompileException("this is a compiled %s, not a %s".formatted(other().what, what));
    }
    if (!isWhole || !isComplete(file)) {
      throw new CompileException(
          "the compiled " + what + " is damaged: its SHA-256 is another one");
    }
    byte[] maker = trailer.asSlice(MAKER, MAKER_SIZE).toArray(JAVA_BYTE);
    if (!Arrays.equals(maker, maker())) {
      throw new CompileException(
          "the compiled %s is of Wasmtime %s, this is %s: compile it anew"
              .formatted(what, Printable.of(text(maker)), text(maker())));
    }
    String refusal = CodeSettings.refusal(what, settings(file), settings);
    if (refusal != null) {
      throw new CompileException(refusal);
    }
    if (key != null && !Arrays.equals(key, trailer.asSlice(0, KEY_SIZE).toArray(JAVA_BYTE))) {
      throw new CompileException("the compiled " + what + " is another one");
    }
    return file.asSlice(0, trailer.get(LONG, PAYLOAD_SIZE));
  }

  // What can be seen without reading the rest, of which this may be the end.
  private void checkTrailer(MemorySegment file) {
    if (!hasTrailer(file)) {
      throw new CompileException(
          "this is no compiled " + what + " of wasmtime-jvm, or its end is missing");
    }
    if (!isOfThisFormat(file)) {
      throw new CompileException(
          "the compiled %s has the format %s, this release reads %s: compile it anew"
              .formatted(
                  what, Integer.toUnsignedString(trailer(file).get(INT, FORMAT_NUMBER)), FORMAT));
    }
  }

  /**
   * Reads a file of ours into native memory that any thread may use. A file that has another end is
   * not read.
   *
   * @throws IOException if it cannot be read, or becomes shorter meanwhile
   * @throws CompileException if its end is not that of a file of ours
   * @throws OutOfMemoryError if there is no memory for so much
   */
  MemorySegment readOurs(Arena arena, Path file, LinkOption... options) throws IOException {
    checkTrailer(end(file, size(file, options), options));
    return read(arena, file, options);
  }

  private static MemorySegment end(Path file, long size, LinkOption... options) throws IOException {
    int length = (int) Math.min(size, TRAILER_SIZE);
    try (InputStream in = Files.newInputStream(file, options)) {
      in.skipNBytes(size - length);
      return MemorySegment.ofArray(in.readNBytes(length));
    }
  }

  private static long size(Path file, LinkOption... options) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class, options);
    if (!attributes.isRegularFile()) {
      throw new FileSystemException(file.toString(), null, "not a regular file");
    }
    return attributes.size();
  }

  /**
   * Reads a file into native memory that any thread may use.
   *
   * @throws IOException if it cannot be read, or becomes shorter meanwhile
   */
  static MemorySegment read(Arena arena, Path file, LinkOption... options) throws IOException {
    long size = size(file, options);
    MemorySegment content = arena.allocate(Math.max(1, size)).asSlice(0, size);
    byte[] chunk = new byte[CHUNK];
    // A stream and not a channel, which an interrupt of this thread would close.
    try (InputStream in = Files.newInputStream(file, options)) {
      for (long at = 0; at < size; ) {
        int read = in.read(chunk, 0, (int) Math.min(CHUNK, size - at));
        if (read < 0) {
          throw new EOFException("the file became shorter while it was read");
        }
        MemorySegment.copy(chunk, 0, content, JAVA_BYTE, at, read);
        at += read;
      }
    }
    return content;
  }

  /** Writes a file's content. */
  static void write(MemorySegment content, OutputStream out) throws IOException {
    byte[] chunk = new byte[CHUNK];
    for (long at = 0; at < content.byteSize(); at += CHUNK) {
      out.write(chunk, 0, copy(content, at, chunk));
    }
  }

  /** Returns the SHA-256 of all that was given. */
  static byte[] sha256(MemorySegment... parts) {
    MessageDigest sha256;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
    byte[] chunk = new byte[CHUNK];
    for (MemorySegment part : parts) {
      for (long at = 0; at < part.byteSize(); at += CHUNK) {
        sha256.update(chunk, 0, copy(part, at, chunk));
      }
    }
    return sha256.digest();
  }

  // Returns how much it copied.
  private static int copy(MemorySegment content, long at, byte[] chunk) {
    int size = (int) Math.min(chunk.length, content.byteSize() - at);
    MemorySegment.copy(content, JAVA_BYTE, at, chunk, 0, size);
    return size;
  }

  private static boolean hasTrailer(MemorySegment file) {
    return file.byteSize() >= TRAILER_SIZE
        && trailer(file).asSlice(MAGIC_AT, MAGIC.length).mismatch(MemorySegment.ofArray(MAGIC))
            == -1;
  }

  private static MemorySegment trailer(MemorySegment file) {
    return file.asSlice(file.byteSize() - TRAILER_SIZE);
  }

  private static boolean isOfThisFormat(MemorySegment file) {
    return trailer(file).get(INT, FORMAT_NUMBER) == FORMAT;
  }

  // Whether what the trailer says of sizes is the whole file.
  private boolean isComplete(MemorySegment file) {
    MemorySegment trailer = trailer(file);
    long end = file.byteSize() - TRAILER_SIZE;
    return hasSizes(trailer, end)
        && (declaredAt(trailer) == end || file.get(JAVA_BYTE, declaredAt(trailer)) == mark);
  }

  // Whether code and settings end before the trailer, which begins at `end`.
  private static boolean hasSizes(MemorySegment trailer, long end) {
    long payload = trailer.get(LONG, PAYLOAD_SIZE);
    int settings = trailer.get(INT, SETTINGS_SIZE);
    return payload >= 0 && payload <= end && settings >= 0 && settings <= end - payload;
  }

  private static long declaredAt(MemorySegment trailer) {
    return trailer.get(LONG, PAYLOAD_SIZE) + trailer.get(INT, SETTINGS_SIZE);
  }

  private static String settings(MemorySegment file) {
    MemorySegment trailer = trailer(file);
    byte[] text =
        file.asSlice(trailer.get(LONG, PAYLOAD_SIZE), trailer.get(INT, SETTINGS_SIZE))
            .toArray(JAVA_BYTE);
    return new String(text, StandardCharsets.US_ASCII);
  }

  private static byte[] maker() {
    String maker = Wasmtime.WASMTIME_VERSION + " for " + Platform.ofGuestCode();
    return Arrays.copyOf(maker.getBytes(StandardCharsets.US_ASCII), MAKER_SIZE);
  }

  private static String text(byte[] maker) {
    return new String(maker, StandardCharsets.US_ASCII).replace("\0", "");
  }
}
