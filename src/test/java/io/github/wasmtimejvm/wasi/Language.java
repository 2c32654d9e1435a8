package io.github.wasmtimejvm.wasi;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.ModuleCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The languages of the guests in src/test/guests, with what runs a program in them. */
enum Language {
  C("C", "c.wasm", "native/ziglang.txt"),
  CPP("C++", "cpp.wasm", "native/ziglang.txt"),
  ZIG("Zig", "zig.wasm", "native/ziglang.txt"),
  // The system's compiler.
  RUST("Rust", "rust.wasm", "scripts/build-guests"),
  GO("Go", "go.wasm", "scripts/tools/go.txt"),
  ASSEMBLY_SCRIPT(
      "AssemblyScript", "assemblyscript.wasm", "src/test/guests/assemblyscript/package.json"),
  KOTLIN("Kotlin", "kotlin.wasm", "src/test/guests/kotlin/pom.xml"),
  JAVA("Java", "teavm.wasm", "src/test/guests/teavm/pom.xml"),
  PYTHON("Python", "python.wasm", "scripts/guests.lock", "/src/python/guest.py"),
  JAVASCRIPT(
      "JavaScript", "quickjs.wasm", "scripts/guests.lock", "--std", "/src/javascript/guest.js"),
  RUBY("Ruby", "ruby.wasm", "scripts/guests.lock");

  private final String title;
  private final String file;
  private final Path pin;
  private final List<String> interpreterArgs;

  /**
   * @param title its name in docs/guests.md
   * @param pin the file that says which version of its compiler or interpreter is used
   * @param interpreterArgs what goes before the program's own arguments
   */
  Language(String title, String file, String pin, String... interpreterArgs) {
    this.title = title;
    this.file = file;
    this.pin = Path.of(pin);
    this.interpreterArgs = List.of(interpreterArgs);
  }

  Path pin() {
    return pin;
  }

  /** Compiles the program, or interpreter; the large ones take seconds, so once for all builds. */
  Module compile(Engine engine) throws IOException {
    ModuleCache cache = ModuleCache.open(Path.of("target/guests-compiled"), 1L << 30);
    return cache.module(engine, Files.readAllBytes(Path.of("target/guests", file)));
  }

  /** The whole command line for a program with these arguments. */
  List<String> command(String... args) {
    List<String> command = new ArrayList<>(List.of(file));
    command.addAll(interpreterArgs);
    command.addAll(List.of(args));
    return command;
  }

  @Override
  public String toString() {
    return title;
  }
}
