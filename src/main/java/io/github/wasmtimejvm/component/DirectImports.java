package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.binary.CanonicalOptions;
import io.github.wasmtimejvm.binary.CanonicalOptions.StringEncoding;
import io.github.wasmtimejvm.binary.Component;
import io.github.wasmtimejvm.binary.ComponentEdits;
import io.github.wasmtimejvm.binary.ComponentFunction;
import io.github.wasmtimejvm.binary.ComponentFunctionType;
import io.github.wasmtimejvm.binary.ComponentInstance;
import io.github.wasmtimejvm.binary.CoreItem;
import io.github.wasmtimejvm.binary.CoreValueType;
import io.github.wasmtimejvm.binary.ImportPath;
import io.github.wasmtimejvm.binary.StartSections;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which functions of the host's a component calls directly. They are imported ones, and those of
 * imported interfaces, and get another type: one of core values. So nothing else may have their
 * types; and since nothing may call them before the memory is known, what a guest starts with is
 * called afterwards.
 */
final class DirectImports {
  /** What the start function is exported as, where it is called afterwards. */
  static final String START = DirectPlan.PREFIX + "start";

  /**
   * A function of the host's whose values Java reads and writes itself.
   *
   * @param params how its parameters lie in memory where they do
   * @param result how its result does, {@code null} if it has none
   * @param encoding of strings
   * @param realloc what the guest's allocation function is exported as, {@code null} if none is
   *     needed
   */
  record HostFunction(
      Layout.Fields params,
      @Nullable Layout result,
      StringEncoding encoding,
      @Nullable String realloc) {
    /** Whether the parameters are too many to be passed one by one. */
    boolean isSpilled() {
      return params.flat().size() > Layout.MOST_PARAMETERS;
    }

    /** Whether the guest says where the result goes. */
    boolean takesPointer() {
      return result != null && result.flat().size() > 1;
    }

    List<CoreValueType> coreParams() {
      List<CoreValueType> types =
          new ArrayList<>(isSpilled() ? List.of(CoreValueType.I32) : params.flat());
      if (takesPointer()) {
        types.add(CoreValueType.I32);
      }
      return types;
    }

    List<CoreValueType> coreResults() {
      return result == null || takesPointer() ? List.of() : result.flat();
    }
  }

  private final DirectPlan plan;
  private final Map<String, HostFunction> functions = new HashMap<>();
  private final Map<String, CallPath> paths = new LinkedHashMap<>();
  private final ComponentEdits edits = new ComponentEdits();
  private boolean hasStart;

  /**
   * @param plan that of the exports, which is ready
   * @param bytes what the component was read from, with or without its code
   * @param imports its imports
   * @param extension what it has been compiled with, or is to be
   */
  DirectImports(
      DirectPlan plan, byte[] bytes, Map<String, WitItem> imports, Component.Extension extension) {
    this.plan = plan;
    StartSections start = new StartSections(plan.component(), bytes);
    String reason =
        plan.refusal() != null
            ? plan.refusal()
            : start.isMovable() ? null : "a guest may call it before its memory is known";
    boolean compiledSo = extension == Component.Extension.EXPORTS_AND_IMPORTS;
    List<Candidate> candidates = candidates(imports);
    Set<ComponentFunctionType.Bytes> taken = otherTypes();
    Map<String, String> against = new HashMap<>();
    for (Candidate candidate : candidates) {
      String found = reason != null ? reason : reasonAgainst(candidate, compiledSo);
      if (found != null) {
        against.put(candidate.key(), found);
        taken.add(candidate.place());
      }
    }
    // Functions that have a type in common get another one together, or none of them does.
    for (Candidate candidate : candidates) {
      String found = against.get(candidate.key());
      if (found == null && taken.contains(candidate.place())) {
        found = "its type is used elsewhere";
      }
      if (found == null) {
        add(candidate);
      }
      paths.put(candidate.key(), DirectPlan.path(found));
    }
    CoreItem function = start.function();
    if (!functions.isEmpty() && function != null) {
      hasStart = true;
      plan.appended().add(START, function, List.of(), List.of());
      start.remove(edits);
    }
  }

  /**
   * An imported function, or one of an imported interface.
   *
   * @param lower how core code is given it, {@code null} if it is in another way than once
   */
  private record Candidate(
      String key,
      ComponentFunctionType declared,
      CoreItem.@Nullable Lower lower,
      WitItem.Function type) {
    ComponentFunctionType.Bytes place() {
      return declared.bytes();
    }
  }

