package io.github.wasmtimejvm.wasi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One run of a program of the preview 1 suite, as the data file beside the program describes it.
 *
 * <p>A data file has lines that prepare what the program sees, for all of its runs, and after each
 * {@code run ARGUMENT...} what the program must write. {@code \} escapes as in Java; {@code #}
 * begins a comment.
 *
 * <pre>{@code
 * dir NAME             a directory, preopened under its name
 * read-only NAME       the same, not writable
 * folder PATH          a directory in one of them, or beside them
 * file PATH TEXT
 * symlink PATH TARGET
 * hardlink PATH EXISTING
 * env NAME=VALUE
 * stdin TEXT
 * stdin-times N TEXT   the text N times
 * run ARGUMENT...
 *   a line of the transcript, which goes to standard error, and of the outcome
 * ~ what that line is with streams of Java's
 * stdout TEXT          nothing, unless it is there
 * stdout-times N TEXT
 * }</pre>
 *
 * @param setup the lines before the first run
 * @param lines of the transcript, which must stand on standard error, with the outcome as the last
 * @param stdout what must stand on standard output
 */
record Preview1Run(
    String program, List<String> setup, List<String> args, List<String> lines, String stdout) {
  private static final Path PROJECT = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
  private static final Path SUITE = PROJECT.resolve("src/test/wasi-p1");
  private static final Path COMPILED = PROJECT.resolve("target/wasi-p1");
  private static final Pattern ARGUMENT = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  /** The program: a text that stands in the suite, or compiled. */
  Path file() {
    Path text = SUITE.resolve(program + ".wat");
    return Files.exists(text) ? text : COMPILED.resolve(program + ".wasm");
  }

  /** Every run of every program. */
  static List<Preview1Run> all() throws IOException {
    try (Stream<Path> files = Files.list(SUITE)) {
      return files
          .filter(file -> file.toString().endsWith(".txt"))
          .sorted()
          .flatMap(file -> read(file).stream())
          .toList();
    }
  }

  private static List<Preview1Run> read(Path file) {
    String program = file.getFileName().toString().replace(".txt", "");
    List<String> setup = new ArrayList<>();
    List<Preview1Run> runs = new ArrayList<>();
    for (String line : lines(file)) {
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      if (line.equals("run") || line.startsWith("run ")) {
        runs.add(new Preview1Run(program, setup, arguments(line.substring(3)), List.of(), ""));
      } else if (runs.isEmpty()) {
        setup.add(line);
      } else {
        runs.add(runs.removeLast().expecting(line));
      }
    }
    return runs;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> arguments(String text) {
    List<String> arguments = new ArrayList<>();
    Matcher matcher = ARGUMENT.matcher(text);
    while (matcher.find()) {
      arguments.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
    }
    return arguments;
  }

  private Preview1Run expecting(String line) {
    if (line.startsWith("  ") || line.startsWith("~ ")) {
      List<String> more = new ArrayList<>(lines);
      more.add(line);
      return new Preview1Run(program, setup, args, more, stdout);
    }
    if (line.startsWith("stdout ")) {
      String text = line.substring("stdout ".length()).translateEscapes();
      return new Preview1Run(program, setup, args, lines, text);
    }
    if (line.startsWith("stdout-times ")) {
      String text = times(line.substring("stdout-times ".length()));
      return new Preview1Run(program, setup, args, lines, text);
    }
    throw new IllegalArgumentException(program + ": neither expected nor known: " + line);
  }

  /** What must stand on standard error. */
  String transcript() {
    return text(lines.stream().filter(line -> line.startsWith("  ")).toList());
  }

  /** What must stand there when the standard descriptors are streams of Java's. */
  String transcriptWithStreams() {
    List<String> replaced = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith("~ ")) {
        replaced.removeLast();
      }
      replaced.add(line);
    }
    return text(replaced);
  }

  private static String text(List<String> lines) {
    return lines.stream().map(line -> line.substring(2) + "\n").collect(Collectors.joining());
  }

  /** What is behind {@code kind} in the lines that have it. */
  List<String> setup(String kind) {
    return setup.stream()
        .filter(line -> line.startsWith(kind + " "))
        .map(line -> line.substring(kind.length() + 1).translateEscapes())
        .toList();
  }

  /** Standard input, and what the program finds in its directories, in an empty folder. */
  void prepare(Path folder) throws IOException {
    for (String line : setup) {
      String[] words = line.split(" ", 3);
      Path path = folder.resolve(words[1]);
      switch (words[0]) {
        case "dir", "read-only", "folder" -> Files.createDirectory(path);
        case "file" -> Files.writeString(path, words[2].translateEscapes());
        case "symlink" -> Files.createSymbolicLink(path, Path.of(words[2]));
        case "hardlink" -> Files.createLink(path, folder.resolve(words[2]));
        case "env", "stdin", "stdin-times" -> {} // taken by those who run it
        default -> throw new IllegalArgumentException(program + ": not known: " + line);
      }
    }
    String stdin =
        Stream.concat(
                setup("stdin").stream(), setup("stdin-times").stream().map(Preview1Run::times))
            .collect(Collectors.joining());
    Files.writeString(folder.resolve("stdin"), stdin);
  }

  private static String times(String numberAndText) {
    String[] words = numberAndText.split(" ", 2);
    return words[1].repeat(Integer.parseInt(words[0]));
  }

  /** The name of a test. */
  @Override
  public String toString() {
    return args.isEmpty() ? program : program + " " + args;
  }
}
