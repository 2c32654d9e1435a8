package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.ExportType;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.TrapCode;
import io.github.wasmtimejvm.testing.Guests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The guests that are written by hand. The name of an export says how it may end: {@code name: word
 * word}; so does an export {@code start: word} of a module whose start function may not return.
 * Exports without a colon are for the guest and the host, unless they have the name of a trap.
 */
final class GuestFiles {
  private static final String START = "start: ";

  private GuestFiles() {}

  /** A family for each file. */
  static List<Guest.Family> all() {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> own = Files.list(Guests.file(GuestFiles.class, "guests"))) {
      own.sorted().forEach(files::add);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    files.add(Guests.file(GuestFiles.class, "/io/github/wasmtimejvm/traps.wat"));
    files.add(Guests.file(GuestFiles.class, "/io/github/wasmtimejvm/wasi/traps.wat"));
    try (Engine engine = Engine.builder().sharedMemory(true).build()) {
      return files.stream().map(file -> family(engine, file)).toList();
    }
  }

  private static Guest.Family family(Engine engine, Path file) {
    try {
      byte[] wasm = Module.wat2wasm(Files.readString(file));
      List<String> exports = new ArrayList<>();
      try (Module module = Module.fromBytes(engine, wasm)) {
        for (ExportType export : module.exports()) {
          if (export.type() instanceof FuncType && isForeseen(export.name())) {
            exports.add(export.name());
          }
        }
      }
      String name = file.getParent().getFileName() + "/" + file.getFileName();
      return new Guest.Family(name, (_, random) -> guest(name, wasm, exports, random));
    } catch (IOException e) {
      throw new AssertionError(file.toString(), e);
    }
  }

  private static Guest guest(String name, byte[] wasm, List<String> exports, Random random) {
    String export = exports.get(random.nextInt(exports.size()));
    String foreseen =
        export.contains(": ")
            ? export.substring(export.indexOf(": ") + 2)
            : export.toUpperCase(Locale.ROOT);
    return Guest.of(name, wasm, export.startsWith(START) ? null : export, foreseen);
  }

  private static boolean isForeseen(String export) {
    return export.contains(": ")
        || Stream.of(TrapCode.values())
            .anyMatch(code -> code.name().equals(export.toUpperCase(Locale.ROOT)));
  }
}
