package io.github.wasmtimejvm.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.Caller;
import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.ExitException;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.HostFunction;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.TrapException;
import io.github.wasmtimejvm.WasmtimeException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same guests through the C API ({@code native/reference}, a child process) and through ours:
 * outcome and output must agree, but for the statuses that C loses.
 *
 * <p>C loses a status in two ways. The engine refuses {@code proc_exit} from 126 up and reports an
 * error without the number. And a C callback that called back into the guest can only hand on a
 * failure as a new trap, so an exit two layers down reaches the outer caller as an error.
 */
@DisabledOnOs(
    value = OS.WINDOWS,
    disabledReason = "the reference program is built by a shell script")
class ReferenceComparisonTest {

  private static final Path PROJECT = Path.of(System.getProperty("basedir", ""));
  private static final Path REFERENCE =
      PROJECT.resolve("target/reference/reference").toAbsolutePath();

  /** The answer of the engine to a status from 126 up. */
  private static final String REFUSED = "error exit with invalid exit status outside of [0..126)";

  private static final List<Integer> STATUSES_C_KNOWS = List.of(0, 1, 2, 125);
  private static final List<Integer> STATUSES_C_LOSES =
      List.of(126, 127, 200, 255, 256, -1, Integer.MIN_VALUE);

  /** Where a guest may call proc_exit when nothing is nested. */
  private enum Place {
    START("exit.wat", "_start"),
    EXPORT("exit.wat", "leave"),
    START_SECTION("exit-start-section.wat", "_start");

    private final String guest;
    private final String export;

    Place(String guest, String export) {
      this.guest = guest;
      this.export = export;
    }

    Run with(int status) {
      return Run.of(guest, String.valueOf(status)).invoke(export);
    }
  }

  /** One run of a guest, to be done by both. */
  private record Run(
      String guest,
      String export,
      List<String> arguments,
      List<String> environment,
      byte[] stdin,
      Path directory) {

    static Run of(String guest, String... arguments) {
      return new Run(guest, "_start", List.of(arguments), List.of(), new byte[0], null);
    }

    Run invoke(String name) {
      return new Run(guest, name, arguments, environment, stdin, directory);
    }

    Run env(String... namesAndValues) {
      return new Run(guest, export, arguments, List.of(namesAndValues), stdin, directory);
    }

    Run stdin(byte[] bytes) {
      return new Run(guest, export, arguments, environment, bytes, directory);
    }

    /** {@code host} as the guest's root. */
    Run directory(Path host) {
      return new Run(guest, export, arguments, environment, stdin, host);
    }
  }

  /**
   * How it ended, in the reference's words ({@code return}, {@code exit N}, {@code trap CODE},
   * {@code error MESSAGE}), and stdout with each byte as one character, so that a difference can be
   * read.
   */
  private record Observed(String outcome, String stdout) {}

  @TempDir private Path temporary;

  @BeforeAll
  static void buildTheReference() throws Exception {
    Process build =
        new ProcessBuilder("bash", PROJECT.resolve("scripts/build-reference").toString())
            .redirectErrorStream(true)
            .start();
    build.getOutputStream().close();
    String said = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(build.waitFor()).as(said).isZero();
  }

  static Stream<Arguments> statusesThatCKnows() {
    return everywhere(STATUSES_C_KNOWS);
  }

  static Stream<Arguments> statusesThatCLoses() {
    return everywhere(STATUSES_C_LOSES);
  }

  private static Stream<Arguments> everywhere(List<Integer> statuses) {
    return Stream.of(Place.values())
        .flatMap(place -> statuses.stream().map(status -> Arguments.of(place, status)));
  }

  @ParameterizedTest
  @MethodSource("statusesThatCKnows")
  void bothGiveTheStatus(Place place, int status) throws Exception {
    Observed c = inC(place.with(status), status);
    assertThat(c.outcome()).isEqualTo("exit " + status);
    assertThat(c.stdout()).startsWith("leaving from ").hasLineCount(1);
    assertThat(inJava(place.with(status))).isEqualTo(c);
  }

