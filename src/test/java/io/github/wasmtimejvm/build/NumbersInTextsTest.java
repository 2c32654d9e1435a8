package io.github.wasmtimejvm.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A number that a format writes has the digits and separators of the user's locale, which are not
 * those of a number in the rest of the message. So formats get texts.
 */
class NumbersInTextsTest {
  private static final Pattern LOCALIZED =
      Pattern.compile("%([0-9]+\\$)?[-#+ 0,(]*[0-9]*(\\.[0-9]+)?([dfeEgG]|[tT][a-zA-Z])");

  @Test
  void noFormatDependsOnTheLocale() throws IOException {
    Set<String> found = new TreeSet<>();
    int seen = 0;
    for (Path classes : new Path[] {Path.of("target/classes"), Path.of("target/cli-classes")}) {
      try (Stream<Path> files = Files.walk(classes)) {
        for (Path file :
            (Iterable<Path>) files.filter(f -> f.toString().endsWith(".class"))::iterator) {
          for (PoolEntry entry : ClassFile.of().parse(file).constantPool()) {
            if (entry instanceof StringEntry text) {
              seen++;
              if (LOCALIZED.matcher(text.stringValue()).find()) {
                found.add(file + ": " + text.stringValue());
              }
            }
          }
        }
      }
    }
    assertThat(seen).isGreaterThan(1000);
    assertThat(found).isEmpty();
  }
}
