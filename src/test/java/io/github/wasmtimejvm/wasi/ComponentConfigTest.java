package io.github.wasmtimejvm.wasi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.component.Component;
import io.github.wasmtimejvm.component.ComponentLinker;
import io.github.wasmtimejvm.testing.Guests;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a configuration components get, and what they are refused for. */
class ComponentConfigTest {
  // What it says of wasi:http is no more than needs be: it imports it and calls nothing.
  private static final String REQUESTS =
      """
      (component
        (import "wasi:http/types@0.2.0" (instance $types
          (export "fields" (type $fields (sub resource)))
          (export "[constructor]fields" (func (result (own $fields))))))
        (core func $new (canon lower (func $types "[constructor]fields")))
        (core module $main
          (import "http" "new" (func $new (result i32)))
          (func (export "run") (result i32) (drop (call $new)) (i32.const 0)))
        (core instance $main (instantiate $main
          (with "http" (instance (export "new" (func $new))))))
        (func $run (result (result)) (canon lift (core func $main "run")))
        (instance $run (export "run" (func $run)))
        (export "wasi:cli/run@0.2.0" (instance $run)))
      """;

  private static Engine engine;
  private static Component program;

  @TempDir private Path folder;

  @BeforeAll
  static void compile() {
    engine = Engine.create();
    program = Component.fromWat(engine, Guests.read(ComponentConfigTest.class, "component.wat"));
  }

  @AfterAll
  static void close() {
    program.close();
    engine.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aComponentGetsWhatTheEngineGivesModules(boolean interruptible) throws Exception {
    Files.writeString(Files.createDirectory(folder.resolve("a")).resolve("in.txt"), "first\n");
    Files.writeString(Files.createDirectory(folder.resolve("b")).resolve("in.txt"), "second\n");
    Path stdin = Files.writeString(folder.resolve("stdin"), "from a file");
    Path stdout = folder.resolve("stdout");
    Path stderr = folder.resolve("stderr");
    WasiConfig config =
        WasiConfig.builder()
            .args("program", "", "ä \uD83D\uDE00")
            .env("A", "1")
            .env("B", "x=y")
            .readOnlyDirectory(folder.resolve("a"), "/one")
            .writableDirectory(folder.resolve("b"), "/two")
            .stdinFile(stdin)
            .stdoutFile(stdout)
            .stderrFile(stderr)
            .build();

    try (Engine other = Engine.builder().interruptible(interruptible).build();
        Component component =
            Component.fromWat(other, Guests.read(ComponentConfigTest.class, "component.wat"))) {
      assertThat(WasiProgram.of(component).run(config)).isEqualTo(ExitStatus.SUCCESS);
    }
    assertThat(stdout)
        .hasContent(
            """
            program

            ä \uD83D\uDE00
            A=1
            B=x=y
            /one
            first
            read-only
            /two
            second
            writable
            """);
    assertThat(stderr).hasContent("from a file");
    assertThat(folder.resolve("a/out.txt")).doesNotExist();
    assertThat(folder.resolve("b/out.txt")).exists();
  }

  @Test
  void inputIsFromBytesToo() throws Exception {
    Path stderr = folder.resolve("stderr");
    WasiConfig config =
        WasiConfig.builder().stdinBytes("bytes ä".getBytes(UTF_8)).stderrFile(stderr).build();

    assertThat(WasiProgram.of(program).run(config)).isEqualTo(ExitStatus.SUCCESS);
    assertThat(stderr).hasContent("bytes ä");
  }

  @Test
  void withoutSettingsItSeesNothingAndIsHeardByNobody() {
    assertThat(WasiProgram.of(program).run(WasiConfig.builder().build()))
        .isEqualTo(ExitStatus.SUCCESS);
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        setting("stdin(InputStream)", config -> config.stdin(InputStream.nullInputStream())),
        setting("stdout(OutputStream)", config -> config.stdout(OutputStream.nullOutputStream())),
        setting("stdoutLines", config -> config.stdoutLines(line -> {})),
        setting("stderr(OutputStream)", config -> config.stderr(new OutputCapture(10))),
        setting("stderrLines", config -> config.stderrLines(line -> {})),
        setting("clock", config -> config.clock(WasiClock.virtual(Instant.EPOCH))),
        setting("random", config -> config.random(new Random(1))),
        setting("maxOpenFiles", config -> config.maxOpenFiles(3)),
        setting("inFront", config -> config.inFront("fd_read", WasiCall::proceed)),
        setting("unwindingExit", WasiConfig.Builder::unwindingExit));
  }