  @ParameterizedTest
  @MethodSource("statusesThatCLoses")
  void javaGivesTheStatusThatCLoses(Place place, int status) throws Exception {
    Observed c = inC(place.with(status), 1);
    assertThat(c.outcome()).isEqualTo(REFUSED);
    assertThat(c.stdout()).startsWith("leaving from ").hasLineCount(1);
    assertThat(inJava(place.with(status))).isEqualTo(new Observed("exit " + status, c.stdout()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 125, 126, 127, 200, 255, 256, -1, Integer.MIN_VALUE})
  void javaGivesTheStatusOfANestedExit(int status) throws Exception {
    Run nested = Run.of("exit-nested.wat", String.valueOf(status));
    Observed c = inC(nested, 1);
    // The callback itself still knew: its own message has the number. Its caller's error has not.
    assertThat(c.outcome())
        .isEqualTo(
            STATUSES_C_KNOWS.contains(status)
                ? "error inner left with status " + status
                : REFUSED.replace("error ", "error inner failed: "));
    assertThat(c.stdout()).isEqualTo("leaving from inner\n");
    assertThat(inJava(nested)).isEqualTo(new Observed("exit " + status, c.stdout()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 200, -1})
  void aJavaCallbackMayKeepANestedExit(int status) throws Exception {
    List<Integer> caught = new ArrayList<>();
    Observed java =
        inJava(
            Run.of("exit-nested.wat", String.valueOf(status)),
            (caller, arguments) -> {
              try {
                inner(caller).call();
              } catch (ExitException exit) {
                caught.add(exit.status());
              }
              return null;
            });
    assertThat(caught).containsExactly(status);
    assertThat(java).isEqualTo(new Observed("return", "leaving from inner\nthe host came back\n"));
  }

  @Test
  void aReturnIsAReturn() throws Exception {
    Observed c = inC(Run.of("return.wat"), 0);
    assertThat(c).isEqualTo(new Observed("return", "returning\n"));
    assertThat(inJava(Run.of("return.wat"))).isEqualTo(c);
  }

  @ParameterizedTest
  @CsvSource({
    "_start, 9",
    "stack_overflow, 0",
    "memory_out_of_bounds, 1",
    "table_out_of_bounds, 3",
    "indirect_call_to_null, 4",
    "integer_overflow, 6",
    "integer_division_by_zero, 7",
    "bad_conversion_to_integer, 8",
    "unreachable_code, 9",
  })
  void aTrapHasTheSameCode(String export, int code) throws Exception {
    Run run = Run.of("traps.wat").invoke(export);
    Observed c = inC(run, 134);
    assertThat(c)
        .isEqualTo(new Observed("trap " + code, export.equals("_start") ? "trapping\n" : ""));
    assertThat(inJava(run)).isEqualTo(c);
  }

  @Test
  void aTrapInTheStartSectionIsATrap() throws Exception {
    Run run = Run.of("trap-start-section.wat");
    Observed c = inC(run, 134);
    assertThat(c).isEqualTo(new Observed("trap 9", ""));
    assertThat(inJava(run)).isEqualTo(c);
  }

  @Test
  void theGuestSeesTheSameArgumentsEnvironmentAndInput() throws Exception {
    byte[] everyByte = new byte[100_000];
    for (int i = 0; i < everyByte.length; i++) {
      everyByte[i] = (byte) (i * 31 + (i >> 8));
    }
    // Java can hand a child text beyond ASCII only where the locale says UTF-8.
    String text = System.getProperty("sun.jnu.encoding").equals("UTF-8") ? "\u00e4 \u4e16" : "a";
    Run run =
        Run.of("echo.wat", "one", "", "two three", text)
            .env("EMPTY", "", "NAME", "a=" + text)
            .stdin(everyByte);
    Observed c = inC(run, 0);
    assertThat(c.outcome()).isEqualTo("return");
    assertThat(c.stdout())
        .isEqualTo(
            bytesOf("echo.wat\0one\0\0two three\0" + text + "\0EMPTY=\0NAME=a=" + text + "\0")
                + new String(everyByte, StandardCharsets.ISO_8859_1));
    assertThat(inJava(run)).isEqualTo(c);
  }

  @Test
  void theGuestSeesTheSameFile() throws Exception {
    Path directory = Files.createDirectory(temporary.resolve("guest-root"));
    Files.writeString(directory.resolve("input.txt"), "first line\nsecond line without an end");
    Run run = Run.of("read-file.wat").directory(directory);
    Observed c = inC(run, 0);
    assertThat(c).isEqualTo(new Observed("return", "first line\nsecond line without an end"));
    assertThat(inJava(run)).isEqualTo(c);
  }

  @Test
  void withoutADirectoryTheGuestSeesTheSameError() throws Exception {
    Run run = Run.of("read-file.wat");
    int badDescriptor = 8;
    Observed c = inC(run, badDescriptor);
    assertThat(c).isEqualTo(new Observed("exit " + badDescriptor, ""));
    assertThat(inJava(run)).isEqualTo(c);
  }

  @Test
  void aMissingExportIsAnErrorInC() throws Exception {
    assertThat(inC(Run.of("return.wat").invoke("nothing"), 1))
        .isEqualTo(new Observed("error no function `nothing` is exported", ""));
  }

  /** Runs it in the reference, whose exit code must be {@code exitCode}. */
  private Observed inC(Run run, int exitCode) throws Exception {
    List<String> command = new ArrayList<>(List.of(REFERENCE.toString(), "run"));
    command.addAll(List.of("--invoke", run.export()));
    if (run.directory() != null) {
      command.addAll(List.of("--dir", run.directory() + "::/"));
    }
    for (int i = 0; i < run.environment().size(); i += 2) {
      command.add("--env");
      command.add(run.environment().get(i) + "=" + run.environment().get(i + 1));
    }
    command.add(guest(run).toString());
    command.addAll(run.arguments());
    Path stdin = Files.write(temporary.resolve("c.in"), run.stdin());
    Path stdout = temporary.resolve("c.out");
    Path stderr = temporary.resolve("c.err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(stdin.toFile())
            .redirectOutput(stdout.toFile())
            .redirectError(stderr.toFile());
    // With it the engine's messages end in a backtrace of its own.
    builder.environment().remove("RUST_BACKTRACE");
    Process process = builder.start();
    if (!process.waitFor(10, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("not ended after ten minutes: " + command);
    }
    String said = Files.readString(stderr);
    assertThat(said).startsWith("outcome: ").hasLineCount(1);
    assertThat(process.exitValue()).as(said).isEqualTo(exitCode);
    return new Observed(said.strip().substring("outcome: ".length()), bytesIn(stdout));
  }

  private Observed inJava(Run run) throws Exception {
    return inJava(
        run,
        (caller, arguments) -> {
          inner(caller).call();
          return null;
        });
  }

  private Observed inJava(Run run, HostFunction callBack) throws Exception {
    Path guest = guest(run);
    Path stdout = temporary.resolve("java.out");
    List<String> arguments = new ArrayList<>(List.of(guest.getFileName().toString()));
    arguments.addAll(run.arguments());
    WasiConfig.Builder wasi =
        WasiConfig.builder()
            .args(arguments.toArray(String[]::new))
            .stdinBytes(run.stdin())
            .stdoutFile(stdout)
            .inheritStderr();
    for (int i = 0; i < run.environment().size(); i += 2) {
      wasi.env(run.environment().get(i), run.environment().get(i + 1));
    }
    if (run.directory() != null) {
      wasi.writableDirectory(run.directory(), "/");
    }
    String outcome;
    try (Engine engine = Engine.create();
        Module module = Module.fromFile(engine, guest);
        Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      linker.defineWasi();
      linker.define("host", "call_back", new FuncType(List.of(), List.of()), callBack);
      wasi.build().applyTo(store);
      outcome = outcome(() -> linker.instantiate(store, module).func(run.export()).call());
    }
    return new Observed(outcome, bytesIn(stdout));
  }

  private static Func inner(Caller caller) {
    return (Func) caller.export("inner").orElseThrow();
  }

  private static String outcome(Runnable call) {
    try {
      call.run();
      return "return";
    } catch (ExitException exit) {
      assertThat(exit.exitStatus()).hasValue(exit.status());
      return "exit " + exit.status();
    } catch (TrapException trap) {
      assertThat(trap.exitStatus()).isEmpty();
      return "trap " + trap.rawCode();
    } catch (WasmtimeException error) {
      assertThat(error.exitStatus()).isEmpty();
      return "error " + error.getMessage();
    }
  }

  private static Path guest(Run run) throws URISyntaxException {
    return Path.of(ReferenceComparisonTest.class.getResource(run.guest()).toURI());
  }

  private static String bytesIn(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }

  private static String bytesOf(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }
}
