package io.github.wasmtimejvm;

import io.github.wasmtimejvm.access.CacheAccess;
import io.github.wasmtimejvm.access.CompiledCode;
import io.github.wasmtimejvm.internal.CacheSize;
import io.github.wasmtimejvm.loader.CacheFolder;
import io.github.wasmtimejvm.loader.Log;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A folder of compiled modules, so that each is compiled once and not in every process. {@link
 * io.github.wasmtimejvm.component.Component#fromCache} keeps components there in the same way.
 *
 * <pre>{@code
 * ModuleCache cache = ModuleCache.open();
 * try (Module module = cache.module(engine, Files.readAllBytes(Path.of("program.wasm")))) {
 *   ...
 * }
 * }</pre>
 *
 * <p>Modules are found by the SHA-256 of their bytes, the version and settings of the engine and
 * the features of the processor. What is damaged, or not what its name says, is compiled anew and
 * replaced. When the files become too large together, those go that were not used for the longest
 * time, until a sixteenth is free. How large they are is kept in a file beside them.
 *
 * <p>Any number of threads and processes may use a folder at once. A file appears under its name
 * when it is complete and never changes after that; modules in use keep a deleted one.
 *
 * <p>What is in the folder is executed. So it has the mode 0700 and belongs to the user of this
 * process, or is not used; where files have no such mode, as on Windows, that is not looked at. Nor
 * are the folders above it: who may rename it there can put another in its place only if that
 * belongs to the same user. The engine maps its files, so that processes share the memory. Deleting
 * files or the whole folder is safe at any time; who writes into a file ends the processes that use
 * it.
 *
 * <p>A folder that cannot be written is read all the same.
 *
 * <p>The cache never makes anything fail. Where it cannot be read or written, modules are compiled
 * as without it, and the logger {@code io.github.wasmtimejvm} says why: as a warning for the first
 * time, then as a debug message.
 */
public final class ModuleCache {
  static {
    CacheAccess.install(
        new CacheAccess() {
          @Override
          public <T> T get(ModuleCache cache, CompiledCode<T> code, Engine engine, byte[] wasm) {
            return cache.get((CompiledObjects<T>) code, engine, wasm);
          }
        });
  }

  private static final long DEFAULT_MAX_BYTES = 1L << 30;

  // Nobody takes that long to write a file. What is older and not complete is a dead process's.
  private static final Duration PART_AGE = Duration.ofHours(1);

  private static final int PART_FREED = 16;

  private static final byte[] EMPTY_MODULE = {0, 'a', 's', 'm', 1, 0, 0, 0};

  private final Path folder;
  private final long maxBytes;
  private final Map<Engine, byte[]> settings = Collections.synchronizedMap(new WeakHashMap<>());
  private final AtomicBoolean warned = new AtomicBoolean();

  // Why there is none.
  private final @Nullable IOException missing;

  private ModuleCache(Path folder, long maxBytes, @Nullable IOException missing) {
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.missing = missing;
  }

  /**
   * Opens the user's own cache, with up to 1 GiB of files. It is beside the extracted native
   * libraries: in {@code ~/.cache/wasmtime-jvm}, or what the platform has for it, or what the
   * system property {@code wasmtimejvm.cache} says. Where the user has no such folder, or one whose
   * name Java cannot read, nothing is kept. Threads: any.
   */
  public static ModuleCache open() {
    try {
      return new ModuleCache(CacheFolder.root().resolve("modules"), DEFAULT_MAX_BYTES, null);
    } catch (IOException e) {
      return new ModuleCache(Path.of("wasmtime-jvm").toAbsolutePath(), DEFAULT_MAX_BYTES, e);
    }
  }

  /**
   * Opens a cache in a folder of its own. Neither the folder nor its parents need exist. Threads:
   * any.
   *
   * @param folder the folder, which nothing else should be in
   * @param maxBytes how large the files may become together, at least 1
   * @throws IllegalArgumentException if the size is out of range, or the folder is not in the
   *     system's own file system
   */
  public static ModuleCache open(Path folder, long maxBytes) {
    if (maxBytes < 1) {
      throw new IllegalArgumentException("maxBytes must be at least 1: " + maxBytes);
    }
    if (folder.getFileSystem() != FileSystems.getDefault()) {
      throw new IllegalArgumentException("not in the system's file system: " + folder);
    }
    return new ModuleCache(folder.toAbsolutePath(), maxBytes, null);
  }

  /**
   * Returns the folder, an absolute path; where the user has none, it is not used. Threads: any.
   */
  public Path folder() {
    return folder;
  }

  /**
   * Loads a module from the cache, or compiles it and puts it there. The caller closes it, as one
   * of {@link Module#fromBytes}. Threads: any.
   *
   * @param engine the engine to load or compile for
   * @param wasm the module in the binary format
   * @throws CompileException if it is not a valid module for this engine
   */
  public Module module(Engine engine, byte[] wasm) {
    return get(CompiledModules.CODE, engine, wasm);
  }

  /** Loads code of any kind from the cache, or compiles it and puts it there. */
  <T> T get(CompiledObjects<T> objects, Engine engine, byte[] wasm) {
    byte[] stable = wasm.clone(); // what is looked for must be what is compiled
    if (!isUsable()) {
      return objects.kind().compile(engine, stable);
    }
    byte[] key = key(engine, objects.kind().variant(engine), stable);
    Path file = folder.resolve(HexFormat.of().formatHex(key) + ".cwasm");
    T found = find(objects, engine, file, key, stable);
    if (found != null) {
      return found;
    }
    T code = objects.kind().compile(engine, stable);
    store(objects, code, file, key);
    return code;
  }

  private boolean isUsable() {
    try {
      if (missing != null) {
        throw missing;
      }
      CacheFolder.create(folder);
      return true;
    } catch (IOException e) {
      complain("The module cache {0} is not used: {1}", e);
      return false;
    }
  }

  private byte[] key(Engine engine, String variant, byte[] wasm) {
    return CompiledFile.sha256(
        MemorySegment.ofArray(settings(engine)),
        MemorySegment.ofArray(variant.getBytes(StandardCharsets.US_ASCII)),
        MemorySegment.ofArray(wasm));
  }

  // What the engine puts into all that it compiles: its version, target, settings and features, and
  // those of the processor. There is nothing else in an empty module.
  private byte[] settings(Engine engine) {
    byte[] known = settings.get(engine);
    if (known != null) {
      return known;
    }
    try (Arena arena = Arena.ofConfined();
        Module empty = Module.compile(engine, EMPTY_MODULE.clone())) {
      byte[] hash =
          CompiledFile.sha256(CompiledModules.CODE.serialize(arena, empty, CompiledFile.NO_KEY));
      settings.put(engine, hash);
      return hash;
    }
  }

  private <T> @Nullable T find(
      CompiledObjects<T> objects, Engine engine, Path file, byte[] key, byte[] wasm) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment content = objects.format().readOurs(arena, file, LinkOption.NOFOLLOW_LINKS);
      MemorySegment code = objects.format().check(engine.codeSettings(), content, key);
      T loaded = load(objects, engine, file, code, objects.format().declared(content), wasm);
      touch(file);
      return loaded;
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException | CompileException | OutOfMemoryError e) { // of what the file has
      Log.log(Level.WARNING, "{0} cannot be used and will be replaced: {1}", file, e.getMessage());
      return null;
    }
  }

  // Nobody but us can have changed the file since it was checked, and we never do.
  private static <T> T load(
      CompiledObjects<T> objects,
      Engine engine,
      Path file,
      MemorySegment code,
      byte @Nullable [] declared,
      byte[] wasm) {
    try {
      return objects.mapTrusted(engine, file, declared, wasm);
    } catch (CompileException e) {
      // Evicted just now, mounted noexec, or of a name that is not UTF-8: nothing that is wrong
      // with the code.
      Log.log(Level.DEBUG, "{0} cannot be mapped: {1}", file, e.getMessage());
      return objects.loadTrusted(engine, code, declared, wasm);
    }
  }

  private static void touch(Path file) {
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (IOException e) {
      Log.log(Level.DEBUG, "The time of {0} cannot be set: {1}", file, e);
    }
  }

  private <T> void store(CompiledObjects<T> objects, T code, Path file, byte[] key) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment content = objects.serialize(arena, code, key);
      if (content.byteSize() > maxBytes) {
        // As a text: a number would be written as in the user's locale.
        Log.log(
            Level.DEBUG, "A module of {0} bytes is not kept", String.valueOf(content.byteSize()));
        return;
      }
      write(content, file);
      CacheSize size = new CacheSize(folder);
      if (size.add(content.byteSize(), maxBytes)) {
        evict(file, size);
      }
    } catch (IOException
        | DirectoryIteratorException
        | WasmtimeException
        | OutOfMemoryError e) { // where there is no room for a second copy of the code
      complain("Nothing can be written to the module cache {0}: {1}", e);
    }
  }

  private void write(MemorySegment content, Path file) throws IOException {
    Path part = Files.createTempFile(folder, "module", ".part");
    try {
      try (OutputStream out = Files.newOutputStream(part)) {
        CompiledFile.write(content, out);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private record Entry(Path file, long size, FileTime used) {}

  private void evict(Path written, CacheSize size) throws IOException {
    List<Entry> entries = new ArrayList<>();
    long total = 0;
    int count = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.{cwasm,part,owner}")) {
      for (Path file : files) {
        Entry entry = entry(file);
        if (entry == null) {
          continue;
        }
        if (!file.toString().endsWith(".cwasm")) {
          if (entry.used.toInstant().isBefore(Instant.now().minus(PART_AGE))) {
            delete(file);
          }
          continue;
        }
        total += entry.size;
        count++;
        if (!file.equals(written)) {
          entries.add(entry);
        }
      }
    }
    if (total > maxBytes) {
      entries.sort(Comparator.comparing(Entry::used));
      long target = maxBytes - maxBytes / PART_FREED; // or the next file would have it listed again
      for (Entry entry : entries) {
        if (total <= target) {
          break;
        }
        if (delete(entry.file)) {
          total -= entry.size;
          count--;
        }
      }
    }
    size.set(total, count);
  }

  // One that stays must not keep others from going, on Windows say a file that is mapped.
  private static boolean delete(Path file) {
    try {
      Files.deleteIfExists(file);
      return true;
    } catch (IOException e) {
      Log.log(Level.DEBUG, "{0} cannot be deleted: {1}", file, e);
      return false;
    }
  }

  private static @Nullable Entry entry(Path file) throws IOException {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return new Entry(file, attributes.size(), attributes.lastModifiedTime());
    } catch (NoSuchFileException e) {
      return null; // deleted by another process
    }
  }

  private void complain(String message, Throwable reason) {
    Level level = warned.getAndSet(true) ? Level.DEBUG : Level.WARNING;
    Log.log(level, message, folder, reason);
  }
}
