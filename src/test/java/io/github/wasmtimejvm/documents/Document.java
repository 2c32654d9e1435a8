package io.github.wasmtimejvm.documents;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A document in Markdown, as far as these tests look at it: fences, and code in the lines of text
 * outside of them.
 *
 * @param text its lines outside of fences, each in its place, and empty lines for the fences
 */
public record Document(Path file, List<Fence> fences, List<CodeSpan> spans, List<String> text) {
  private static final Pattern COMMENT = Pattern.compile("<!-- (.*) -->");
  private static final Pattern SPAN = Pattern.compile("`([^`]+)`");
  private static final Pattern PRINTS = Pattern.compile("\\bprints `([^`]+)`");
  private static final String FENCE = "```";

  /** All of the repository that have something in them to be run. */
  static List<Document> all() throws IOException {
    List<Document> documents = new ArrayList<>(forUsers());
    for (String name : List.of("ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md")) {
      documents.add(read(Path.of(name)));
    }
    return documents;
  }

  /** Those that tell how to use the library. */
  static List<Document> forUsers() throws IOException {
    List<Path> files = new ArrayList<>();
    files.add(Path.of("README.md"));
    try (Stream<Path> docs = Files.list(Path.of("docs"))) {
      docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(files::add);
    }
    files.add(Path.of("src/examples/README.md"));
    List<Document> documents = new ArrayList<>();
    for (Path file : files) {
      documents.add(read(file));
    }
    return documents;
  }

  /**
   * Reads a document.
   *
   * @throws IllegalArgumentException if a fence or some code has no end
   */
  public static Document read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    List<Fence> fences = new ArrayList<>();
    List<CodeSpan> spans = new ArrayList<>();
    List<String> text = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).strip().startsWith(FENCE)) {
        Fence fence = fence(file, lines, i);
        fences.add(fence);
        while (text.size() < fence.lastLine()) {
          text.add("");
        }
        i = fence.lastLine() - 1;
      } else {
        text.add(lines.get(i));
        addSpans(file, i + 1, lines.get(i), spans);
      }
    }
    return new Document(file, List.copyOf(fences), List.copyOf(spans), List.copyOf(text));
  }

  private static Fence fence(Path file, List<String> lines, int first) {
    Matcher comment = COMMENT.matcher(first == 0 ? "" : lines.get(first - 1).strip());
    StringBuilder text = new StringBuilder();
    for (String line : lines.subList(first + 1, lines.size())) {
      if (line.strip().equals(FENCE)) {
        return new Fence(
            file,
            first + 1,
            lines.get(first).strip().substring(FENCE.length()),
            text.toString(),
            comment.matches() ? comment.group(1) : "");
      }
      text.append(line).append('\n');
    }
    throw new IllegalArgumentException(file + ":" + (first + 1) + ": this fence has no end");
  }

  private static void addSpans(Path file, int number, String line, List<CodeSpan> spans) {
    if (line.chars().filter(character -> character == '`').count() % 2 != 0) {
      throw new IllegalArgumentException(
          file + ":" + number + ": code ends in another line than it begins in");
    }
    SPAN.matcher(line)
        .results()
        .forEach(found -> spans.add(new CodeSpan(file, number, found.group(1))));
  }

  /** The fences of this language, in their order. */
  public List<Fence> fences(String language) {
    return fences.stream().filter(fence -> fence.language().equals(language)).toList();
  }

  /**
   * What the document says that this program, or this command, prints: a fence of "text" behind it,
   * or else code behind the word "prints", before the next program or heading. Empty if it says
   * nothing. Commands may stand between a program and its output.
   */
  public List<String> outputOf(Fence program) {
    Set<String> next =
        program.language().equals("sh") ? Set.of("java", "kotlin", "sh") : Set.of("java", "kotlin");
    int end = program.lastLine();
    while (end < text.size() && !text.get(end).startsWith("#") && !begins(next, end + 1)) {
      end++;
    }
    for (Fence fence : fences("text")) {
      if (fence.line() > program.line() && fence.line() <= end) {
        return fence.text().lines().toList();
      }
    }
    return text.subList(program.lastLine(), end).stream()
        .flatMap(line -> PRINTS.matcher(line).results())
        .map(found -> found.group(1))
        .toList();
  }

  private boolean begins(Set<String> languages, int line) {
    return fences.stream()
        .anyMatch(fence -> fence.line() == line && languages.contains(fence.language()));
  }
}
