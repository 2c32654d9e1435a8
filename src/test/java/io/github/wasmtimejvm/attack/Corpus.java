package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.Module;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The guests that hostile callers use: as text and as bytes. */
record Corpus(String name, String text, byte[] binary) {
  static final List<Corpus> ALL =
      List.of(
          load("numbers"),
          load("references"),
          load("exceptions"),
          load("command"),
          load("start"),
          load("shared"),
          load("many"),
          load("wide-table"));

  /** Any of them. */
  static Corpus any(Random random) {
    return ALL.get(random.nextInt(ALL.size()));
  }

  private static Corpus load(String name) {
    try (@Nullable InputStream file = Corpus.class.getResourceAsStream(name + ".wat")) {
      if (file == null) {
        throw new AssertionError("there is no guest " + name);
      }
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      return new Corpus(name, text, Module.wat2wasm(text));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
