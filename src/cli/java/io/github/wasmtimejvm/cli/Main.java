package io.github.wasmtimejvm.cli;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The command line's commands, and what is said about them. */
public final class Main {
  private static final String HELP =
      """
      Runs WebAssembly programs with Wasmtime, on the JVM.

      Usage: wasmtime-jvm run [OPTIONS] FILE [ARGS...]
             wasmtime-jvm compile [OPTIONS] FILE
             wasmtime-jvm --version
             wasmtime-jvm --help

      "wasmtime-jvm run --help" and "wasmtime-jvm compile --help" have the options.
      """;

  private static final String RUN_HELP =
      """
      Runs a WebAssembly module, in the binary or the text format, as a WASI program.

      Usage: wasmtime-jvm run [OPTIONS] FILE [ARGS...]

      All that follows FILE belongs to the program, also what looks like an option.

      Options:
        --dir HOST[::GUEST]   Let the program read and change the directory HOST, which it
                              sees as GUEST, or as HOST if that is not given
        --env NAME[=VALUE]    Set an environment variable; without a value, to the one it
                              has here, if any
        --invoke NAME         Call this exported function, with ARGS as its arguments, and
                              print its results, one on a line
        --argv0 NAME          What the program is told as its own name, in place of FILE's
        --allow-precompiled   Let FILE be what "wasmtime-jvm compile" wrote. Who wrote it can
                              do here whatever you can
        -h, --help            Print this

      Exit status: the program's own; 134 if it trapped, 1 if it could not be run, 2 if this
      command line is wrong.
      """;

  private static final String COMPILE_HELP =
      """
      Compiles a WebAssembly module, in the binary or the text format, for "wasmtime-jvm run
      --allow-precompiled" and Module.deserialize.

      Usage: wasmtime-jvm compile [OPTIONS] FILE

      The result is for this version on this platform, and for processors that have all that
      this one has. It has a SHA-256, and is not loaded if it was damaged. The official tool's
      files are loaded by Module.trustCompiled only.

      Options:
        -o, --output FILE     Write this file; by default FILE's name with the ending .cwasm,
                              in the current directory
        -h, --help            Print this

      Exit status: 0; 1 if it could not be compiled, 2 if this command line is wrong.
      """;

  private Main() {}

  /**
   * Runs the command line and ends the process.
   *
   * @param args the command line
   * @throws Exception what nobody foresaw
   */
  public static void main(String[] args) throws Exception {
    System.exit(Ending.of(() -> run(List.of(args))));
  }

  private static void run(List<String> args) throws Exception {
    String command = args.isEmpty() ? "" : args.getFirst();
    switch (command) {
      case "run" -> {
        Optional<RunOptions> options = RunOptions.parse(args.subList(1, args.size()));
        if (options.isPresent()) {
          RunCommand.run(options.get());
        } else {
          System.out.print(RUN_HELP);
        }
      }
      case "compile" -> {
        Optional<CompileOptions> options = CompileOptions.parse(args.subList(1, args.size()));
        if (options.isPresent()) {
          CompileCommand.run(options.get());
        } else {
          System.out.print(COMPILE_HELP);
        }
      }
      case "-V", "--version" -> System.out.print(version() + "\n");
      case "-h", "--help" -> System.out.print(HELP);
      case "" -> throw new UsageException("a command is missing: see wasmtime-jvm --help");
      default ->
          throw new UsageException("unknown command " + command + ": see wasmtime-jvm --help");
    }
  }

  // Our version is the engine's and one number more.
  private static String version() {
    @Nullable String ours = Main.class.getPackage().getImplementationVersion();
    if (ours == null) {
      throw new IllegalStateException("the version stands in the jar, and this runs without it");
    }
    return "wasmtime-jvm %s (wasmtime %s)"
        .formatted(ours, ours.substring(0, ours.lastIndexOf('.')));
  }
}
