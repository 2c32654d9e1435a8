package io.github.wasmtimejvm.documents;

import java.nio.file.Path;

/** What stands between two backticks in a line of a document. */
public record CodeSpan(Path file, int line, String text) {
  @Override
  public String toString() {
    return file + ":" + line;
  }
}
