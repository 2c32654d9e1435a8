package io.github.wasmtimejvm.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What {@code compile} is asked for.
 *
 * @param file the module or component
 * @param output the file to write
 * @param guest how it is compiled; how it is run will be said then
 */
record CompileOptions(String file, String output, GuestOptions guest) {

  /**
   * Reads what follows {@code compile}.
   *
   * @return empty if help is wanted instead
   */
  static Optional<CompileOptions> parse(List<String> arguments) throws UsageException {
    Words words = new Words("compile", arguments);
    GuestOptions guest = new GuestOptions();
    String file = null;
    String output = null;
    do {
      while (words.nextOption()) {
        switch (words.option()) {
          case "-h", "--help" -> {
            return Optional.empty();
          }
          case "-o", "--output" -> output = words.valueOnce(output);
          case "-O", "--optimize", "-C", "--codegen", "-D", "--debug", "-W", "--wasm" -> {
            if (words.asksForHelp()) {
              return Optional.empty();
            }
            guest.set(words.option(), words.value());
          }
          default -> throw words.refusal();
        }
      }
      if (file != null && !words.isEmpty()) {
        throw new UsageException("only one FILE can be compiled: see wasmtime-jvm compile --help");
      }
      if (file == null) {
        file = words.file();
      }
    } while (!words.isEmpty());
    return Optional.of(
        new CompileOptions(file, output != null ? output : defaultOutput(file), guest));
  }

  // As in the official tool: in the current directory.
  private static String defaultOutput(String file) {
    Path name = Path.of(file).getFileName();
    String text = name == null ? "" : name.toString();
    int dot = text.lastIndexOf('.');
    return (dot > 0 ? text.substring(0, dot) : text) + ".cwasm";
  }
}
