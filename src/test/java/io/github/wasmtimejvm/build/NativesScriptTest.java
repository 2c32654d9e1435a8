package io.github.wasmtimejvm.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.ChildProcess;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What scripts/natives does when something is wrong. It runs in a copy of its part of the
 * repository, where pip finds a small wheel in a folder, under the real wheel's name, instead of
 * the real one.
 */
class NativesScriptTest {
  private static final String PLATFORM = System.getProperty("wasmtimejvm.platform");
  private static final String WRONG_HASH = "0".repeat(64);
  private static final byte[] LIBRARY = "not really an engine".getBytes(UTF_8);

  @TempDir private Path copy;

  private Path wheels;
  private Path bin;
  private Lock lock;

  /** The line of native/natives.lock for this machine. */
  private record Lock(
      String platform, String tag, String wheel, String wheelHash, String path, String hash) {
    static Lock ofHost() throws IOException {
      try (Stream<String> lines = Files.lines(Path.of("native/natives.lock"))) {
        String[] line =
            lines
                .filter(text -> text.startsWith(PLATFORM + " "))
                .findFirst()
                .orElseThrow()
                .split(" ");
        return new Lock(line[0], line[1], line[2], line[3], line[4], line[5]);
      }
    }

    Lock withHashes(String wheelHash, String hash) {
      return new Lock(platform, tag, wheel, wheelHash, path, hash);
    }

    void write(Path copy) throws IOException {
      Files.writeString(
          copy.resolve("native/natives.lock"),
          String.join(" ", platform, tag, wheel, wheelHash, path, hash) + "\n");
    }
  }

  @BeforeEach
  void copyTheScript() throws Exception {
    for (String file :
        List.of(
            "scripts/natives",
            "scripts/lib.sh",
            "native/shim.c",
            "native/runtimes.c",
            "native/runtimes.h",
            "native/ziglang.txt",
            "native/natives.lock")) {
      Path to = copy.resolve(file);
      Files.createDirectories(to.getParent());
      Files.copy(Path.of(file), to);
    }
    wheels = Files.createDirectory(copy.resolve("wheels"));
    bin = Files.createDirectory(copy.resolve("bin"));
    Lock real = Lock.ofHost();
    byte[] wheel = writeWheel(wheels.resolve(real.wheel()), real.path());
    lock = real.withHashes(sha256(wheel), sha256(LIBRARY));
    lock.write(copy);
  }

  @Test
  void putsTheLibraryThereOnce() throws Exception {
    ChildJvm.Result first = natives(fromWheels());

    assertThat(first.exitCode()).as(first.stderr()).isZero();
    assertThat(library()).hasBinaryContent(LIBRARY);
    assertThat(library().resolveSibling("LICENSE-wasmtime")).hasContent("the licence");

    Files.delete(wheels.resolve(lock.wheel()));
    ChildJvm.Result second = natives(fromWheels());

    assertThat(second.exitCode()).as(second.stderr()).isZero();
    assertThat(second.stdout()).isEmpty();
  }

  @Test
  void isNotMisledByWhatAKilledRunLeft() throws Exception {
    Files.createDirectories(library().getParent());
    Files.writeString(library(), "half of");
    Path unfinished = Files.createDirectories(copy.resolve("target/natives/tmp.killed"));
    Files.writeString(unfinished.resolve("library"), "half of");

    ChildJvm.Result result = natives(fromWheels());

    assertThat(result.exitCode()).as(result.stderr()).isZero();
    assertThat(library()).hasBinaryContent(LIBRARY);
  }

  @Test
  void wrongHashOfTheWheel() throws Exception {
    lock.withHashes(WRONG_HASH, lock.hash()).write(copy);

    assertFails(natives(fromWheels()), "SHA-256", lock.wheel(), "correct the pin");
    assertCanStartAgain();
  }

  @Test
  void wrongHashOfTheLibrary() throws Exception {
    lock.withHashes(lock.wheelHash(), WRONG_HASH).write(copy);

    assertFails(
        natives(fromWheels()), "SHA-256", lock.path(), WRONG_HASH, "correct native/natives.lock");
    assertCanStartAgain();
  }

  @Test
  void noNetwork() throws Exception {
    try (Socket deaf = new Socket()) {
      deaf.bind(new InetSocketAddress("127.0.0.1", 0)); // and nobody else can listen there
      ChildProcess offline =
          script()
              .env("PIP_INDEX_URL", "http://127.0.0.1:" + deaf.getLocalPort() + "/simple")
              .env("PIP_RETRIES", "0");

      assertFails(natives(offline), "Cannot get the engine", lock.wheel(), "check the network");
    }
    assertCanStartAgain();
  }

