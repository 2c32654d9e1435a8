package io.github.wasmtimejvm.wasi;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Takes text in UTF-8 apart into lines. */
final class LineOutput extends OutputStream {
  /** A guest that never ends its line must not take all memory: then there come pieces. */
  static final int LONGEST = 1024 * 1024;

  private final Consumer<String> lines;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  LineOutput(Consumer<String> lines) {
    this.lines = lines;
  }

  @Override
  public void write(int b) {
    if (b == '\n') {
      deliver();
    } else {
      line.write(b);
      if (line.size() >= LONGEST) {
        deliver();
      }
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    int from = offset;
    int end = offset + length;
    for (int i = offset; i < end; i++) {
      if (bytes[i] == '\n' || line.size() + i - from >= LONGEST) {
        line.write(bytes, from, i - from);
        deliver();
        from = bytes[i] == '\n' ? i + 1 : i;
      }
    }
    line.write(bytes, from, end - from);
  }

  // Emptied first: the consumer may throw.
  private void deliver() {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    lines.accept(text);
  }

  /** Delivers what has no end of line behind it. */
  void end() {
    if (line.size() > 0) {
      deliver();
    }
  }
}
