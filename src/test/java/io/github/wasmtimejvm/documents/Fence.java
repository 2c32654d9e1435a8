package io.github.wasmtimejvm.documents;

import java.nio.file.Path;

/**
 * What stands between two lines of three backticks in a document.
 *
 * @param file the document
 * @param line the number of its line with the first backticks
 * @param language what stands behind the first backticks, or nothing
 * @param text what stands between, each line with its end
 * @param comment what the HTML comment says that is the line before, or nothing
 */
public record Fence(Path file, int line, String language, String text, String comment) {
  /** The number of the line with the last backticks. */
  int lastLine() {
    return line + (int) text.lines().count() + 1;
  }

  /** Where it is, as compilers say it. */
  @Override
  public String toString() {
    return file + ":" + line;
  }
}
