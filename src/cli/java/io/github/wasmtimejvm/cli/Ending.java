package io.github.wasmtimejvm.cli;

import io.github.wasmtimejvm.StoppedException;
import io.github.wasmtimejvm.TrapException;
import io.github.wasmtimejvm.WasmFrame;
import io.github.wasmtimejvm.WasmtimeException;
import io.github.wasmtimejvm.internal.Printable;
import io.github.wasmtimejvm.wasi.ExitStatus;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the process ends: the one place that decides the exit code, and what is said on standard
 * error before.
 */
final class Ending {
  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;
  // What a shell makes of an abort, and the official tool of a trap.
  private static final int TRAPPED = 134;

  private static final String CAUSES = "\nCaused by:\n";

  private Ending() {}

  /**
   * Runs a command and returns the exit code. The status of a guest that exits is taken as it is,
   * though the system keeps only its low eight bits. A failure that nobody foresaw is thrown on.
   */
  static int of(ExitStatus.Run<Exception> command) throws Exception {
    try {
      return ExitStatus.of(command).code();
    } catch (UsageException e) {
      return say(WRONG_USAGE, error(e.getMessage()));
    } catch (GuestFailure e) {
      // To the official tool, time that is up is a trap.
      boolean trapped =
          e.failure() instanceof TrapException || e.failure() instanceof StoppedException;
      return trapped || !e.failure().frames().isEmpty()
          ? say(trapped ? TRAPPED : FAILED, report(e))
          : say(FAILED, error(e.file() + ": " + e.getMessage()));
    } catch (WasmtimeException | IOException | IllegalArgumentException | UnsatisfiedLinkError e) {
      return say(FAILED, error(e.getMessage()));
    }
  }

  private static int say(int code, String message) {
    System.err.print(message + "\n");
    return code;
  }

  /** One line, whatever the message. */
  private static String error(@Nullable String message) {
    return "error: " + Printable.of(oneLine(String.valueOf(message)));
  }

  /** The guest's backtrace in the official tool's form. */
  private static String report(GuestFailure guest) {
    StringBuilder text = new StringBuilder();
    text.append("Error: failed to run main module `")
        .append(Printable.of(guest.file()))
        .append("`\n\nCaused by:");
    int cause = 0;
    if (guest.step() != null) {
      cause(text, cause++, guest.step());
    }
    List<WasmFrame> frames = guest.failure().frames();
    if (!frames.isEmpty()) {
      cause(text, cause++, "error while executing at wasm backtrace:");
      for (int i = 0; i < frames.size(); i++) {
        text.append("\n  %3s: %s".formatted(i, frame(frames.get(i))));
      }
    }
    cause(
        text,
        cause,
        guest.failure() instanceof StoppedException
            ? "wasm trap: interrupt"
            : reason(String.valueOf(guest.getMessage())));
    return text.append('\n').toString();
  }

  private static void cause(StringBuilder text, int number, String line) {
    text.append("\n    ").append(number).append(": ").append(Printable.of(line));
  }

  private static String frame(WasmFrame frame) {
    String place =
        frame.moduleOffset().isPresent()
            ? "%#8x - ".formatted(frame.moduleOffset().getAsLong())
            : "";
    String module = frame.moduleName() == null ? "<unknown>" : Printable.of(frame.moduleName());
    String function =
        frame.functionName() == null
            ? "<wasm function " + frame.functionIndex() + ">"
            : Printable.of(frame.functionName());
    return place + module + "!" + function;
  }

  // The engine puts its own backtrace before the reason; ours is there already.
  private static String reason(String message) {
    int causes = message.indexOf(CAUSES);
    return oneLine(causes < 0 ? message : message.substring(causes + CAUSES.length()));
  }

  /** Joins the engine's messages: a headline, maybe details, maybe a numbered chain of causes. */
  private static String oneLine(String message) {
    StringBuilder all = new StringBuilder();
    String separator = "; ";
    for (String line : SettingNames.inHint(message).split("\\R")) {
      String part = line.strip();
      if (part.equals("Caused by:")) {
        separator = ": ";
      } else if (part.equals("Stack backtrace:")) {
        break; // of the engine's Rust code, where RUST_BACKTRACE asks for it
      } else if (!part.isEmpty() && !isQuote(part)) {
        if (!all.isEmpty()) {
          all.append(all.charAt(all.length() - 1) == ':' ? " " : separator);
        }
        all.append(
            part.replaceFirst("^[0-9]+: ", "")
                .replaceFirst("^--> <anon>:([0-9]+):([0-9]+)$", "line $1, column $2"));
      }
    }
    return all.toString();
  }

  // The line of a text module that an error is in, and the mark below it.
  private static boolean isQuote(String line) {
    return line.matches("([0-9]+ )?\\|.*");
  }
}
