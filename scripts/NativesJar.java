import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;

/**
 * Makes the natives module of each platform from what scripts/natives left in
 * target/natives/PLATFORM: as the folder "classes" there, and as a jar in target. The modules
 * differ in names only, so that their source is a text here.
 *
 * <p>java scripts/NativesJar.java TARGET JAR_PREFIX ENGINE_VERSION TIMESTAMP PLATFORM...
 *
 * <p>With {@code --together} among the platforms it also makes an artifact that has nothing itself
 * but depends on all of them: target/wasmtime-jvm-natives-VERSION.jar, with its POM beside it.
 */
public final class NativesJar {
  private static final String SERVICE = "io.github.wasmtimejvm.spi.NativesProvider";

  private static final String MODULE_INFO =
      """
      /** The native libraries of wasmtime-jvm for %1$s. */
      module %2$s {
        requires io.github.wasmtimejvm;

        provides io.github.wasmtimejvm.spi.NativesProvider with
            %2$s.Natives;
      }
      """;

  private static final String PROVIDER =
      """
      package %2$s;

      import io.github.wasmtimejvm.spi.NativesProvider;
      import java.io.FileNotFoundException;
      import java.io.IOException;
      import java.io.InputStream;

      /** The native libraries for %1$s. */
      public final class Natives implements NativesProvider {
        /** For the service loader. */
        public Natives() {}

        @Override
        public String platform() {
          return "%1$s";
        }

        @Override
        public InputStream open(String file) throws IOException {
          InputStream in = Natives.class.getResourceAsStream(file);
          if (in == null) {
            throw new FileNotFoundException("there is no " + file + " in the bundle of %1$s");
          }
          return in;
        }
      }
      """;

  private static final String TOGETHER = "--together";

  private static final String ALL_MODULE_INFO =
      """
      /** Brings the native libraries of wasmtime-jvm for all platforms, and has none itself. */
      module io.github.wasmtimejvm.natives {
      %s}
      """;

