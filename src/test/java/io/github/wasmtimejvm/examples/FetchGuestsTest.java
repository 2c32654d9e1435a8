package io.github.wasmtimejvm.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.ChildProcess;
import io.github.wasmtimejvm.testing.GuestsFolder;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What scripts/fetch-guests does, and says when something is wrong. It runs in a copy of its part
 * of the repository, where pip finds a small wheel in a folder.
 */
class FetchGuestsTest {
  private static final String WRONG_HASH = "0".repeat(64);
  private static final byte[] GUEST = "not really a program".getBytes(UTF_8);

  @TempDir private Path copy;

  private Path wheels;
  private String wheelHash;

  @BeforeEach
  void copyTheScript() throws Exception {
    Files.createDirectories(copy.resolve("scripts"));
    for (String file : List.of("scripts/fetch-guests", "scripts/lib.sh")) {
      Files.copy(Path.of(file), copy.resolve(file));
    }
    wheels = Files.createDirectory(copy.resolve("wheels"));
    byte[] wheel = wheel();
    Files.write(wheels.resolve("tiny_guest-1.0-py3-none-any.whl"), wheel);
    wheelHash = sha256(wheel);
    lock(wheelHash, sha256(GUEST));
  }

  @Test
  void fetchesOnceWithTheLicences() throws Exception {
    ChildJvm.Result first = fetch(fromWheels());

    assertThat(first.exitCode()).as(first.toString()).isZero();
    assertThat(guests()).containsExactly("tiny-licences", "tiny.wasm");
    assertThat(copy.resolve("target/guests/tiny.wasm")).hasBinaryContent(GUEST);
    assertThat(copy.resolve("target/guests/tiny-licences/LICENSE")).hasContent("the licence");

    Files.delete(wheels.resolve("tiny_guest-1.0-py3-none-any.whl"));
    assertThat(fetch(fromWheels(), "tiny")).isEqualTo(new ChildJvm.Result(0, "", ""));
  }

  @Test
  void replacesAFileThatIsNotTheRightOne() throws Exception {
    Files.createDirectories(copy.resolve("target/guests"));
    Files.writeString(copy.resolve("target/guests/tiny.wasm"), "half of");

    assertThat(fetch(fromWheels()).exitCode()).isZero();

    assertThat(copy.resolve("target/guests/tiny.wasm")).hasBinaryContent(GUEST);
  }

  @Test
  void wrongHashOfTheWheel() throws Exception {
    lock(WRONG_HASH, sha256(GUEST));

    assertFails(fetch(fromWheels()), "SHA-256 of tiny-guest==1.0 is not the pinned one");
  }

  @Test
  void wrongHashOfTheGuest() throws Exception {
    lock(wheelHash, WRONG_HASH);

    assertFails(fetch(fromWheels()), "SHA-256 of tiny/guest.wasm", WRONG_HASH);
  }

  @Test
  void noNetwork() throws Exception {
    try (Socket deaf = new Socket()) {
      deaf.bind(new InetSocketAddress("127.0.0.1", 0)); // and nobody else can listen there
      ChildProcess offline =
          script()
              .env("PIP_INDEX_URL", "http://127.0.0.1:" + deaf.getLocalPort() + "/simple")
              .env("PIP_RETRIES", "0");

      assertFails(fetch(offline), "Cannot get tiny-guest==1.0", "check the network");
    }
  }

  @Test
  void noPython() throws Exception {
    assertFails(fetch(fromWheels().env("PATH", wheels.toString())), "install Python 3 with pip");
  }

  @Test
  void unknownGuest() throws Exception {
    assertFails(fetch(fromWheels(), "tiny", "huge"), "no guest huge", "tiny");
  }

  private void assertFails(ChildJvm.Result result, String... parts) throws IOException {
    new GuestsFolder(copy).assertFailed(result, parts);
  }

  private List<String> guests() throws IOException {
    return new GuestsFolder(copy).names();
  }

  private static ChildJvm.Result fetch(ChildProcess script, String... names) throws Exception {
    // The script's own first line would look for bash on the PATH, which one test empties.
    List<String> command = new ArrayList<>(List.of(bash(), "scripts/fetch-guests"));
    command.addAll(List.of(names));
    return script.run(command);
  }

  private ChildProcess script() {
    ChildProcess script = ChildProcess.in(copy);
    for (String setting : List.of("PIP_FIND_LINKS", "PIP_NO_INDEX", "PIP_INDEX_URL")) {
      script = script.env(setting, "");
    }
    return script.env("PIP_CONFIG_FILE", copy.resolve("no-pip.conf").toString());
  }

  private ChildProcess fromWheels() {
    return script().env("PIP_NO_INDEX", "1").env("PIP_FIND_LINKS", wheels.toString());
  }

  private static String bash() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, "bash"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow()
        .toString();
  }

  private void lock(String wheelHash, String guestHash) throws IOException {
    Files.writeString(
        copy.resolve("scripts/guests.lock"),
        "# A comment.\ntiny pip tiny-guest==1.0 %s tiny/guest.wasm %s\n"
            .formatted(wheelHash, guestHash));
  }

  private static byte[] wheel() throws IOException {
    ByteArrayOutputStream wheel = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(wheel)) {
      String info = "tiny_guest-1.0.dist-info/";
      add(zip, "tiny/guest.wasm", GUEST);
      add(zip, info + "licenses/LICENSE", "the licence".getBytes(UTF_8));
      // A Python that nobody has yet.
      add(
          zip,
          info + "METADATA",
          "Metadata-Version: 2.1\nName: tiny-guest\nVersion: 1.0\nRequires-Python: >=3.99\n"
              .getBytes(UTF_8));
      add(zip, info + "WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n".getBytes(UTF_8));
      add(zip, info + "RECORD", new byte[0]);
    }
    return wheel.toByteArray();
  }

  private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(content);
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
