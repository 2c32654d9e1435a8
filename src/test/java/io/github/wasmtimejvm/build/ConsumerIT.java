package io.github.wasmtimejvm.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.documents.Document;
import io.github.wasmtimejvm.documents.Fence;
import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.ChildProcess;
import io.github.wasmtimejvm.testing.Links;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Projects of somebody else's, built by Maven with nothing of ours but the installed artifacts, and
 * what the jars among them hold.
 *
 * <p>One is the project of README.md, as it stands there. The other takes the natives of all
 * platforms, has warnings as errors, and is a module; with it the Kotlin of the documents is
 * compiled.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "symbolic links need a right of their own there")
class ConsumerIT {
  private static final String PLATFORM = System.getProperty("wasmtimejvm.platform");
  private static final String VERSION = System.getProperty("wasmtimejvm.version");
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path MAIN_JAR = jar("");
  private static final Path NATIVES_JAR = jar("-" + PLATFORM);
  private static final Path CLI_JAR = jar("-cli");

  private static final ChildJvm.Result PRINTS_3 =
      new ChildJvm.Result(0, "3" + System.lineSeparator(), "");

  @TempDir private static Path temp;

  private static LinkedRepository repository;
  private static Document readme;
  private static Document gettingStarted;

  // The second project, its classes, and the jars that it runs with.
  private static Path project;
  private static Path classes;
  private static List<String> jars;

  @BeforeAll
  static void install() throws Exception {
    readme = Document.read(Path.of("README.md"));
    gettingStarted = Document.read(Path.of("docs/getting-started.md"));
    repository =
        LinkedRepository.create(
            temp.resolve("repository"), Path.of(System.getProperty("maven.repository")));
    repository.add("wasmtime-jvm", VERSION, ".pom", Path.of("pom.xml"));
    repository.add("wasmtime-jvm", VERSION, ".jar", MAIN_JAR);
    repository.add("wasmtime-jvm", VERSION, "-" + PLATFORM + ".jar", NATIVES_JAR);
    installNativesTogether();
    build();
  }

  @AfterAll
  static void giveBackWhatWasDownloaded() throws IOException {
    if (repository != null) {
      repository.giveBack();
    }
    Links.deleteIn(temp);
  }

