package io.github.wasmtimejvm.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.testing.Links;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "links need a right of their own there")
class LinkedRepositoryTest {
  @TempDir private Path temp;

  @Test
  void hasWhatTheUsersHasButNothingOfOurs() throws IOException {
    write("users/org/plugin/a.jar");
    write("users/io/other/b.jar");
    write("users/io/github/other/c.jar");
    write("users/io/github/wasmtimejvm/wasmtime-jvm/1/wasmtime-jvm-1.jar");

    Path folder = create().folder();

    assertThat(folder.resolve("org/plugin/a.jar")).isRegularFile();
    assertThat(folder.resolve("io/other/b.jar")).isRegularFile();
    assertThat(folder.resolve("io/github/other/c.jar")).isRegularFile();
    assertThat(folder.resolve("io/github/wasmtimejvm")).isEmptyDirectory();
  }

  @Test
  void whatMavenAddsToALinkIsAddedToTheUsers() throws IOException {
    write("users/org/plugin/a.jar");
    create();

    write("repository/org/new/d.jar");

    assertThat(temp.resolve("users/org/new/d.jar")).hasContent("repository/org/new/d.jar");
  }

  @Test
  void whatMavenAddsBesideTheLinksIsGivenBackAndOursIsNot() throws IOException {
    LinkedRepository repository = create();
    write("repository/org/plugin/a.jar");
    write("repository/io/github/other/c.jar");
    repository.add("wasmtime-jvm", "1", ".jar", write("our.jar"));

    repository.giveBack();

    assertThat(temp.resolve("users"))
        .isDirectoryRecursivelyContaining("glob:**/org/plugin/a.jar")
        .isDirectoryRecursivelyContaining("glob:**/io/github/other/c.jar")
        .isDirectoryNotContaining("glob:**/.*");
    assertThat(temp.resolve("users/io/github/wasmtimejvm")).doesNotExist();
    assertThat(temp.resolve("repository/io/github/wasmtimejvm/wasmtime-jvm/1/wasmtime-jvm-1.jar"))
        .hasContent("our.jar");
  }

  @Test
  void whatTheUsersHasByNowStays() throws IOException {
    LinkedRepository repository = create();
    write("repository/org/plugin/a.jar");
    write("users/org/plugin/a.jar");

    repository.giveBack();

    assertThat(temp.resolve("users/org/plugin/a.jar")).hasContent("users/org/plugin/a.jar");
  }

  @AfterEach
  void deleteLinks() throws IOException {
    Links.deleteIn(temp);
  }

  private LinkedRepository create() throws IOException {
    return LinkedRepository.create(temp.resolve("repository"), temp.resolve("users"));
  }

  /** A file whose content is its name. */
  private Path write(String name) throws IOException {
    Path file = temp.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, name);
  }
}
