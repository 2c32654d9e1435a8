package io.github.wasmtimejvm.access;

import io.github.wasmtimejvm.Engine;
import java.io.IOException;
import java.nio.file.Path;

/** What can be done with compiled code of one kind. All of it may be done by any thread. */
public interface CompiledCode<T> {
  /** Returns it as a file. */
  byte[] serialize(T code);

  /**
   * Loads what {@link #serialize} returned.
   *
   * @throws io.github.wasmtimejvm.CompileException if it is refused
   */
  T deserialize(Engine engine, byte[] file);

  /**
   * Loads a file with what {@link #serialize} returned.
   *
   * @throws IOException if the file cannot be read
   * @throws io.github.wasmtimejvm.CompileException if it is refused
   */
  T deserializeFile(Engine engine, Path file) throws IOException;

  /**
   * Loads what any host of the engine wrote, unchecked.
   *
   * @throws io.github.wasmtimejvm.CompileException if the engine refuses it
   */
  T trust(Engine engine, byte[] file);

  /**
   * Maps a file that any host of the engine wrote, unchecked.
   *
   * @throws IOException if there is no such file
   * @throws io.github.wasmtimejvm.CompileException if the engine refuses it
   */
  T trustFile(Engine engine, Path file) throws IOException;
}