  /** The artifact that brings the natives of all platforms, of which there is one here. */
  private static void installNativesTogether() throws Exception {
    Path target = temp.resolve("natives/target");
    Path natives = Files.createDirectories(target.resolve("natives").resolve(PLATFORM));
    // What is in the libraries does not matter: the jar of the platform is installed already.
    try (Stream<Path> files = Files.list(TARGET.resolve("natives").resolve(PLATFORM))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.createFile(natives.resolve(file.getFileName()));
      }
    }
    Files.createSymbolicLink(target.resolve("classes"), TARGET.resolve("classes"));
    Files.copy(Path.of("LICENSE"), target.resolveSibling("LICENSE"));
    ChildJvm.Result result =
        java(
            Path.of("scripts/NativesJar.java").toAbsolutePath().toString(),
            target.toString(),
            "wasmtime-jvm-" + VERSION,
            VERSION.substring(0, VERSION.lastIndexOf('.')),
            "2026-01-01T00:00:00Z",
            PLATFORM,
            "--together");
    assertThat(result.exitCode()).as(result.toString()).isZero();
    for (String ending : List.of(".pom", ".jar")) {
      Path file = target.resolve("wasmtime-jvm-natives-" + VERSION + ending);
      repository.add("wasmtime-jvm-natives", VERSION, ending, file);
    }
  }

  /** The project of the README, by Maven's own versions of its plugins. */
  @Test
  void theFirstProgramOfTheReadmeRuns() throws Exception {
    Path folder = Files.createDirectories(temp.resolve("readme"));
    Fence add = fence(readme, "java", "class Add ");
    Fence command = fence(readme, "sh", "mvn ");
    write(folder, "src/main/java/Add.java", add.text());
    write(folder, "pom.xml", forThisPlatform(fence(readme, "xml", "<project ").text()));

    ChildJvm.Result result = maven(folder, List.of(command.text().strip().split(" ")));

    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(withoutColours(result.stdout()).lines())
        .containsExactlyElementsOf(readme.outputOf(add))
        .containsExactly("3");
    assertThat(withoutColours(result.stderr()).lines())
        .as("what the README says of it")
        .allMatch(line -> line.startsWith("WARNING: ") || line.isEmpty())
        .allSatisfy(line -> assertThat(line).doesNotContain("wasmtime"));
  }

  @Test
  void runsOnTheClassPath() throws Exception {
    Path sources = project.resolve("src/main/java/consumer/Add.java");
    Path unnamed = Files.createDirectories(temp.resolve("unnamed"));
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-Xlint:all",
                "-Werror",
                "-cp",
                classPath(jars),
                "-d",
                unnamed.toString(),
                sources.toString());
    assertThat(status).as("see the compiler's own messages").isZero();

    ChildJvm.Result result =
        java("--enable-native-access=ALL-UNNAMED", "-cp", classPath(jars, unnamed), "consumer.Add");

    assertThat(result).isEqualTo(PRINTS_3);
  }

  @Test
  void runsOnTheModulePath() throws Exception {
    ChildJvm.Result result =
        java(
            "--enable-native-access=io.github.wasmtimejvm",
            "-p",
            classPath(jars, classes),
            "-m",
            "consumer/consumer.Add");

    assertThat(result).isEqualTo(PRINTS_3);
  }

  @Test
  void bringsNothingButOurOwnArtifacts() throws Exception {
    assertThat(Files.readString(project.resolve("list.txt")).lines().map(String::strip))
        .filteredOn(line -> line.matches("\\S+:\\S+:.*"))
        .allMatch(line -> line.startsWith("io.github.wasmtimejvm:wasmtime-jvm"))
        .hasSize(3);
  }

  @Test
  void theKotlinOfTheDocumentsRuns() throws Exception {
    List<String> all = new ArrayList<>(jars);
    all.add(kotlinLibrary().toString());

    ChildJvm.Result result =
        java(
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classPath(all, project.resolve("target/kotlin")),
            "AddKt");

    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout().lines())
        .containsExactlyElementsOf(gettingStarted.outputOf(kotlin()))
        .containsExactly("3");
    assertThat(result.stderr()).isEmpty();
  }

  @Test
  void mainJarIsSmallAndHasNothingOfTheCommandLine() throws Exception {
    assertThat(Files.size(MAIN_JAR)).isLessThan(2_000_000);
    assertThat(entries(MAIN_JAR))
        .contains("module-info.class", "META-INF/LICENSE", "io/github/wasmtimejvm/Engine.class")
        .noneMatch(name -> name.startsWith("picocli/"))
        .noneMatch(name -> name.startsWith("io/github/wasmtimejvm/cli/"))
        .noneMatch(name -> name.startsWith("io/github/wasmtimejvm/natives/"));
  }

  @Test
  void nativesJarHasTheLibrariesAndTheirLicences() throws Exception {
    assertThat(entries(NATIVES_JAR))
        .contains("module-info.class", "META-INF/LICENSE", "META-INF/LICENSE-wasmtime")
        .anyMatch(name -> name.matches(".*/(lib)?wasmtime\\.(so|dylib|dll)"))
        .anyMatch(name -> name.matches(".*/(lib)?wasmtimejvm\\.(so|dylib|dll)"));
    assertThat(text(NATIVES_JAR, "META-INF/LICENSE-wasmtime")).contains("LLVM Exceptions");
  }

  @Test
  void commandLineJarRunsAlone() throws Exception {
    ChildJvm.Result result = java("-jar", CLI_JAR.toString(), "--version");

    assertThat(result.exitCode()).as(result.stderr()).isZero();
    assertThat(result.stderr()).as("no warning of native access").isEmpty();
    assertThat(result.stdout()).contains(VERSION, "50.0.1");
    assertThat(entries(CLI_JAR)).contains("META-INF/LICENSE", "META-INF/LICENSE-wasmtime");
  }

  @Test
  void commandLineJarStartsWithAClassForJava8() throws Exception {
    byte[] launcher = bytes(CLI_JAR, "io/github/wasmtimejvm/cli/Launcher.class");

    final int java8 = 52;
    assertThat(launcher[7]).as("the class file's major version").isEqualTo((byte) java8);
  }

  private static void build() throws Exception {
    project = Files.createDirectories(temp.resolve("consumer"));
    classes = project.resolve("target/classes");
    write(project, "pom.xml", pom());
    write(project, "src/main/kotlin/Add.kt", kotlin().text());
    write(
        project,
        "src/main/java/module-info.java",
        """
        module consumer {
          requires io.github.wasmtimejvm;
        }
        """);
    write(
        project,
        "src/main/java/consumer/Add.java",
        """
        package consumer;

        import io.github.wasmtimejvm.Engine;
        import io.github.wasmtimejvm.Instance;
        import io.github.wasmtimejvm.Linker;
        import io.github.wasmtimejvm.Module;
        import io.github.wasmtimejvm.Store;

        public final class Add {
          public static void main(String[] args) {
            String wat =
                "(module (func (export \\"add\\") (param i32 i32) (result i32)"
                    + " (i32.add (local.get 0) (local.get 1))))";
            try (Engine engine = Engine.create();
                Module module = Module.fromWat(engine, wat);
                Store store = Store.create(engine);
                Linker linker = Linker.create(engine)) {
              Instance instance = linker.instantiate(store, module);
              System.out.println(instance.func("add").call(1, 2));
            }
          }
        }
        """);
    ChildJvm.Result result =
        maven(
            project,
            List.of(
                "package",
                "exec:java", // compiles the Kotlin
                "dependency:list",
                "-DoutputFile=list.txt",
                "dependency:build-classpath",
                "-Dmdep.outputFile=classpath.txt"));
    assertThat(result.exitCode()).as(result.toString()).isZero();
    String classPath = Files.readString(project.resolve("classpath.txt")).strip();
    jars = List.of(classPath.split(File.pathSeparator));
  }

  private static String pom() throws IOException {
    return """
    <project xmlns="http://maven.apache.org/POM/4.0.0">
      <modelVersion>4.0.0</modelVersion>
      <groupId>consumer</groupId>
      <artifactId>consumer</artifactId>
      <version>1</version>
      <properties>
        <maven.compiler.release>25</maven.compiler.release>
        <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
      </properties>
      <dependencies>
        <dependency>
          <groupId>io.github.wasmtimejvm</groupId>
          <artifactId>wasmtime-jvm</artifactId>
          <version>%1$s</version>
        </dependency>
        %2$s
      </dependencies>
      <build>
        <pluginManagement>
          <plugins>%3$s</plugins>
        </pluginManagement>
        <plugins>
          <plugin>
            <artifactId>maven-compiler-plugin</artifactId>
            <configuration>
              <showWarnings>true</showWarnings>
              <compilerArgs><arg>-Xlint:all</arg><arg>-Werror</arg></compilerArgs>
            </configuration>
          </plugin>
          <plugin>
            <groupId>org.codehaus.mojo</groupId>
            <artifactId>exec-maven-plugin</artifactId>
            <version>3.6.4</version>
            <dependencies>
              <dependency>
                <groupId>org.jetbrains.kotlin</groupId>
                <artifactId>kotlin-compiler-embeddable</artifactId>
                <version>%4$s</version>
              </dependency>
            </dependencies>
            <configuration>
              <mainClass>org.jetbrains.kotlin.cli.jvm.K2JVMCompiler</mainClass>
              <includeProjectDependencies>false</includeProjectDependencies>
              <includePluginDependencies>true</includePluginDependencies>
              <arguments>
                <argument>-Werror</argument>
                <argument>-no-stdlib</argument>
                <argument>-no-reflect</argument>
                <argument>-jvm-target</argument>
                <argument>25</argument>
                <argument>-classpath</argument>
                <argument>%5$s</argument>
                <argument>-d</argument>
                <argument>target/kotlin</argument>
                <argument>src/main/kotlin/Add.kt</argument>
              </arguments>
            </configuration>
          </plugin>
        </plugins>
      </build>
    </project>
    """
        .formatted(
            VERSION,
            fence(gettingStarted, "xml", "wasmtime-jvm-natives").text(),
            plugins(),
            kotlinVersion(),
            classPath(List.of(MAIN_JAR.toString()), kotlinLibrary()));
  }

  /** The versions of our own build, whose plugins know modules. */
  private static String plugins() {
    StringBuilder plugins = new StringBuilder();
    for (String plugin : System.getProperty("consumer.plugins").split(" ")) {
      String[] name = plugin.split(":");
      plugins.append(
          "<plugin><artifactId>%s</artifactId><version>%s</version></plugin>"
              .formatted(name[0], name[1]));
    }
    return plugins.toString();
  }

  private static Fence kotlin() {
    return fence(gettingStarted, "kotlin", "fun main()");
  }

  private static Path kotlinLibrary() throws IOException {
    String version = kotlinVersion();
    return repository
        .folder()
        .resolve("org/jetbrains/kotlin/kotlin-stdlib")
        .resolve(version)
        .resolve("kotlin-stdlib-" + version + ".jar");
  }

  /** That of the guest in Kotlin, whose compiler the build has. */
  private static String kotlinVersion() throws IOException {
    return Pattern.compile("<kotlin.version>(.*)</kotlin.version>")
        .matcher(Files.readString(Path.of("src/test/guests/kotlin/pom.xml")))
        .results()
        .map(found -> found.group(1))
        .findFirst()
        .orElseThrow();
  }

  private static Fence fence(Document document, String language, String part) {
    List<Fence> found =
        document.fences(language).stream().filter(fence -> fence.text().contains(part)).toList();
    assertThat(found).as("%s with %s in %s", language, part, document.file()).hasSize(1);
    return found.getFirst();
  }

  private static String forThisPlatform(String pom) {
    assertThat(pom)
        .contains("<version>" + VERSION + "</version>", "<classifier>linux-x86_64</classifier>");
    return pom.replace("linux-x86_64", PLATFORM);
  }

  private static String withoutColours(String text) {
    return text.replaceAll("\u001b\\[[0-9;]*m", "");
  }

  private static String classPath(List<String> jars, Path... more) {
    List<String> entries = new ArrayList<>(jars);
    for (Path entry : more) {
      entries.add(entry.toString());
    }
    return String.join(File.pathSeparator, entries);
  }

  private static void write(Path folder, String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  /** Runs Maven with our repository; its command's own word "mvn" may be among the arguments. */
  private static ChildJvm.Result maven(Path folder, List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("maven.home"), "bin", "mvn").toString());
    command.addAll(List.of("-B", "-ntp", "-Dmaven.repo.local=" + repository.folder()));
    command.addAll(
        arguments.getFirst().equals("mvn") ? arguments.subList(1, arguments.size()) : arguments);
    return ChildProcess.in(folder)
        .env("JAVA_HOME", System.getProperty("java.home"))
        .env("MAVEN_OPTS", String.join(" ", ChildJvm.START_QUICKLY))
        .run(command);
  }

  private static ChildJvm.Result java(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ChildJvm.START_QUICKLY);
    command.addAll(List.of(arguments));
    return ChildProcess.in(temp).run(command);
  }

  private static Path jar(String classifier) {
    return TARGET.resolve("wasmtime-jvm-" + VERSION + classifier + ".jar");
  }

  private static List<String> entries(Path file) throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      return jar.stream().map(entry -> entry.getName()).toList();
    }
  }

  private static String text(Path file, String entry) throws IOException {
    return new String(bytes(file, entry), UTF_8);
  }

  private static byte[] bytes(Path file, String entry) throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      return jar.getInputStream(jar.getJarEntry(entry)).readAllBytes();
    }
  }
}
