package io.github.wasmtimejvm.settings;

import io.github.wasmtimejvm.WasmFeature;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What to do about a component that uses a proposal which the engine has off, and about code of an
 * engine that had one on. The engine's message names the proposal in words of its own, which are
 * not those of its settings.
 */
public final class MissingFeature {
  private static final String UNREADABLE = "failed to parse WebAssembly module\n";

  // Whole lines: a name in the component may say anything. Who imitates the engine there gets
  // advice that does not help.
  private static final Pattern REASON =
      Pattern.compile(
          ".*\\brequires? the component model ([a-z0-9 -]+) feature"
              + "|the `(cm-[a-z-]+)` feature is not active"
              + "|.* requires? the `(cm[a-z0-9-]+)` feature(?: to be enabled)?"
              + "|requires the component model (async stackful) feature");
  private static final Pattern OFFSET = Pattern.compile(" \\(at offset 0x[0-9a-f]+\\)$");
  private static final Pattern COMPILED =
      Pattern.compile(
          "Module was compiled with support for WebAssembly feature `([a-z0-9_]+)` but .*",
          Pattern.DOTALL);
  private static final String NO_COMPONENTS =
      "unknown binary version and encoding combination: 0xd and 0x1,";

  private static final Map<String, WasmFeature> SETTINGS =
      Map.of(
          "component-model", WasmFeature.COMPONENT_MODEL,
          "cm-map", WasmFeature.COMPONENT_MODEL_MAP,
          "cm-implements", WasmFeature.COMPONENT_MODEL_IMPLEMENTS,
          "cm-canon-names", WasmFeature.COMPONENT_MODEL_CANONICAL_NAMES,
          "cm-accessors", WasmFeature.COMPONENT_MODEL_ACCESSORS);

  private MissingFeature() {}

  /**
   * Returns a sentence to add to the message, {@code null} if it is about something else.
   *
   * @param message what the engine says of what it does not compile or load
   */
  public static @Nullable String advice(String message) {
    Matcher compiled = COMPILED.matcher(message);
    if (compiled.matches()) {
      WasmFeature feature = SETTINGS.get(compiled.group(1).replace('_', '-'));
      return feature == null ? null : switchOn(feature);
    }
    if (!message.startsWith(UNREADABLE)) {
      return null;
    }
    String text = message.stripTrailing();
    String line = text.substring(text.lastIndexOf('\n') + 1).strip();
    if (line.startsWith(NO_COMPONENTS)) {
      return switchOn(WasmFeature.COMPONENT_MODEL);
    }
    Matcher offset = OFFSET.matcher(line);
    Matcher reason = REASON.matcher(offset.replaceFirst(""));
    if (!offset.reset().find() || !reason.matches()) {
      return null;
    }
    for (int i = 1; i <= reason.groupCount(); i++) {
      if (reason.group(i) != null) {
        return advise(reason.group(i));
      }
    }
    return null;
  }

  private static String advise(String proposal) {
    WasmFeature feature = SETTINGS.get(proposal.startsWith("cm") ? proposal : "cm-" + proposal);
    if (feature != null) {
      return switchOn(feature);
    }
    return proposal.contains("async")
        ? "Asynchronous functions, streams and futures cannot be switched on: guests would run on"
            + " stacks of their own, where a call up into Java ends the VM."
        : "It cannot be switched on: the C API of the engine has no setting for it.";
  }

  private static String switchOn(WasmFeature feature) {
    return "This engine has it off: EngineBuilder.feature(WasmFeature."
        + feature
        + ", true) switches it on.";
  }
}
