package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.ChildProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that may not have as much address space as a memory reserves by default. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere ulimit -v does nothing")
class AddressSpaceTest {
  /** Less than the 4 GiB of one memory, and enough for a JVM that is told to be modest. */
  private static final int LIMIT_KIB = 3_500_000;

  private static final String REMEDY =
      "Each memory of a guest reserves 4 GiB of address space by default: raise the limit of the"
          + " process (ulimit -v), or set a smaller EngineBuilder.memoryReservation.";

  @ParameterizedTest
  @ValueSource(strings = {"memory", "instance", "heap"})
  void theExceptionSaysWhatToDo(String what) throws Exception {
    ChildJvm.Result result = run(what);

    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout())
        .startsWith("mmap failed to reserve 0x")
        .contains("os error")
        .endsWith(")\n" + REMEDY + "\n");
  }

  @Test
  void memoriesThatReserveLessFit() throws Exception {
    assertThat(run("memory", "instance", "heap", "16777216"))
        .isEqualTo(new ChildJvm.Result(0, "made\nmade\nmade\n", ""));
  }

  private static ChildJvm.Result run(String... args) throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("bash", "-c", "ulimit -v " + LIMIT_KIB + "; exec \"$@\"", "bash"));
    command.addAll(
        ChildJvm.with(
                "-Xmx64m", "-XX:ReservedCodeCacheSize=32m", "-XX:CompressedClassSpaceSize=64m")
            .builder(Reserve.class, args)
            .command());
    // Else glibc reserves some for each thread, the more the more processors there are.
    return ChildProcess.in(Path.of("").toAbsolutePath()).env("MALLOC_ARENA_MAX", "1").run(command);
  }

  /** Arguments: what to make, and last, if it is not the default, how much a memory reserves. */
  static final class Reserve {
    private static final String HEAP =
        """
        (module
          (type $s (struct (field i32)))
          (func (export "f") (result anyref) (struct.new $s (i32.const 1))))
        """;

    public static void main(String[] args) {
      // Its threads would not find room for their stacks either.
      EngineBuilder builder = Engine.builder().parallelCompilation(false);
      for (String arg : args) {
        if (arg.matches("\\d+")) {
          builder.memoryReservation(Long.parseLong(arg));
        }
      }
      try (Engine engine = builder.build();
          Store store = Store.create(engine)) {
        for (String arg : args) {
          switch (arg) {
            case "memory" -> say(() -> Memory.create(store, MemoryType.of(1)));
            case "instance" -> say(() -> instance(store, "(module (memory 1))"));
            case "heap" -> say(() -> instance(store, HEAP).func("f").call());
            default -> {}
          }
        }
      }
    }

    private static Instance instance(Store store, String guest) {
      try (Module module = Module.fromWat(store.engine(), guest)) {
        return Instance.create(store, module);
      }
    }

    private static void say(Runnable action) {
      try {
        action.run();
        System.out.print("made\n");
      } catch (EngineException e) {
        System.out.print(e.getMessage() + "\n");
      }
    }
  }
}
