package io.github.wasmtimejvm.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.ChildProcess;
import io.github.wasmtimejvm.testing.GuestsFolder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What scripts/build-guests does about a compiler that the system must have, rustc, and which names
 * scripts/build-components takes. They run in a copy of their part of the repository, with a PATH
 * of a few commands.
 */
class BuildGuestsTest {
  private static final String PRINTS_A_FOLDER = "if [ \"$1\" = --print ]; then echo /; exit; fi\n";

  @TempDir private Path copy;

  private Path bin;

  @BeforeEach
  void copyTheScript() throws Exception {
    for (String file :
        List.of(
            "scripts/build-components",
            "scripts/build-guests",
            "scripts/lib.sh",
            "scripts/tools/go.txt",
            "scripts/tools/node.txt",
            "native/ziglang.txt",
            "src/test/guests/rust/guest.rs")) {
      Path to = copy.resolve(file);
      Files.createDirectories(to.getParent());
      Files.copy(Path.of(file), to);
    }
    bin = Files.createDirectory(copy.resolve("bin"));
    for (String command : List.of("cat", "mkdir", "mktemp", "mv", "rm")) {
      fake(command, "exec '" + find(command) + "' \"$@\"");
    }
    // The interpreter itself: what is on the PATH may be a script that needs more commands.
    ChildJvm.Result python =
        ChildProcess.in(copy)
            .run(List.of("python3", "-c", "import sys; print(sys.executable, end='')"));
    fake("python3", "exec '" + python.stdout() + "' \"$@\"");
  }

  @Test
  void buildsOnce() throws Exception {
    fake("rustc", PRINTS_A_FOLDER + "while [ \"$1\" != -o ]; do shift; done; echo built > \"$2\"");

    ChildJvm.Result first = build("rust");

    assertThat(first.exitCode()).as(first.toString()).isZero();
    assertThat(guests()).containsExactly("rust.wasm", "rust.wasm.stamp");
    assertThat(copy.resolve("target/guests/rust.wasm")).hasContent("built");
    assertThat(build("rust")).isEqualTo(new ChildJvm.Result(0, "", ""));
  }

  @Test
  void buildsAgainWhenTheSourceIsAnother() throws Exception {
    buildsOnce();
    fake("rustc", PRINTS_A_FOLDER + "while [ \"$1\" != -o ]; do shift; done; echo again > \"$2\"");
    Files.writeString(copy.resolve("src/test/guests/rust/guest.rs"), "fn main() {}");

    assertThat(build("rust").exitCode()).isZero();

    assertThat(copy.resolve("target/guests/rust.wasm")).hasContent("again");
  }

  @Test
  void namesTheToolThatIsMissing() throws Exception {
    assertFails(build("rust"), "no rustc that compiles to WASI", "target wasm32-wasip1", "apt-get");
  }

  @Test
  void takesNoCompilerWithoutTheStandardLibraryOfWasi() throws Exception {
    fake("rustc", "echo /no/such/folder");

    assertFails(build("rust"), "no rustc that compiles to WASI");
  }

  @Test
  void showsWhatTheCompilerSays() throws Exception {
    fake("rustc", PRINTS_A_FOLDER + "echo 'error: expected a semicolon' >&2; exit 1");

    ChildJvm.Result result = build("rust");

    assertFails(result, "rustc cannot compile src/test/guests/rust");
    assertThat(result.stdout()).isEqualTo("error: expected a semicolon\n");
  }

  @Test
  void unknownLanguage() throws Exception {
    assertFails(build("rust", "cobol"), "no guest in cobol", "kotlin rust teavm");
  }

  @Test
  void unknownComponent() throws Exception {
    ChildJvm.Result result = run("scripts/build-components", "greeter-c", "greeter-cobol");

    assertFails(result, "no component greeter-cobol", "greeter-c greeter-js greeter-python");
  }

  private void assertFails(ChildJvm.Result result, String... parts) throws IOException {
    new GuestsFolder(copy).assertFailed(result, parts);
  }

  private List<String> guests() throws IOException {
    return new GuestsFolder(copy).names();
  }

  private ChildJvm.Result build(String... languages) throws Exception {
    return run("scripts/build-guests", languages);
  }

  private ChildJvm.Result run(String script, String... args) throws Exception {
    // The script's own first line would look for bash on the PATH.
    return ChildProcess.in(copy)
        .env("PATH", bin.toString())
        .run(Stream.concat(Stream.of(find("bash").toString(), script), Stream.of(args)).toList());
  }

  private void fake(String command, String script) throws IOException {
    Path file = bin.resolve(command);
    Files.writeString(file, "#!" + find("bash") + "\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static Path find(String command) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, command))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }
}
