package io.github.wasmtimejvm.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.ModuleCache;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in the way of a {@link ModuleCache} that counts its files and deletes some. */
class CacheSizeTest {
  private static final long PLENTY = 1L << 30;
  private static final int MOST_NOTED = 1 << 16;

  @TempDir private Path folder;
  private CacheSize size;

  @BeforeEach
  void setUp() {
    size = new CacheSize(folder);
  }

  @Test
  void listsItsFolderOnceAndThenAddsUp() throws IOException {
    assertThat(size.add(10, 100)).isTrue();
    size.set(10, 1);
    assertThat(size.add(40, 100)).isFalse();
    assertThat(size.add(50, 100)).isFalse();
    assertThat(size.add(1, 100)).isTrue();
  }

  @Test
  void readsNoMoreOfItsFileThanAKnownPart() throws IOException {
    size.set(0, Long.MAX_VALUE);
    try (RandomAccessFile file = new RandomAccessFile(file().toFile(), "rw")) {
      file.setLength(3L << 30);
    }
    assertThat(size.add(1, PLENTY)).isTrue();

    size.set(0, Long.MAX_VALUE);
    Files.write(file(), header(Long.MAX_VALUE, MOST_NOTED - 1));
    assertThat(size.add(1, PLENTY)).isFalse();
    assertThat(size.add(1, PLENTY)).isTrue();
  }

  private static byte[] header(long files, int sizes) {
    return ByteBuffer.allocate((3 + sizes) * Long.BYTES)
        .putLong(CacheSize.MAGIC)
        .putLong(0)
        .putLong(files)
        .array();
  }

  @Test
  void aCacheKeepsItsSizeAlsoWhereNothingCanBeNoted() throws IOException {
    Files.createDirectories(file().resolve("in the way"));
    assertThat(filesAfterManyModules()).isLessThanOrEqualTo(3);
  }

  @Test
  void aCacheKeepsItsSizeAlsoWhereSomethingCannotBeDeleted() throws IOException {
    Path stays = Files.createDirectories(folder.resolve("stays.cwasm").resolve("in the way"));
    Files.setLastModifiedTime(
        stays.getParent(), FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));
    assertThat(filesAfterManyModules()).isLessThanOrEqualTo(3);
    assertThat(stays).exists();
  }

  private long filesAfterManyModules() throws IOException {
    try (Engine engine = Engine.create()) {
      long one;
      try (Module module = Module.fromWat(engine, "(module (func (export \"f\")))")) {
        one = module.serialize().length;
      }
      ModuleCache cache = ModuleCache.open(folder, 3 * one + one / 2);
      for (int n = 0; n < 10; n++) {
        byte[] wasm = Module.wat2wasm("(module (func (export \"%d\")))".formatted(n));
        cache.module(engine, wasm).close();
      }
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).filter(f -> f.toString().endsWith("wasm")).count();
    }
  }

  private Path file() {
    return folder.resolve(CacheSize.FILE);
  }
}
