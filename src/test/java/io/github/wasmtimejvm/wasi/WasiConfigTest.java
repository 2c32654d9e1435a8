package io.github.wasmtimejvm.wasi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.LinkException;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.ValType;
import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.Guests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a program sees of the host under each setting. */
class WasiConfigTest {
  /** The first preopened directory; the next has the next number. */
  private static final int DIRECTORY = 3;

  // Errors of WASI.
  private static final int SUCCESS = 0;
  private static final int BADF = 8;
  private static final int NOENT = 44;
  private static final int PERM = 63;

  private static Engine engine;
  private static Module echo;
  private static Module files;

  @TempDir private Path folder;
  private Linker linker;
  private Store store;

  @BeforeAll
  static void compile() {
    engine = Engine.create();
    echo = Guests.compile(engine, WasiConfigTest.class, "echo.wat");
    files = Guests.compile(engine, WasiConfigTest.class, "files.wat");
  }

  @AfterAll
  static void closeEngine() {
    echo.close();
    files.close();
    engine.close();
  }

  @BeforeEach
  void create() {
    store = Store.create(engine);
    linker = Linker.create(engine);
    linker.defineWasi();
  }

  @AfterEach
  void close() {
    linker.close();
    store.close();
  }

  /** What the guest sees: arguments and environment, each ended by a NUL, and standard input. */
  private String seen(WasiConfig.Builder config) throws IOException {
    Path stdout = folder.resolve("seen");
    WasiProgram.of(echo).run(config.stdoutFile(stdout).build());
    return Files.readString(stdout);
  }

  /** An instance of files.wat. */
  private Instance files(WasiConfig config) {
    config.applyTo(store);
    return linker.instantiate(store, files);
  }

  /** Calls a function of files.wat with a name or a text. */
  private static int call(Instance files, String function, int descriptor, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    files.memory("memory").write(1024, bytes);
    return (int) files.func(function).call(descriptor, bytes.length);
  }

  @Test
  void aProgramSeesNothingByDefault() throws IOException {
    assertThat(seen(WasiConfig.builder())).isEmpty();

    Instance files = files(WasiConfig.builder().build());
    assertThat(call(files, "open_to_read", DIRECTORY, "x")).isEqualTo(BADF);
    assertThat(call(files, "write", 1, "thrown away")).isEqualTo(SUCCESS);
    assertThat(call(files, "write", 2, "thrown away")).isEqualTo(SUCCESS);
  }

  @Test
  void argumentsArriveInOrder() throws IOException {
    assertThat(
            seen(WasiConfig.builder().args("echo", "", "two words").args(List.of("größe", "🦀"))))
        .isEqualTo("echo\0\0two words\0größe\0🦀\0");
  }

  @Test
  void variablesArriveAndTheLastValueCounts() throws IOException {
    assertThat(
            seen(WasiConfig.builder().env("A", "1").env("Ü", "🦀=").env("EMPTY", "").env("A", "2")))
        .isEqualTo("A=2\0Ü=🦀=\0EMPTY=\0");
  }

  @Test
  void standardInputIsBytes() throws IOException {
    byte[] bytes = "from bytes\0\n".getBytes(UTF_8);
    WasiConfig.Builder config = WasiConfig.builder().stdinBytes(bytes);
    Arrays.fill(bytes, (byte) 'x'); // they were copied

    assertThat(seen(config)).isEqualTo("from bytes\0\n");
    assertThat(seen(WasiConfig.builder().stdinBytes(new byte[0]))).isEmpty();
  }

  @Test
  void standardInputMayBeLong() throws IOException {
    String text = "0123456789abcdef".repeat(20_000);

    assertThat(seen(WasiConfig.builder().stdinBytes(text.getBytes(UTF_8)))).isEqualTo(text);
  }

