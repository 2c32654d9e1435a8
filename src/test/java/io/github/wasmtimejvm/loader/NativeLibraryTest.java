package io.github.wasmtimejvm.loader;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.ValType;
import io.github.wasmtimejvm.spi.NativesProvider;
import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.ChildProcess;
import io.github.wasmtimejvm.testing.ClassPathLoader;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntUnaryOperator;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
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

/** How the native libraries are found, kept and loaded: each case in JVMs of its own. */
class NativeLibraryTest {
  private static final String WORKS = "42\n";
  private static final String KEPT_NOWHERE = "The native libraries cannot be kept in ";

  // Where our classes, these tests and the natives are: folders or jars.
  private static Path main;
  private static Path tests;
  private static Path natives;

  private static NativesProvider provider;
  private static Properties properties;

  @TempDir private Path folder;
  private Path cache;
  private Path temporary;

  @BeforeAll
  static void findTheNatives() throws Exception {
    provider =
        ServiceLoader.load(NativesProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(found -> found.platform().equals(Platform.host()))
            .findFirst()
            .orElseThrow();
    properties = new Properties();
    try (InputStream in = provider.open("natives.properties")) {
      properties.load(in);
    }
    main = location(NativeLibrary.class);
    tests = location(NativeLibraryTest.class);
    natives = location(provider.getClass());
  }

  private static Path location(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  @BeforeEach
  void createFolders() throws IOException {
    cache = folder.resolve("cache");
    temporary = Files.createDirectory(folder.resolve("tmp"));
  }

  /** A child JVM with our folders, the natives and these flags. */
  private ChildJvm.Prepared child(String... flags) {
    List<String> all =
        new ArrayList<>(List.of("-Dwasmtimejvm.cache=" + cache, "-Djava.io.tmpdir=" + temporary));
    all.addAll(List.of(flags));
    return ChildJvm.with(all.toArray(String[]::new)).classPath(main, tests, natives);
  }

  /** The folder in the cache that the libraries are kept in. */
  private Path kept() {
    return cache.resolve(properties.getProperty("content.sha256"));
  }

  private static String engineFile() {
    return properties.getProperty("engine.file");
  }

  private static String shimFile() {
    return properties.getProperty("shim.file");
  }

  private static List<String> namesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private void assertKeptOnce() throws IOException {
    assertThat(namesIn(cache)).containsExactly(kept().getFileName().toString());
    assertThat(namesIn(kept())).containsExactlyInAnyOrder("lock", engineFile(), shimFile());
    assertThat(namesIn(temporary)).isEmpty();
  }

  private static void assertWorks(ChildJvm.Result result) {
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).as(result.toString()).isEqualTo(WORKS);
  }

  private static void assertSays(ChildJvm.Result result, String sentence) {
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).as(result.toString()).isEqualTo(sentence + "\n");
  }

  /** Runs a guest, or says what the error says. */
  static final class Start {
    public static void main(String[] args) {
      System.out.print(outcome() + "\n");
    }

    static String outcome() {
      String wat = "(module (func (export \"f\") (result i32) i32.const 42))";
      try (Engine engine = Engine.create();
          Module module = Module.fromWat(engine, wat);
          Store store = Store.create(engine)) {
        return Instance.create(store, module).func("f").call().toString();
      } catch (UnsatisfiedLinkError e) {
        return e.getMessage();
      }
    }
  }

