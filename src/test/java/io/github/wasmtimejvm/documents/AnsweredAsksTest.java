package io.github.wasmtimejvm.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each row of the document on what is asked for has an answer, and what that names exists. */
class AnsweredAsksTest {
  private static final Path DOCUMENT = Path.of("docs/components-asks.md");
  private static final Path SOURCES = Path.of("src/test/java");

  private static final Pattern ANSWER =
      Pattern.compile("\\*\\*(Built|Refused|Not yet|Not ours)\\*\\*");
  private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT))\\.(\\w+)`");
  private static final Pattern SENTENCE = Pattern.compile("\"([^\"]+)\"");

  private static List<String> answers() throws IOException {
    return Files.readAllLines(DOCUMENT).stream()
        .filter(line -> line.startsWith("| ") && !line.endsWith("| answer |"))
        .map(line -> line.split(" \\| ")[line.split(" \\| ").length - 1])
        .toList();
  }

  @Test
  void allRowsAreThere() throws IOException {
    assertThat(answers()).hasSize(25 + 17 + 5);
  }

  @ParameterizedTest
  @MethodSource("answers")
  void whatAnAnswerNamesExists(String answer) throws Exception {
    List<String> kinds =
        ANSWER.matcher(answer).results().map((MatchResult found) -> found.group(1)).toList();
    assertThat(kinds).as(answer).isNotEmpty();
    List<MatchResult> tests = TEST.matcher(answer).results().toList();
    if (kinds.contains("Built")) {
      assertThat(tests).as(answer).isNotEmpty();
    }
    for (MatchResult test : tests) {
      assertThat(isTest(test.group(1), test.group(2))).as(test.group()).isTrue();
    }
    List<MatchResult> sentences = SENTENCE.matcher(answer).results().toList();
    if (kinds.contains("Refused")) {
      assertThat(sentences).as(answer).isNotEmpty();
    }
    String documents = documents();
    assertThat(sentences).allSatisfy(sentence -> assertThat(documents).contains(sentence.group(1)));
  }

  private static boolean isTest(String type, String method) throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.walk(SOURCES)) {
      files = all.filter(path -> path.endsWith(type + ".java")).toList();
    }
    for (Path file : files) {
      String name = SOURCES.relativize(file).toString().replace(".java", "");
      if (declares(Class.forName(name.replace(File.separatorChar, '.')), method)) {
        return true;
      }
    }
    return false;
  }

  private static boolean declares(Class<?> type, String method) {
    return Stream.of(type.getDeclaredMethods())
        .filter(known -> known.getName().equals(method))
        .flatMap(known -> Stream.of(known.getAnnotations()))
        .anyMatch(annotation -> annotation.annotationType().getSimpleName().contains("Test"));
  }

  /** What users read, without its ends of lines. */
  private static String documents() throws IOException {
    List<String> words = new ArrayList<>();
    for (Document document : Document.forUsers()) {
      if (!document.file().equals(DOCUMENT)) {
        words.addAll(Arrays.asList(Files.readString(document.file()).split("\\s+")));
      }
    }
    return String.join(" ", words);
  }
}
