package io.github.wasmtimejvm.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.ChildProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A project of somebody else's, built by Maven with nothing of ours but the installed artifacts,
 * and what the jars among them hold.
 *
 * <p>They are installed into a repository of the test's own, which takes Maven's plugins from the
 * one of this build.
 */
class ConsumerIT {
  private static final String PLATFORM = System.getProperty("wasmtimejvm.platform");
  private static final String VERSION = System.getProperty("wasmtimejvm.version");
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path MAIN_JAR = jar("");
  private static final Path NATIVES_JAR = jar("-" + PLATFORM);
  private static final Path CLI_JAR = jar("-cli");

  @TempDir private static Path temp;

  private static Path repository;

  @TempDir private Path project;

  @BeforeAll
  static void install() throws Exception {
    repository = temp.resolve("repository");
    install(MAIN_JAR);
    install(NATIVES_JAR, "-Dclassifier=" + PLATFORM);
  }

  private static void install(Path jar, String... more) throws Exception {
    List<String> arguments = new ArrayList<>();
    arguments.add(System.getProperty("consumer.install") + ":install-file");
    arguments.add("-DlocalRepositoryPath=" + repository);
    arguments.add("-DpomFile=" + Path.of("pom.xml").toAbsolutePath());
    arguments.add("-Dfile=" + jar);
    arguments.addAll(List.of(more));
    // Outside any project: the plugin is to install what it is given and no more.
    ChildJvm.Result result = maven(temp, arguments);
    assertThat(result.exitCode()).as(result.stdout()).isZero();
  }

  @Test
  void runsOnTheClassPath() throws Exception {
    List<String> jars = build();

    ChildJvm.Result result =
        java(
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            String.join(File.pathSeparator, jars),
            "consumer.Add");

    assertThat(result).isEqualTo(new ChildJvm.Result(0, "3" + System.lineSeparator(), ""));
  }

  @Test
  void runsOnTheModulePath() throws Exception {
    write(
        "src/main/java/module-info.java",
        """
        module consumer {
          requires io.github.wasmtimejvm;
        }
        """);
    List<String> jars = build();

    ChildJvm.Result result =
        java(
            "--enable-native-access=io.github.wasmtimejvm",
            "-p",
            String.join(File.pathSeparator, jars),
            "-m",
            "consumer/consumer.Add");

    assertThat(result).isEqualTo(new ChildJvm.Result(0, "3" + System.lineSeparator(), ""));
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

  /** Builds the consumer and returns the class path that it runs with. */
  private List<String> build() throws Exception {
    write("pom.xml", pom());
    write(
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
                "-s",
                write("settings.xml", settings()).toString(),
                "-Dmaven.repo.local=" + repository,
                "package",
                "dependency:list",
                "-DoutputFile=list.txt",
                "dependency:build-classpath",
                "-Dmdep.outputFile=classpath.txt"));
    assertThat(result.exitCode()).as(result.stdout()).isZero();

    String ours = "io.github.wasmtimejvm:wasmtime-jvm:jar:";
    assertThat(Files.readString(project.resolve("list.txt")).lines().map(String::strip))
        .filteredOn(line -> line.matches("\\S+:\\S+:.*"))
        .allMatch(line -> line.startsWith(ours))
        .hasSize(2);

    List<String> jars = new ArrayList<>();
    jars.add(project.resolve("target/classes").toString());
    String classPath = Files.readString(project.resolve("classpath.txt")).strip();
    jars.addAll(List.of(classPath.split(File.pathSeparator)));
    return jars;
  }

  private static String pom() {
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
        <dependency>
          <groupId>io.github.wasmtimejvm</groupId>
          <artifactId>wasmtime-jvm</artifactId>
          <version>%1$s</version>
          <classifier>%2$s</classifier>
          <scope>runtime</scope>
        </dependency>
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
        </plugins>
      </build>
    </project>
    """
        .formatted(VERSION, PLATFORM, plugins());
  }

  /** The versions of our own build: they are in its local repository. */
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

  private static String settings() {
    return """
    <settings>
      <profiles>
        <profile>
          <id>this-build</id>
          <pluginRepositories>
            <pluginRepository>
              <id>this-build</id>
              <url>%s</url>
              <releases><checksumPolicy>ignore</checksumPolicy></releases>
            </pluginRepository>
          </pluginRepositories>
        </profile>
      </profiles>
      <activeProfiles><activeProfile>this-build</activeProfile></activeProfiles>
    </settings>
    """
        .formatted(Path.of(System.getProperty("maven.repository")).toUri());
  }

  private Path write(String file, String text) throws IOException {
    Path path = project.resolve(file);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, text);
  }

  private static ChildJvm.Result maven(Path folder, List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("maven.home"), "bin", "mvn").toString());
    command.addAll(List.of("-B", "-ntp"));
    command.addAll(arguments);
    return ChildProcess.in(folder).env("JAVA_HOME", System.getProperty("java.home")).run(command);
  }

  private static ChildJvm.Result java(String... arguments) throws Exception {
    return ChildProcess.in(temp)
        .run(
            Stream.concat(
                    Stream.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()),
                    Stream.of(arguments))
                .toList());
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
