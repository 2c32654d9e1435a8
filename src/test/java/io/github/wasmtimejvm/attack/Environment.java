package io.github.wasmtimejvm.attack;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The kinds of environment that a process is attacked by. */
enum Environment {
  THREADS,
  DESCRIPTORS,
  ADDRESS_SPACE,
  FILE_SIZE,
  VARIABLES,
  READ_ONLY,
  FULL,
  NO_EXEC,
  /**
   * The only kind for which no {@link Guard} is left out. Without ours (what stands under the
   * number of a closed stream is not given to guests) they read and write files of the JVM, which
   * is wrong and was not seen to end a process.
   */
  CLOSED_STREAMS,
  UNPRIVILEGED;

  /** System property of the process: the only kind that its cases are of. */
  static final String ONLY = "wasmtimejvm.attack.environment";

  /** The kind of a case, in a process that is told nothing else. */
  static Environment of(long seed) {
    return of(seed, System.getProperty(ONLY));
  }

  /** The kind of a case, in a process with these flags. */
  static Environment of(long seed, List<String> flags) {
    String property = "-D" + ONLY + "=";
    return of(
        seed,
        flags.stream()
            .filter(flag -> flag.startsWith(property))
            .map(flag -> flag.substring(property.length()))
            .findFirst()
            .orElse(null));
  }

  private static Environment of(long seed, @Nullable String only) {
    Environment[] all = values();
    return Arrays.stream(all)
        .filter(kind -> kind.toString().equals(only))
        .findFirst()
        .orElseGet(() -> all[Math.floorMod(seed, all.length)]);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
