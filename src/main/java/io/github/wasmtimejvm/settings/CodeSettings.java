package io.github.wasmtimejvm.settings;

import io.github.wasmtimejvm.internal.Printable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of an engine that its compiled code depends on, but which the engine does not
 * compare when it loads code of another engine. They are kept beside the code as a text, a line for
 * each.
 *
 * <p>What the engine compares itself is not in the text: the target and the features of processors,
 * the compiler, proposals, fuel, interruption, signals, debug information and what the code knows
 * of the memories.
 */
public final class CodeSettings {
  // Characters of settings in a message. All settings of an engine have less than half as many; the
  // text of a forged file can have any number.
  private static final int LONGEST_QUOTE = 1000;
  private static final int LONGEST_READ = 1 << 16;

  private CodeSettings() {}

  /** Returns the text for engines with these settings. */
  public static String of(EngineSettings settings) {
    List<String> lines = new ArrayList<>();
    lines.add("nanCanonicalization=" + settings.nanCanonicalization);
    lines.add("optLevel=" + settings.optLevel);
    lines.add("regallocAlgorithm=" + settings.regallocAlgorithm);
    lines.add("maxWasmStack=" + settings.maxWasmStack);
    lines.add("nativeUnwindInfo=" + settings.nativeUnwindInfo);
    for (String flag : CraneliftFlags.shared()) {
      String set = settings.enabledFlags.contains(flag) ? "true" : settings.flags.get(flag);
      lines.add(flag + "=" + (set != null ? set : CraneliftFlags.isOnByDefault(flag)));
    }
    return String.join("\n", lines);
  }

  /**
   * Returns why code may not be loaded, with the settings that differ; {@code null} if it may.
   *
   * @param compiled the settings that the code was compiled with
   * @param wanted the settings of the engine that is to load the code
   */
  public static @Nullable String refusal(String what, String compiled, String wanted) {
    return compiled.equals(wanted)
        ? null
        : "the compiled %s was compiled with %s, the engine has %s: compile it anew"
            .formatted(what, without(compiled, wanted), without(wanted, compiled));
  }

  private static String without(String settings, String others) {
    // Whoever forges a file may write any number of lines.
    String start = settings.substring(0, Math.min(settings.length(), LONGEST_READ));
    List<String> left = new ArrayList<>(start.lines().toList());
    left.removeAll(others.lines().limit(LONGEST_READ).toList());
    if (left.isEmpty()) {
      return "no more";
    }
    String text = String.join(", ", left);
    boolean fits = text.length() <= LONGEST_QUOTE;
    return Printable.of(fits ? text : text.substring(0, LONGEST_QUOTE) + "...");
  }
}
