package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.wasmtimejvm.access.CompiledCode;
import io.github.wasmtimejvm.access.CompiledKind;
import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.internal.NativeVector;
import io.github.wasmtimejvm.internal.StackRoom;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Compiled modules or components that are written and read back. */
final class CompiledObjects<T> implements CompiledCode<T> {
  private final CompiledKind<T> kind;
  private final CompiledFile format;

  CompiledObjects(CompiledKind<T> kind, CompiledFile format) {
    this.kind = kind;
    this.format = format;
  }

  /** The kind. */
  CompiledKind<T> kind() {
    return kind;
  }

  /** The format of the files. */
  CompiledFile format() {
    return format;
  }

  /**
   * Returns code as a file.
   *
   * @param key what the file can be loaded as, {@link CompiledFile#KEY_SIZE} bytes
   */
  MemorySegment serialize(Arena arena, T code, byte[] key) {
    MemorySegment vector = arena.allocate(NativeVector.SIZEOF, 8);
    MemorySegment object = kind.object(code).lease();
    try {
      Failures.check(kind.serialize(object, vector));
    } finally {
      kind.object(code).release();
    }
    try {
      return format.of(
          arena,
          NativeVector.content(vector),
          kind.engine(code).codeSettings(),
          kind.declared(code),
          key);
    } finally {
      Wasm.wasm_byte_vec_delete(vector);
    }
  }

  @Override
  public byte[] serialize(T code) {
    try (Arena arena = Arena.ofConfined()) {
      return serialize(arena, code, CompiledFile.NO_KEY).toArray(JAVA_BYTE);
    }
  }

  @Override
  public T deserialize(Engine engine, byte[] file) {
    try (Arena arena = Arena.ofShared()) {
      return load(engine, Module.copy(arena, file));
    }
  }

  @Override
  public T deserializeFile(Engine engine, Path file) throws IOException {
    try (Arena arena = Arena.ofShared()) {
      return load(engine, format.readOurs(arena, file));
    }
  }

  private T load(Engine engine, MemorySegment file) {
    return loadTrusted(
        engine, format.check(engine.codeSettings(), file, null), format.declared(file), null);
  }

  @Override
  public T trust(Engine engine, byte[] file) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment code = Module.copy(arena, file);
      return loadTrusted(engine, code, format.declared(code), null);
    }
  }

  @Override
  public T trustFile(Engine engine, Path file) throws IOException {
    if (file.getFileSystem() != FileSystems.getDefault()) {
      throw new IllegalArgumentException("not in the system's file system: " + file);
    }
    if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
      throw new FileSystemException(file.toString(), null, "not a regular file");
    }
    return mapTrusted(engine, file, format.declared(file), null);
  }

  /**
   * Loads what an engine serialized, unchecked.
   *
   * @param code native memory that any thread may use
   * @param declared what the code declares, {@code null} if that is not known
   * @param wasm the binary that it was compiled from, {@code null} if that is not there
   * @throws CompileException if the engine refuses it
   */
  T loadTrusted(
      Engine engine, MemorySegment code, byte @Nullable [] declared, byte @Nullable [] wasm) {
    return load(
        engine,
        (nativeEngine, out) -> kind.deserialize(nativeEngine, code, out),
        object -> kind.own(engine, object, wasm, declared));
  }

  /**
   * Has the engine map a file, unchecked.
   *
   * @param declared what the code declares, {@code null} if that is not known
   * @param wasm the binary that it was compiled from, {@code null} if that is not there
   * @throws CompileException if the engine refuses it
   */
  T mapTrusted(Engine engine, Path file, byte @Nullable [] declared, byte @Nullable [] wasm) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment name = arena.allocateFrom(file.toAbsolutePath().toString());
      return load(
          engine,
          (nativeEngine, out) -> kind.deserializeFile(nativeEngine, name, out),
          object -> kind.own(engine, object, wasm, declared));
    }
  }

  private interface Deserialize {
    MemorySegment into(MemorySegment engine, MemorySegment out);
  }

  private T load(Engine engine, Deserialize deserialize, Function<MemorySegment, T> own) {
    MemorySegment nativeEngine = engine.object().lease();
    try (Arena arena = Arena.ofShared()) {
      MemorySegment out = arena.allocate(ADDRESS);
      Failures.checkCompile(StackRoom.call(() -> deserialize.into(nativeEngine, out)));
      return own.apply(out.get(ADDRESS, 0));
    } finally {
      engine.object().release();
    }
  }
}
