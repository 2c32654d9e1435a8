package io.github.wasmtimejvm.wasi;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Keeps what a program writes, up to a limit; what it writes beyond is thrown away.
 *
 * <pre>{@code
 * OutputCapture output = new OutputCapture(1024 * 1024);
 * WasiProgram.of(module).run(WasiConfig.builder().stdout(output).build());
 * String text = output.text();
 * }</pre>
 *
 * <p>One may take standard output and error, in the order in which they were written. All threads
 * may use it at once.
 */
public final class OutputCapture extends OutputStream {
  private final int limit;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(); // under this
  private boolean truncated; // under this

  /**
   * Creates one that has kept nothing yet. Threads: any.
   *
   * @param limit the most that is kept, in bytes, not negative
   * @throws IllegalArgumentException if it is negative
   */
  public OutputCapture(int limit) {
    if (limit < 0) {
      throw new IllegalArgumentException("negative limit: " + limit);
    }
    this.limit = limit;
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] source, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, source.length);
    int kept = Math.min(length, limit - bytes.size());
    truncated |= kept < length;
    bytes.write(source, offset, kept);
  }

  /** Returns a copy of what is kept. Threads: any. */
  public synchronized byte[] bytes() {
    return bytes.toByteArray();
  }

  /** Returns what is kept as text in UTF-8; what is not UTF-8 becomes U+FFFD. Threads: any. */
  public synchronized String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** Returns whether more was written than is kept. Threads: any. */
  public synchronized boolean isTruncated() {
    return truncated;
  }
}
