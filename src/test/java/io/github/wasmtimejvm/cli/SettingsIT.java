package io.github.wasmtimejvm.cli;

import static io.github.wasmtimejvm.cli.CommandLine.assertFails;
import static io.github.wasmtimejvm.cli.CommandLine.assertWrongUsage;
import static io.github.wasmtimejvm.cli.CommandLine.command;
import static io.github.wasmtimejvm.cli.CommandLine.guest;
import static io.github.wasmtimejvm.cli.CommandLine.runIn;
import static io.github.wasmtimejvm.cli.CommandLine.success;
import static io.github.wasmtimejvm.cli.CommandLine.zeroTerminated;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.ChildProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The settings behind {@code -W}, {@code -S}, {@code -O}, {@code -C} and {@code -D}. Which values
 * are read and how a program ends was compared with the official tool, version 49.0.3.
 */
class SettingsIT {
  private static final String LIMITED = guest("cli/limited.wat");
  private static final ChildJvm.Result EXIT_7 = new ChildJvm.Result(7, "", "");

  @TempDir private Path folder;

  @Test
  void timeoutIsATrap() throws Exception {
    assertThat(timeIsUp(stderr("0xa1 - "), "--invoke", "spin", LIMITED))
        .isEqualTo(
            new ChildJvm.Result(
                134,
                "",
                """
                Error: failed to run main module `%s`

                Caused by:
                    0: failed to invoke `spin`
                    1: error while executing at wasm backtrace:
                    0:     0xa1 - <unknown>!<wasm function 2>
                    2: wasm trap: interrupt

                """
                    .formatted(LIMITED)));
  }

  @ParameterizedTest
  @CsvSource({
    "start.wat, (module (func $f (loop br 0)) (start $f)), failed to instantiate",
    "initialize.wat, (module (func (export \"_initialize\") (loop br 0))), error while executing",
  })
  void timeoutIsForAllThatRuns(String name, String text, String step) throws Exception {
    ChildJvm.Result result = timeIsUp(stderr("wasm backtrace"), write(name, text));

    assertThat(result.stderr()).contains("0: " + step, "wasm backtrace");
  }

  @Test
  void aGuestThatSleepsEndsToo() throws Exception {
    String sleeper =
        write(
            "sleep.wat",
            """
            (module
              (import "wasi_snapshot_preview1" "poll_oneoff"
                (func $poll (param i32 i32 i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "fd_write"
                (func $write (param i32 i32 i32 i32) (result i32)))
              (memory (export "memory") 1)
              (data (i32.const 256) "sleeps")
              (func (export "_start")
                (i32.store (i32.const 512) (i32.const 256))
                (i32.store (i32.const 516) (i32.const 6))
                (drop (call $write (i32.const 1) (i32.const 512) (i32.const 1) (i32.const 128)))
                (i32.store (i32.const 16) (i32.const 1))
                (i64.store (i32.const 24) (i64.const 0x7fffffffffffffff))
                (drop (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)))))
            """);
    ChildJvm.Result asleep =
        new ChildJvm.Result(
            134,
            "sleeps",
            """
            Error: failed to run main module `%s`

            Caused by:
                0: failed to invoke command default
                1: wasm trap: interrupt

            """
                .formatted(sleeper));

    assertThat(timeIsUp(asleep::equals, sleeper)).isEqualTo(asleep);
  }

  private static Predicate<ChildJvm.Result> stderr(String part) {
    return result -> result.stderr().contains(part);
  }