  @Test
  void theLibrariesAreKeptOnceForAllLaterStarts() throws IOException {
    ChildJvm.Result first = child().run(Start.class);
    assertWorks(first);
    assertThat(first.stderr()).doesNotContain(KEPT_NOWHERE);
    assertKeptOnce();
    Object key = Files.getLastModifiedTime(kept().resolve(engineFile()));

    assertWorks(child().run(Start.class));
    assertKeptOnce();
    assertThat(Files.getLastModifiedTime(kept().resolve(engineFile()))).isEqualTo(key);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theCacheIsTheUsersOwn() throws IOException {
    ChildJvm.Result result =
        ChildJvm.with()
            .classPath(main, tests, natives)
            .env("XDG_CACHE_HOME", folder.resolve("xdg").toString())
            .run(Start.class);

    assertWorks(result);
    cache = folder.resolve("xdg").resolve("wasmtime-jvm");
    assertKeptOnce();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept())))
        .isEqualTo("rwx------");
  }

  @Test
  void withoutANativesJarTheDependencyIsNamed() {
    ChildJvm.Result result = child().classPath(main, tests).run(Start.class);

    assertSays(
        result,
        "No native library for %1$s on the class path or module path; add the dependency"
                .formatted(provider.platform())
            + " io.github.wasmtimejvm:wasmtime-jvm with <classifier>%1$s</classifier>, in the"
                .formatted(provider.platform())
            + " version of wasmtime-jvm itself, or wasmtime-jvm-natives, which has all platforms."
            + " An"
            + " image made by jlink needs --add-modules %s."
                .formatted(provider.getClass().getPackageName()));
  }

  /** Tries twice: the second failure must say as much as the first. */
  static final class StartTwice {
    public static void main(String[] args) {
      String first = Start.outcome();
      String second = Start.outcome();
      System.out.print(first.equals(second) ? first + "\n" : first + " | " + second + "\n");
    }
  }

  @Test
  void aFailureIsSaidEachTime() {
    ChildJvm.Result result = child().classPath(main, tests).run(StartTwice.class);

    assertThat(result.stdout()).as(result.toString()).startsWith("No native library for ");
    assertThat(result.stdout().lines()).hasSize(1).noneMatch(line -> line.contains(" | "));
  }

  @Test
  void aLibraryThatIsNotThisEngineIsRefused() {
    String name = System.mapLibraryName("zip");
    Path home = Path.of(System.getProperty("java.home"));
    Path other = home.resolve(OS.current() == OS.WINDOWS ? "bin" : "lib").resolve(name);

    assertSays(
        child("-Dwasmtimejvm.library=" + other).run(Start.class),
        other + " is not the Wasmtime C API 50.0, the only version this release binds.");
  }

  @Test
  void aFileThatIsNoLibraryIsRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "no library");
    ChildJvm.Result result = child("-Dwasmtimejvm.library=" + text).run(Start.class);

    assertThat(result.stdout())
        .as(result.toString())
        .startsWith("Cannot load " + text)
        .contains("noexec", "-Dwasmtimejvm.cache", "glibc, musl", "libgcc");
  }

  @Test
  void ownLibrariesNeedNoNativesJar() throws IOException {
    Path engine = folder.resolve("own-engine");
    Path shim = folder.resolve("own-shim");
    try (InputStream engineBytes = provider.open(engineFile());
        InputStream shimBytes = provider.open(shimFile())) {
      Files.copy(engineBytes, engine);
      Files.copy(shimBytes, shim);
    }
    ChildJvm.Result result =
        child("-Dwasmtimejvm.library=" + engine, "-Dwasmtimejvm.shim=" + shim)
            .classPath(main, tests)
            .run(Start.class);

    assertWorks(result);
    assertThat(cache).doesNotExist();
  }

  @Test
  void aCacheThatCannotBeWrittenIsReplacedByATemporaryFolderForThisProcess() throws IOException {
    Files.writeString(cache, "a file stands here");
    ChildJvm.Result result = child().run(StartTwice.class);

    assertWorks(result);
    assertThat(result.stderr()).as(result.toString()).containsOnlyOnce(KEPT_NOWHERE + kept());
    assertThat(result.stderr()).contains("-Dwasmtimejvm.cache");
    assertThat(cache).hasContent("a file stands here");
    assertThat(namesIn(temporary)).isEmpty();
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "files have no POSIX permissions there")
  void aCacheThatOthersMayWriteToIsNotTrusted() throws IOException {
    Files.createDirectories(kept());
    Files.setPosixFilePermissions(kept(), PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.writeString(kept().resolve(engineFile()), "planted");
    Files.writeString(kept().resolve(shimFile()), "planted");
    ChildJvm.Result result = child().run(StartTwice.class);

    assertWorks(result);
    assertThat(result.stderr()).as(result.toString()).containsOnlyOnce(KEPT_NOWHERE + kept());
    assertThat(result.stderr()).contains("its mode must be 0700");
    assertThat(kept().resolve(engineFile())).hasContent("planted");
    assertThat(namesIn(temporary)).isEmpty();
  }

  @Test
  void whereNothingCanBeWrittenBothPlacesAreNamed() throws IOException {
    Files.writeString(cache, "a file stands here");
    Files.delete(temporary);
    ChildJvm.Result result = child().run(Start.class);

    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout())
        .startsWith(
            "The native libraries can be written neither to "
                + kept()
                + " nor to a temporary folder: ");
  }

  /** Starts when so many others do: each puts a file into a folder and waits for the rest. */
  static final class StartTogether {
    public static void main(String[] args) throws IOException, InterruptedException {
      Path folder = Path.of(args[0]);
      Files.createFile(folder.resolve(String.valueOf(ProcessHandle.current().pid())));
      while (namesIn(folder).size() < Integer.parseInt(args[1])) {
        Thread.sleep(1);
      }
      Start.main(args);
    }
  }

  @Test
  void sixStartsAtOnceShareOneCopy() throws Exception {
    int count = 6;
    String ready = Files.createDirectory(folder.resolve("ready")).toString();
    List<Future<ChildJvm.Result>> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
      for (int i = 0; i < count; i++) {
        results.add(
            threads.submit(() -> child().run(StartTogether.class, ready, String.valueOf(count))));
      }
    }
    for (Future<ChildJvm.Result> result : results) {
      assertWorks(result.get());
      assertThat(result.get().stderr()).doesNotContain(KEPT_NOWHERE);
    }
    assertKeptOnce();
  }

  /** The natives but for what a subclass does to one of the files. */
  abstract static class ChangedNatives implements NativesProvider {
    private final NativesProvider real =
        ServiceLoader.load(NativesProvider.class).stream()
            .filter(found -> !ChangedNatives.class.isAssignableFrom(found.type()))
            .findFirst()
            .orElseThrow()
            .get();

    @Override
    public String platform() {
      return real.platform();
    }

    @Override
    public InputStream open(String file) throws IOException {
      InputStream in = real.open(file);
      return file.contains(System.getProperty("changed.file")) ? changed(in) : in;
    }

    abstract InputStream changed(InputStream in) throws IOException;
  }

  /** The process ends, as if killed, half-way through a file. */
  public static final class HaltingNatives extends ChangedNatives {
    @Override
    InputStream changed(InputStream in) throws IOException {
      byte[] all = in.readAllBytes();
      return new SequenceInputStream(
          new ByteArrayInputStream(all, 0, all.length / 2),
          new InputStream() {
            @Override
            public int read() {
              Runtime.getRuntime().halt(9);
              return -1;
            }
          });
    }
  }

  /** A file has one byte too many. */
  public static final class DamagedNatives extends ChangedNatives {
    @Override
    InputStream changed(InputStream in) {
      return new SequenceInputStream(in, new ByteArrayInputStream(new byte[1]));
    }
  }

  /** A file is not there. */
  public static final class IncompleteNatives extends ChangedNatives {
    @Override
    InputStream changed(InputStream in) throws IOException {
      throw new FileNotFoundException("there is no such file");
    }
  }

  /** A child that finds {@code natives} before the real ones, which change files of that name. */
  private ChildJvm.Prepared childWith(Class<? extends ChangedNatives> changed, String file)
      throws IOException {
    Path services = Files.createDirectories(folder.resolve("changed/META-INF/services"));
    Files.writeString(services.resolve(NativesProvider.class.getName()), changed.getName());
    return child("-Dchanged.file=" + file)
        .classPath(folder.resolve("changed"), main, tests, natives);
  }

  @ParameterizedTest
  @CsvSource({"engine, 0", "shim, 1"})
  void aStartThatWasKilledHalfWayLeavesNothingInTheWay(String library, int complete)
      throws IOException {
    ChildJvm.Result killed =
        childWith(HaltingNatives.class, properties.getProperty(library + ".file")).run(Start.class);
    assertThat(killed.exitCode()).as(killed.toString()).isEqualTo(9);
    assertThat(namesIn(kept())).hasSize(complete + 2).anyMatch(name -> name.endsWith(".part"));
    assertThat(kept().resolve(properties.getProperty(library + ".file"))).doesNotExist();

    ChildJvm.Result next = child().run(Start.class);
    assertWorks(next);
    assertThat(next.stderr()).doesNotContain(KEPT_NOWHERE);
    assertKeptOnce();
  }

  @ParameterizedTest
  @ValueSource(strings = {"engine", "shim"})
  void aDamagedJarIsRefused(String library) throws IOException {
    String file = properties.getProperty(library + ".file");
    ChildJvm.Result result = childWith(DamagedNatives.class, file).run(Start.class);

    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout())
        .matches(
            "The wasmtime-jvm natives jar is damaged, fetch it again: \\Q%s\\E has the SHA-256"
                    .formatted(file)
                + " [0-9a-f]{64} instead of %s\\.\n"
                    .formatted(properties.getProperty(library + ".sha256")));
    assertThat(namesIn(kept())).doesNotContain(file).noneMatch(name -> name.endsWith(".part"));
    assertThat(namesIn(temporary)).isEmpty();
  }

  @Test
  void aDamagedJarLeavesNoTemporaryFolderEither() throws IOException {
    Files.writeString(cache, "a file stands here");
    ChildJvm.Result result = childWith(DamagedNatives.class, shimFile()).run(Start.class);

    assertThat(result.stdout())
        .as(result.toString())
        .startsWith("The wasmtime-jvm natives jar is damaged, fetch it again: " + shimFile());
    assertThat(namesIn(temporary)).isEmpty();
  }

  @Test
  void anIncompleteJarIsRefused() throws IOException {
    assertSays(
        childWith(IncompleteNatives.class, "natives.properties").run(Start.class),
        "The wasmtime-jvm natives jar is damaged: there is no such file");
    ChildJvm.Result result = childWith(IncompleteNatives.class, engineFile()).run(Start.class);
    assertThat(result.stdout()).as(result.toString()).contains("there is no such file");
    assertThat(namesIn(temporary)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "Linux, riscv64",
    "Linux, x86",
    "SunOS, sparcv9",
    "FreeBSD, amd64",
  })
  void aPlatformWithoutLibrariesIsNamed(String os, String arch) {
    assertThatExceptionOfType(UnsatisfiedLinkError.class)
        .isThrownBy(() -> Platform.name(os, arch))
        .withMessage(
            "wasmtime-jvm has no native library for %s on %s; it runs on Linux, macOS and Windows"
                    .formatted(os, arch)
                + " on x86_64 and aarch64.");
  }

  @Test
  void anEngineOnSuchAPlatformSaysTheSame() {
    assertSays(
        child("-Dos.arch=riscv64").run(Start.class),
        "wasmtime-jvm has no native library for %s on riscv64; it runs on Linux, macOS and Windows"
                .formatted(System.getProperty("os.name"))
            + " on x86_64 and aarch64.");
  }

  @ParameterizedTest
  @CsvSource({
    "Mac OS X, x86_64, macos-x86_64",
    "Mac OS X, aarch64, macos-aarch64",
    "Windows 11, amd64, windows-x86_64",
    "Windows Server 2025, aarch64, windows-aarch64",
  })
  void platformsAreNamedLikeTheClassifiers(String os, String arch, String platform) {
    assertThat(Platform.name(os, arch)).isEqualTo(platform);
  }

  @Test
  void thePlatformOfThisJvmIsThatOfTheNatives() {
    assertThat(Platform.host())
        .isEqualTo(provider.platform())
        .isEqualTo(properties.getProperty("platform"));
  }

  /** In a class loader of its own: a guest that calls the host. */
  public static final class Times implements IntUnaryOperator {
    private static final FuncType TYPE = FuncType.of(ValType.I32).returns(ValType.I32);
    private static final String WAT =
        """
        (module
          (import "host" "f" (func $f (param i32) (result i32)))
          (func (export "f") (param i32) (result i32) (call $f (local.get 0))))
        """;

    private final Instance guest;

    /** The guest's function multiplies by {@code factor}, in Java. */
    public Times(int factor) {
      Engine engine = Engine.create();
      Linker linker = Linker.create(engine);
      linker.define("host", "f", TYPE, (caller, args) -> (int) args[0] * factor);
      guest = linker.instantiate(Store.create(engine), Module.fromWat(engine, WAT));
    }

    @Override
    public int applyAsInt(int number) {
      return (int) guest.func("f").call(number);
    }
  }

  /** Loads our classes, and with them the libraries, twice. */
  static final class TwoClassLoaders {
    public static void main(String[] args) throws Exception {
      List<IntUnaryOperator> guests = new ArrayList<>();
      for (int factor : new int[] {10, 100}) {
        guests.add(
            (IntUnaryOperator)
                ClassPathLoader.create()
                    .loadClass(Times.class.getName())
                    .getConstructor(int.class)
                    .newInstance(factor));
      }
      System.out.print(
          "%d %d\n".formatted(guests.get(0).applyAsInt(3), guests.get(1).applyAsInt(3)));
    }
  }

  @Test
  void twoClassLoadersDoNotGetInEachOthersWay() throws IOException {
    ChildJvm.Result result = child().run(TwoClassLoaders.class);

    assertSays(result, "30 300");
    assertKeptOnce();
  }

  /** Works, and then crashes as native code does. */
  static final class Crash {
    public static void main(String[] args) {
      Start.main(args);
      System.out.flush();
      MemorySegment.ofAddress(8).reinterpret(8).set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
    }
  }

  @Test
  void crashesLeaveNoFilesBehind() throws IOException {
    for (int i = 0; i < 2; i++) {
      ChildJvm.Result result = child("-XX:-CreateCoredumpOnCrash").run(Crash.class);

      assertThat(result.stdout()).as(result.toString()).startsWith(WORKS).contains("SIGSEGV");
      assertThat(result.exitCode()).isEqualTo(1); // as it dumps no core
      assertKeptOnce();
    }
  }

  @Test
  void withoutNativeAccessTheFlagIsNamed() {
    ChildJvm.Result result =
        child("--illegal-native-access=deny").withoutNativeAccess().run(Start.class);

    assertSays(
        result,
        "Native access is not enabled: start java with --enable-native-access=ALL-UNNAMED, or"
            + " --enable-native-access=io.github.wasmtimejvm on the module path; a jar started by"
            + " java -jar may have Enable-Native-Access: ALL-UNNAMED in its manifest.");
  }

  @Test
  void theManifestOfAJarStandsForTheFlag() throws Exception {
    assertWorks(runJar("Enable-Native-Access"));
    assertThat(runJar("Something-Else").stdout()).startsWith("Native access is not enabled: ");
  }

  /** Runs a jar by {@code java -jar}, whose manifest has the value ALL-UNNAMED for this. */
  private ChildJvm.Result runJar(String attribute) throws Exception {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, Start.class.getName());
    attributes.put(
        Attributes.Name.CLASS_PATH,
        Stream.of(main, tests, natives).map(Path::toUri).map(URI::toString).collect(joining(" ")));
    attributes.putValue(attribute, "ALL-UNNAMED");
    Path jar = folder.resolve("program.jar");
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    return ChildProcess.in(folder)
        .run(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--illegal-native-access=deny",
                "-Dwasmtimejvm.cache=" + cache,
                "-jar",
                jar.toString()));
  }
}
