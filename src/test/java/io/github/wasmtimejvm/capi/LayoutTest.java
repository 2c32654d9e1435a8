package io.github.wasmtimejvm.capi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.PaddingLayout;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The generated structs beside a C compiler's {@code sizeof}, {@code _Alignof}, {@code offsetof}.
 */
class LayoutTest {
  private static final String OFFSET = "$OFFSET";

  @Test
  void constantsAgreeWithTheCompiler() throws Exception {
    Map<String, String> java = new TreeMap<>();
    for (Map.Entry<String, Class<?>> struct : structs().entrySet()) {
      Class<?> type = struct.getValue();
      java.put(struct.getKey(), constant(type, "SIZEOF") + " " + constant(type, "ALIGNOF"));
      for (Field field : type.getFields()) {
        if (field.getName().endsWith(OFFSET)) {
          String name = field.getName().substring(0, field.getName().length() - OFFSET.length());
          java.put(struct.getKey() + "." + name, String.valueOf(constant(type, field.getName())));
        }
      }
    }
    assertThat(java).containsExactlyInAnyOrderEntriesOf(compilersAnswers());
  }

  @Test
  void layoutsAgreeWithTheCompiler() throws Exception {
    Map<String, String> java = new TreeMap<>();
    for (Map.Entry<String, Class<?>> struct : structs().entrySet()) {
      GroupLayout layout = layout(struct.getValue());
      java.put(struct.getKey(), layout.byteSize() + " " + layout.byteAlignment());
      for (MemoryLayout member : layout.memberLayouts()) {
        if (!(member instanceof PaddingLayout)) {
          String name = member.name().orElseThrow();
          long offset = layout.byteOffset(PathElement.groupElement(name));
          java.put(struct.getKey() + "." + name, String.valueOf(offset));
        }
      }
    }
    assertThat(java).containsExactlyInAnyOrderEntriesOf(compilersAnswers());
  }

  @Test
  void layoutsHaveTheNamesOfTheirStructs() throws Exception {
    for (Map.Entry<String, Class<?>> struct : structs().entrySet()) {
      assertThat(layout(struct.getValue()).name()).hasValue(struct.getKey());
    }
  }

  @Test
  void everyStructIsRecordedOnBothSides() throws Exception {
    TreeSet<String> recorded = new TreeSet<>(compilersAnswers().keySet());
    recorded.removeIf(name -> name.contains("."));
    assertThat(structs().keySet()).isEqualTo(recorded).hasSizeGreaterThan(40);
  }

  private static Map<String, Class<?>> structs() throws IOException {
    Map<String, Class<?>> structs = new TreeMap<>();
    GeneratedClasses.nested()
        .filter(LayoutTest::hasLayout)
        .forEach(type -> structs.put(type.getSimpleName(), type));
    return structs;
  }

  private static boolean hasLayout(Class<?> type) {
    for (Field field : type.getDeclaredFields()) {
      if (field.getName().equals("LAYOUT")) {
        return true;
      }
    }
    return false;
  }

  private static GroupLayout layout(Class<?> struct) throws ReflectiveOperationException {
    return (GroupLayout) struct.getField("LAYOUT").get(null);
  }

  private static long constant(Class<?> struct, String name) throws ReflectiveOperationException {
    return struct.getField(name).getLong(null);
  }

  private static Map<String, String> compilersAnswers() throws IOException {
    Map<String, String> answers = new LinkedHashMap<>();
    try (BufferedReader file =
        new BufferedReader(
            new InputStreamReader(
                LayoutTest.class.getResourceAsStream("layouts.txt"), StandardCharsets.UTF_8))) {
      for (String line = file.readLine(); line != null; line = file.readLine()) {
        if (!line.startsWith("#")) {
          int space = line.indexOf(' ');
          answers.put(line.substring(0, space), line.substring(space + 1));
        }
      }
    }
    return answers;
  }
}
