package io.github.wasmtimejvm.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** There is no way out of a directory that a guest may use. */
class DirectoryTest {
  private static Engine engine;

  @TempDir private Path folder;
  private Path inside;
  private Path outside;
  private WasiConfig config;

  @BeforeAll
  static void create() {
    engine = Engine.create();
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @BeforeEach
  void fill() throws IOException {
    inside = Files.createDirectories(folder.resolve("inside/sub")).getParent();
    outside = Files.createDirectories(folder.resolve("outside"));
    Files.writeString(inside.resolve("sub/file"), "harmless");
    Files.writeString(outside.resolve("file"), "secret");
    Files.createSymbolicLink(inside.resolve("relative"), Path.of("../outside/file"));
    Files.createSymbolicLink(inside.resolve("absolute"), outside.resolve("file"));
    Files.createSymbolicLink(inside.resolve("folder"), outside);
    Files.createSymbolicLink(inside.resolve("chain"), Path.of("folder"));
    Files.createSymbolicLink(inside.resolve("sub/up"), Path.of("../.."));
    config = WasiConfig.builder().writableDirectory(inside, "/").build();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../outside/file",
        "sub/../../outside/file",
        "./../inside/../outside/file",
        "/etc/passwd",
        "//outside/file",
        "relative",
        "absolute",
        "folder/file",
        "chain/file",
        "sub/up/outside/file",
        "sub/up",
        "..",
        "/",
        ""
      })
  void nothingOutsideIsOpenedNorMade(String path) {
    try (Guest guest = new Guest(engine, config)) {
      assertThat(guest.open(path, 0)).isNegative();
      assertThat(guest.open(path + "-new", Guest.CREATE))
          .satisfiesAnyOf(
              it -> assertThat(it).isNegative(),
              it -> assertThat(inside.resolve(path + "-new")).exists());
    }
    assertThat(outside)
        .isDirectoryContaining("glob:**/file")
        .isDirectoryNotContaining("glob:**new");
    assertThat(folder.resolve("outside/file")).hasContent("secret");
  }

  /** While the guest opens, another process swaps a directory for a link that leads out. */
  @Test
  void aLinkThatTakesADirectorysPlaceMeanwhileLeadsNowhere() throws Exception {
    Path moving = inside.resolve("moving");
    AtomicBoolean done = new AtomicBoolean();
    Thread swapper =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    for (int i = 0; !done.get(); i++) {
                      Path next = inside.resolve("next");
                      Files.createSymbolicLink(next, i % 2 == 0 ? outside : Path.of("sub"));
                      Files.move(next, moving, StandardCopyOption.ATOMIC_MOVE);
                    }
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                });
    Set<String> seen = new HashSet<>();
    try (Guest guest = new Guest(engine, config)) {
      // Until both have been seen, for the race to be one.
      for (int i = 0; i < 3000 || seen.size() < 2 && swapper.isAlive(); i++) {
        int file = guest.open("moving/file", 0);
        if (file > 0) {
          seen.add(guest.read(file, 20));
          guest.close(file);
        } else {
          seen.add("refused");
        }
      }
    } finally {
      done.set(true);
      swapper.join();
    }
    assertThat(seen).containsExactlyInAnyOrder("harmless", "refused");
  }
}