  private List<Candidate> candidates(Map<String, WitItem> imports) {
    Map<String, CoreItem.Lower> lowered = lowered();
    List<Candidate> candidates = new ArrayList<>();
    plan.component()
        .imports()
        .forEach(
            (name, extern) -> {
              if (imports.get(name) instanceof WitItem.Function function
                  && extern.item() instanceof ComponentFunction imported) {
                candidates.add(new Candidate(name, imported.type(), lowered.get(name), function));
              } else if (imports.get(name) instanceof WitItem.Interface(Map<String, WitItem> items)
                  && !name.startsWith("wasi:")
                  && extern.item() instanceof ComponentInstance instance) {
                items.forEach(
                    (itemName, item) -> {
                      if (item instanceof WitItem.Function function) {
                        ComponentFunction imported =
                            (ComponentFunction)
                                Objects.requireNonNull(instance.exports().get(itemName));
                        String key = DirectPlan.key(name, itemName);
                        candidates.add(
                            new Candidate(key, imported.type(), lowered.get(key), function));
                      }
                    });
              }
            });
    return candidates;
  }

  // The imported functions that core code is given, each once; null if it is twice.
  private Map<String, CoreItem.Lower> lowered() {
    Map<String, CoreItem.Lower> lowered = new HashMap<>();
    for (CoreItem.Lower one : plan.component().indexSpaces().lowered()) {
      if (one.function().definition() instanceof ComponentFunction.Imported(ImportPath origin)
          && origin != null
          && origin.exports().size() <= 1) {
        String key = key(origin);
        lowered.put(key, lowered.containsKey(key) ? null : one);
      }
    }
    return lowered;
  }

  private static String key(ImportPath origin) {
    List<String> exports = origin.exports();
    return exports.isEmpty()
        ? DirectPlan.key(null, origin.name())
        : DirectPlan.key(origin.name(), exports.getFirst());
  }

  // The types of functions that are lifted, and of all that are not imported so.
  private Set<ComponentFunctionType.Bytes> otherTypes() {
    Set<ComponentFunctionType.Bytes> types = new HashSet<>();
    for (ComponentFunction function : plan.component().indexSpaces().functionItems()) {
      if (!(function.definition() instanceof ComponentFunction.Imported(ImportPath origin))
          || origin == null
          || origin.exports().size() > 1
          || origin.name().startsWith("wasi:")) {
        types.add(function.type().bytes());
      }
    }
    return types;
  }

  private @Nullable String reasonAgainst(Candidate candidate, boolean compiledSo) {
    CoreItem.Lower lower = candidate.lower();
    if (lower == null) {
      return "it is used in another way than by one core function";
    }
    CanonicalOptions options = lower.options();
    CoreItem usedMemory = options.memory();
    if (usedMemory == null) {
      return "its values are numbers";
    }
    CallCost cost = CallCost.ofImport(candidate.type());
    if (cost.reason() != null) {
      return cost.reason();
    }
    if (!cost.resources().isEmpty()) {
      return "there are handles of resources";
    }
    if (options.async() || (cost.hasPointers() && options.realloc() == null)) {
      return "the guest cannot be asked for memory";
    }
    if (!compiledSo) {
      return "it was compiled without other types of imports";
    }
    return plan.reasonAgainst(usedMemory);
  }

  private void add(Candidate candidate) {
    CanonicalOptions options = Objects.requireNonNull(candidate.lower()).options();
    WitItem.Function type = candidate.type();
    HostFunction added =
        new HostFunction(
            plan.params(type),
            type.result() == null ? null : plan.layouts().of(type.result()),
            options.encoding(),
            CallCost.ofImport(type).hasPointers()
                ? plan.realloc(Objects.requireNonNull(options.realloc()))
                : null);
    edits.replace(candidate.declared(), added.coreParams(), added.coreResults());
    functions.put(candidate.key(), added);
  }

  /** Whether none of them is called directly. */
  boolean isEmpty() {
    return functions.isEmpty();
  }

  /** Whether the guest's start function is to be called when it has been instantiated. */
  boolean hasStart() {
    return hasStart;
  }

  /** What is to be done, for {@link DirectPlan#fingerprint}. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    functions.forEach(
        (key, function) ->
            lines.add(
                "import "
                    + key
                    + "="
                    + List.of(
                        function.coreParams(),
                        function.coreResults(),
                        function.encoding(),
                        String.valueOf(function.realloc()))));
    lines.add("start=" + hasStart);
    return lines;
  }

  /** Returns the component with the types of its imports. */
  byte[] applyTo(byte[] wasm) {
    return edits.applyTo(wasm);
  }

  /** Returns how a function is called directly, {@code null} if it is not. */
  @Nullable HostFunction function(@Nullable String interfaceName, String name) {
    return functions.get(DirectPlan.key(interfaceName, name));
  }

  /**
   * How each imported function is called, by the names of its interface, if it has one, and its
   * own.
   */
  Map<String, CallPath> paths() {
    return Collections.unmodifiableMap(paths);
  }
}
