package io.github.wasmtimejvm.documents;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.ChildProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * All Java in the documents compiles without a warning, and prints what they say. {@link
 * DocumentsIT} has the rest.
 */
class DocumentsTest {
  private static final Path SURROUNDINGS =
      Path.of("src/test/resources/io/github/wasmtimejvm/documents");

  @TempDir private static Path folder;

  private static List<JavaProgram> programs;
  private static final Map<String, List<String>> printed = new HashMap<>();

  @BeforeAll
  static void compileAndRun() throws Exception {
    programs = JavaProgram.in(Document.all(), SURROUNDINGS);
    Path classes = folder.resolve("classes");
    String classPath =
        Stream.of(
                "target/classes",
                "target/test-classes",
                "target/natives/" + System.getProperty("wasmtimejvm.platform") + "/classes",
                classes.toString())
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .collect(joining(File.pathSeparator));
    compile(classes, classPath);
    run(classPath);
  }

  private static void compile(Path classes, String classPath) throws IOException {
    Path sources = Files.createDirectory(folder.resolve("sources"));
    List<Path> files = new ArrayList<>();
    for (JavaProgram program : programs) {
      files.add(Files.writeString(sources.resolve(program.name() + ".java"), program.source()));
    }
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    List<String> messages = new ArrayList<>();
    try (StandardJavaFileManager manager = javac.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of("-Xlint:all,-classfile", "-Werror", "-d", classes.toString(), "-cp", classPath);
      javac
          .getTask(
              null,
              manager,
              diagnostic -> messages.add(diagnostic.toString()),
              options,
              null,
              manager.getJavaFileObjectsFromPaths(files))
          .call();
    }
    assertThat(messages).as("what the compiler says of the documents' Java: " + programs).isEmpty();
  }

  private static void run(String classPath) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", classPath));
    // The user's own cache is none of the documents' business.
    command.add("-Dwasmtimejvm.cache=" + folder.resolve("cache"));
    command.add(RunPrograms.class.getName());
    programs.forEach(program -> command.add(program.name()));
    ChildJvm.Result result =
        ChildProcess.in(Files.createDirectory(folder.resolve("work")))
            .env("JAVA_TOOL_OPTIONS", "")
            .env("JDK_JAVA_OPTIONS", "")
            .run(command);
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stderr()).isEmpty();
    List<String> lines = List.of();
    for (String line : result.stdout().lines().toList()) {
      if (line.startsWith(RunPrograms.HEADING)) {
        lines = new ArrayList<>();
        printed.put(line.substring(RunPrograms.HEADING.length()), lines);
      } else {
        lines.add(line);
      }
    }
  }

  private static List<JavaProgram> programs() {
    return programs;
  }

  @ParameterizedTest
  @MethodSource("programs")
  void aProgramPrintsWhatIsSaid(JavaProgram program) {
    assertThat(printed.get(program.name())).as(program.toString()).isEqualTo(program.output());
  }

  @Test
  void allSurroundingsAreUsed() throws IOException {
    try (Stream<Path> files = Files.list(SURROUNDINGS)) {
      assertThat(programs.stream().map(program -> program.name() + ".java"))
          .doesNotHaveDuplicates()
          .containsAll(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(name -> name.endsWith(".java"))
                  .toList());
    }
  }
}
