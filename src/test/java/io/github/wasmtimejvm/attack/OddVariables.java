package io.github.wasmtimejvm.attack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Variables that the engine, Java or we read, and values that they may not expect. */
final class OddVariables {
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "1",
          "3",
          "-1",
          "",
          " 2",
          "abc",
          "65",
          "1e3",
          "1025",
          "99999999999999999999",
          "18446744073709551615",
          "100000000000",
          "4096",
          "\u00fc");
  private static final List<String> LOGGED =
      List.of(
          "a=b=c",
          "x=nolevel",
          "/[",
          "info,/(/",
          "=",
          "",
          "wasmtime=error",
          "off",
          "wasmtime=info,",
          "%s%n");
  private static final List<String> PLACES =
      List.of("", "relative", "/nonexistent", "/dev/null", "/proc/self/mem", "/\u00fc", "?");
  private static final List<String> ANY = List.of("", "0", "1", "full", "junk", "always", "dumb");

  private static final Map<String, List<String>> VALUES =
      Map.ofEntries(
          Map.entry("RAYON_NUM_THREADS", NUMBERS),
          Map.entry("RAYON_RS_NUM_CPUS", NUMBERS),
          Map.entry("TOKIO_WORKER_THREADS", NUMBERS),
          Map.entry("RUST_MIN_STACK", NUMBERS),
          Map.entry("RUST_LOG", LOGGED),
          Map.entry("RUST_LOG_STYLE", ANY),
          Map.entry("NO_COLOR", ANY),
          Map.entry("CLICOLOR_FORCE", ANY),
          Map.entry("TERM", ANY),
          Map.entry("RUST_BACKTRACE", ANY),
          Map.entry("RUST_LIB_BACKTRACE", ANY),
          Map.entry("WASMTIME_BACKTRACE_DETAILS", ANY),
          Map.entry("WAST_STRICT_COMPONENT_INDICES", ANY),
          Map.entry("HOME", PLACES),
          Map.entry("XDG_CACHE_HOME", PLACES),
          Map.entry("XDG_CONFIG_HOME", PLACES),
          Map.entry("TMPDIR", PLACES),
          Map.entry("LC_ALL", List.of("C", "tr_TR.UTF-8", "C.UTF-8", "junk")));

  private OddVariables() {}

  /** Sets some of them, of which the first is one that has ended processes. */
  static void put(SplittableRandom random, Map<String, String> environment, Path room) {
    List<String> dangerous =
        List.of("RUST_LOG", "RAYON_NUM_THREADS", "TOKIO_WORKER_THREADS", "RUST_MIN_STACK");
    List<String> names = new ArrayList<>(VALUES.keySet().stream().sorted().toList());
    List<String> chosen = new ArrayList<>();
    chosen.add(dangerous.get(random.nextInt(dangerous.size())));
    for (int more = random.nextInt(4); more > 0; more--) {
      chosen.add(names.get(random.nextInt(names.size())));
    }
    for (String name : chosen) {
      List<String> values = VALUES.get(name);
      environment.put(name, values.get(random.nextInt(values.size())));
    }
    environment.putIfAbsent("TMPDIR", room.resolve("tmp").toString());
  }
}