  private static final String POM =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <project xmlns="http://maven.apache.org/POM/4.0.0">
        <modelVersion>4.0.0</modelVersion>
        <groupId>io.github.wasmtimejvm</groupId>
        <artifactId>wasmtime-jvm-natives</artifactId>
        <version>%1$s</version>
        <name>wasmtime-jvm-natives</name>
        <description>The native libraries of wasmtime-jvm for all platforms.</description>
        <licenses>
          <license>
            <name>Apache-2.0</name>
            <url>https://www.apache.org/licenses/LICENSE-2.0.txt</url>
            <distribution>repo</distribution>
          </license>
        </licenses>
        <dependencies>
      %2$s  </dependencies>
      </project>
      """;

  private static final String DEPENDENCY =
      """
          <dependency>
            <groupId>io.github.wasmtimejvm</groupId>
            <artifactId>wasmtime-jvm</artifactId>
            <version>%1$s</version>
            <classifier>%2$s</classifier>
          </dependency>
      """;

  private final Path target;
  private final Path natives;
  private final Path classes;
  private final String platform;
  private final String module;

  private NativesJar(Path target, String platform) {
    this.target = target;
    this.natives = target.resolve("natives", platform);
    this.classes = natives.resolve("classes");
    this.platform = platform;
    this.module = moduleName(platform);
  }

  private static String moduleName(String platform) {
    return "io.github.wasmtimejvm.natives." + platform.replace('-', '_');
  }

  public static void main(String[] args) throws IOException {
    Path target = Path.of(args[0]);
    LocalDateTime time =
        OffsetDateTime.parse(args[3]).withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
    Set<String> platforms = new LinkedHashSet<>(List.of(args).subList(4, args.length));
    boolean together = platforms.remove(TOGETHER);
    for (String platform : platforms) {
      NativesJar jar = new NativesJar(target, platform);
      jar.compile();
      jar.addFiles(args[2]);
      pack(jar.classes, target.resolve(args[1] + "-" + platform + ".jar"), time);
    }
    if (together) {
      packTogether(target, args[1].replaceFirst("^wasmtime-jvm-", ""), platforms, time);
    }
  }

  private static void packTogether(
      Path target, String version, Set<String> platforms, LocalDateTime time) throws IOException {
    StringBuilder requires = new StringBuilder();
    StringBuilder dependencies = new StringBuilder();
    List<Path> modules = new ArrayList<>(List.of(target.resolve("classes")));
    for (String platform : platforms) {
      requires.append("  requires %s;\n".formatted(moduleName(platform)));
      dependencies.append(DEPENDENCY.formatted(version, platform));
      modules.add(target.resolve("natives", platform, "classes"));
    }
    Path folder = Files.createDirectories(target.resolve("natives", "together"));
    Path classes = folder.resolve("classes");
    Path moduleInfo =
        Files.writeString(
            folder.resolve("module-info.java"), ALL_MODULE_INFO.formatted(requires.toString()));
    compile(modules, classes, moduleInfo);
    copy(
        target.resolveSibling("LICENSE"),
        Files.createDirectories(classes.resolve("META-INF")).resolve("LICENSE"));
    String name = "wasmtime-jvm-natives-" + version;
    pack(classes, target.resolve(name + ".jar"), time);
    Files.writeString(
        target.resolve(name + ".pom"), POM.formatted(version, dependencies.toString()));
  }

  private void compile() throws IOException {
    Path source = natives.resolve("source");
    Path moduleInfo = source.resolve("module-info.java");
    Path provider = source.resolve(module.replace('.', '/'), "Natives.java");
    Files.createDirectories(provider.getParent());
    Files.writeString(moduleInfo, MODULE_INFO.formatted(platform, module));
    Files.writeString(provider, PROVIDER.formatted(platform, module));
    compile(List.of(target.resolve("classes")), classes, moduleInfo, provider);
  }

  private static void compile(List<Path> modulePath, Path classes, Path... sources) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--release",
                "25",
                // Not "module": it does not like names that end in a digit, as x86_64 does.
                "-Xlint:all,-module",
                "-Werror",
                "--module-path",
                join(modulePath),
                "-d",
                classes.toString()));
    for (Path source : sources) {
      arguments.add(source.toString());
    }
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    if (status != 0) {
      throw new IllegalStateException("what is in " + classes + " does not compile");
    }
  }

  private static String join(List<Path> paths) {
    return String.join(File.pathSeparator, paths.stream().map(Path::toString).toList());
  }

  private void addFiles(String engineVersion) throws IOException {
    Path bundle = classes.resolve(module.replace('.', '/'));
    String engine = libraryName("wasmtime");
    String shim = libraryName("wasmtimejvm");
    String engineHash = copy(natives.resolve(engine), bundle.resolve(engine));
    String shimHash = copy(natives.resolve(shim), bundle.resolve(shim));
    String description =
        """
        platform=%s
        engine.version=%s
        engine.file=%s
        engine.size=%s
        engine.sha256=%s
        shim.file=%s
        shim.size=%s
        shim.sha256=%s
        """
            .formatted(
                platform,
                engineVersion,
                engine,
                Files.size(bundle.resolve(engine)),
                engineHash,
                shim,
                Files.size(bundle.resolve(shim)),
                shimHash);
    Files.writeString(
        bundle.resolve("natives.properties"),
        description + "content.sha256=" + sha256(description.getBytes(UTF_8)) + "\n");

    Path metaInf = Files.createDirectories(classes.resolve("META-INF"));
    copy(target.resolveSibling("LICENSE"), metaInf.resolve("LICENSE"));
    copy(natives.resolve("LICENSE-wasmtime"), metaInf.resolve("LICENSE-wasmtime"));
    // The class path finds the provider here, the module path in module-info.
    Path services = Files.createDirectories(metaInf.resolve("services"));
    Files.writeString(services.resolve(SERVICE), module + ".Natives\n");
  }

  /** Returns what scripts/natives calls the library on this platform. */
  private String libraryName(String name) {
    String system = platform.substring(0, platform.indexOf('-'));
    return switch (system) {
      case "linux" -> "lib" + name + ".so";
      case "macos" -> "lib" + name + ".dylib";
      case "windows" -> name + ".dll";
      default -> throw new IllegalArgumentException("unknown platform " + platform);
    };
  }

  private static void pack(Path classes, Path jar, LocalDateTime time) throws IOException {
    Path part = classes.resolveSibling(jar.getFileName() + ".part");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(part))) {
      entry(out, "META-INF/MANIFEST.MF", time).write("Manifest-Version: 1.0\n\n".getBytes(UTF_8));
      for (Path file : filesIn(classes)) {
        String name = classes.relativize(file).toString().replace('\\', '/');
        Files.copy(file, entry(out, name, time));
      }
    }
    Files.move(part, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  private static OutputStream entry(JarOutputStream out, String name, LocalDateTime time)
      throws IOException {
    JarEntry entry = new JarEntry(name);
    entry.setTimeLocal(time);
    out.putNextEntry(entry);
    return out;
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** Copies a file and returns the SHA-256 of its bytes. */
  private static String copy(Path from, Path to) throws IOException {
    byte[] bytes = Files.readAllBytes(from);
    Files.write(to, bytes);
    return sha256(bytes);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
