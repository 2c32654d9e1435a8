package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.SystemLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A process that may not open or fill one more file, which the engine wants to for data. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere there are no files in memory")
class MemoryFilesTest {
  private static final String REMEDY =
      "(ulimit -n, ulimit -f), or set EngineBuilder.memoryInitCow(false).\n";

  @Test
  void theExceptionSaysWhatToDo() {
    assertThat(run("FILES", "true")).contains("cannot create a memfd").endsWith(REMEDY);
    assertThat(run("FILE_SIZE", "true")).contains("File too large").endsWith(REMEDY);
  }

  @Test
  void whatItSaysHelps() {
    assertThat(run("FILES", "false")).isEqualTo("made\n");
    assertThat(run("FILE_SIZE", "false")).isEqualTo("made\n");
  }

  /** A guest may have any name. */
  @Test
  void itIsNotSaidOfOtherThings() {
    try (Engine engine = Engine.create()) {
      assertThatExceptionOfType(CompileException.class)
          .isThrownBy(() -> Module.fromWat(engine, "(module (func (call $memfd)))"))
          .withMessageNotContaining("memoryInitCow");
    }
  }

  private static String run(String limit, String memoryInitCow) {
    ChildJvm.Result result = ChildJvm.run(WithLimit.class, limit, memoryInitCow);
    assertThat(result.exitCode()).as(result.toString()).isZero();
    return result.stdout();
  }

  static final class WithLimit {
    private static final String DATA =
        "(module (memory 1) (data (i32.const 0) \"data\") (func (export \"f\")))";

    public static void main(String[] args) throws Exception {
      SystemLimits.loadClassesBeside(Engine.class);
      SystemLimits limit = SystemLimits.valueOf(args[0]);
      try (Engine engine = Engine.builder().memoryInitCow(Boolean.parseBoolean(args[1])).build()) {
        // As below, so that nothing else is made for the first time then.
        make(engine, DATA, StoreLimits.NONE);
        make(engine, DATA, StoreLimits.NONE.withMemoryBytes(0));
        limit.set(0);
        String said = make(engine, DATA, StoreLimits.NONE);
        limit.lift();
        System.out.print(said + "\n");
      }
    }

    private static String make(Engine engine, String wat, StoreLimits limits) {
      try (Module module = Module.fromWat(engine, wat);
          Store store = Store.create(engine)) {
        store.limit(limits);
        Instance.create(store, module);
        return "made";
      } catch (WasmtimeException e) {
        return e.getMessage();
      }
    }
  }
}
