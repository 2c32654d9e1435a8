package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.Wasmtime;
import io.github.wasmtimejvm.capi.WasmtimeModule;
import io.github.wasmtimejvm.declarations.BinaryDeclarations;
import io.github.wasmtimejvm.declarations.Declarations;
import io.github.wasmtimejvm.internal.NativeVector;
import io.github.wasmtimejvm.internal.Printable;
import io.github.wasmtimejvm.internal.StackRoom;
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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The file format of compiled modules: what the engine serialized, the {@link CodeSettings} of that
 * engine, what the module declares (with a byte before it, so that nothing declared is not nothing
 * known), and a trailer that says who made it and ends in the SHA-256 of all that is before.
 *
 * <p>The engine trusts compiled code: a single wrong bit in it can end the process. So nothing gets
 * to the engine whose hash was not checked. The trailer is at the end, and not at the front,
 * because then the engine can map the file as it is.
 */
final class CompiledModule {
  /** Size of a key in bytes. */
  static final int KEY_SIZE = 32;

  /** The key of modules outside a cache. */
  private static final byte[] NO_KEY = new byte[KEY_SIZE];

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

  /** What is written before the module's declarations. */
  private static final byte DECLARED = (byte) 0xd7;

  private static final int CHUNK = 64 * 1024;

  private CompiledModule() {}

  /** Returns a module as a file: {@code wasmtime_module_serialize}. */
  static MemorySegment serialize(Arena arena, Module module) {
    return serialize(arena, module, NO_KEY);
  }

  /**
   * Returns a module as a file for a cache: {@code wasmtime_module_serialize}.
   *
   * @param key what the file can be loaded as, {@link #KEY_SIZE} bytes
   */
  static MemorySegment serialize(Arena arena, Module module, byte[] key) {
    MemorySegment vector = arena.allocate(NativeVector.SIZEOF, 8);
    MemorySegment pointer = module.object().lease();
    try {
      Failures.check(WasmtimeModule.wasmtime_module_serialize(pointer, vector));
    } finally {
      module.object().release();
    }
    try {
      MemorySegment serialized = NativeVector.content(vector);
      String settings = module.engine().codeSettings();
      // The engine returns a module that it has loaded as it was in the file, with the trailer.
      if (hasTrailer(serialized) && isOfThisFormat(serialized) && isComplete(serialized)) {
        settings = settings(serialized);
        serialized = serialized.asSlice(0, trailer(serialized).get(LONG, PAYLOAD_SIZE));
      }
      return withTrailer(arena, serialized, settings, declared(module.declarations()), key);
    } finally {
      Wasm.wasm_byte_vec_delete(vector);
    }
  }

  private static byte[] declared(Declarations declarations) {
    if (!(declarations instanceof BinaryDeclarations binary)) {
      return new byte[0];
    }
    byte[] bytes = binary.bytes();
    byte[] declared = new byte[1 + bytes.length];
    declared[0] = DECLARED;
    System.arraycopy(bytes, 0, declared, 1, bytes.length);
    return declared;
  }

  // The bytes between the settings and the trailer; null if there are none.
  private static byte @Nullable [] declared(MemorySegment file) {
    if (!hasTrailer(file) || !isOfThisFormat(file) || !isComplete(file)) {
      return null; // as of another host's file
    }
    long from = declaredAt(trailer(file));
    long size = file.byteSize() - TRAILER_SIZE - from;
    return isDeclared(size) ? file.asSlice(from + 1, size - 1).toArray(JAVA_BYTE) : null;
  }

