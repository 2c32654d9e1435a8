package io.github.wasmtimejvm.documents;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program out of the Java of a document.
 *
 * <p>Java with a main method is a program as it stands. Other Java is a part of one, whose
 * surroundings are a file that the comment before the fence names, {@code <!-- in NAME.java -->}.
 * The parts that name it stand in place of its lines {@code // block}, in their order.
 *
 * <p>Surroundings import nothing, so that a part compiles with what its reader is told: it begins
 * with imports of its own, or the document has said before what to import, in code such as {@code
 * import java.util.*} or in a fence with nothing else.
 *
 * @param name the name of its class
 * @param parts the fences that it has
 * @param source its source
 * @param output the lines that it must print: what the document says, or else what the surroundings
 *     say in lines that begin with {@code // prints:}
 */
record JavaProgram(String name, List<Fence> parts, String source, List<String> output) {
  /** What the comment before Java for JShell says, which {@link DocumentsIT} runs. */
  static final String JSHELL = "in JShell";

  private static final Pattern MAIN = Pattern.compile("\\bvoid main\\(");
  private static final Pattern CLASS = Pattern.compile("\\bclass (\\w+)");
  private static final Pattern SURROUNDED = Pattern.compile("in (\\w+)\\.java");
  private static final Pattern IMPORT = Pattern.compile("import [\\w.* ]+;?");
  private static final String PLACE = "// block";
  private static final String PRINTS = "// prints: ";

  /**
   * Makes the programs of these documents.
   *
   * @param surroundings the folder that the comments' files are in
   * @throws IllegalArgumentException if there is Java that is neither a program nor has
   *     surroundings, or a program of which nobody says what it prints
   */
  static List<JavaProgram> in(List<Document> documents, Path surroundings) throws IOException {
    List<JavaProgram> programs = new ArrayList<>();
    for (Document document : documents) {
      Map<String, List<Fence>> parts = new LinkedHashMap<>();
      for (Fence fence : document.fences("java")) {
        Matcher surrounded = SURROUNDED.matcher(fence.comment());
        if (surrounded.matches()) {
          parts.computeIfAbsent(surrounded.group(1), name -> new ArrayList<>()).add(fence);
        } else if (MAIN.matcher(fence.text()).find()) {
          programs.add(whole(document, fence));
        } else if (!fence.comment().equals(JSHELL) && !isImports(fence)) {
          throw new IllegalArgumentException(
              fence
                  + ": this Java has no main method and no surroundings: name them in the line"
                  + " before the fence, <!-- in NAME.java -->, and write "
                  + surroundings.resolve("NAME.java"));
        }
      }
      for (Map.Entry<String, List<Fence>> entry : parts.entrySet()) {
        Path file = surroundings.resolve(entry.getKey() + ".java");
        programs.add(surrounded(document, entry.getKey(), entry.getValue(), file));
      }
    }
    return programs;
  }

  private static JavaProgram whole(Document document, Fence fence) {
    Matcher name = CLASS.matcher(fence.text());
    if (!name.find()) {
      throw new IllegalArgumentException(fence + ": there is no class with a name");
    }
    return new JavaProgram(
        name.group(1), List.of(fence), fence.text(), output(document, List.of(fence), List.of()));
  }

  private static JavaProgram surrounded(
      Document document, String name, List<Fence> parts, Path surroundings) throws IOException {
    Set<String> imports = new LinkedHashSet<>();
    List<String> body = new ArrayList<>();
    List<String> lines = Files.readAllLines(surroundings);
    int used = 0;
    for (String line : lines) {
      if (line.startsWith("import ")) {
        throw new IllegalArgumentException(
            surroundings + " imports something: what is in " + parts + " must tell what it needs");
      }
      if (line.strip().equals(PLACE) && used < parts.size()) {
        Fence part = parts.get(used++);
        imports.addAll(importsBefore(document, part));
        part.text()
            .lines()
            .forEach(text -> (text.startsWith("import ") ? imports : body).add(text));
      } else {
        body.add(line);
      }
    }
    long places = lines.stream().filter(line -> line.strip().equals(PLACE)).count();
    if (places != parts.size()) {
      throw new IllegalArgumentException(
          "%s has %d lines \"%s\", for %s".formatted(surroundings, places, PLACE, parts));
    }
    String source = String.join("\n", imports) + "\n" + String.join("\n", body) + "\n";
    return new JavaProgram(name, List.copyOf(parts), source, output(document, parts, lines));
  }

  private static List<String> importsBefore(Document document, Fence part) {
    List<String> imports = new ArrayList<>();
    for (CodeSpan span : document.spans()) {
      if (span.line() < part.line() && IMPORT.matcher(span.text()).matches()) {
        imports.add(span.text().endsWith(";") ? span.text() : span.text() + ";");
      }
    }
    for (Fence fence : document.fences("java")) {
      if (fence.line() < part.line() && isImports(fence)) {
        imports.addAll(fence.text().lines().toList());
      }
    }
    return imports;
  }

  private static boolean isImports(Fence fence) {
    return fence.text().lines().allMatch(line -> line.startsWith("import "));
  }

  private static List<String> output(
      Document document, List<Fence> parts, List<String> surroundings) {
    List<String> said =
        parts.stream().flatMap(part -> document.outputOf(part).stream()).distinct().toList();
    List<String> expected =
        surroundings.stream()
            .filter(line -> line.startsWith(PRINTS))
            .map(line -> line.substring(PRINTS.length()))
            .toList();
    if (said.isEmpty() == expected.isEmpty()) {
      throw new IllegalArgumentException(
          parts
              + ": what it prints must be said either in the document, by \"prints `...`\" or a"
              + " fence of text, or by \""
              + PRINTS
              + "...\" in the surroundings");
    }
    return said.isEmpty() ? expected : said;
  }

  @Override
  public String toString() {
    return name + ", which is " + parts;
  }
}
