package io.github.wasmtimejvm.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.EngineException;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.ChildProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every call of WASI preview 1, its success and its error codes: the programs of {@code
 * src/test/wasi-p1} through the C API ({@code native/reference}, a child process) and through ours,
 * with the engine's own functions and with Java in front of them. Each run has directories of its
 * own, and must write what the data file beside the program says, byte for byte.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "error codes of files are the system's")
class Preview1SuiteTest {
  private static final Path PROJECT = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
  private static final Map<Map.Entry<Engine, Path>, Module> MODULES = new HashMap<>();
  private static Engine plain;
  private static Engine interruptible;

  @TempDir private Path folder;

  @BeforeAll
  static void build() throws Exception {
    script("build-reference");
    script("build-wasi-suite");
    plain = Engine.create();
    interruptible = Engine.builder().interruptible(true).build();
  }

  @AfterAll
  static void close() {
    MODULES.values().forEach(Module::close);
    plain.close();
    interruptible.close();
  }

  private static void script(String name) throws Exception {
    ChildJvm.Result result = ChildProcess.in(PROJECT).run(List.of("bash", "scripts/" + name));
    assertThat(result.exitCode()).as(result.toString()).isZero();
  }

  static List<Preview1Run> runs() throws IOException {
    return Preview1Run.all();
  }

  @ParameterizedTest
  @MethodSource("runs")
  void inTheReference(Preview1Run run) throws Exception {
    run.prepare(folder);
    List<String> command = new ArrayList<>();
    command.addAll(List.of(PROJECT.resolve("target/reference/reference").toString(), "run"));
    run.setup("dir").forEach(dir -> command.addAll(List.of("--dir", preopen(dir))));
    run.setup("read-only").forEach(dir -> command.addAll(List.of("--read-only-dir", preopen(dir))));
    run.setup("env").forEach(variable -> command.addAll(List.of("--env", variable)));
    command.add(run.file().toString());
    command.addAll(run.args());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(folder.resolve("stdin").toFile())
            .redirectOutput(folder.resolve("stdout").toFile())
            .redirectError(folder.resolve("stderr").toFile());
    builder.environment().remove("RUST_BACKTRACE"); // it would stand in the engine's messages
    builder.start().waitFor();

    assertThat(stable(written("stderr"))).isEqualTo(run.transcript());
    assertThat(written("stdout")).isEqualTo(run.stdout());
  }

  @ParameterizedTest
  @MethodSource("runs")
  void withTheEnginesOwnFunctions(Preview1Run run) throws Exception {
    run.prepare(folder);
    inJava(plain, run, run.transcript(), (config, module) -> {});
  }

  /** There Java waits for the guest, and reads its standard input. */
  @ParameterizedTest
  @MethodSource("runs")
  void withAnEngineThatIsInterruptible(Preview1Run run) throws Exception {
    run.prepare(folder);
    inJava(interruptible, run, run.transcript(), (config, module) -> {});
  }

  @ParameterizedTest
  @MethodSource("runs")
  void withJavaInFrontOfEveryCall(Preview1Run run) throws Exception {
    run.prepare(folder);
    inJava(
        plain,
        run,
        run.transcript(),
        (config, module) ->
            module.imports().forEach(call -> config.inFront(call.name(), WasiCall::proceed)));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void withStreamsClocksAndNumbersOfJavas(Preview1Run run) throws Exception {
    run.prepare(folder);
    try (InputStream stdin = Files.newInputStream(folder.resolve("stdin"));
        OutputStream stdout = Files.newOutputStream(folder.resolve("stdout"));
        OutputStream stderr = Files.newOutputStream(folder.resolve("stderr"))) {
      inJava(
          plain,
          run,
          run.transcriptWithStreams(),
          (config, module) ->
              config
                  .stdin(stdin)
                  .stdout(stdout)
                  .stderr(stderr)
                  .clock(WasiClock.virtual(Instant.now()))
                  .random(new Random(42)));
    }
  }

  /** Runs it with a configuration that {@code front} adds to. */
  private void inJava(
      Engine engine,
      Preview1Run run,
      String transcript,
      BiConsumer<WasiConfig.Builder, Module> front)
      throws Exception {
    WasiConfig.Builder config =
        WasiConfig.builder()
            .args(run.file().getFileName().toString())
            .args(run.args())
            .stdinFile(folder.resolve("stdin"))
            .stdoutFile(folder.resolve("stdout"))
            .stderrFile(folder.resolve("stderr"));
    for (String dir : run.setup("dir")) {
      config.writableDirectory(folder.resolve(dir), dir);
    }
    for (String dir : run.setup("read-only")) {
      config.readOnlyDirectory(folder.resolve(dir), dir);
    }
    for (String variable : run.setup("env")) {
      String[] nameAndValue = variable.split("=", 2);
      config.env(nameAndValue[0], nameAndValue[1]);
    }
    String outcome;
    try {
      Module module =
          MODULES.computeIfAbsent(Map.entry(engine, run.file()), Preview1SuiteTest::compile);
      front.accept(config, module);
      ExitStatus status = WasiProgram.of(module).run(config.build());
      outcome = status.isSuccess() ? "return" : "exit " + status.code();
    } catch (EngineException error) {
      outcome = "error " + cause(error);
    }

    assertThat(stable(written("stderr") + "outcome: " + outcome + "\n"))
        // To WasiProgram they are the same.
        .isEqualTo(transcript.replace("outcome: exit 0\n", "outcome: return\n"));
    assertThat(written("stdout")).isEqualTo(run.stdout());
  }

  /** The script prints them, and fails where one is missing. */
  @Test
  void everyCallIsCovered() throws Exception {
    script("wasi-coverage");
  }

  private static Module compile(Map.Entry<Engine, Path> key) {
    try {
      return Module.fromFile(key.getKey(), key.getValue());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String preopen(String directory) {
    return folder.resolve(directory) + "::" + directory;
  }

  private String written(String file) throws IOException {
    return Files.readString(folder.resolve(file), StandardCharsets.ISO_8859_1);
  }

  /** The line that says why, as the reference takes it from the engine's message. */
  private static String cause(RuntimeException error) {
    String[] parts = error.getMessage().split("Caused by:\n", 2);
    return parts[parts.length - 1].lines().findFirst().orElseThrow().strip();
  }

  /** Without the addresses, which the compiler of the programs chooses. */
  private static String stable(String transcript) {
    return transcript.replaceFirst(
        "(?m)^(.*outcome: error )(?:0: )?(.*?)(?:: Region .*)?$", "$1$2");
  }
}
