package io.github.wasmtimejvm.cli;

import io.github.wasmtimejvm.internal.StandardDescriptors;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The command line's commands. */
public final class Main {
  private Main() {}

  /**
   * Runs the command line and ends the process.
   *
   * @param args the command line
   * @throws Exception what nobody foresaw
   */
  public static void main(String[] args) throws Exception {
    // What is written to a closed stream would come into some file of the JVM's.
    if (!StandardDescriptors.isOpen(StandardDescriptors.STDOUT)) {
      System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    }
    if (!StandardDescriptors.isOpen(StandardDescriptors.STDERR)) {
      System.setErr(new PrintStream(OutputStream.nullOutputStream()));
    }
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
          System.out.print(Help.RUN);
        }
      }
      case "compile" -> {
        Optional<CompileOptions> options = CompileOptions.parse(args.subList(1, args.size()));
        if (options.isPresent()) {
          CompileCommand.run(options.get());
        } else {
          System.out.print(Help.COMPILE);
        }
      }
      case "-V", "--version" -> System.out.print(version() + "\n");
      case "-h", "--help" -> System.out.print(Help.GENERAL);
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
