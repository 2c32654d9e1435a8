package io.github.wasmtimejvm.loader;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.ModuleCache;
import io.github.wasmtimejvm.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing fails because it cannot be logged. */
class LogTest {
  @TempDir private Path folder;

  @Test
  void aLoggerThatFailsIsNobodysFailure() throws IOException {
    Path services = Files.createDirectories(folder.resolve("classes/META-INF/services"));
    Files.writeString(services.resolve("java.lang.System$LoggerFinder"), Broken.class.getName());

    ChildJvm.Result result =
        ChildJvm.with()
            .classPathFirst(List.of(folder.resolve("classes")))
            .run(Logging.class, folder.resolve("cache").toString());

    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).isEqualTo("no logger\nloaded\n");
  }

  /** What the JDK cannot make. */
  public static final class Broken extends System.LoggerFinder {
    /** Throws. */
    public Broken() {
      System.out.print("no logger\n");
      throw new IllegalStateException("there is no log");
    }

    @Override
    public System.Logger getLogger(String name, java.lang.Module module) {
      throw new IllegalStateException();
    }
  }

  /** Logs that a file is damaged, and goes on; takes an empty folder. */
  static final class Logging {
    public static void main(String[] args) throws IOException {
      Path folder = Path.of(args[0]);
      byte[] wasm = Module.wat2wasm("(module)");
      try (Engine engine = Engine.create()) {
        ModuleCache cache = ModuleCache.open(folder, 1 << 20);
        cache.module(engine, wasm).close();
        try (var files = Files.newDirectoryStream(folder, "*.cwasm")) {
          for (Path file : files) {
            Files.write(file, new byte[1000]);
          }
        }
        cache.module(engine, wasm).close();
      }
      System.out.print("loaded\n");
    }
  }
}