  /**
   * Runs a program with a short time, and then with ever twice the time until it shows that the
   * guest was there when the time was up; whatever the time, the program ends by it.
   */
  private ChildJvm.Result timeIsUp(Predicate<ChildJvm.Result> there, String... program)
      throws Exception {
    for (int millis = 50; ; millis *= 2) {
      List<String> arguments = new ArrayList<>(List.of("run", "-W", "timeout=" + millis + "ms"));
      arguments.addAll(List.of(program));
      ChildJvm.Result result = run(arguments.toArray(String[]::new));

      assertThat(result.exitCode()).as(result.toString()).isEqualTo(134);
      assertThat(result.stderr()).contains("wasm trap: interrupt");
      if (there.test(result) || millis > 100_000) {
        return result;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0ms", "1ns", "1us", "1μs"})
  void timesThatAreUpAtOnce(String time) throws Exception {
    List<String> command = command("run", "-W", "timeout=" + time, "--invoke", "spin", LIMITED);
    ChildJvm.Result result = ChildProcess.in(folder).env("LC_ALL", "C.UTF-8").run(command);

    assertThat(result.exitCode()).as(result.toString()).isEqualTo(134);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1000", "+1000s", "18446744073709551615s", "9223372036854775807us"})
  void timesThatAreEnough(String time) throws Exception {
    assertThat(run("run", "--wasm", "timeout=" + time, LIMITED)).isEqualTo(EXIT_7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1m", "1.5s", "-1", "", "1 s", "0x10s", "1S"})
  void timesThatAreNone(String time) throws Exception {
    assertWrongUsage(
        run("run", "-W", "timeout=" + time, LIMITED),
        "-W timeout=" + time + ": the value must be a whole number of s, ms, us or ns");
  }

  @Test
  void outOfFuelIsATrap() throws Exception {
    ChildJvm.Result result = run("run", "-W", "fuel=1000", "--invoke", "spin", LIMITED);

    assertThat(result.exitCode()).as(result.toString()).isEqualTo(134);
    assertThat(result.stderr())
        .contains("0: failed to invoke `spin`", "wasm trap: all fuel consumed by WebAssembly");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1000", "0x100", "1_000", "+1000", "18446744073709551615"})
  void fuelThatIsEnough(String fuel) throws Exception {
    assertThat(run("run", "-W", "fuel=" + fuel, LIMITED)).isEqualTo(EXIT_7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "", "1e3", "0X10", "1k", "18446744073709551616"})
  void numbersThatAreNone(String number) throws Exception {
    assertWrongUsage(run("run", "-W", "fuel=" + number, LIMITED), "-W fuel=" + number, "a number");
  }

  @ParameterizedTest
  @CsvSource({
    "growMemory, max-memory-size=131072, -1",
    "growMemory, max-memory-size=196608, 2",
    "growMemory, max-memory-size=18446744073709551615, 2",
    "growTable, max-table-elements=3, -1",
    "growTable, max-table-elements=4, 3",
  })
  void growingBeyondALimitFails(String function, String setting, String result) throws Exception {
    assertThat(run("run", "-W", setting, "--invoke", function, LIMITED))
        .isEqualTo(success(result + "\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "max-memory-size=131071, memory minimum size of 2 pages exceeds memory limits",
    "max-table-elements=2, table minimum size of 3 elements exceeds table limits",
    "max-memories=1, memory count too high at 2",
    "max-tables=1, table count too high at 2",
    "max-instances=0, instance count too high at 1",
  })
  void programsThatBeginBeyondALimitAreNotRun(String setting, String reason) throws Exception {
    assertFails(run("run", "-W", setting, LIMITED), LIMITED, reason);
  }

  @Test
  void stack() throws Exception {
    assertThat(run("run", "--invoke", "deep", LIMITED, "8000")).isEqualTo(success("8000\n"));
    assertThat(run("run", "-Wmax-wasm-stack=65536", "--invoke", "deep", LIMITED, "8000").stderr())
        .contains("wasm trap: call stack exhausted");

    // More than Java's main thread has.
    assertThat(run("run", "--invoke", "deep", LIMITED, "40000").exitCode()).isEqualTo(134);
    assertThat(run("run", "-Wmax-wasm-stack=0x200000", "--invoke", "deep", LIMITED, "40000"))
        .isEqualTo(success("40000\n"));
    assertWrongUsage(
        run("run", "-Wmax-wasm-stack=5_000_000", LIMITED),
        "-W max-wasm-stack=5_000_000: ",
        "from 1 to 2097152 bytes: 5000000");
  }

  @Test
  void severalSettingsOfWhichTheLastCounts() throws Exception {
    assertThat(
            run(
                "run",
                "-Wfuel=1,timeout=100s,max-memories=1",
                "-Wfuel=1000,max-memories=2",
                LIMITED))
        .isEqualTo(EXIT_7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gc | (type (struct)) | struct indexed types",
        "exceptions | (tag) | exceptions proposal not enabled",
        "simd=n,relaxed-simd | (func (result v128) (v128.const i64x2 0 0)) | SIMD support",
        "multi-memory | (memory 1) (memory 1) | multiple memories",
        "memory64 | (memory i64 1) | memory64 must be enabled",
        "threads | (memory 1 1 shared) | threads must be enabled",
        "tail-call | (func $f (return_call $f)) | tail calls",
      })
  void whatWebAssemblyIsUnderstood(String feature, String fields, String reason) throws Exception {
    String file = write("feature.wat", "(module " + fields + ")");

    assertFails(run("run", "-W", feature + "=n", file), file, reason);
    assertThat(run("compile", file)).isEqualTo(success(""));
  }

  @Test
  void proposalsThatAreOffCanBeSwitchedOn() throws Exception {
    String file = write("pages.wat", "(module (memory 1 (pagesize 1)))");

    assertFails(run("run", file), file, "custom page sizes");
    assertThat(run("run", "-W", "custom-page-sizes", file)).isEqualTo(success(""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"component-model=n", "multi-memory=n", "multi-value=n"})
  void whereComponentsAreOffTheirSettingIsNamed(String settings) throws Exception {
    String file = write("component.wat", "(component)");

    assertFails(run("run", "-W", settings, file), file, "-W component-model=y switches it on");
  }

  @Test
  void componentsAreNotSwitchedOffByWhatTheyNeed() throws Exception {
    assertWrongUsage(
        run("run", "-W", "component-model", "-W", "multi-memory=n", LIMITED),
        "-W component-model without -W multi-memory");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-W bulk-memory,multi-value=y,reference-types=yes,function-references=true,"
            + "wide-arithmetic=no,branch-hinting,compact-imports=false,shared-memory,gc-support,"
            + "nan-canonicalization,relaxed-simd-deterministic,epoch-interruption",
        "-W component-model,component-model-map=y,component-model-implements,"
            + "component-model-canonical-names,component-model-accessors=n",
        "-O opt-level=s,regalloc-algorithm=single-pass,memory-may-move,memory-init-cow=n",
        "--optimize opt-level=0,memory-reservation=0x100000,memory-reservation-for-growth=0,"
            + "memory-guard-size=65536,signals-based-traps=n",
        "-Ccompiler=winch",
        "--codegen compiler=cranelift,cranelift-debug-verifier,parallel-compilation=n,"
            + "native-unwind-info,cranelift-enable_alias_analysis=false,cranelift-regalloc_checker",
        "-C cranelift-opt_level=none,cranelift-regalloc_algorithm=single_pass,"
            + "cranelift-enable_verifier=true,cranelift-enable_nan_canonicalization=true,"
            + "cranelift-unwind_info=true",
        "-C cranelift-opt_level=speed_and_size",
        "-D debug-info",
        "-S cli,common,inherit-network,allow-ip-name-lookup",
      })
  void settingsThatAreTaken(String options) throws Exception {
    List<String> command = new ArrayList<>(List.of("run"));
    command.addAll(List.of(options.split(" ")));
    command.add(LIMITED);

    assertThat(run(command.toArray(String[]::new))).isEqualTo(EXIT_7);
  }

  @ParameterizedTest
  @CsvSource({
    "-W wmemcheck, wasmtime's option -W wmemcheck is not supported here",
    "-W trap-on-grow-failure=y, wasmtime's option -W trap-on-grow-failure is not supported here",
    "-Wcomponent-model-async, wasmtime's option -W component-model-async is not supported here",
    "-S nn, wasmtime's option -S nn is not supported here",
    "--wasi preview0, wasmtime's option --wasi preview0 is not supported here",
    "-O pooling-allocator, wasmtime's option -O pooling-allocator is not supported here",
    "-Ccollector=null, wasmtime's option -C collector is not supported here",
    "-D coredump=a, wasmtime's option -D coredump is not supported here",
    "-W nope=1, unknown option -W nope",
    "-W timeout, -W timeout needs a value: timeout=VALUE",
    "-W gc=on, -W gc=on: the value must be y or n",
    "-S inherit-env=, -S inherit-env=: the value must be y or n",
    "-O opt-level=3, 'the value must be one of 0, 1, 2, s'",
    "-O2, unknown option -O 2",
    "-C compiler=Winch, 'the value must be one of cranelift, winch'",
  })
  void settingsThatAreRefused(String options, String reason) throws Exception {
    List<String> command = new ArrayList<>(List.of("run"));
    command.addAll(List.of(options.split(" ")));
    command.add(LIMITED);

    assertWrongUsage(run(command.toArray(String[]::new)), reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-C cranelift-nope | -C cranelift-nope: not a Cranelift flag",
        "-C cranelift-has_avx=1 | -C cranelift-has_avx=1: -C cranelift-has_avx is either true or",
        "-C cranelift-opt_level=2 | the value must be one of none, speed, speed_and_size",
        "-W simd=n | -W relaxed-simd without -W simd; switch both off",
        "-O memory-reservation=70368744177665 | -O memory-reservation must be from 0 to",
        "-W max-wasm-stack=0 | -W max-wasm-stack must be from 1 to",
        "-C compiler=winch -O signals-based-traps=n | -C compiler=winch and -O"
            + " signals-based-traps=n",
        "-C compiler=winch -D debug-info | -C compiler=winch and -D debug-info: it generates",
        "-C compiler=winch -W gc | -C compiler=winch and -W gc",
      })
  void settingsThatTheEngineRefuses(String options, String reason) throws Exception {
    List<String> command = new ArrayList<>(List.of("run"));
    command.addAll(List.of(options.split(" ")));
    command.add(LIMITED);
    ChildJvm.Result result = run(command.toArray(String[]::new));

    assertWrongUsage(result, reason);
    // Nobody knows the names of the library's methods here.
    assertThat(result.stderr()).doesNotContainPattern("\\b[a-z]+[A-Z]");
  }

  @Test
  void unknownImportsTrapOrGiveZeros() throws Exception {
    String file =
        write(
            "unknown.wat",
            """
            (module
              (import "a" "b" (func $f (result i32)))
              (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
              (memory (export "memory") 1)
              (func (export "_start") (call $exit (i32.add (call $f) (i32.const 9)))))
            """);

    assertFails(run("run", file), "a.b: needs () -> (i32), the linker has nothing");
    assertThat(run("run", "-W", "unknown-imports-trap", file))
        .matches(result -> result.exitCode() == 1)
        .matches(result -> result.stderr().contains("unknown import: `a::b` has not been defined"));
    assertThat(run("run", "-W", "unknown-imports-default", file).exitCode()).isEqualTo(9);
  }

  @Test
  void environmentIsInherited() throws Exception {
    ChildProcess process = ChildProcess.in(folder).env("HERE", "a").env("REPLACED", "a");
    List<String> inherit =
        command("run", "-S", "inherit-env", "--env", "REPLACED=b", guest("wasi/echo.wat"));

    assertThat(process.run(inherit).stdout()).contains("\0HERE=a\0", "\0REPLACED=b\0");
    assertThat(run("run", "-S", "inherit-env=n", guest("wasi/echo.wat")))
        .isEqualTo(success("echo.wat\0"));
  }

  @Test
  void streamsAreNotInherited() throws Exception {
    ChildProcess process = ChildProcess.in(folder).stdin("typed in");
    String echo = guest("wasi/echo.wat");

    assertThat(process.run(command("run", "-S", "inherit-stdin=n", echo, "x")))
        .isEqualTo(success(zeroTerminated("echo.wat", List.of("x"))));
    assertThat(process.run(command("run", "-S", "inherit-stdout=n,inherit-stderr=n", echo, "x")))
        .isEqualTo(success(""));
  }

  @Test
  void withoutWasi() throws Exception {
    assertFails(
        run("run", "-S", "cli=n", LIMITED),
        "wasi_snapshot_preview1.proc_exit: needs (i32) -> (), the linker has nothing");
    assertThat(run("run", "-S", "common=n", guest("cli/reactor.wat"))).isEqualTo(success(""));
  }

  @Test
  void compiledForTheSameSettings() throws Exception {
    assertThat(run("compile", "-W", "fuel=1", "-O", "opt-level=0", "-o", "fuel.cwasm", LIMITED))
        .isEqualTo(success(""));

    assertThat(run("run", "-Wfuel=1000", "-Oopt-level=0", "--allow-precompiled", "fuel.cwasm"))
        .isEqualTo(EXIT_7);
    assertFails(
        run("run", "-W", "fuel=1000", "--allow-precompiled", "fuel.cwasm"),
        "compiled with -O opt-level=NONE, the engine has -O opt-level=SPEED: compile it anew");
    assertFails(
        run("run", "-O", "opt-level=0", "--allow-precompiled", "fuel.cwasm"),
        "compiled with fuel support but it is not");
    assertFails(
        run("run", "-Wfuel=1,timeout=9s", "-Oopt-level=0", "--allow-precompiled", "fuel.cwasm"),
        "compiled without epoch interruption but it is enabled");
    assertWrongUsage(
        run("compile", "-S", "inherit-env", LIMITED), "wasmtime's option -S is not supported here");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-W help", "-S help-long", "-O=help", "-Chelp", "--debug=help"})
  void helpForSettings(String words) throws Exception {
    String[] option = words.split(" ");
    List<String> command = new ArrayList<>(List.of("run"));
    command.addAll(List.of(option));

    assertThat(run(command.toArray(String[]::new)).stdout())
        .contains("timeout=N", "max-memory-size=N", "inherit-env", "opt-level", "compiler");
  }

  private ChildJvm.Result run(String... arguments) throws Exception {
    return runIn(folder, arguments);
  }

  private String write(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text).toString();
  }
}
