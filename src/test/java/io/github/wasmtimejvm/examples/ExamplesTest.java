package io.github.wasmtimejvm.examples;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.ChildProcess;
import io.github.wasmtimejvm.testing.Guests;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What each example prints: the lines of the text file beside this class that has its name. {@link
 * HelloPythonIT} has the one that needs a download.
 */
class ExamplesTest {
  private static final Path SOURCES = Path.of("src/examples/java");

  /** The one whose lines have no order. */
  private static final String THREADS = "Threads";

  @TempDir private static Path classes;

  private static String classPath;

  @BeforeAll
  static void compileWithoutWarnings() throws IOException {
    classPath =
        Stream.of(
                "target/classes",
                "target/natives/" + System.getProperty("wasmtimejvm.platform") + "/classes",
                classes.toString())
            .collect(joining(File.pathSeparator));
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = javac.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of("-Xlint:all,-classfile", "-Werror", "-d", classes.toString(), "-cp", classPath);
      List<Path> sources =
          Stream.concat(examples(), Stream.of("HelloPython"))
              .map(name -> SOURCES.resolve(name + ".java"))
              .toList();
      assertThat(
              javac
                  .getTask(
                      null, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                  .call())
          .as("see the compiler's own messages")
          .isTrue();
    }
  }

  private static Stream<String> examples() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files
          .map(file -> file.getFileName().toString().replace(".java", ""))
          .filter(name -> !name.equals("HelloPython"))
          .sorted()
          .toList()
          .stream();
    }
  }

  private static Stream<String> examplesWhoseLinesHaveAnOrder() throws IOException {
    return examples().filter(name -> !name.equals(THREADS));
  }

  @ParameterizedTest
  @MethodSource("examplesWhoseLinesHaveAnOrder")
  void printsItsLinesAndNothingElse(String name) throws Exception {
    assertThat(run(name)).containsExactlyElementsOf(expected(name));
  }

  @Test
  void threadsPrintTheirLinesInAnyOrder() throws Exception {
    assertThat(run(THREADS)).containsExactlyInAnyOrderElementsOf(expected(THREADS));
  }

  @Test
  void theListOfExamplesHasAllOfThem() throws Exception {
    assertThat(Files.readString(SOURCES.resolveSibling("README.md")))
        .contains(examples().map(name -> "](java/" + name + ".java)").toList());
  }

  private static List<String> run(String name) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(ChildJvm.START_QUICKLY);
    command.addAll(List.of("-cp", classPath, name));
    ChildJvm.Result result =
        ChildProcess.in(Path.of("").toAbsolutePath())
            .env("JAVA_TOOL_OPTIONS", "")
            .env("JDK_JAVA_OPTIONS", "")
            .run(command);
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stderr()).isEmpty();
    return result.stdout().lines().toList();
  }

  private static List<String> expected(String name) throws IOException {
    return Files.readAllLines(Guests.file(ExamplesTest.class, name + ".txt"));
  }
}
