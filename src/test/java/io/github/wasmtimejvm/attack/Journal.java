package io.github.wasmtimejvm.attack;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * What an attacking process is doing, in a file that is mapped into its memory: whatever ends the
 * process, the last steps stand there. A note costs no system call.
 */
final class Journal {
  private static final long SEED = 0;
  private static final long LENGTH = 8; // of all notes of this case
  private static final long NOTES = 16;
  private static final long ROOM = 32 * 1024;

  private final MemorySegment file;

  private Journal(MemorySegment file) {
    this.file = file;
  }

  /** Opens the journal, or creates it. */
  static Journal open(Path path) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return new Journal(
          channel.map(FileChannel.MapMode.READ_WRITE, 0, NOTES + ROOM, Arena.ofAuto()));
    }
  }

  /** Begins a case, whose notes take the place of the last one's. */
  synchronized void begin(long seed) {
    file.set(ValueLayout.JAVA_LONG, LENGTH, 0);
    file.set(ValueLayout.JAVA_LONG, SEED, seed);
  }

  /** Writes a line, before what it says is done; the oldest lines make room. */
  synchronized void note(String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    long length = file.get(ValueLayout.JAVA_LONG, LENGTH);
    for (int i = 0; i < bytes.length; i++) {
      file.set(ValueLayout.JAVA_BYTE, NOTES + (length + i) % ROOM, bytes[i]);
    }
    file.set(ValueLayout.JAVA_LONG, LENGTH, length + bytes.length);
  }

  long seed() {
    return file.get(ValueLayout.JAVA_LONG, SEED);
  }

  /** How much was noted in this case: it changes as long as the process goes on. */
  long length() {
    return file.get(ValueLayout.JAVA_LONG, LENGTH);
  }

  /** The last notes, at most {@code count}. */
  List<String> last(int count) {
    long length = length();
    byte[] bytes = new byte[(int) Math.min(length, ROOM)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = file.get(ValueLayout.JAVA_BYTE, NOTES + (length - bytes.length + i) % ROOM);
    }
    List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
    return lines.subList(Math.max(0, lines.size() - count), lines.size());
  }
}
