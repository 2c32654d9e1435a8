package io.github.wasmtimejvm.documents;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.ChildProcess;
import io.github.wasmtimejvm.testing.Links;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every command that a document for users gives: it is run here, or by another test, or by {@code
 * scripts/test-long}. {@link DocumentsTest} has the Java.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the documents' commands are those of Unix")
class DocumentsIT {
  /** Who runs a command. */
  private sealed interface Runner {}

  /**
   * This test.
   *
   * @param output a pattern for all that it prints
   * @param tool a program that not everybody has, without which it is not run; or nothing
   */
  private record Here(Pattern output, String tool) implements Runner {}

  /** Another test, which runs the same script or program. */
  private record Elsewhere(String test) implements Runner {}

  /** {@code scripts/test-long}: it takes minutes, or an idle machine, or much of the network. */
  private record InTestLong() implements Runner {}

  private static final String JAR =
      "target/wasmtime-jvm-" + System.getProperty("wasmtimejvm.version") + ".jar";
  private static final String JARS = JAR + ":" + JAR.replace(".jar", "-linux-x86_64.jar");

  private static final Map<String, Runner> RUNNERS =
      Map.ofEntries(
          entry("scripts/hello-python", here("Hello from Python 3\\S* on wasi\n.* status 0\n")),
          entry("scripts/test", elsewhere("documents.DocumentsIT")), // which is a part of it
          entry("scripts/install", new InTestLong()),
          entry("scripts/install --all-platforms", new InTestLong()),
          entry("scripts/install -Dmaven.repo.local=FOLDER", new InTestLong()),
          entry("mvn -q compile exec:exec", elsewhere("build.ConsumerIT")),
          entry("java -jar", elsewhere("build.ConsumerIT")),
          entry("java -Xrs -jar", elsewhere("cli.SignalsIT")),
          entry("scripts/example Hello", elsewhere("examples.ExampleScriptIT")),
          entry("scripts/example ComponentExample", elsewhere("examples.ExampleScriptIT")),
          entry("scripts/example Untrusted", elsewhere("examples.ExampleScriptIT")),
          entry("scripts/wasmtime-jvm run FILE [ARGS...]", elsewhere("examples.HelloPythonIT")),
          entry("scripts/wasmtime-jvm compile FILE", elsewhere("examples.HelloPythonIT")),
          entry("scripts/wasmtime-jvm run --invoke fib src/examples/guests/fib.wat 6", here("8\n")),
          entry(
              "jshell --class-path " + JARS + " -R--enable-native-access=ALL-UNNAMED",
              here("(-> )*3\n(-> )*")),
          entry(
              "jlink --module-path "
                  + JARS
                  + " --add-modules"
                  + " io.github.wasmtimejvm,io.github.wasmtimejvm.natives.linux_x86_64"
                  + " --add-options=--enable-native-access=io.github.wasmtimejvm"
                  + " --output target/image",
              here("")),
          entry("javac -cp " + JAR + " -d target/gcd src/examples/java/Gcd.java", here("")),
          entry("target/image/bin/java -cp target/gcd Gcd", here("gcd.*\n")),
          entry(
              "gdb -ex 'set breakpoint pending on' -ex 'handle SIGSEGV nostop noprint pass'"
                  + " -ex \"set substitute-path /guest $PWD/src/examples/guests\""
                  + " -ex 'break fib.c:13' -ex run --args bash scripts/example FibDebug",
              new Here(Pattern.compile("(?s).* fib \\(n=6\\) at .*fib\\.c:13\n13\t.*"), "gdb")),
          entry("scripts/build-guests", elsewhere("build.BuildGuestsTest")),
          entry("scripts/build-components", elsewhere("build.BuildGuestsTest")),
          entry("scripts/attack --only environment", new InTestLong()),
          entry("scripts/measure-wasi", new InTestLong()),
          entry("scripts/measure-limits", new InTestLong()),
          entry("scripts/measure-scale", new InTestLong()),
          entry("scripts/measure-components", new InTestLong()),
          entry("scripts/bench", new InTestLong()),
          entry("scripts/measure-compile target/guests/python.wasm", new InTestLong()));