  // The same of a file that is not read as a whole.
  private static byte @Nullable [] declared(Path file) {
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
      if (in.readByte() != DECLARED) {
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
   * Loads a file that {@link #serialize} made for no cache: {@code wasmtime_module_deserialize}.
   *
   * @param file the file's content in native memory that any thread may use
   * @throws CompileException if it is not whole, or was made by or for another engine
   */
  static Module load(Engine engine, MemorySegment file) {
    return loadTrusted(engine, check(engine, file, null), declared(file), null);
  }

  /**
   * Returns what the engine serialized.
   *
   * @param engine the engine that is to load the code
   * @param key what the file must be loaded as; {@code null} if that does not matter
   * @throws CompileException if the file is not whole, was made by another version or for another
   *     platform, was compiled with other settings, or has another key
   */
  static MemorySegment check(Engine engine, MemorySegment file, byte @Nullable [] key) {
    checkTrailer(file);
    MemorySegment trailer = trailer(file);
    byte[] hash = sha256(file.asSlice(0, file.byteSize() - HASH_SIZE));
    if (!Arrays.equals(hash, trailer.asSlice(HASH).toArray(JAVA_BYTE)) || !isComplete(file)) {
      throw new CompileException("the compiled module is damaged: its SHA-256 is another one");
    }
    byte[] maker = trailer.asSlice(MAKER, MAKER_SIZE).toArray(JAVA_BYTE);
    if (!Arrays.equals(maker, maker())) {
      throw new CompileException(
          "the compiled module is of Wasmtime %s, this is %s: compile it anew"
              .formatted(Printable.of(text(maker)), text(maker())));
    }
    String refusal = CodeSettings.refusal(settings(file), engine.codeSettings());
    if (refusal != null) {
      throw new CompileException(refusal);
    }
    if (key != null && !Arrays.equals(key, trailer.asSlice(0, KEY_SIZE).toArray(JAVA_BYTE))) {
      throw new CompileException("the compiled module is another one");
    }
    return file.asSlice(0, trailer.get(LONG, PAYLOAD_SIZE));
  }

  // What can be seen without reading the rest, of which this may be the end.
  private static void checkTrailer(MemorySegment file) {
    if (!hasTrailer(file)) {
      throw new CompileException(
          "this is no compiled module of wasmtime-jvm, or its end is missing");
    }
    if (!isOfThisFormat(file)) {
      throw new CompileException(
          "the compiled module has the format %s, this release reads %s: compile it anew"
              .formatted(Integer.toUnsignedString(trailer(file).get(INT, FORMAT_NUMBER)), FORMAT));
    }
  }

  /**
   * Loads what an engine serialized, unchecked: {@code wasmtime_module_deserialize}.
   *
   * @param code native memory that any thread may use
   * @param wasm the binary that it was compiled from, {@code null} if that is not there
   * @throws CompileException if the engine refuses it
   */
  static Module loadTrusted(Engine engine, MemorySegment code, byte @Nullable [] wasm) {
    return loadTrusted(engine, code, declared(code), wasm);
  }

  private static Module loadTrusted(
      Engine engine, MemorySegment code, byte @Nullable [] declared, byte @Nullable [] wasm) {
    return load(
        engine,
        (nativeEngine, out) ->
            WasmtimeModule.wasmtime_module_deserialize(nativeEngine, code, code.byteSize(), out),
        module -> own(engine, module, wasm, declared));
  }

  private static Module own(
      Engine engine, MemorySegment module, byte @Nullable [] wasm, byte @Nullable [] declared) {
    return wasm == null
        ? Module.ownCompiled(engine, module, declared)
        : Module.own(engine, module, MemorySegment.ofArray(wasm));
  }

  /**
   * Has the engine map a file, unchecked: {@code wasmtime_module_deserialize_file}.
   *
   * @param wasm the binary that it was compiled from, {@code null} if that is not there
   * @throws CompileException if the engine refuses it
   */
  static Module mapTrusted(Engine engine, Path file, byte @Nullable [] wasm) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment name = arena.allocateFrom(file.toAbsolutePath().toString());
      return load(
          engine,
          (nativeEngine, out) ->
              WasmtimeModule.wasmtime_module_deserialize_file(nativeEngine, name, out),
          module -> own(engine, module, wasm, wasm == null ? declared(file) : null));
    }
  }

  private interface Deserialize {
    MemorySegment into(MemorySegment engine, MemorySegment out);
  }

  private static Module load(
      Engine engine, Deserialize deserialize, Function<MemorySegment, Module> own) {
    MemorySegment nativeEngine = engine.object().lease();
    try (Arena arena = Arena.ofShared()) {
      MemorySegment out = arena.allocate(ADDRESS);
      Failures.checkCompile(StackRoom.call(() -> deserialize.into(nativeEngine, out)));
      return own.apply(out.get(ADDRESS, 0));
    } finally {
      engine.object().release();
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
  static MemorySegment readOurs(Arena arena, Path file, LinkOption... options) throws IOException {
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
  private static boolean isComplete(MemorySegment file) {
    MemorySegment trailer = trailer(file);
    long end = file.byteSize() - TRAILER_SIZE;
    return hasSizes(trailer, end)
        && (declaredAt(trailer) == end || file.get(JAVA_BYTE, declaredAt(trailer)) == DECLARED);
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
