package io.github.wasmtimejvm.cli;

import static io.github.wasmtimejvm.cli.CommandLine.JAR;
import static io.github.wasmtimejvm.cli.CommandLine.VERSION;
import static io.github.wasmtimejvm.cli.CommandLine.assertFails;
import static io.github.wasmtimejvm.cli.CommandLine.assertWrongUsage;
import static io.github.wasmtimejvm.cli.CommandLine.command;
import static io.github.wasmtimejvm.cli.CommandLine.guest;
import static io.github.wasmtimejvm.cli.CommandLine.java;
import static io.github.wasmtimejvm.cli.CommandLine.runIn;
import static io.github.wasmtimejvm.cli.CommandLine.success;
import static io.github.wasmtimejvm.cli.CommandLine.zeroTerminated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.ChildProcess;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The command line as it is shipped, its jar in processes of its own. What it prints for values and
 * traps was compared with the official tool's output, version 49.0.3, of which it is a copy here.
 */
class CommandLineIT {
  private static final String PLATFORM = System.getProperty("wasmtimejvm.platform");

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"0,0", "1,1", "125,125", "126,126", "200,200", "255,255", "256,0", "-1,255"})
  void exitCodeIsTheLowByteOfTheStatus(String status, int exitCode) throws Exception {
    assertThat(run("run", guest("wasi/exit.wat"), status))
        .isEqualTo(new ChildJvm.Result(exitCode, "leaving from _start\n", ""));
  }

  @Test
  void returningIsSuccess() throws Exception {
    assertThat(run("run", guest("wasi/return.wat"))).isEqualTo(success("returning\n"));
  }

  @Test
  void exitInTheStartSection() throws Exception {
    assertThat(run("run", guest("wasi/exit-start-section.wat"), "200"))
        .isEqualTo(new ChildJvm.Result(200, "leaving from the start section\n", ""));
  }

  @Test
  void trapIs134AndHasABacktrace() throws Exception {
    String file = guest("wasi/exit.wat");

    // Without an argument this guest traps, two functions deep.
    assertThat(run("run", file))
        .isEqualTo(
            new ChildJvm.Result(
                134,
                "leaving from _start\n",
                """
                Error: failed to run main module `%s`

                Caused by:
                    0: failed to invoke command default
                    1: error while executing at wasm backtrace:
                    0:     0xe5 - <unknown>!status
                    1:    0x15b - <unknown>!_start
                    2: wasm trap: wasm `unreachable` instruction executed

                """
                    .formatted(file)));
  }

  @Test
  void trapInTheStartSection() throws Exception {
    ChildJvm.Result result = run("run", guest("wasi/trap-start-section.wat"));

    assertThat(result.exitCode()).isEqualTo(134);
    assertThat(result.stderr())
        .contains("0: failed to instantiate", "<unknown>!initialize", "wasm trap:")
        .doesNotContain("\tat ");
  }

  @Test
  void endlessRecursionIsATrap() throws Exception {
    ChildJvm.Result result = run("run", "--invoke", "stack_overflow", guest("wasi/traps.wat"));

    assertThat(result.exitCode()).as(result.toString()).isEqualTo(134);
    assertThat(result.stderr())
        .contains("0: failed to invoke `stack_overflow`", "wasm trap: call stack exhausted");
  }

  @Test
  void missingFile() throws Exception {
    assertFails(run("run", "missing.wasm"), "cannot read \"missing.wasm\": no such file");
  }

  @Test
  void folderInPlaceOfAFile() throws Exception {
    assertFails(run("run", folder.toString()), "cannot read");
  }

  @Test
  void invalidText() throws Exception {
    String file = write("invalid.wat", "(module\n  (fun))");

    assertFails(run("run", file), file, "line 2, column 4");
  }

  @Test
  void invalidBinary() throws Exception {
    String file = write("invalid.wasm", "\0asm\1\0\0\0nonsense");

    assertFails(run("run", file), file, "failed to parse WebAssembly module: ");
  }

  @Test
  void invalidFunction() throws Exception {
    String file = write("invalid.wat", "(module (func (export \"_start\") i32.const 1))");

    assertFails(run("run", file), file, "failed to compile: ", "values remaining on stack");
  }

  @Test
  void missingImports() throws Exception {
    String file =
        write(
            "imports.wat", "(module (import \"a\" \"b\" (func)) (import \"c\" \"d\" (memory 1)))");

    assertFails(run("run", file), file, "a.b: needs () -> ()", "c.d: needs (memory 1)");
  }

  @Test
  void reasonsDoNotCarryTheEnginesOwnBacktrace() throws Exception {
    String file = write("invalid.wasm", "\0asm\1\0\0\0nonsense");

    assertFails(ChildProcess.in(folder).env("RUST_BACKTRACE", "1").run(command("run", file)), file);
  }

  @ParameterizedTest
  @CsvSource({
    "i32, 5, 5",
    "i32, -5, -5",
    "i32, +3, 3",
    "i32, 0x1F, 31",
    "i64, 9223372036854775807, 9223372036854775807",
    "f32, 1.5, 1.5",
    "f32, 5., 5",
    "f32, 16777217, 16777216",
    "f32, 1e-7, 0.0000001",
    "f64, -0, -0",
    "f64, 1e21, 1000000000000000000000",
    "f64, NAN, NaN",
    "f64, -infinity, -inf",
    "f64, 1e400, inf",
  })
  void invokeReadsAndWritesNumbers(String type, String argument, String result) throws Exception {
    assertThat(invoke(type, argument)).isEqualTo(success(result + "\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "f64, 5e-324, 5, 324",
    "f64, 4.9e-324, 5, 324",
    "f64, 9.9e-324, 1, 323",
    "f64, 2e-323, 2, 323",
    "f64, 2.5e-323, 25, 324",
    "f64, 2.2250738585072014e-308, 22250738585072014, 324",
    "f32, 1.4e-45, 1, 45",
    "f32, 3e-45, 3, 45",
    "f32, 1e-44, 1, 44",
    "f32, 1.1754944e-38, 11754944, 45",
  })
  void invokeWritesTheFewestDigitsOfTheSmallestNumbers(
      String type, String argument, String digits, int places) throws Exception {
    assertThat(invoke(type, argument))
        .isEqualTo(success("0." + "0".repeat(places - digits.length()) + digits + "\n"));
  }

  @ParameterizedTest
  @CsvSource({"f64, 1e23, 23", "f64, 2e23, 23", "f32, 1e10, 10"})
  void invokeWritesTheFewestDigitsOfLargeNumbers(String type, String argument, int zeros)
      throws Exception {
    assertThat(invoke(type, argument))
        .isEqualTo(success(argument.charAt(0) + "0".repeat(zeros) + "\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "i32, 4294967295",
    "i32, abc",
    "i32, -0x1",
    "f32, 1f",
    "f64, 0x1p3",
    "v128, 1",
    "funcref, null",
  })
  void invokeRefusesWhatTheOfficialToolRefuses(String type, String argument) throws Exception {
    assertFails(invoke(type, argument), type.equals("funcref") ? "func" : type);
  }

  @Test
  void invokePrintsOneResultPerLine() throws Exception {
    assertThat(invoke("swap", "1", "2")).isEqualTo(success("2\n1\n"));
    assertThat(invoke("nothing")).isEqualTo(success(""));
  }

  @Test
  void invokePrintsVectorsAndReferences() throws Exception {
    assertThat(invoke("largest v128"))
        .isEqualTo(success("340282366920938463463374607431768211455\n"));
    assertThat(invoke("null")).isEqualTo(success("<null funcref>\n"));
    assertThat(invoke("function")).isEqualTo(success("<funcref>\n"));
    assertThat(invoke("null noextern")).isEqualTo(success("<null externref>\n"));
    assertThat(invoke("null struct")).isEqualTo(success("<null anyref>\n"));
    assertThat(invoke("null exn")).isEqualTo(success("<null exnref>\n"));
    assertThat(invoke("i31")).isEqualTo(success("<anyref>\n"));
    assertThat(invoke("struct")).isEqualTo(success("<anyref>\n"));
  }

  @Test
  void invokeWithTooFewArguments() throws Exception {
    assertFails(invoke("swap", "1"), "takes 2 arguments, 1 given");
  }

  @Test
  void invokeOfNoFunction() throws Exception {
    assertFails(invoke("missing"), "exports no function \"missing\"");
  }

  @Test
  void invokeGivesTheProgramItsArgumentsToo() throws Exception {
    assertThat(run("run", "--invoke", "leave", guest("wasi/exit.wat"), "200"))
        .isEqualTo(new ChildJvm.Result(200, "leaving from leave\n", ""));
  }

  @Test
  void invokeInitializesAReactor() throws Exception {
    assertThat(run("run", "--invoke", "ready", guest("cli/reactor.wat"))).isEqualTo(success("1\n"));
  }

  @Test
  void whatFollowsTheFileIsTheProgramsOwn() throws Exception {
    List<String> arguments = List.of("--dir", "x", "--help", "-V", "--", "@file", "");
    List<String> command = new ArrayList<>(List.of("run", guest("wasi/echo.wat")));
    command.addAll(arguments);

    assertThat(run(command.toArray(String[]::new)))
        .isEqualTo(success(zeroTerminated("echo.wat", arguments)));
  }

  @Test
  void twoMinusesEndTheOptions() throws Exception {
    assertThat(run("run", "--", guest("wasi/echo.wat"), "-x"))
        .isEqualTo(success(zeroTerminated("echo.wat", List.of("-x"))));
  }

  @Test
  void argv0() throws Exception {
    assertThat(run("run", "--argv0", "other", guest("wasi/echo.wat"), "x"))
        .isEqualTo(success(zeroTerminated("other", List.of("x"))));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void argumentsThatJavaCannotReadAreRefused() throws Exception {
    assumeUnicodeArguments();
    assumeTrue(!PLATFORM.endsWith("-musl"), "every locale of musl is a UTF-8 one");

    ChildJvm.Result result =
        ChildProcess.in(folder)
            .env("LC_ALL", "C")
            .run(command("run", guest("wasi/echo.wat"), "ünïcode"));

    assertWrongUsage(result, "set LC_ALL=C.UTF-8");
  }

  @Test
  void unicodeArguments() throws Exception {
    assumeUnicodeArguments();

    ChildJvm.Result result =
        ChildProcess.in(folder)
            .env("LC_ALL", "C.UTF-8")
            .run(command("run", guest("wasi/echo.wat"), "ünïcode"));

    assertThat(result).isEqualTo(success(zeroTerminated("echo.wat", List.of("ünïcode"))));
  }

  private static void assumeUnicodeArguments() {
    assumeTrue(
        "UTF-8".equals(System.getProperty("sun.jnu.encoding")),
        "the tests run in a locale in which they cannot give such arguments");
  }

  @Test
  void environmentIsWhatTheOptionsSay() throws Exception {
    ChildJvm.Result result =
        ChildProcess.in(folder)
            .env("INHERITED", "from here")
            .env("HIDDEN", "x")
            .run(
                command(
                    "run",
                    "--env",
                    "INHERITED",
                    "--env",
                    "NAME=a=b",
                    "--env=EMPTY=",
                    "--env",
                    "NOT_SET_ANYWHERE",
                    "--env",
                    "NAME=a second value",
                    "--env",
                    "",
                    "--env=",
                    guest("wasi/echo.wat")));

    assertThat(result)
        .isEqualTo(
            success(
                zeroTerminated("echo.wat", List.of("INHERITED=from here", "NAME=a=b", "EMPTY="))));
  }

  @Test
  void standardInputIsInherited() throws Exception {
    assertThat(
            ChildProcess.in(folder)
                .stdin("first\nsecond")
                .run(command("run", guest("wasi/echo.wat"))))
        .isEqualTo(success("echo.wat\0first\nsecond"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"data", "data::/other", "./data::a::b"})
  void directoryCanBeRead(String option) throws Exception {
    write("data/input.txt", "from the host");

    assertThat(run("run", "--dir", option, guest("wasi/read-file.wat")))
        .isEqualTo(success("from the host"));
  }

  @Test
  void directoryCanBeWritten() throws Exception {
    assertThat(run("run", "--dir=" + folder, guest("cli/write-file.wat"))).isEqualTo(success(""));

    assertThat(folder.resolve("output.txt")).hasContent("written");
  }

  @Test
  void nothingCanBeReadWithoutADirectory() throws Exception {
    write("input.txt", "secret");

    final int badDescriptor = 8;
    assertThat(run("run", guest("wasi/read-file.wat")))
        .isEqualTo(new ChildJvm.Result(badDescriptor, "", ""));
  }

  @Test
  void missingDirectory() throws Exception {
    assertFails(
        run("run", "--dir", "missing", guest("wasi/read-file.wat")),
        "there is no directory \"missing\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run --target pulley64 FILE",
        "run -g1234 FILE",
        "run --config=a FILE",
        "run --preload a=b FILE"
      })
  void optionsOfTheOfficialToolAreRefused(String words) throws Exception {
    assertWrongUsage(run(words.split(" ")), "wasmtime's option -", "is not supported here");
  }

  @ParameterizedTest
  @CsvSource({
    "'', a command is missing",
    "walk, unknown command walk",
    "run, FILE to run is missing",
    "run --nope FILE, unknown option --nope",
    "run --dir, --dir needs a value",
    "run --env --invoke FILE, --env needs a value",
    "run --env =x FILE, --env needs a name",
    "run --invoke a --invoke b FILE, --invoke can be given only once",
  })
  void wrongCommandLines(String words, String reason) throws Exception {
    assertWrongUsage(run(words.isEmpty() ? new String[0] : words.split(" ")), reason);
  }

  @Test
  void versionNamesBoth() throws Exception {
    assertThat(run("--version"))
        .isEqualTo(
            success(
                "wasmtime-jvm %s (wasmtime %s)\n"
                    .formatted(VERSION, VERSION.replaceFirst("\\.[0-9]+$", ""))));
  }

  @Test
  void helpHasTheOptions() throws Exception {
    assertThat(run("--help").stdout()).contains("wasmtime-jvm run");
    assertThat(run("run", "--help").stdout()).contains("--dir", "--env", "--invoke", "--argv0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.8", "11", "24"})
  void olderJavaByItsNumber(String version) {
    assertNeedsNewerJava(
        ChildJvm.run(StartsAsIfOlder.class, JAR.toString(), version), "this is Java " + version);
  }

  /** A JVM that says it is an older one. It cannot be told so by an option. */
  static final class StartsAsIfOlder {
    public static void main(String[] args) throws Exception {
      URL jar = Path.of(args[0]).toUri().toURL();
      System.setProperty("java.specification.version", args[1]);
      try (URLClassLoader loader = new URLClassLoader(new URL[] {jar})) {
        loader
            .loadClass("io.github.wasmtimejvm.cli.Launcher")
            .getMethod("main", String[].class)
            .invoke(null, (Object) new String[] {"--version"});
      }
    }
  }

  @Test
  void olderJava() throws Exception {
    Optional<Path> old = olderJavaHome();
    assumeTrue(old.isPresent(), "no older Java stands beside this one or on the PATH");

    List<String> command = List.of(java(old.get()), "-jar", JAR.toString(), "--version");

    assertNeedsNewerJava(ChildProcess.in(folder).run(command), "Java ");
  }

  private static void assertNeedsNewerJava(ChildJvm.Result result, String version) {
    assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
    assertThat(result.stdout()).isEmpty();
    assertThat(result.stderr().lines())
        .singleElement()
        .asString()
        .contains("wasmtime-jvm needs Java 25 or later", version);
  }

  /** A JDK or JRE older than ours, in the folder that ours is in or behind the PATH's java. */
  private static Optional<Path> olderJavaHome() throws IOException {
    List<Path> candidates = new ArrayList<>();
    for (String entry : System.getenv("PATH").split(File.pathSeparator)) {
      Path java = Path.of(entry, "java");
      if (Files.isExecutable(java)) {
        candidates.add(java.toRealPath().getParent().getParent());
      }
    }
    Path ours = Path.of(System.getProperty("java.home"));
    try (Stream<Path> siblings = Files.list(Objects.requireNonNull(ours.getParent()))) {
      siblings.forEach(candidates::add);
    }
    for (Path candidate : candidates) {
      if (Files.exists(Path.of(java(candidate))) && feature(candidate) < 25) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  private static int feature(Path home) throws IOException {
    Path release = home.resolve("release");
    if (Files.isReadable(release)) {
      Matcher version =
          Pattern.compile("JAVA_VERSION=\"(?:1\\.)?([0-9]+)").matcher(Files.readString(release));
      if (version.find()) {
        return Integer.parseInt(version.group(1));
      }
    }
    return Integer.MAX_VALUE;
  }

  private ChildJvm.Result invoke(String function, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("run", "--invoke", function, guest("cli/values.wat")));
    command.addAll(List.of(arguments));
    return run(command.toArray(String[]::new));
  }

  private ChildJvm.Result run(String... arguments) throws Exception {
    return runIn(folder, arguments);
  }

  private String write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text).toString();
  }
}
