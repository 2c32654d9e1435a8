package io.github.wasmtimejvm.cli;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.WasmtimeException;
import io.github.wasmtimejvm.internal.StandardDescriptors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** The module that the command line names. */
final class ModuleFile {
  // Compiled code is an object file.
  private static final byte[] COMPILED = {0x7f, 'E', 'L', 'F'};

  // As in the official tool, where it is this file, too.
  private static final String STDIN = "-";
  private static final Path STDIN_FILE = Path.of("/dev/stdin");

  private ModuleFile() {}

  /** Compiles a module in the binary or the text format. */
  static Module load(Engine engine, String file) throws GuestFailure, IOException {
    return load(engine, file, false);
  }

  /**
   * Loads a module.
   *
   * @param allowCompiled whether it may be compiled already
   */
  static Module load(Engine engine, String file, boolean allowCompiled)
      throws GuestFailure, IOException {
    Path path = path(file);
    String reason;
    try {
      if (!isCompiled(path)) {
        return Module.fromFile(engine, path);
      }
      if (allowCompiled) {
        return Module.deserializeFile(engine, path);
      }
      reason = "it is compiled already, and only run --allow-precompiled takes that";
    } catch (WasmtimeException e) {
      throw new GuestFailure(file, null, e);
    } catch (NoSuchFileException e) {
      reason = "no such file";
    } catch (AccessDeniedException e) {
      reason = "permission denied";
    } catch (IOException e) {
      reason = e.getMessage();
    }
    throw new IOException("cannot read \"" + file + "\": " + reason);
  }

  private static Path path(String file) throws IOException {
    if (!file.equals(STDIN)) {
      return Path.of(file);
    }
    if (!StandardDescriptors.isOpen(StandardDescriptors.STDIN)) {
      throw new IOException("cannot read \"-\": standard input is closed");
    }
    return Files.exists(STDIN_FILE) ? STDIN_FILE : Path.of(file);
  }

  // What is not a regular file can be read only once.
  private static boolean isCompiled(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(COMPILED.length), COMPILED);
    }
  }
}
