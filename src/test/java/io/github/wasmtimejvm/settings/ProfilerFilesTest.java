package io.github.wasmtimejvm.settings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.EngineBuilder;
import io.github.wasmtimejvm.EngineException;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.ProfilingStrategy;
import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.SystemLimits;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The engine ends the process where it cannot write the first of a profiler's file. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "only there it writes one at once")
class ProfilerFilesTest {
  @TempDir private Path folder;

  @Test
  void aFileThatMayNotGrowIsRefused() throws Exception {
    Process process =
        ChildJvm.with()
            .builder(Build.class)
            .directory(folder.toFile()) // where the file will be
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), UTF_8).lines().toList();

    assertThat(process.waitFor()).as(lines.toString()).isZero();
    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst())
        .matches("the profiler's file .*/jit-[0-9]+.dump cannot be written: .*File too large");
    assertThat(lines.getLast()).isEqualTo("built");
  }

  static final class Build {
    private static final EngineBuilder BUILDER =
        Engine.builder().profiler(ProfilingStrategy.JITDUMP);

    public static void main(String[] args) {
      Module.wat2wasm("(module)"); // for which the libraries may have to be written
      SystemLimits.FILE_SIZE.set(8);
      try {
        BUILDER.build().close();
      } catch (EngineException e) {
        System.out.println(e.getMessage());
      }
      SystemLimits.FILE_SIZE.lift();
      BUILDER.build().close();
      System.out.println("built");
    }
  }
}
