package io.github.wasmtimejvm.cli;

import io.github.wasmtimejvm.internal.DecodedText;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The words of a command line from left to right: options with their values, and the others. */
final class Words {
  /** Options of the official tool that we do not have, or that one command does not have. */
  private static final Set<String> OFFICIAL =
      Set.of(
          "-S",
          "--wasi",
          "-R",
          "--record",
          "--target",
          "--config",
          "--emit-clif",
          "--profile",
          "-g",
          "--gdbstub",
          "--preload");

  private final String command;
  private final Deque<String> words;
  private boolean optionsEnded;
  private String word = "";
  private String name = "";
  private @Nullable String attached;

  /**
   * @param command the command whose words they are
   */
  Words(String command, List<String> words) throws UsageException {
    for (String each : words) {
      String refusal = DecodedText.refusalOfArgument(each);
      if (refusal != null) {
        throw new UsageException(refusal);
      }
    }
    this.command = command;
    this.words = new ArrayDeque<>(words);
  }

  /** Goes to the next word if it is an option, which then is {@link #option}. */
  boolean nextOption() {
    if (optionsEnded || !isOption(words.peek())) {
      return false;
    }
    word = words.remove();
    if (word.equals("--")) {
      optionsEnded = true;
      return false;
    }
    // A value is attached as in --dir=HOST, or -oFILE.
    int end = word.startsWith("--") ? word.indexOf('=') : 2;
    if (end < 0 || end == word.length()) {
      name = word;
      attached = null;
    } else {
      name = word.substring(0, end);
      attached = word.substring(word.charAt(end) == '=' ? end + 1 : end);
    }
    return true;
  }

  /** The option's name, with what makes it one: {@code --dir}. */
  String option() {
    return name;
  }

  /** The option's value. */
  String value() throws UsageException {
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

  /** Whether the option's value is {@code help}, as in {@code -W help}. */
  boolean asksForHelp() {
    String value = attached != null ? attached : words.peek();
    return "help".equals(value) || "help-long".equals(value);
  }

  /** The value of an option that can be given once, and has been given {@code before}. */
  String valueOnce(@Nullable String before) throws UsageException {
    String value = value();
    if (before != null) {
      throw new UsageException(name + " can be given only once");
    }
    return value;
  }

  /** For an option that has no value. */
  boolean flag() throws UsageException {
    if (attached != null) {
      throw new UsageException(name + " takes no value");
    }
    return true;
  }

  /** For an option that is none of the command's. */
  UsageException refusal() {
    String help = ": see wasmtime-jvm " + command + " --help";
    return new UsageException(
        OFFICIAL.contains(name)
            ? "wasmtime's option " + name + " is not supported here" + help
            : "unknown option "
                + (word.startsWith("--") ? name : word)
                + help
                + (command.equals("run") ? "; the program's own options follow FILE" : ""));
  }

  /** Takes the next word, which is no option. */
  String file() throws UsageException {
    if (words.isEmpty()) {
      throw new UsageException(
          "the FILE to %1$s is missing: see wasmtime-jvm %1$s --help".formatted(command));
    }
    return words.remove();
  }

  boolean isEmpty() {
    return words.isEmpty();
  }

  /** All words that are left, whatever they look like. */
  List<String> rest() {
    return List.copyOf(words);
  }

  private static boolean isOption(@Nullable String word) {
    return word != null && word.length() > 1 && word.startsWith("-");
  }
}
