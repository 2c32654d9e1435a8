package io.github.wasmtimejvm.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.ModuleCache;
import io.github.wasmtimejvm.spi.NativesProvider;
import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.ChildProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The libraries that earlier starts left, and folders that are not as they should be. */
class KeptLibrariesTest {
  private static final ChildJvm.Result LOADED = new ChildJvm.Result(0, "loaded\n", "");
  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2001-01-01T00:00:00Z"));

  private static Properties properties;

  @TempDir private Path folder;
  private Path cache;
  private Path temporary;

  @BeforeAll
  static void readTheProperties() throws IOException {
    properties = new Properties();
    for (NativesProvider provider : ServiceLoader.load(NativesProvider.class)) {
      if (provider.platform().equals(Platform.host())) {
        try (InputStream in = provider.open("natives.properties")) {
          properties.load(in);
        }
      }
    }
  }

  @BeforeEach
  void createFolders() throws IOException {
    cache = folder.resolve("cache");
    temporary = Files.createDirectory(folder.resolve("tmp"));
  }

  static final class Start {
    public static void main(String[] args) {
      try {
        Engine.create().close();
        System.out.println("loaded");
      } catch (UnsatisfiedLinkError e) {
        System.out.println(e.getMessage());
      }
    }
  }

  private ChildJvm.Result start(String... flags) throws Exception {
    return start(ChildProcess.in(folder), command(flags));
  }

  private static ChildJvm.Result start(ChildProcess process, List<String> command)
      throws Exception {
    return process.env("JAVA_TOOL_OPTIONS", "").env("JDK_JAVA_OPTIONS", "").run(command);
  }

  private List<String> command(String... flags) {
    return command(Start.class, flags);
  }

  private List<String> command(Class<?> main, String... flags) {
    List<String> all = new ArrayList<>(List.of("-Djava.io.tmpdir=" + temporary));
    all.addAll(List.of(flags));
    if (all.stream().noneMatch(flag -> flag.startsWith("-Duser.home="))) {
      all.add("-Dwasmtimejvm.cache=" + cache);
    }
    return ChildJvm.with(all.toArray(String[]::new)).builder(main).command();
  }

  private Path kept() {
    return cache.resolve(properties.getProperty("content.sha256"));
  }

  private Path kept(String library) {
    return kept().resolve(properties.getProperty(library + ".file"));
  }