  private static Arguments setting(String name, UnaryOperator<WasiConfig.Builder> setting) {
    return Arguments.of(name, setting);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void whatJavaDoesForModulesIsRefused(String name, UnaryOperator<WasiConfig.Builder> setting) {
    WasiConfig config = setting.apply(WasiConfig.builder()).build();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> WasiProgram.of(program).run(config))
        .withMessageStartingWith("a component cannot have this WasiConfig:\n  " + name + ": ")
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(2));
    try (Store store = Store.create(engine)) {
      config.applyTo(store);
      ComponentLinker linker = ComponentLinker.create(engine);
      linker.defineWasi();
      assertThatIllegalStateException()
          .isThrownBy(() -> linker.instantiate(store, program))
          .withMessageStartingWith("a component cannot have this WasiConfig:\n  " + name + ": ");

      // The refusal spoiled nothing.
      WasiConfig.builder().build().applyTo(store);
      assertThat(
              linker
                  .instantiate(store, program)
                  .func("wasi:cli/run@0.2.0", "run")
                  .call()
                  .toString())
          .isEqualTo("Ok[value=null]");
    }
  }

  @Test
  void allThatIsRefusedIsSaidAtOnce() {
    WasiConfig config =
        WasiConfig.builder().random(new Random(1)).stdoutLines(line -> {}).unwindingExit().build();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> WasiProgram.of(program).run(config))
        .withMessageContainingAll("stdoutLines", "random", "unwindingExit");
  }

  @Test
  void aComponentThatImportsNoWasiCanBeInAnyStore() {
    WasiConfig config = WasiConfig.builder().random(new Random(1)).build();
    try (Component plain = Component.fromWat(engine, "(component)");
        Store store = Store.create(engine)) {
      config.applyTo(store);

      assertThat(ComponentLinker.create(engine).instantiate(store, plain)).isNotNull();
    }
  }

  @Test
  void requestsMustBeAllowed() {
    try (Component requests = Component.fromWat(engine, REQUESTS);
        Store store = Store.create(engine)) {
      ComponentLinker linker = ComponentLinker.create(engine);
      linker.defineWasi();
      linker.defineWasiHttp();
      WasiConfig not = WasiConfig.builder().inheritNetwork().build();
      not.applyTo(store);
      assertThatIllegalStateException()
          .isThrownBy(() -> linker.instantiate(store, requests))
          .withMessageContaining("it imports wasi:http, which no program gets without allowHttp()");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> WasiProgram.of(requests).run(not))
          .withMessageContaining("without allowHttp()");

      WasiConfig allowed = WasiConfig.builder().allowHttp().build();
      allowed.applyTo(store);
      assertThat(linker.instantiate(store, requests)).isNotNull();
      assertThat(WasiProgram.of(requests).run(allowed)).isEqualTo(ExitStatus.SUCCESS);
    }
  }

  @Test
  void javaMayStandInForAnInterfaceWithoutResources() {
    String asks =
        """
        (component
          (import "wasi:random/random@0.2.3" (instance $random
            (export "get-random-u64" (func (result u64)))))
          (core func $random (canon lower (func $random "get-random-u64")))
          (core module $main
            (import "random" "get" (func $random (result i64)))
            (func (export "run") (result i32) (i64.ne (call $random) (i64.const 42))))
          (core instance $main (instantiate $main
            (with "random" (instance (export "get" (func $random))))))
          (func (export "run") (result (result)) (canon lift (core func $main "run"))))
        """;
    try (Component component = Component.fromWat(engine, asks);
        Store store = Store.create(engine)) {
      ComponentLinker linker = ComponentLinker.create(engine);
      linker.defineWasi();
      linker.define("wasi:random/random@0.2.0", "get-random-u64", args -> 42L);
      WasiConfig.builder().build().applyTo(store);

      assertThat(linker.instantiate(store, component).func("run").call().toString())
          .isEqualTo("Ok[value=null]");
    }
  }
}
