package io.github.wasmtimejvm.cli;

import io.github.wasmtimejvm.internal.DecodedText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code run} is asked for.
 *
 * @param file the module or component
 * @param args what follows it
 * @param invoke the function to call, {@code null} for the program's own entry
 * @param argv0 the program's name for itself, {@code null} for the file's
 * @param directories what it may use of the host's files
 * @param environment its environment variables
 * @param wasi what else of WASI it gets
 * @param guest how it is compiled and run
 * @param allowPrecompiled whether the file may be compiled already
 */
record RunOptions(
    String file,
    List<String> args,
    @Nullable String invoke,
    @Nullable String argv0,
    List<Directory> directories,
    Map<String, String> environment,
    WasiOptions wasi,
    GuestOptions guest,
    boolean allowPrecompiled) {

  /** A directory of the host and its name for the program. */
  record Directory(String host, String guest) {}

  /**
   * Reads what follows {@code run}.
   *
   * @return empty if help is wanted instead
   */
  static Optional<RunOptions> parse(List<String> arguments) throws UsageException {
    Words words = new Words("run", arguments);
    List<Directory> directories = new ArrayList<>();
    Map<String, String> environment = new LinkedHashMap<>();
    WasiOptions wasi = new WasiOptions();
    GuestOptions guest = new GuestOptions();
    String invoke = null;
    String argv0 = null;
    boolean allowPrecompiled = false;
    while (words.nextOption()) {
      switch (words.option()) {
        case "-h", "--help" -> {
          return Optional.empty();
        }
        case "--dir" -> directories.add(directory(words.value()));
        case "--env" -> addVariable(environment, words.value());
        case "--invoke" -> invoke = words.valueOnce(invoke);
        case "--argv0" -> argv0 = words.valueOnce(argv0);
        case "--allow-precompiled" -> allowPrecompiled = words.flag();
        case "-S", "--wasi" -> {
          if (words.asksForHelp()) {
            return Optional.empty();
          }
          wasi.set(words.option(), words.value());
        }
        case "-O", "--optimize", "-C", "--codegen", "-D", "--debug", "-W", "--wasm" -> {
          if (words.asksForHelp()) {
            return Optional.empty();
          }
          guest.set(words.option(), words.value());
        }
        default -> throw words.refusal();
      }
    }
    String file = words.file();
    return Optional.of(
        new RunOptions(
            file,
            words.rest(),
            invoke,
            argv0,
            directories,
            environment,
            wasi,
            guest,
            allowPrecompiled));
  }

  private static Directory directory(String value) {
    int separator = value.indexOf("::");
    return separator < 0
        ? new Directory(value, value)
        : new Directory(value.substring(0, separator), value.substring(separator + 2));
  }

  // The official tool passes on a name that is given twice, and guests then see its first value.
  private static void addVariable(Map<String, String> environment, String word)
      throws UsageException {
    if (word.isEmpty()) {
      return; // as in the official tool: a variable that is not set here
    }
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    if (name.isEmpty()) {
      throw new UsageException("--env needs a name: " + word);
    }
    String value = equals < 0 ? System.getenv(name) : word.substring(equals + 1);
    if (value != null) {
      String refusal = equals < 0 ? DecodedText.refusalOfVariable(name, value) : null;
      if (refusal != null) {
        throw new IllegalArgumentException(refusal); // as where all variables are inherited
      }
      environment.putIfAbsent(name, value);
    }
  }
}
