package io.github.wasmtimejvm;

import io.github.wasmtimejvm.internal.Printable;
import java.util.ArrayList;
import java.util.List;

/**
 * The settings of an engine that its compiled code does not go without, but which the engine does
 * not compare when it loads code of another one. They are kept beside the code as a text, a line
 * for each.
 *
 * <p>What the engine compares itself is not in it: the target and the features of processors, the
 * compiler, proposals, fuel, interruption, signals, debug information and what the code knows of
 * the memories.
 */
final class CodeSettings {
  private CodeSettings() {}

  /** Returns the text for engines that are built so. */
  static String of(EngineBuilder builder) {
    List<String> lines = new ArrayList<>();
    lines.add("nanCanonicalization=" + builder.nanCanonicalization);
    lines.add("optLevel=" + builder.optLevel);
    lines.add("regallocAlgorithm=" + builder.regallocAlgorithm);
    lines.add("maxWasmStack=" + builder.maxWasmStack);
    lines.add("nativeUnwindInfo=" + builder.nativeUnwindInfo);
    for (String flag : CraneliftFlags.shared()) {
      String set = builder.enabledFlags.contains(flag) ? "true" : builder.flags.get(flag);
      lines.add(flag + "=" + (set != null ? set : CraneliftFlags.isOnByDefault(flag)));
    }
    return String.join("\n", lines);
  }

  /**
   * Throws unless code may be loaded.
   *
   * @param compiled the settings that it was compiled with
   * @param wanted those of the engine that shall load it
   * @throws CompileException if they differ; it names those that do
   */
  static void check(String compiled, String wanted) {
    if (!compiled.equals(wanted)) {
      throw new CompileException(
          "the compiled module was compiled with %s, the engine has %s: compile it anew"
              .formatted(without(compiled, wanted), without(wanted, compiled)));
    }
  }

  private static String without(String settings, String others) {
    List<String> left = new ArrayList<>(settings.lines().toList());
    left.removeAll(others.lines().toList());
    return left.isEmpty() ? "no more" : Printable.of(String.join(", ", left));
  }
}
