package io.github.wasmtimejvm.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.Engine;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The layers of ARCHITECTURE.md: a package uses those below it only. */
class LayersTest {
  private static final String ROOT = "io/github/wasmtimejvm";

  // From the top; a package may use itself and what comes after it.
  private static final List<String> LAYERS =
      List.of(
          ROOT + "/wasi",
          ROOT,
          ROOT + "/settings",
          ROOT + "/interfaces",
          ROOT + "/internal",
          ROOT + "/capi",
          ROOT + "/loader",
          ROOT + "/spi");

  // What may use one package above itself: the public enums of the settings lie in the root.
  private static final Map<String, String> CIRCLES = Map.of(ROOT + "/settings", ROOT);

  private static final Pattern OURS = Pattern.compile("L?(" + ROOT + "(?:/[a-z0-9]+)*)/[A-Z]");

  @Test
  void arrowsPointDownOnly() throws IOException, URISyntaxException {
    Path classes =
        Path.of(Engine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Set<String> up = new TreeSet<>();
    int seen = 0;
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file :
          (Iterable<Path>) files.filter(f -> f.toString().endsWith(".class"))::iterator) {
        if (file.endsWith("module-info.class")) {
          continue;
        }
        ClassModel model = ClassFile.of().parse(file);
        String from = packageOf(model.thisClass().asInternalName());
        assertThat(LAYERS).as("layer of %s", file).contains(from);
        seen++;
        for (PoolEntry entry : model.constantPool()) {
          String text =
              switch (entry) {
                case ClassEntry type -> type.asInternalName();
                case Utf8Entry utf8 -> utf8.stringValue();
                default -> "";
              };
          Matcher matcher = OURS.matcher(text);
          while (matcher.find()) {
            String to = matcher.group(1);
            if (LAYERS.indexOf(to) < LAYERS.indexOf(from) && !to.equals(CIRCLES.get(from))) {
              up.add(model.thisClass().asInternalName() + " -> " + to);
            }
          }
        }
      }
    }
    assertThat(seen).isGreaterThan(100);
    assertThat(up).isEmpty();
  }

  private static String packageOf(String internalName) {
    return internalName.substring(0, internalName.lastIndexOf('/'));
  }
}
