package io.github.wasmtimejvm.attack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The programs of {@code src/test/attack}, if {@code scripts/build-wasi-suite} has compiled them
 * and the system property {@code wasmtimejvm.attack.programs} says where they are.
 */
final class Programs {
  /** The system property with the folder. */
  static final String FOLDER = "wasmtimejvm.attack.programs";

  // An exit by proc_exit, or the return of main with 0, which is none.
  private static final Map<String, String> ENDINGS =
      new TreeMap<>(
          Map.of(
              "deep-frames", "MEMORY_OUT_OF_BOUNDS STACK_OVERFLOW",
              "alloca", "MEMORY_OUT_OF_BOUNDS",
              "malloc", "returns MEMORY_OUT_OF_BOUNDS",
              "wild-pointers", "MEMORY_OUT_OF_BOUNDS",
              "wild-iovecs", "returns errors",
              "open-files", "returns exits",
              "abort", "UNREACHABLE_CODE_REACHED",
              "exit-at-exit", "exits"));

  private Programs() {}

  /** The folder that the system property names. */
  static @Nullable Path folder() {
    String folder = System.getProperty(FOLDER);
    return folder == null ? null : Path.of(folder);
  }

  /** A family for each program; none without a folder. */
  static List<Guest.Family> in(@Nullable Path folder) {
    List<Guest.Family> all = new ArrayList<>();
    if (folder != null) {
      ENDINGS.forEach(
          (program, foreseen) -> {
            byte[] wasm = read(folder.resolve(program + ".wasm"));
            all.add(
                new Guest.Family(
                    program + ".c", (name, _) -> Guest.of(name, wasm, "_start", foreseen)));
          });
    }
    return all;
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new AssertionError("scripts/build-wasi-suite makes " + file, e);
    }
  }
}
