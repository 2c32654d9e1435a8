package io.github.wasmtimejvm.cli;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code run} is asked for.
 *
 * @param file the module
 * @param args what follows it
 * @param invoke the function to call, {@code null} for the program's own entry
 * @param argv0 the program's name for itself, {@code null} for the file's
 * @param directories what it may use of the host's files
 * @param environment its environment variables
 */
record RunOptions(
    String file,
    List<String> args,
    @Nullable String invoke,
    @Nullable String argv0,
    List<Directory> directories,
    Map<String, String> environment) {

  /** A directory of the host and its name for the program. */
  record Directory(String host, String guest) {}

  /** Options of {@code wasmtime run} that we do not have. */
  private static final Set<String> OFFICIAL =
      Set.of(
          "-O",
          "--optimize",
          "-C",
          "--codegen",
          "-D",
          "--debug",
          "-W",
          "--wasm",
          "-S",
          "--wasi",
          "-R",
          "--record",
          "--target",
          "--config",
          "--allow-precompiled",
          "--profile",
          "-g",
          "--gdbstub",
          "--preload");

  /**
   * Reads what follows {@code run}.
   *
   * @return empty if help is wanted instead
   */
  static Optional<RunOptions> parse(List<String> arguments) throws UsageException {
    for (String word : arguments) {
      checkDecoded(word);
    }
    Deque<String> words = new ArrayDeque<>(arguments);
    List<Directory> directories = new ArrayList<>();
    Map<String, String> environment = new LinkedHashMap<>();
    String invoke = null;
    String argv0 = null;
    while (isOption(words.peek())) {
      String word = words.remove();
      if (word.equals("--")) {
        break;
      }
      int equals = word.startsWith("--") ? word.indexOf('=') : -1;
      String name = equals < 0 ? word : word.substring(0, equals);
      String attached = equals < 0 ? null : word.substring(equals + 1);
      switch (name) {
        case "-h", "--help" -> {
          return Optional.empty();
        }
        case "--dir" -> directories.add(directory(value(name, attached, words)));
        case "--env" -> addVariable(environment, value(name, attached, words));
        case "--invoke" -> invoke = once(name, invoke, value(name, attached, words));
        case "--argv0" -> argv0 = once(name, argv0, value(name, attached, words));
        default -> throw refusal(name);
      }
    }
    if (words.isEmpty()) {
      throw new UsageException("the FILE to run is missing: see wasmtime-jvm run --help");
    }
    String file = words.remove();
    return Optional.of(
        new RunOptions(file, List.copyOf(words), invoke, argv0, directories, environment));
  }

  // Java decodes these by the locale, and in one without UTF-8 puts this character for all others.
  private static void checkDecoded(String text) throws UsageException {
    String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
    if (text.indexOf('\uFFFD') >= 0 && !encoding.equalsIgnoreCase("UTF-8")) {
      throw new UsageException(
          "Java cannot read \"%s\" in a locale of %s: set LC_ALL=C.UTF-8"
              .formatted(text, encoding));
    }
  }

  private static boolean isOption(@Nullable String word) {
    return word != null && word.length() > 1 && word.startsWith("-");
  }

  private static String value(String name, @Nullable String attached, Deque<String> words)
      throws UsageException {
    if (attached != null) {
      return attached;
    }
    // As in the official tool: a value that looks like an option is a forgotten value.
    if (words.isEmpty() || isOption(words.peek())) {
      throw new UsageException(
          "%1$s needs a value; one that begins with a minus is written %1$s=VALUE".formatted(name));
    }
    return words.remove();
  }

  private static String once(String name, @Nullable String before, String value)
      throws UsageException {
    if (before != null) {
      throw new UsageException(name + " can be given only once");
    }
    return value;
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
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    if (name.isEmpty()) {
      throw new UsageException("--env needs a name: " + word);
    }
    String value = equals < 0 ? System.getenv(name) : word.substring(equals + 1);
    if (value != null) {
      checkDecoded(value);
      environment.putIfAbsent(name, value);
    }
  }

  private static UsageException refusal(String name) {
    // A one-letter option may have its value attached, as in -Sinherit-env.
    String bare = name.startsWith("--") ? name : name.substring(0, 2);
    return new UsageException(
        OFFICIAL.contains(bare)
            ? "wasmtime's option %s is not supported here: see wasmtime-jvm run --help"
                .formatted(bare)
            : "unknown option %s: see wasmtime-jvm run --help; the program's own options follow FILE"
                .formatted(name));
  }
}
