package io.github.wasmtimejvm.cli;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.component.Component;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * {@code compile}: from a module or component to a file that {@code run --allow-precompiled} takes.
 */
final class CompileCommand {
  private CompileCommand() {}

  static void run(CompileOptions options) throws UsageException, GuestFailure, IOException {
    byte[] compiled;
    try (Engine engine = options.guest().engine();
        GuestFile guest = GuestFile.load(engine, options.file())) {
      compiled =
          switch (guest) {
            case GuestFile.OfModule(Module module) -> module.serialize();
            case GuestFile.OfComponent(Component component) -> component.serialize();
          };
    }
    String reason;
    try {
      write(compiled, Path.of(options.output()));
      return;
    } catch (NoSuchFileException e) {
      reason = "no such directory";
    } catch (AccessDeniedException e) {
      reason = "permission denied";
    } catch (IOException e) {
      reason = e.getMessage();
    }
    throw new IOException("cannot write \"" + options.output() + "\": " + reason);
  }

  // A process may have the old file mapped, which must not change then.
  private static void write(byte[] compiled, Path output) throws IOException {
    Path target = Files.exists(output) ? output.toRealPath() : output.toAbsolutePath();
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      Files.write(target, compiled);
      return;
    }
    Path part =
        target.resolveSibling(target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
    try {
      Files.write(part, compiled, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