  private static List<Path> filesBelow(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @ParameterizedTest
  @CsvSource({"engine, 1000", "engine, 0", "engine, -1", "shim, 1000", "shim, 0", "shim, -1"})
  void aLibraryThatWasCutShortIsExtractedAgain(String library, long size) throws Exception {
    assertThat(start()).isEqualTo(LOADED);
    byte[] right = Files.readAllBytes(kept(library));
    try (RandomAccessFile file = new RandomAccessFile(kept(library).toFile(), "rw")) {
      file.setLength(size < 0 ? right.length + size : size);
    }

    assertThat(start()).isEqualTo(LOADED);

    assertThat(kept(library)).hasBinaryContent(right);
  }

  @ParameterizedTest
  @ValueSource(strings = {"engine", "shim"})
  void aLibraryThatTheSystemDoesNotLoadIsExtractedAgain(String library) throws Exception {
    assertThat(start()).isEqualTo(LOADED);
    byte[] right = Files.readAllBytes(kept(library));
    Files.write(kept(library), new byte[right.length]);

    // Java itself says something about such a file.
    ChildJvm.Result result = start();

    assertThat(result.stdout()).as(result.toString()).isEqualTo("loaded\n");
    assertThat(result.stderr()).doesNotContain("cannot be kept");
    assertThat(kept(library)).hasBinaryContent(right);
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void aFolderInPlaceOfALibraryIsNoReasonToEnd() throws Exception {
    assertThat(start()).isEqualTo(LOADED);
    Files.delete(kept("shim"));
    Files.createFile(Files.createDirectory(kept("shim")).resolve("in the way"));

    ChildJvm.Result result = start();

    assertThat(result.stdout()).as(result.toString()).isEqualTo("loaded\n");
    assertThat(result.stderr()).contains("The native libraries cannot be kept in " + kept());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void whatIsThereIsLoadedWithoutWritingAnything() throws Exception {
    assertThat(start()).isEqualTo(LOADED);
    Files.setLastModifiedTime(kept(), LONG_AGO);

    assertThat(start()).isEqualTo(LOADED);

    assertThat(Files.getLastModifiedTime(kept())).isEqualTo(LONG_AGO);
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "files have no POSIX permissions there")
  void aFolderThatNobodyMayWriteToIsOurs() throws Exception {
    assertThat(start()).isEqualTo(LOADED);
    Files.setPosixFilePermissions(kept(), PosixFilePermissions.fromString("r-x------"));
    try {
      assertThat(start()).isEqualTo(LOADED);
    } finally {
      Files.setPosixFilePermissions(kept(), PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** In a world of its own: mounts as these commands say, and starts. */
  private ChildJvm.Result startMounted(String mounts, List<String> command) throws Exception {
    List<String> all = new ArrayList<>(List.of("unshare", "--mount", "--map-root-user"));
    all.addAll(List.of("bash", "-c", mounts + " && exec \"$@\"", "mounted"));
    all.addAll(command);
    return start(ChildProcess.in(folder), all);
  }

  private void assumeMounting() throws Exception {
    ChildJvm.Result result =
        startMounted("mount -t tmpfs none '" + temporary + "'", List.of("true"));
    assumeTrue(result.exitCode() == 0, "mounting is not allowed here");
  }

  private static String readOnly(Path folder) {
    return "mount --bind '%1$s' '%1$s' && mount -o remount,ro,bind '%1$s'".formatted(folder);
  }

  private static String empty(Path folder, String options) {
    return "mount -t tmpfs -o " + options + " none '" + folder + "'";
  }

  @ParameterizedTest
  @ValueSource(strings = {"ro", "noexec"})
  @EnabledOnOs(OS.LINUX)
  void aReadOnlyCacheIsUsed(String temporaryFolder) throws Exception {
    assumeMounting();
    assertThat(start()).isEqualTo(LOADED);

    assertThat(
            startMounted(readOnly(cache) + " && " + empty(temporary, temporaryFolder), command()))
        .isEqualTo(LOADED);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aCacheThatIsMountedNoexecIsReplacedByATemporaryCopy() throws Exception {
    assumeMounting();
    Files.createDirectory(cache);

    ChildJvm.Result result = startMounted(empty(cache, "noexec"), command());

    assertThat(result.stdout()).as(result.toString()).isEqualTo("loaded\n");
    assertThat(result.stderr()).contains("cannot be kept in " + kept(), "noexec");
    assertThat(temporary).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ro", "noexec"})
  @EnabledOnOs(OS.LINUX)
  void whereNeitherFolderWillDoBothPropertiesAreNamed(String options) throws Exception {
    assumeMounting();
    Files.createDirectory(cache);

    ChildJvm.Result result =
        startMounted(empty(cache, options) + " && " + empty(temporary, options), command());

    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).contains("-Dwasmtimejvm.cache", "-Djava.io.tmpdir");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aReadOnlyCacheOfModulesIsRead() throws Exception {
    assumeMounting();
    Path modules = folder.resolve("modules");
    List<String> command = command(UsesModuleCache.class);
    command.add(modules.toString());
    assertThat(start(ChildProcess.in(folder), command)).isEqualTo(LOADED);

    assertThat(startMounted(readOnly(modules), command)).isEqualTo(LOADED);

    // Nothing is kept in this one, which a warning says: what it has is of another module.
    command.add("another");
    assertThat(startMounted(readOnly(modules), command).stderr())
        .contains("Nothing can be written to the module cache " + modules);
  }

  static final class UsesModuleCache {
    public static void main(String[] args) {
      byte[] wasm =
          Module.wat2wasm("(module (func (export \"%s\")))".formatted(args[args.length - 1]));
      ModuleCache cache = ModuleCache.open(Path.of(args[0]), 1 << 30);
      try (Engine engine = Engine.create()) {
        cache.module(engine, wasm).close();
        System.out.println("loaded");
      }
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aRelativeCacheOfTheEnvironmentIsIgnored() throws Exception {
    Path home = folder.resolve("home");

    assertThat(
            start(
                ChildProcess.in(folder).env("XDG_CACHE_HOME", "relative"),
                command("-Duser.home=" + home)))
        .isEqualTo(LOADED);

    assertThat(folder.resolve("relative")).doesNotExist();
    assertThat(filesBelow(home.resolve(".cache/wasmtime-jvm"))).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"?", "", "relative"})
  @EnabledOnOs(OS.LINUX)
  void whoHasNoHomeGetsATemporaryCopy(String home) throws Exception {
    for (Class<?> main : List.of(Start.class, OpensUsersModuleCache.class)) {
      ChildJvm.Result result =
          start(
              ChildProcess.in(folder).env("XDG_CACHE_HOME", ""),
              command(main, "-Duser.home=" + home));

      assertThat(result.exitCode()).isZero();
      assertThat(result.stdout()).as(result.toString()).isEqualTo("loaded\n");
      assertThat(result.stderr()).contains("this user has no home folder", "-Dwasmtimejvm.cache");
      assertThat(folder.toFile().list()).containsExactly("tmp");
    }
  }

  static final class OpensUsersModuleCache {
    public static void main(String[] args) {
      try (Engine engine = Engine.create()) {
        ModuleCache.open().module(engine, Module.wat2wasm("(module)")).close();
        System.out.println("loaded");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"XDG_CACHE_HOME", "user.home", "wasmtimejvm.cache"})
  @EnabledOnOs(OS.LINUX)
  void aNameThatJavaCannotReadIsNoReasonToEnd(String place) throws Exception {
    assumeTrue("UTF-8".equals(System.getProperty("sun.jnu.encoding")), "it cannot be given");
    assumeTrue(!Platform.host().endsWith("-musl"), "every locale of musl is a UTF-8 one");
    Path odd = folder.resolve("jürgen");
    Map<String, List<String>> flags =
        Map.of(
            "XDG_CACHE_HOME", List.of("-Duser.home=" + folder),
            "user.home", List.of("-Duser.home=" + odd),
            "wasmtimejvm.cache", List.of("-Dwasmtimejvm.cache=" + odd, "-Duser.home=" + folder));
    ChildProcess process =
        ChildProcess.in(folder)
            .env("LC_ALL", "C")
            .env("XDG_CACHE_HOME", place.equals("XDG_CACHE_HOME") ? odd.toString() : "");

    for (Class<?> main : List.of(Start.class, OpensUsersModuleCache.class)) {
      ChildJvm.Result result =
          start(process, command(main, flags.get(place).toArray(String[]::new)));

      assertThat(result.exitCode()).as(result.toString()).isZero();
      assertThat(result.stdout()).as(result.toString()).isEqualTo("loaded\n");
      assertThat(result.stderr()).contains(place, "set LC_ALL=C.UTF-8");
      assertThat(folder.toFile().list()).containsExactly("tmp");
    }
  }

  /** The thread is interrupted before the libraries are looked for. */
  static final class StartInterrupted {
    public static void main(String[] args) {
      Thread.currentThread().interrupt();
      Start.main(args);
      System.out.println(Thread.interrupted() ? "and still interrupted" : "but not interrupted");
    }
  }

  @Test
  void anInterruptedThreadKeepsTheLibrariesToo() throws Exception {
    assertThat(start(ChildProcess.in(folder), command(StartInterrupted.class)))
        .isEqualTo(new ChildJvm.Result(0, "loaded\nand still interrupted\n", ""));
    assertThat(kept("engine")).exists();
    assertThat(temporary).isEmptyDirectory();
  }
}
