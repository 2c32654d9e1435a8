package io.github.wasmtimejvm.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder that a script puts guests into, in a copy of its part of the repository.
 *
 * @param copy the copy
 */
public record GuestsFolder(Path copy) {
  /** The names of what is there. */
  public List<String> names() throws IOException {
    Path folder = copy.resolve("target/guests");
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** Asserts that a script failed with one sentence that has these parts, and left nothing. */
  public void assertFailed(ChildJvm.Result result, String... parts) throws IOException {
    assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
    assertThat(result.stderr().lines()).as(result.toString()).hasSize(1);
    assertThat(result.stderr().strip()).contains(parts).endsWith(".");
    assertThat(names()).as("nothing is left behind").isEmpty();
  }
}