  private static final Path TESTS = Path.of("src/test/java/io/github/wasmtimejvm");
  private static final Path TEST_LONG = Path.of("scripts/test-long");
  private static final Path JDK = Path.of(System.getProperty("java.home"));

  private static final String START_QUICKLY = String.join(" ", ChildJvm.START_QUICKLY);

  /** The repository, by links, so that what a command makes is not made there. */
  @TempDir private static Path folder;

  private static List<Document> documents;
  private static List<Commands> commands;

  private static Here here(String output) {
    return new Here(Pattern.compile(output), "");
  }

  private static Elsewhere elsewhere(String test) {
    return new Elsewhere(test);
  }

  @BeforeAll
  static void read() throws IOException {
    documents = Document.forUsers();
    commands = Commands.in(documents);
    Links.toAllIn(Path.of("target"), Files.createDirectory(folder.resolve("target")));
    Links.toAllIn(Path.of(""), folder);
  }

  @AfterAll
  static void deleteLinks() throws IOException {
    Links.deleteIn(folder);
  }

  @Test
  void everyCommandIsKnownAndNoOther() {
    for (Commands some : commands) {
      assertThat(RUNNERS.keySet())
          .as(some.place() + ": say in RUNNERS who runs it")
          .containsAll(some.commands());
    }
    assertThat(commands)
        .as("what is in RUNNERS stands in a document")
        .flatExtracting(Commands::commands)
        .containsAll(RUNNERS.keySet());
  }

