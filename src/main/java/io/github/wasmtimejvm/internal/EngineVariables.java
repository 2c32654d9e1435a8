package io.github.wasmtimejvm.internal;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The environment variables by which the engine's own runtimes are set, and by some values of which
 * they end the process. Where {@link Shim#hasRuntimes}, they get these values instead; elsewhere an
 * engine is built only where none has such a value.
 *
 * @param all the environment of the process
 */
record EngineVariables(Map<String, String> all) {
  private static final String COMPILE_THREADS = "RAYON_NUM_THREADS";
  private static final String COMPILE_THREADS_OLD = "RAYON_RS_NUM_CPUS";
  private static final String WASI_THREADS = "TOKIO_WORKER_THREADS";
  private static final String STACK = "RUST_MIN_STACK";
  private static final String LOG = "RUST_LOG";

  private static final int MOST_THREADS = 1024;
  private static final long SMALLEST_STACK = 1 << 20;
  private static final long LARGEST_STACK = 1 << 30;

  private static final Pattern NUMBER = Pattern.compile("\\+?[0-9]+");

  // What the engine's logger reads without a complaint, for which it needs a standard error that
  // takes it: names, each with a level or without. It can also filter by a pattern behind a slash.
  private static final Pattern LOGGED =
      Pattern.compile("(?i)[^=/]*(=(off|error|warn|info|debug|trace)?)?");

  static EngineVariables ofProcess() {
    return new EngineVariables(System.getenv());
  }

  /** How many threads the compiler is to have. */
  long compileThreads() {
    return threads(COMPILE_THREADS);
  }

  /** How many threads WASI is to have, besides those for files and for the standard input. */
  long wasiThreads() {
    return threads(WASI_THREADS);
  }

  /** What is to be logged, {@code null} for the default. */
  @Nullable String log() {
    String setting = all.get(LOG);
    return setting != null
            && Arrays.stream(setting.split(",")).allMatch(each -> LOGGED.matcher(each).matches())
        ? setting
        : null;
  }

  private long threads(String name) {
    String value = all.get(name);
    return value != null && isNumber(value, 1, MOST_THREADS)
        ? Long.parseLong(value)
        : Math.min(Runtime.getRuntime().availableProcessors(), MOST_THREADS);
  }

  /** Says which variable would end the process, and why; {@code null} if none would. */
  @Nullable String refusal() {
    String threads = all.get(WASI_THREADS);
    if (threads != null && !isNumber(threads, 1, MOST_THREADS)) {
      return refusal(WASI_THREADS, threads, "a number from 1 to " + MOST_THREADS);
    }
    // What is no number is ignored from here on.
    for (String name : List.of(COMPILE_THREADS, COMPILE_THREADS_OLD)) {
      String value = all.get(name);
      if (value != null && NUMBER.matcher(value).matches() && !isNumber(value, 0, MOST_THREADS)) {
        return refusal(name, value, "a number from 1 to " + MOST_THREADS);
      }
    }
    String stack = all.get(STACK);
    if (stack != null
        && NUMBER.matcher(stack).matches()
        && !isNumber(stack, SMALLEST_STACK, LARGEST_STACK)) {
      return refusal(STACK, stack, "a number from " + SMALLEST_STACK + " to " + LARGEST_STACK);
    }
    String setting = all.get(LOG);
    return setting != null && log() == null
        ? refusal(LOG, setting, "names of modules, each with a level or without")
        : null;
  }

  private static boolean isNumber(String value, long least, long most) {
    if (!NUMBER.matcher(value).matches()) {
      return false;
    }
    BigInteger number = new BigInteger(value);
    return number.compareTo(BigInteger.valueOf(least)) >= 0
        && number.compareTo(BigInteger.valueOf(most)) <= 0;
  }

  private static String refusal(String name, String value, String right) {
    return "The environment variable "
        + name
        + " is "
        + value
        + ", with which the engine may end the process: it must be "
        + right
        + ", or unset.";
  }
}
