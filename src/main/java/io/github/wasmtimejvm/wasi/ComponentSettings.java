package io.github.wasmtimejvm.wasi;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which settings of a configuration components cannot have. Between a component and the engine's
 * WASI there are resources of the engine's own types, streams most of all, which nobody else can
 * make. So what Java does for modules, by intercepting their calls, it cannot do here.
 */
final class ComponentSettings {
  private static final String STREAM =
      "a component's streams are the engine's own, and Java cannot make one";

  private ComponentSettings() {}

  /**
   * Returns why a component that imports WASI cannot have a configuration, {@code null} if it can.
   *
   * @param http whether the component imports {@code wasi:http}
   */
  static @Nullable String refusal(WasiConfig config, boolean http) {
    List<String> refusals = new ArrayList<>();
    if (config.stdin instanceof Stdio.OfInput) {
      refusals.add("stdin(InputStream): " + STREAM + "; stdinBytes, stdinFile or inheritStdin do");
    }
    addOutput(refusals, config.stdout, "stdout");
    addOutput(refusals, config.stderr, "stderr");
    if (config.clock != null) {
      refusals.add("clock: what a component waits for is the engine's own, and so is the time");
    }
    if (config.random != null) {
      refusals.add("random: a component's random numbers are the engine's");
    }
    if (config.maxOpenFiles != null) {
      refusals.add("maxOpenFiles: Java does not see which files a component opens");
    }
    if (!config.interceptors.isEmpty()) {
      refusals.add("inFront: a component calls no function of WASI preview 1");
    }
    if (config.unwindingExit) {
      refusals.add("unwindingExit: a component that exits is left at once, by the engine");
    }
    if (http && !config.http) {
      refusals.add("it imports wasi:http, which no program gets without allowHttp()");
    }
    return refusals.isEmpty()
        ? null
        : "a component cannot have this WasiConfig:\n  " + String.join("\n  ", refusals);
  }

  private static void addOutput(List<String> refusals, Stdio stdio, String name) {
    String clash =
        switch (stdio) {
          case Stdio.OfOutput _ -> name + "(OutputStream)";
          case Stdio.OfLines _ -> name + "Lines";
          default -> null;
        };
    if (clash != null) {
      String own = name.equals("stdout") ? "inheritStdout" : "inheritStderr";
      refusals.add("%s: %s; %sFile or %s do".formatted(clash, STREAM, name, own));
    }
  }
}
