package io.github.wasmtimejvm.cli;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.WasmtimeException;
import io.github.wasmtimejvm.access.Access;
import io.github.wasmtimejvm.component.Component;
import io.github.wasmtimejvm.internal.StandardDescriptors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** What is in the file that the command line names. */
sealed interface GuestFile extends AutoCloseable {
  /** A module. */
  record OfModule(Module module) implements GuestFile {
    @Override
    public void close() {
      module.close();
    }
  }

  /** A component. */
  record OfComponent(Component component) implements GuestFile {
    @Override
    public void close() {
      component.close();
    }
  }

  @Override
  void close();

  /** Compiles a module or component in the binary or the text format. */
  static GuestFile load(Engine engine, String file) throws GuestFailure, IOException {
    return load(engine, file, false);
  }

  /**
   * Loads a module or component.
   *
   * @param allowCompiled whether it may be compiled already
   */
  static GuestFile load(Engine engine, String file, boolean allowCompiled)
      throws GuestFailure, IOException {
    String reason;
    try {
      Path path = Reading.path(file);
      byte[] header = Reading.header(path);
      if (!Reading.isCompiled(header)) {
        return compile(engine, Access.get().binary(Files.readAllBytes(path)));
      }
      if (allowCompiled) {
        return Reading.isCompiledComponent(header)
            ? new OfComponent(Component.deserializeFile(engine, path))
            : new OfModule(Module.deserializeFile(engine, path));
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

  private static GuestFile compile(Engine engine, byte[] binary) {
    return Reading.isComponent(binary)
        ? new OfComponent(Component.fromBytes(engine, binary))
        : new OfModule(Module.fromBytes(engine, binary));
  }

  /** What is asked of a file before it is read. */
  final class Reading {
    // Compiled code is an object file, on all platforms one of 64 bits, little-endian.
    private static final byte[] COMPILED = {0x7f, 'E', 'L', 'F'};
    private static final int HEADER_SIZE = 64;

    // The field e_flags, and what the engine writes there for a component.
    private static final int FLAGS = 48;
    private static final int COMPILED_COMPONENT = 1 << 1;

    // The fields after the magic number are the version and the layer, of 16 bits each.
    private static final int LAYER = 6;
    private static final byte COMPONENT_LAYER = 1;

    // As in the official tool, where it is this file, too.
    private static final String STDIN = "-";
    private static final Path STDIN_FILE = Path.of("/dev/stdin");

    private Reading() {}

    private static Path path(String file) throws IOException {
      if (!file.equals(STDIN)) {
        return Path.of(file);
      }
      if (!StandardDescriptors.isOpen(StandardDescriptors.STDIN)) {
        throw new IOException("standard input is closed");
      }
      return Files.exists(STDIN_FILE) ? STDIN_FILE : Path.of(file);
    }

    // Empty for what is not a regular file, which can be read only once.
    private static byte[] header(Path file) throws IOException {
      if (!Files.isRegularFile(file)) {
        return new byte[0];
      }
      try (InputStream in = Files.newInputStream(file)) {
        return in.readNBytes(HEADER_SIZE);
      }
    }

    private static boolean isCompiled(byte[] header) {
      return header.length >= COMPILED.length
          && Arrays.equals(header, 0, COMPILED.length, COMPILED, 0, COMPILED.length);
    }

    private static boolean isCompiledComponent(byte[] header) {
      return header.length > FLAGS && (header[FLAGS] & COMPILED_COMPONENT) != 0;
    }

    private static boolean isComponent(byte[] binary) {
      return binary.length > LAYER && binary[LAYER] == COMPONENT_LAYER;
    }
  }
}
