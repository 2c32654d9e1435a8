package io.github.wasmtimejvm.cli;

import io.github.wasmtimejvm.WasmFeature;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The library's names of settings, which stand in its messages, as the command line has them. */
final class SettingNames {
  private static final Map<String, String> OPTIONS = options();

  // memoryMayMove(false), strategy WINCH, feature GC, the Cranelift flag has_avx
  private static final Pattern NAME =
      Pattern.compile(
          "(?:EngineBuilder\\.)?\\b(strategy [A-Z]+|feature [A-Z_0-9]+|the Cranelift flag"
              + " \\w+|[a-z]+[A-Z]\\w*)(?:\\((true|false)\\))?");

  // EngineBuilder.memoryMayMove(false), and optLevel=NONE of compiled code
  private static final Pattern HINT =
      Pattern.compile("(?:EngineBuilder\\.|\\b(?=\\w+=))([a-z]+[A-Z]\\w*)(?:\\((true|false)\\))?");

  // EngineBuilder.feature(WasmFeature.COMPONENT_MODEL_MAP, true)
  private static final Pattern FEATURE_HINT =
      Pattern.compile("EngineBuilder\\.feature\\(WasmFeature\\.([A-Z_0-9]+), (true|false)\\)");

  private SettingNames() {}

  private static Map<String, String> options() {
    Map<String, String> options = new HashMap<>();
    for (String option :
        new String[] {
          "-O memory-may-move",
          "-O memory-reservation",
          "-O memory-reservation-for-growth",
          "-O memory-guard-size",
          "-O memory-init-cow",
          "-O signals-based-traps",
          "-O opt-level",
          "-O regalloc-algorithm",
          "-C parallel-compilation",
          "-C native-unwind-info",
          "-D debug-info",
          "-W max-wasm-stack",
          "-W nan-canonicalization",
          "-W relaxed-simd-deterministic",
          "-W shared-memory",
          "-W gc-support",
        }) {
      options.put(javaName(option.substring(3)), option);
    }
    options.put("debugVerifier", "-C cranelift-debug-verifier");
    options.put("consumeFuel", "-W fuel");
    for (WasmFeature feature : WasmFeature.values()) {
      options.put("feature " + feature.name(), "-W " + optionName(feature));
    }
    options.put("strategy WINCH", "-C compiler=winch");
    options.put("strategy CRANELIFT", "-C compiler=cranelift");
    return Map.copyOf(options);
  }

  /** What a proposal is called behind {@code -W}. */
  static String optionName(WasmFeature feature) {
    return feature.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  // max-wasm-stack: maxWasmStack
  private static String javaName(String option) {
    return Pattern.compile("-([a-z])")
        .matcher(option)
        .replaceAll(match -> match.group(1).toUpperCase(Locale.ROOT));
  }

  /** Names the settings in what the library says against some. */
  static String inRefusal(String message) {
    return NAME.matcher(message).replaceAll(SettingNames::replacement);
  }

  /** Names the settings that any other message of the library advises, or gives the values of. */
  static String inHint(String message) {
    String features =
        FEATURE_HINT
            .matcher(message)
            .replaceAll(match -> replacement(match, "feature " + match.group(1)));
    return HINT.matcher(features)
        .replaceAll(SettingNames::replacement)
        .replace("defineWasiHttp()", "-S http")
        .replace("defineWasi()", "-S cli");
  }

  private static String replacement(MatchResult match) {
    return replacement(match, match.group(1));
  }

  private static String replacement(MatchResult match, String name) {
    String flag = "the Cranelift flag ";
    String option =
        name.startsWith(flag) ? "-C cranelift-" + name.substring(flag.length()) : OPTIONS.get(name);
    if (option == null) {
      return Matcher.quoteReplacement(match.group());
    }
    String value = match.group(2);
    return option + (value == null ? "" : value.equals("true") ? "=y" : "=n");
  }
}
