package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Files of compiled modules that there is no memory for; on the disk they take no room. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there they do")
class HugeFilesTest {
  private static final long HUGE = 1L << 42;
  private static final int TRAILER_SIZE = 156;
  private static final byte[] WASM = {0, 'a', 's', 'm', 1, 0, 0, 0};

  @TempDir private Path folder;

  /** What reading one took was an OutOfMemoryError, with each module that was asked for. */
  @Test
  void areReplacedInTheCache() throws IOException {
    try (Engine engine = Engine.create()) {
      ModuleCache cache = ModuleCache.open(folder, 1 << 30);
      cache.module(engine, WASM).close();
      Path file = onlyModule();
      byte[] right = Files.readAllBytes(file);
      byte[] trailer = Arrays.copyOfRange(right, right.length - TRAILER_SIZE, right.length);

      makeHuge(file, new byte[0]);
      cache.module(engine, WASM).close();
      assertThat(file).hasBinaryContent(right);

      makeHuge(file, trailer);
      cache.module(engine, WASM).close();
      assertThat(file).hasBinaryContent(right);

      makeHuge(file, trailer);
      ModuleCache.open(folder, Long.MAX_VALUE).module(engine, WASM).close();
      assertThat(file).hasBinaryContent(right);
    }
  }

  @Test
  void areNoneOfOursWithoutATrailer() throws IOException {
    Path file = folder.resolve("huge");
    makeHuge(file, new byte[0]);
    try (Engine engine = Engine.create()) {
      assertThatExceptionOfType(CompileException.class)
          .isThrownBy(() -> Module.deserializeFile(engine, file))
          .withMessageContaining("no compiled module of wasmtime-jvm");
    }
  }

  private Path onlyModule() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".cwasm")).findFirst().orElseThrow();
    }
  }

  // Another file: what was there is mapped.
  private static void makeHuge(Path file, byte[] end) throws IOException {
    Files.deleteIfExists(file);
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(HUGE);
      out.seek(HUGE - end.length);
      out.write(end);
    }
  }
}