  @Test
  void standardInputIsAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("größe"), "from a file");

    assertThat(seen(WasiConfig.builder().stdinFile(file))).isEqualTo("from a file");
  }

  @Test
  void outputGoesToFilesWhichAreMadeEmptyFirst() throws IOException {
    Path out = Files.writeString(folder.resolve("out"), "what was there before");
    Path err = folder.resolve("err");
    Instance files = files(WasiConfig.builder().stdoutFile(out).stderrFile(err).build());

    assertThat(call(files, "write", 1, "to out")).isEqualTo(SUCCESS);
    assertThat(call(files, "write", 2, "to err")).isEqualTo(SUCCESS);
    assertThat(out).hasContent("to out");
    assertThat(err).hasContent("to err");
  }

  @Test
  void whatIsInAWritableDirectoryCanBeChanged() throws IOException {
    Files.writeString(folder.resolve("old"), "old");
    Instance files = files(WasiConfig.builder().writableDirectory(folder, "/data").build());

    assertThat(call(files, "create", DIRECTORY, "new")).isEqualTo(SUCCESS);
    int descriptor = (int) files.func("opened").call();
    assertThat(call(files, "write", descriptor, "hello")).isEqualTo(SUCCESS);
    assertThat(call(files, "create_directory", DIRECTORY, "folder")).isEqualTo(SUCCESS);
    assertThat(call(files, "unlink", DIRECTORY, "old")).isEqualTo(SUCCESS);

    assertThat(folder.resolve("new")).hasContent("hello");
    assertThat(folder.resolve("folder")).isDirectory();
    assertThat(folder.resolve("old")).doesNotExist();
  }

  @Test
  void whatIsInAReadOnlyDirectoryCanBeReadOnly() throws IOException {
    Path data = Files.createDirectory(folder.resolve("data"));
    Files.writeString(data.resolve("old"), "old");
    Instance files = files(WasiConfig.builder().readOnlyDirectory(data, "/data").build());

    assertThat(call(files, "open_to_read", DIRECTORY, "old")).isEqualTo(SUCCESS);
    assertThat(call(files, "open_to_read", DIRECTORY, "none")).isEqualTo(NOENT);
    assertThat(call(files, "open_to_write", DIRECTORY, "old")).isEqualTo(PERM);
    assertThat(call(files, "create", DIRECTORY, "new")).isEqualTo(PERM);
    assertThat(call(files, "create_directory", DIRECTORY, "folder")).isEqualTo(PERM);
    assertThat(call(files, "unlink", DIRECTORY, "old")).isEqualTo(PERM);

    try (var entries = Files.list(data)) {
      assertThat(entries).containsExactly(data.resolve("old"));
    }
    assertThat(data.resolve("old")).hasContent("old");
  }

  @Test
  void aProgramReadsAFileOfADirectory() throws IOException {
    Files.writeString(folder.resolve("input.txt"), "the content");
    Path stdout = folder.resolve("stdout");
    WasiConfig.Builder config =
        WasiConfig.builder().readOnlyDirectory(folder, "/").stdoutFile(stdout);
    try (Module reader = Guests.compile(engine, WasiConfigTest.class, "read-file.wat")) {
      assertThat(WasiProgram.of(reader).run(config.build())).isEqualTo(ExitStatus.SUCCESS);
      assertThat(stdout).hasContent("the content");

      Files.delete(folder.resolve("input.txt"));
      assertThat(WasiProgram.of(reader).run(config.build())).isEqualTo(new ExitStatus(NOENT));
    }
  }

  @Test
  void whatIsOutsideOfADirectoryCannotBeReached() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Files.writeString(folder.resolve("outside"), "secret");
    Files.createSymbolicLink(inner.resolve("link"), folder.resolve("outside"));
    Instance files = files(WasiConfig.builder().writableDirectory(inner, "/").build());

    assertThat(call(files, "open_to_read", DIRECTORY, "../outside")).isEqualTo(PERM);
    assertThat(call(files, "open_to_read", DIRECTORY, "link")).isEqualTo(PERM);
    assertThat(call(files, "create", DIRECTORY, "../new")).isEqualTo(PERM);
    assertThat(folder.resolve("new")).doesNotExist();
  }

  @Test
  void severalDirectoriesHaveTheirOwnNamesAndRights() throws IOException {
    Path first = Files.createDirectory(folder.resolve("first"));
    Path second = Files.createDirectory(folder.resolve("second"));
    Instance files =
        files(
            WasiConfig.builder()
                .readOnlyDirectory(first, "/in")
                .writableDirectory(second, "größe")
                .build());

    assertThat(name(files, DIRECTORY, 3)).isEqualTo("/in");
    assertThat(name(files, DIRECTORY + 1, 7)).isEqualTo("größe");
    assertThat(call(files, "create", DIRECTORY, "new")).isEqualTo(PERM);
    assertThat(call(files, "create", DIRECTORY + 1, "new")).isEqualTo(SUCCESS);
    assertThat(second.resolve("new")).exists();
  }

  private static String name(Instance files, int directory, int length) {
    assertThat(files.func("name").call(directory, length)).isEqualTo(SUCCESS);
    byte[] name = new byte[length];
    files.memory("memory").read(1024, name);
    return new String(name, UTF_8);
  }

  @Test
  void whatCannotBeOpenedIsNamed() throws IOException {
    Path missing = folder.resolve("missing");
    Path file = Files.createFile(folder.resolve("file"));
    for (WasiConfig.Builder config :
        List.of(
            WasiConfig.builder().readOnlyDirectory(missing, "/"),
            WasiConfig.builder().writableDirectory(missing, "/"),
            WasiConfig.builder().stdinFile(missing))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> config.build().applyTo(store))
          .withMessageMatching(
              "cannot be used as (directory|standard input): " + Pattern.quote(missing.toString()));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WasiConfig.builder().readOnlyDirectory(file, "/").build().applyTo(store))
        .withMessageContaining(file.toString());
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> WasiConfig.builder().stdoutFile(missing.resolve("x")).build().applyTo(store))
        .withMessageContaining(missing.resolve("x").toString());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WasiConfig.builder().stderrFile(folder).build().applyTo(store))
        .withMessageContaining(folder.toString());

    // A configuration that could not be applied is none.
    assertThatIllegalStateException().isThrownBy(() -> linker.instantiate(store, echo));
  }

  @ParameterizedTest
  @ValueSource(strings = {"zero \0 character", "\0first", "\ud83e", "\udd80", "\udd80\ud83e"})
  void aTextThatCannotBePassedIsRefused(String text) {
    WasiConfig.Builder config = WasiConfig.builder();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> config.args("program", text))
        .withMessage("the argument contains a zero character or half of a surrogate pair: " + text);
    assertThatIllegalArgumentException().isThrownBy(() -> config.args(List.of(text)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config.env(text, "value"))
        .withMessageStartingWith("the environment variable contains");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config.env("NAME", text))
        .withMessageStartingWith("the value of an environment variable contains");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config.readOnlyDirectory(folder, text))
        .withMessageStartingWith("the name of a directory contains");
    assertThatIllegalArgumentException().isThrownBy(() -> config.writableDirectory(folder, text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "=", "A=B", "=A"})
  void aNameForNoVariableIsRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WasiConfig.builder().env(name, "value"))
        .withMessage("not a name for an environment variable: " + name);
  }

  @Test
  void theNetworkIsNothingThatPreview1Sees() throws IOException {
    assertThat(seen(WasiConfig.builder().args("program").inheritNetwork().allowIpNameLookup()))
        .isEqualTo("program\0");
  }

  @Test
  void aConfigurationDoesNotFollowItsBuilder() throws IOException {
    WasiConfig.Builder builder = WasiConfig.builder().args("one").stdoutFile(folder.resolve("out"));
    final WasiConfig one = builder.build();
    builder.args("two").env("A", "1").stdinBytes(new byte[] {'x'});

    WasiProgram.of(echo).run(one);
    assertThat(Files.readString(folder.resolve("out"))).isEqualTo("one\0");
    WasiProgram.of(echo).run(builder.build());
    assertThat(Files.readString(folder.resolve("out"))).isEqualTo("one\0two\0A=1\0x");
  }

  @Test
  void aConfigurationServesSeveralStores() {
    OutputCapture output = new OutputCapture(100);
    WasiConfig config =
        WasiConfig.builder()
            .stdinBytes("all of the input".getBytes(UTF_8))
            .args("a")
            .stdout(output)
            .build();
    try (Store other = Store.create(engine)) {
      config.applyTo(store);
      config.applyTo(other);

      linker.instantiate(store, echo).func("_start").call();
      assertThat(output.text()).isEqualTo("a\0all of the input");
      linker.instantiate(other, echo).func("_start").call();
      assertThat(output.text()).isEqualTo("a\0all of the input".repeat(2));
    }
  }

  @Test
  void theLastConfigurationOfAStoreCounts() throws IOException {
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    WasiConfig.builder().args("first").stdoutFile(first).build().applyTo(store);
    Instance guest = linker.instantiate(store, echo);
    WasiConfig.builder().args("second").stdoutFile(second).build().applyTo(store);
    guest.func("_start").call();

    assertThat(first).isEmptyFile();
    assertThat(Files.readString(second)).isEqualTo("second\0");
  }

  @Test
  void withoutAConfigurationTheRemedyIsNamed() {
    String remedy =
        "wasi_snapshot_preview1.args_sizes_get needs a WASI configuration: call"
            + " WasiConfig.applyTo(store) first";
    assertThatIllegalStateException()
        .isThrownBy(() -> linker.instantiate(store, echo))
        .withMessage(remedy);
    assertThatIllegalStateException()
        .isThrownBy(() -> linker.get(store, "wasi_snapshot_preview1", "args_sizes_get"))
        .withMessage(remedy);

    WasiConfig.builder().build().applyTo(store);
    assertThat(linker.instantiate(store, echo).func("_start").call()).isNull();
  }

  @Test
  void aGuestThatOnlyExitsNeedsNoConfiguration() {
    try (Module module =
        Module.fromWat(
            engine,
            """
            (module
              (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
              (func (export "_start") (call $exit (i32.const 3))))
            """)) {
      Instance guest = linker.instantiate(store, module);
      assertThat(ExitStatus.of(() -> guest.func("_start").call())).isEqualTo(new ExitStatus(3));
    }
  }

  @Test
  void aFunctionOfOnesOwnNeedsNoConfigurationUntilTheEnginesReplacesIt() {
    String name = "sched_yield";
    FuncType type = FuncType.of().returns(ValType.I32);
    linker.allowShadowing(true);
    linker.define("wasi_snapshot_preview1", name, type, (caller, args) -> 7);
    try (Module module =
        Module.fromWat(
            engine,
            """
            (module
              (import "wasi_snapshot_preview1" "sched_yield" (func $f (result i32)))
              (func (export "run") (result i32) (call $f)))
            """)) {
      assertThat(linker.instantiate(store, module).func("run").call()).isEqualTo(7);

      linker.defineWasi();
      assertThatIllegalStateException().isThrownBy(() -> linker.instantiate(store, module));
    }
  }

  @Test
  void wasiThatCannotBeDefinedIsNotThere() {
    FuncType type =
        FuncType.of(ValType.I32, ValType.I32, ValType.I32, ValType.I32).returns(ValType.I32);
    try (Linker clashing = Linker.create(engine)) {
      clashing.define("wasi_snapshot_preview1", "fd_write", type, (caller, args) -> 0);

      assertThatExceptionOfType(LinkException.class)
          .isThrownBy(clashing::defineWasi)
          .withMessageContaining("fd_write");
      assertThatExceptionOfType(LinkException.class)
          .isThrownBy(() -> clashing.instantiate(store, echo))
          .withMessageContaining(
              "fd_read: needs (i32, i32, i32, i32) -> (i32), the linker has nothing");
    }
  }

  /** Runs echo.wat, which sees all of this process, and writes to standard error. */
  static final class Inherits {
    public static void main(String[] args) {
      try (Engine engine = Engine.create();
          Module echo = Guests.compile(engine, WasiConfigTest.class, "echo.wat");
          Module files = Guests.compile(engine, WasiConfigTest.class, "files.wat");
          Linker linker = Linker.create(engine);
          Store store = Store.create(engine)) {
        WasiConfig config =
            WasiConfig.builder()
                .args("program")
                .env("REPLACED", "here")
                .inheritEnv()
                .env("LAST", "word")
                .inheritStdio()
                .build();
        WasiProgram.of(echo).run(config);
        config.applyTo(store);
        linker.defineWasi();
        call(linker.instantiate(store, files), "write", 2, "to standard error");
      }
    }
  }

  @Tag("child")
  @Test
  void theEnvironmentAndTheStreamsOfTheProcessAreInherited() {
    ChildJvm.Result result =
        ChildJvm.with()
            .env("REPLACED", "outside")
            .env("WITH_EQUALS", "a=b=c")
            .env("LAST", "outside")
            .stdin("typed in\n")
            .run(Inherits.class);

    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout())
        .startsWith("program\0")
        .endsWith("\0typed in\n")
        .contains("\0REPLACED=outside\0", "\0WITH_EQUALS=a=b=c\0", "\0LAST=word\0")
        .doesNotContain("REPLACED=here");
    assertThat(result.stderr()).endsWith("to standard error");
  }

  @Test
  void theCommandLineOfTheProcessIsInherited() throws IOException {
    assertThat(seen(WasiConfig.builder().inheritArgs()))
        .startsWith(ProcessHandle.current().info().command().orElseThrow() + "\0");
  }

  @Test
  void theEnvironmentIsInheritedAndReplacesWhatWasThere() throws IOException {
    Map<String, String> variables = new HashMap<>(System.getenv());
    variables.keySet().removeIf(name -> name.contains("=")); // Windows has such
    String one = variables.keySet().iterator().next();
    List<String> expected = new ArrayList<>();
    variables.forEach((name, value) -> expected.add(name + "=" + value));

    String seen = seen(WasiConfig.builder().env(one, "not the process's").inheritEnv());

    assertThat(seen.split("\0")).containsExactlyInAnyOrderElementsOf(expected);
  }
}
