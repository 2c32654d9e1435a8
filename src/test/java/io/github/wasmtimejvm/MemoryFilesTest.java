package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.ChildProcess;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A process that may not open one more file, which the engine wants to for a module's data. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere there are no files in memory")
class MemoryFilesTest {
  @Test
  void theExceptionSaysWhatToDo() throws Exception {
    ChildJvm.Result result = run("true");

    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout())
        .contains("memfd")
        .endsWith("(ulimit -n, ulimit -f), or set EngineBuilder.memoryInitCow(false).\n");
  }

  @Test
  void whatItSaysHelps() throws Exception {
    assertThat(run("false")).isEqualTo(new ChildJvm.Result(0, "made\n", ""));
  }

  private static ChildJvm.Result run(String memoryInitCow) throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("bash", "-c", "ulimit -n 100; exec \"$@\"", "bash"));
    command.addAll(ChildJvm.with().builder(OpensAll.class, memoryInitCow).command());
    return ChildProcess.in(Path.of("").toAbsolutePath()).run(command);
  }

  static final class OpensAll {
    private static final String DATA =
        "(module (memory 1) (data (i32.const 0) \"data\") (func (export \"f\")))";

    public static void main(String[] args) throws IOException {
      List<InputStream> open = new ArrayList<>();
      try (Engine engine = Engine.builder().memoryInitCow(Boolean.parseBoolean(args[0])).build()) {
        // Loads all classes that are used below.
        make(engine, "(module)");
        make(engine, "(module (func (result i32)))");
        String said;
        try {
          while (true) {
            open.add(new FileInputStream("/dev/null"));
          }
        } catch (IOException e) {
          said = make(engine, DATA);
        }
        for (InputStream each : open) {
          each.close();
        }
        System.out.print(said + "\n");
      }
    }

    private static String make(Engine engine, String wat) {
      try (Module module = Module.fromWat(engine, wat);
          Store store = Store.create(engine)) {
        Instance.create(store, module);
        return "made";
      } catch (WasmtimeException e) {
        return e.getMessage();
      }
    }
  }
}
