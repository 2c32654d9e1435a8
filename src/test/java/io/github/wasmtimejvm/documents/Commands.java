package io.github.wasmtimejvm.documents;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Commands that a document gives to its reader in one place: a fence of "sh", or code in a sentence
 * that begins as commands do.
 *
 * @param place where they are, as compilers say it
 * @param commands each on one line, without comments
 * @param output the lines that the document says they print together, or none
 */
record Commands(String place, List<String> commands, List<String> output) {
  private static final Pattern IN_A_SENTENCE = Pattern.compile("(scripts/|mvn |java ).*");
  private static final Pattern CONTINUED = Pattern.compile("\\\\\\n\\s*");
  private static final Pattern COMMENT = Pattern.compile("(^|\\s+)#.*");

  /** Those of these documents, in their order. */
  static List<Commands> in(List<Document> documents) {
    List<Commands> all = new ArrayList<>();
    for (Document document : documents) {
      for (Fence fence : document.fences("sh")) {
        List<String> lines =
            CONTINUED
                .matcher(fence.text())
                .replaceAll("")
                .lines()
                .map(line -> COMMENT.matcher(line).replaceAll("").strip())
                .filter(Predicate.not(String::isEmpty))
                .toList();
        all.add(new Commands(fence.toString(), lines, document.outputOf(fence)));
      }
      for (CodeSpan span : document.spans()) {
        if (IN_A_SENTENCE.matcher(span.text()).matches() && !namesAFile(span.text())) {
          all.add(new Commands(span.toString(), List.of(span.text()), List.of()));
        }
      }
    }
    return all;
  }

  /** The script or program of a command. */
  static String programOf(String command) {
    return command.split(" ")[0];
  }

  private static boolean namesAFile(String code) {
    Path file = Path.of(code);
    return Files.isRegularFile(file) && !Files.isExecutable(file);
  }

  @Override
  public String toString() {
    return place + " " + commands;
  }
}
