package io.github.wasmtimejvm.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.internal.Handles;
import io.github.wasmtimejvm.testing.ChildJvm;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is acquired from the C API is released, all of it, whatever fails in between. */
class BalanceTest {
  @TempDir Path counting;
  @TempDir Path files;

  @Test
  void asMuchIsReleasedAsIsAcquired() throws IOException {
    Path classes = Path.of(URI.create(Engine.class.getResource("Engine.class").toString()));
    CountingClasses copies = new CountingClasses(classes.resolve("../../../..").normalize());
    copies.write(counting);

    ChildJvm.Result result =
        ChildJvm.with().classPathFirst(List.of(counting)).run(Balanced.class, files.toString());

    assertThat(result.exitCode()).as(result.toString()).isZero();
    List<String> types = result.stdout().lines().map(line -> line.split(" ")[0]).toList();
    // What values and external items hold is counted as what it is; nothing can be of a concrete
    // type of exceptions yet. Of components much is passed on to the engine, which is not counted.
    assertThat(types)
        .as(result.toString())
        .containsAll(
            copies
                .releasedTypes("wasmtime_val_t", "wasmtime_extern_t", "wasmtime_exn_type_t")
                .stream()
                .filter(type -> !type.startsWith("wasmtime_component_"))
                .toList());
    assertThat(types).contains("wasmtime_store_t", "wjvm_handle");
    assertThat(result.stdout().lines())
        .as(result.toString())
        .allMatch(line -> line.matches("\\S+ ([1-9]\\d*) \\1"));
  }

  /** Prints for each C type how many were acquired and how many released; takes an empty folder. */
  static final class Balanced {
    public static void main(String[] args) throws Exception {
      for (int i = 0; i < 3; i++) {
        try (Workload workload = new Workload(Path.of(args[0]))) {
          workload.run();
        }
      }
      // The Cleaner has no end that one could wait for.
      for (int i = 0; i < 4000 && !isBalanced(); i++) {
        System.gc();
        Thread.sleep(50);
        Handles.drain();
      }
      for (Map.Entry<String, Counts.Count> entry : Counts.all().entrySet()) {
        Counts.Count count = entry.getValue();
        System.out.println(
            entry.getKey() + " " + count.acquired().sum() + " " + count.released().sum());
      }
    }

    private static boolean isBalanced() {
      return Counts.all().values().stream().allMatch(count -> count.open() == 0);
    }
  }
}
