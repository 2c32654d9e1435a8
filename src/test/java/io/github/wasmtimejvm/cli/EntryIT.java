package io.github.wasmtimejvm.cli;

import static io.github.wasmtimejvm.cli.CommandLine.assertFails;
import static io.github.wasmtimejvm.cli.CommandLine.guest;
import static io.github.wasmtimejvm.cli.CommandLine.runIn;
import static io.github.wasmtimejvm.cli.CommandLine.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.testing.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a program begins. It was compared with the official tool, version 49.0.3. */
class EntryIT {
  @TempDir private Path folder;

  @Test
  void aReactorIsInitializedAndNothingElse() throws Exception {
    assertThat(run(guest("cli/reactor.wat"))).isEqualTo(success(""));
    assertThat(run("--invoke", "ready", guest("cli/reactor.wat"))).isEqualTo(success("1\n"));
  }

  @ParameterizedTest
  @CsvSource({"'', 4", "get, 0", "_start, 4", "_initialize, 0"})
  void aModuleWithBothIsInitializedFirst(String invoke, int exitCode) throws Exception {
    String file =
        write(
            """
            (module
              (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
              (global $ready (mut i32) (i32.const 0))
              (func (export "_initialize")
                (global.set $ready (i32.add (global.get $ready) (i32.const 4))))
              (func (export "_start") (call $exit (global.get $ready)))
              (func (export "get") (result i32) (global.get $ready)))
            """);

    ChildJvm.Result result = invoke.isEmpty() ? run(file) : run("--invoke", invoke, file);

    assertThat(result)
        .isEqualTo(new ChildJvm.Result(exitCode, invoke.equals("get") ? "4\n" : "", ""));
  }

  @Test
  void theExportWithoutANameComesBeforeStart() throws Exception {
    String file =
        write(
            """
            (module
              (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
              (func (export "") (call $exit (i32.const 5)))
              (func (export "_start") (call $exit (i32.const 6))))
            """);

    assertThat(run(file).exitCode()).isEqualTo(5);
    assertThat(run("--invoke=", file).exitCode()).isEqualTo(5);
    assertThat(run("--invoke", "_start", file).exitCode()).isEqualTo(6);
  }

  @Test
  void aTrapWhileInitializing() throws Exception {
    ChildJvm.Result result =
        run(
            write(
                "(module (func (export \"_initialize\") unreachable) (func (export \"_start\")))"));

    assertThat(result.exitCode()).isEqualTo(134);
    assertThat(result.stderr()).contains("wasm trap: wasm `unreachable` instruction executed");
  }

  @Test
  void anInitializerThatCannotBeCalled() throws Exception {
    String file = write("(module (func (export \"_initialize\") (param i32)))");

    assertFails(run(file), file + " exports an _initialize that wants arguments");
  }

  @Test
  void aProgramForTheOldWasiIsToldSo() throws Exception {
    String file =
        write(
            """
            (module
              (import "wasi_unstable" "proc_exit" (func $exit (param i32)))
              (func (export "_start") (call $exit (i32.const 0))))
            """);

    assertFails(
        run(file),
        "wasi_unstable.proc_exit: needs (i32) -> (), the linker has nothing",
        "built for an old WASI, wasi_unstable: the C API offers wasi_snapshot_preview1 only");
  }

  private ChildJvm.Result run(String... arguments) throws Exception {
    String[] all = new String[arguments.length + 1];
    all[0] = "run";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return runIn(folder, all);
  }

  private String write(String text) throws Exception {
    return Files.writeString(folder.resolve("module.wat"), text).toString();
  }
}