  /** Those of which this test has one to run, which it has not run in another place. */
  private static List<Commands> commandsHere() {
    Set<String> seen = new HashSet<>();
    return commands.stream()
        .filter(
            some ->
                some.commands().stream()
                    .anyMatch(one -> RUNNERS.get(one) instanceof Here && seen.add(one)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("commandsHere")
  void aCommandPrintsWhatIsSaid(Commands some) throws Exception {
    List<String> printed = new ArrayList<>();
    for (String command : some.commands()) {
      if (RUNNERS.get(command) instanceof Here runner) {
        assumeTrue(runner.tool().isEmpty() || isOnThePath(runner.tool()), "no " + runner.tool());
        ChildJvm.Result result = run(command);
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.stdout()).as(result.toString()).matches(runner.output());
        result.stdout().lines().forEach(printed::add);
      }
    }
    if (!some.output().isEmpty()) {
      assertThat(printed)
          .as("what %s says that it prints", some.place())
          .containsExactlyElementsOf(some.output());
    }
  }

  private static ChildJvm.Result run(String documented) throws Exception {
    String platform = System.getProperty("wasmtimejvm.platform");
    String command =
        documented
            .replace("linux-x86_64", platform)
            .replace("linux_x86_64", platform.replace('-', '_'));
    String stdin = "";
    if (Commands.programOf(command).equals("jshell")) {
      stdin = forJShell().text();
      command += " -s"; // the mode without words of its own
    }
    return ChildProcess.in(folder)
        .env("PATH", JDK.resolve("bin") + File.pathSeparator + System.getenv("PATH"))
        .env("JAVA_HOME", JDK.toString())
        .env("JAVA_TOOL_OPTIONS", START_QUICKLY)
        .stdin(stdin)
        .run(List.of("bash", "-c", command));
  }

  private static Fence forJShell() {
    List<Fence> found =
        documents.stream()
            .flatMap(document -> document.fences("java").stream())
            .filter(fence -> fence.comment().equals(JavaProgram.JSHELL))
            .toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  private static boolean isOnThePath(String tool) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(entry -> Files.isExecutable(Path.of(entry, tool)));
  }

  /** What is printed in JShell is said behind what is typed there. */
  @Test
  void theOutputOfJShellIsTheDocuments() {
    Fence fence = forJShell();
    for (Document document : documents) {
      if (document.file().equals(fence.file())) {
        assertThat(document.outputOf(fence)).containsExactly("3");
      }
    }
  }

  @Test
  void aTestThatRunsACommandIsThereAndNamesItsProgram() throws Exception {
    for (Map.Entry<String, Runner> entry : RUNNERS.entrySet()) {
      if (entry.getValue() instanceof Elsewhere(String test)) {
        assertThat(Class.forName("io.github.wasmtimejvm." + test, false, loader())).isNotNull();
        Path source = TESTS.resolve(test.replace('.', '/') + ".java");
        String command = entry.getKey();
        String program =
            command.equals("java -jar")
                ? "\"-jar\""
                : command.split(" ")[0]; // scripts/NAME, or mvn
        assertThat(source).content().as("%s runs %s", source, program).contains(program);
      }
    }
  }

  private static ClassLoader loader() {
    return DocumentsIT.class.getClassLoader();
  }

  @Test
  void whatTakesLongIsInTestLong() throws IOException {
    String testLong = Files.readString(TEST_LONG);
    for (Map.Entry<String, Runner> entry : RUNNERS.entrySet()) {
      if (entry.getValue() instanceof InTestLong) {
        String[] words = entry.getKey().split(" ");
        Path script = Path.of(words[0]);
        assertThat(script).isExecutable();
        assertThat(testLong).contains(words[0]);
        String known = testLong + Files.readString(script);
        for (String word : words) {
          if (word.startsWith("-")) {
            assertThat(known).as("options of %s", script).contains(word.split("=")[0]);
          }
        }
      }
    }
  }

  /** A command of {@code scripts/test-long}, with something small to compile. */
  @Test
  void whatCompilingTakesIsMeasured() throws Exception {
    String guest = "src/examples/guests/fib.wat";

    ChildJvm.Result measured = run("scripts/measure-compile " + guest);
    assertThat(measured.exitCode()).as(measured.toString()).isZero();
    assertThat(measured.stdout())
        .matches(
            Pattern.quote(guest)
                + ": 0\\.0 MB, compiled with up to [1-9]\\d+ MB of memory in \\d+\\.\\d s of"
                + " processor time\n");
  }

  @Test
  void theSynopsisOfTheCommandLineHasItsOptions() throws Exception {
    Fence synopsis =
        documents.stream()
            .filter(document -> document.file().endsWith("command-line.md"))
            .flatMap(document -> document.fences("").stream())
            .findFirst()
            .orElseThrow();
    ChildJvm.Result run = run("scripts/wasmtime-jvm run --help");
    ChildJvm.Result compile = run("scripts/wasmtime-jvm compile --help");

    Pattern option = Pattern.compile("(?<=[\\[ ])--?[A-Za-z0-9-]+");
    List<String> options =
        option.matcher(synopsis.text()).results().map(found -> found.group()).toList();
    assertThat(options).contains("--dir", "-W", "-o");
    assertThat(run.stdout() + compile.stdout()).contains(options);
  }

  /**
   * What is neither Java nor a command is something that is run elsewhere, or says that it is not.
   */
  @Test
  void nothingElseClaimsToRun() {
    for (Document document : documents) {
      for (Fence fence : document.fences()) {
        switch (fence.language()) {
          case "java", "sh", "text", "c" -> {}
          case "wit" -> {} // what the Java beside it stands for
          case "" ->
              assertThat(fence.file().toString()).as("a synopsis").endsWith("command-line.md");
          case "xml" -> // ConsumerIT takes them
              assertThat(fence.text())
                  .containsAnyOf("<project ", "<artifactId>wasmtime-jvm-natives</artifactId>");
          case "kotlin" -> {
            assertThat(fence.comment()).as(fence.toString()).isIn("in Add.kt", "not run");
            if (fence.comment().equals("not run")) {
              assertThat(String.join("\n", document.text().subList(0, fence.line())))
                  .contains("not run by our tests");
            }
          }
          default -> fail(fence + ": nobody runs the language " + fence.language());
        }
      }
    }
  }
}
