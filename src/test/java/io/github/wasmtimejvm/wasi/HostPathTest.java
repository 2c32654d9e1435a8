package io.github.wasmtimejvm.wasi;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostPathTest {

  /** The engine opens by name: the root of a zip file would be the root of the host. */
  @Test
  void aPathOfAnotherFileSystemIsRefused(@TempDir Path directory) throws IOException {
    try (FileSystem zip =
        FileSystems.newFileSystem(directory.resolve("a.zip"), Map.of("create", "true"))) {
      Path root = zip.getPath("/");
      WasiConfig.Builder builder = WasiConfig.builder();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> builder.readOnlyDirectory(root, "/"))
          .withMessageContaining("default file system");
      assertThatIllegalArgumentException().isThrownBy(() -> builder.writableDirectory(root, "/"));
      assertThatIllegalArgumentException().isThrownBy(() -> builder.stdinFile(root));
      assertThatIllegalArgumentException().isThrownBy(() -> builder.stdoutFile(root));
      assertThatIllegalArgumentException().isThrownBy(() -> builder.stderrFile(root));
    }
  }
}
