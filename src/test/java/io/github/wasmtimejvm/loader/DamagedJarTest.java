package io.github.wasmtimejvm.loader;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.wasmtimejvm.spi.NativesProvider;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Natives jars of which something is missing, empty or damaged: one sentence says so. */
class DamagedJarTest {
  private static final String HASH = "0123456789abcdef".repeat(4);
  private static final String DESCRIPTION =
      """
      platform=any
      engine.file=libengine.so
      engine.size=100
      engine.sha256=%1$s
      shim.file=libshim.so
      shim.size=100
      shim.sha256=%1$s
      content.sha256=%1$s
      """
          .formatted(HASH);

  @TempDir private Path folder;

  /** A jar with a description, and libraries that cannot be read. */
  private record Jar(String description, IOException reason) implements NativesProvider {
    @Override
    public String platform() {
      return "any";
    }

    @Override
    public InputStream open(String file) throws IOException {
      if (!file.equals("natives.properties")) {
        throw reason;
      }
      return new ByteArrayInputStream(description.getBytes(ISO_8859_1));
    }
  }

  private static void assertRefused(String description, String sentence) {
    assertThatExceptionOfType(UnsatisfiedLinkError.class)
        .isThrownBy(() -> LibraryFiles.of(new Jar(description, new IOException("not asked for"))))
        .withMessage("The wasmtime-jvm natives jar is damaged" + sentence);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "engine.file",
        "engine.size",
        "engine.sha256",
        "shim.file",
        "shim.size",
        "shim.sha256",
        "content.sha256"
      })
  void eachValueOfItsDescriptionIsNeeded(String key) {
    assertRefused(
        DESCRIPTION.replace(key + "=", "other="),
        ", fetch it again: there is no " + key + " in its natives.properties.");
    for (String value : new String[] {"", "../x", " ", "-1", "\u00e9"}) {
      assertRefused(
          DESCRIPTION.replaceFirst(key + "=.*", key + "=" + value),
          ", fetch it again: " + key + " in its natives.properties is \"" + value.strip() + "\".");
    }
  }

  @Test
  void aDescriptionThatIsNoneIsRefused() {
    assertRefused("\\u12", ": Malformed \\uxxxx encoding.");
  }

  static Stream<IOException> unreadable() {
    return Stream.of(
        new FileNotFoundException("there is no such file"),
        new EOFException("Unexpected end of ZLIB input stream"),
        new ZipException("invalid block type"));
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void aLibraryThatCannotBeReadIsNotTakenForAFolderThatCannotBeWritten(IOException reason)
      throws IOException {
    String before = System.setProperty(CacheFolder.PROPERTY, folder.toString());
    try {
      assertThatExceptionOfType(UnsatisfiedLinkError.class)
          .isThrownBy(() -> LibraryFiles.of(new Jar(DESCRIPTION, reason)))
          .withMessage(
              "The wasmtime-jvm natives jar is damaged, fetch it again: libengine.so: %s."
                  .formatted(reason.getMessage()));
    } finally {
      if (before == null) {
        System.clearProperty(CacheFolder.PROPERTY);
      } else {
        System.setProperty(CacheFolder.PROPERTY, before);
      }
    }
    try (Stream<Path> kept = Files.list(folder.resolve(HASH))) {
      assertThat(kept.map(file -> file.getFileName().toString())).containsExactly("lock");
    }
  }
}