  @Test
  void noPython() throws Exception {
    assertFails(natives(fromWheels().env("PATH", bin.toString())), "install Python 3 with pip");
    assertNothingWasDone();
  }

  @Test
  void noPip() throws Exception {
    // As Python does when it cannot import a module.
    fake("python3", "exit 1");
    fake("python", "exit 1");

    assertFails(natives(fakesFirst()), "Python has no pip", "python3-pip");
    assertNothingWasDone();
  }

  @Test
  void unknownPlatform() throws Exception {
    assertFails(natives(fromWheels(), "linux-sparc"), "no platform linux-sparc", lock.platform());
    assertFails(natives(fromWheels(), PLATFORM, "linux-sparc"), "no platform linux-sparc");
    assertNothingWasDone();
  }

  @Test
  void unknownSystemOrProcessor() throws Exception {
    fake("uname", "[ \"$1\" = -s ] && echo Plan9 || echo x86_64");
    assertFails(natives(fakesFirst()), "system Plan9", "use Linux, macOS or Windows");

    fake("uname", "[ \"$1\" = -s ] && echo Linux || echo sparc64");
    assertFails(natives(fakesFirst()), "processor sparc64", "x86_64 or aarch64");
    assertNothingWasDone();
  }

  @Test
  void shimThatDoesNotCompile() throws Exception {
    Path shim = copy.resolve("native/shim.c");
    String good = Files.readString(shim);
    Files.writeString(shim, "int main(");

    assertFails(natives(fromWheels()), "native/*.c, does not compile");

    Files.writeString(shim, good);
    assertCanStartAgain();
  }

  private static void assertFails(ChildJvm.Result result, String... parts) {
    assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
    assertThat(result.stderr().lines()).as("one sentence on standard error").hasSize(1);
    assertThat(result.stderr().strip()).contains(parts).endsWith(".");
  }

  private void assertNothingWasDone() {
    assertThat(copy.resolve("target")).doesNotExist();
  }

  /** With what was wrong put right, the next run does the whole work. */
  private void assertCanStartAgain() throws Exception {
    lock.write(copy);
    ChildJvm.Result again = natives(fromWheels());

    assertThat(again.exitCode()).as(again.stderr()).isZero();
    assertThat(library()).hasBinaryContent(LIBRARY);
    try (Stream<Path> left = Files.list(copy.resolve("target/natives"))) {
      assertThat(left).extracting(path -> path.getFileName().toString()).containsExactly(PLATFORM);
    }
  }

  private static ChildJvm.Result natives(ChildProcess command, String... platforms)
      throws Exception {
    // The script's own first line would look for bash on the PATH, which some tests empty.
    return command.run(
        Stream.concat(Stream.of(bash(), "scripts/natives"), Stream.of(platforms)).toList());
  }

  private ChildProcess script() {
    ChildProcess command = ChildProcess.in(copy);
    for (String setting : List.of("PIP_FIND_LINKS", "PIP_NO_INDEX", "PIP_INDEX_URL")) {
      command = command.env(setting, "");
    }
    return command.env("PIP_CONFIG_FILE", copy.resolve("no-pip.conf").toString());
  }

  private ChildProcess fromWheels() {
    return script().env("PIP_NO_INDEX", "1").env("PIP_FIND_LINKS", wheels.toString());
  }

  private ChildProcess fakesFirst() {
    return fromWheels().env("PATH", bin + File.pathSeparator + System.getenv("PATH"));
  }

  private void fake(String command, String script) throws IOException {
    Path file = bin.resolve(command);
    Files.writeString(file, "#!" + bash() + "\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static String bash() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, "bash"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow()
        .toString();
  }

  private Path library() {
    String name = lock.path().substring(lock.path().lastIndexOf('/') + 1).replaceFirst("^_", "");
    return copy.resolve("target/natives").resolve(PLATFORM).resolve(name);
  }

  private static byte[] writeWheel(Path wheel, String libraryPath) throws IOException {
    String info = "wasmtime-50.0.1.dist-info/";
    Map<String, byte[]> files =
        Map.of(
            libraryPath,
            LIBRARY,
            info + "METADATA",
            "Metadata-Version: 2.1\nName: wasmtime\nVersion: 50.0.1\n".getBytes(UTF_8),
            info + "WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: false\n".getBytes(UTF_8),
            info + "RECORD",
            new byte[0],
            info + "licenses/LICENSE",
            "the licence".getBytes(UTF_8));
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(wheel))) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue());
      }
    }
    return Files.readAllBytes(wheel);
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
