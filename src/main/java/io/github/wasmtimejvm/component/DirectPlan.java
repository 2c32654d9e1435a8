package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.binary.AnyComponent;
import io.github.wasmtimejvm.binary.AppendedLifts;
import io.github.wasmtimejvm.binary.CanonicalOptions;
import io.github.wasmtimejvm.binary.CanonicalOptions.StringEncoding;
import io.github.wasmtimejvm.binary.Component;
import io.github.wasmtimejvm.binary.ComponentFeature;
import io.github.wasmtimejvm.binary.ComponentFunction;
import io.github.wasmtimejvm.binary.ComponentInstance;
import io.github.wasmtimejvm.binary.ComponentItem;
import io.github.wasmtimejvm.binary.CoreItem;
import io.github.wasmtimejvm.binary.CoreMemories;
import io.github.wasmtimejvm.binary.CoreMemory;
import io.github.wasmtimejvm.binary.CoreValueType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which functions of a component are called directly: Java writes their arguments into the guest's
 * memory and reads their results there. For that the component is compiled with more exports: the
 * same core functions, with their core types. The same bytes always give the same plan. {@link
 * DirectImports} has those of the host's.
 */
final class DirectPlan {
  /** What the names of the added exports begin with. */
  static final String PREFIX = "wasmtime-jvm-";

  /** The functions of the module that the memory is checked with. */
  static final List<String> PROBE = List.of(PREFIX + "size", PREFIX + "load", PREFIX + "store");

  // Features that change nothing of how values are passed.
  private static final Set<ComponentFeature> KNOWN =
      EnumSet.of(
          ComponentFeature.MAPS, ComponentFeature.CANONICAL_NAMES, ComponentFeature.IMPLEMENTS);

  private static final List<CoreValueType> REALLOC =
      List.of(CoreValueType.I32, CoreValueType.I32, CoreValueType.I32, CoreValueType.I32);

  /**
   * A function that is called directly.
   *
   * @param name what its core function is exported as
   * @param params how its parameters lie in memory where they do
   * @param result how its result does, {@code null} if it has none
   * @param encoding of strings
   * @param realloc what the guest's allocation function is exported as, {@code null} if none is
   *     needed
   * @param postReturn what is called when the result has been read, {@code null} if nothing is
   * @param hasHandles whether there are handles of resources in its values
   * @param onlyLongStrings whether that is worth it for calls with a long string only
   */
  record Function(
      String name,
      Layout.Fields params,
      @Nullable Layout result,
      StringEncoding encoding,
      @Nullable String realloc,
      @Nullable String postReturn,
      boolean hasHandles,
      boolean onlyLongStrings) {
    /** Whether the parameters are too many to be passed one by one. */
    boolean isSpilled() {
      return params.flat().size() > Layout.MOST_PARAMETERS;
    }

    /** Whether the result is more than one core value, and so in memory. */
    boolean returnsPointer() {
      return result != null && result.flat().size() > 1;
    }

    List<CoreValueType> coreParams() {
      return isSpilled() ? List.of(CoreValueType.I32) : params.flat();
    }

    List<CoreValueType> coreResults() {
      return result == null
          ? List.of()
          : returnsPointer() ? List.of(CoreValueType.I32) : result.flat();
    }
  }

  /**
   * What turns handles of a resource of the guest's into numbers and back.
   *
   * @param give is exported as: an owned handle becomes one of the guest's table
   * @param lend is exported as: a handle becomes what the resource is for the guest
   * @param take is exported as: a handle of the guest's table becomes an owned one
   */
  record Handles(String give, String lend, String take) {}

  private volatile boolean proved;
  private final Component component;
  private final WitTypes types;
  private final CoreMemories memories;
  private final Layouts layouts = new Layouts();
  private final AppendedLifts appended;
  private final @Nullable String refusal; // of all functions
  private final Map<String, Function> functions = new HashMap<>();
  private final Map<String, CallPath> paths = new LinkedHashMap<>();
  private final Map<CoreItem, String> reallocs = new HashMap<>();
  private final Map<ResourceType, Handles> handles = new IdentityHashMap<>();
  private final DirectImports imports;
  private @Nullable CoreItem memory;
  private @Nullable CoreMemory owner;

  /**
   * @param bytes what the component was read from, with or without its code
   * @param types made the types of its imports and exports
   * @param imports its imports
   * @param exports its exports
   * @param extension what it has been compiled with, or is to be
   * @param refusal why no function is called directly, {@code null} if they may be
   */
  DirectPlan(
      Component component,
      byte[] bytes,
      WitTypes types,
      Map<String, WitItem> imports,
      Map<String, WitItem> exports,
      Component.Extension extension,
      @Nullable String refusal) {
    this.component = component;
    this.types = types;
    this.memories = new CoreMemories(bytes);
    this.appended = new AppendedLifts(component.indexSpaces());
    this.refusal = refusal != null ? refusal : refusal(component);
    component
        .exports()
        .forEach(
            (name, extern) -> {
              switch (exports.get(name)) {
                case WitItem.Function function -> add(null, name, extern.item(), function);
                case WitItem.Interface(Map<String, WitItem> items) -> {
                  Map<String, ComponentItem> inner = ((ComponentInstance) extern.item()).exports();
                  items.forEach(
                      (itemName, item) -> {
                        if (item instanceof WitItem.Function function) {
                          add(
                              name,
                              itemName,
                              Objects.requireNonNull(inner.get(itemName)),
                              function);
                        }
                      });
                }
                case null, default -> {} // no function
              }
            });
    this.imports = new DirectImports(this, bytes, imports, extension);
    CoreItem probed = memory;
    if (probed != null) {
      appended.addProbe(probed, PROBE);
    }
  }

  private static @Nullable String refusal(Component component) {
    Set<ComponentFeature> unknown = EnumSet.noneOf(ComponentFeature.class);
    unknown.addAll(component.features());
    unknown.removeAll(KNOWN);
    if (!unknown.isEmpty()) {
      return "the component uses " + unknown.iterator().next().description();
    }
    if (component.start() != null) {
      return "the component has a start function";
    }
    if (component.components().stream().anyMatch(DirectPlan::hasCode)) {
      return "there are components with code within the component";
    }
    if (component.exports().keySet().stream().anyMatch(name -> name.startsWith(PREFIX))) {
      return "the component exports names that begin with " + PREFIX;
    }
    return null;
  }

  // Calls between components become instances of modules, which the component does not name.
  private static boolean hasCode(AnyComponent any) {
    return !(any instanceof Component inner)
        || !inner.coreModules().isEmpty()
        || !inner.coreInstances().isEmpty()
        || inner.components().stream().anyMatch(DirectPlan::hasCode);
  }

  Component component() {
    return component;
  }

  AppendedLifts appended() {
    return appended;
  }

  Layouts layouts() {
    return layouts;
  }

  /** Why nothing is called directly, {@code null} if something may be. */
  @Nullable String refusal() {
    return refusal;
  }

  /** Returns how the parameters of a function lie in memory. */
  Layout.Fields params(WitItem.Function type) {
    return Layout.Fields.of(type.params().stream().map(param -> layouts.of(param.type())).toList());
  }

  /**
   * Takes the memory that values are passed in, if it can be found and is the one of others; or
   * returns why not.
   */
  @Nullable String reasonAgainst(CoreItem usedMemory) {
    CoreMemory found = memories.find(usedMemory);
    if (found == null || found.wide() || found.shared() || found.odd()) {
      return "its memory is not a plain one of the component's own";
    }
    if (owner != null && !owner.equals(found)) {
      return "its memory is not the one of other functions";
    }
    owner = found;
    memory = usedMemory;
    return null;
  }

  /** Returns the way of a function that something, or nothing, is said against. */
  static CallPath path(@Nullable String against) {
    return new CallPath(
        against == null, against == null ? "that is faster for its types" : against);
  }

  /** Returns the key of a function. */
  static String key(@Nullable String interfaceName, String name) {
    return interfaceName == null ? name : interfaceName + " " + name;
  }

  private void add(
      @Nullable String interfaceName, String name, ComponentItem item, WitItem.Function type) {
    String key = key(interfaceName, name);
    String reason = refusal != null ? refusal : reasonAgainst(key, (ComponentFunction) item, type);
    Function function = functions.get(key);
    paths.put(
        key,
        function != null && function.onlyLongStrings()
            ? new CallPath(
                true, "that is faster from %s characters on".formatted(CallCost.LONG_STRING))
            : path(reason));
  }

  // Adds the function, or returns why not.
  private @Nullable String reasonAgainst(
      String key, ComponentFunction item, WitItem.Function type) {
    if (!(item.definition()
        instanceof ComponentFunction.Lift(CoreItem function, CanonicalOptions options))) {
      return "the function is an imported one";
    }
    CoreItem usedMemory = options.memory();
    if (usedMemory == null) {
      return "its values are numbers";
    }
    if (options.async() || !(function instanceof CoreItem.Export)) {
      return "the function is no plain core function";
    }
    CallCost cost = CallCost.of(type);
    if (cost.reason() != null) {
      return cost.reason();
    }
    if (!cost.resources().stream().allMatch(this::isOwn)) {
      return "there are handles of resources that are not the component's own";
    }
    Layout.Fields params = params(type);
    boolean needsRoom = cost.hasPointers() || params.flat().size() > Layout.MOST_PARAMETERS;
    CoreItem realloc = options.realloc();
    if (needsRoom && realloc == null) {
      return "the guest cannot be asked for memory";
    }
    String other = reasonAgainst(usedMemory);
    if (other != null) {
      return other;
    }
    CoreItem post = options.postReturn();
    Function added =
        new Function(
            PREFIX + "f" + functions.size(),
            params,
            type.result() == null ? null : layouts.of(type.result()),
            options.encoding(),
            needsRoom ? realloc(Objects.requireNonNull(realloc)) : null,
            post == null ? null : PREFIX + "p" + functions.size(),
            !cost.resources().isEmpty(),
            cost.onlyLongStrings());
    appended.add(added.name(), function, added.coreParams(), added.coreResults());
    if (post != null) {
      appended.add(
          Objects.requireNonNull(added.postReturn()), post, added.coreResults(), List.of());
    }
    functions.put(key, added);
    cost.resources().forEach(this::addHandles);
    return null;
  }

  private boolean isOwn(ResourceType resource) {
    return resource.importedFrom() == null
        && component.indexSpaces().defines(types.declared(resource));
  }

  private void addHandles(ResourceType resource) {
    if (!handles.containsKey(resource)) {
      String name = PREFIX + "h" + handles.size();
      Handles added = new Handles(name + "-give", name + "-lend", name + "-take");
      handles.put(resource, added);
      appended.addHandles(
          types.declared(resource), name + "-type", added.give(), added.lend(), added.take());
    }
  }

  /** Has a {@code cabi_realloc} lifted, and returns what it is exported as. */
  String realloc(CoreItem realloc) {
    String known = reallocs.get(realloc);
    if (known == null) {
      known = PREFIX + "r" + reallocs.size();
      reallocs.put(realloc, known);
      appended.add(known, realloc, REALLOC, List.of(CoreValueType.I32));
    }
    return known;
  }

  /** Whether the memory of an instance was found by its numbers, and proved to be the guest's. */
  boolean isProved() {
    return proved;
  }

  void prove() {
    proved = true;
  }

  /** Whether nothing is called directly. */
  boolean isEmpty() {
    return functions.isEmpty() && imports.isEmpty();
  }

  /** Those of the host's functions. */
  DirectImports imports() {
    return imports;
  }

  /** Returns the component with the exports that are needed, and the types of its imports. */
  byte[] extend(byte[] wasm) {
    return appended.appendTo(imports.applyTo(wasm));
  }

  /**
   * Returns what tells this plan from others for the same component. What was compiled by another
   * plan must not be called by this one: a list would be taken for a number.
   */
  String fingerprint() {
    List<String> lines = new ArrayList<>();
    functions.forEach(
        (key, function) ->
            lines.add(
                key
                    + "="
                    + List.of(
                        function.name(),
                        function.coreParams(),
                        function.coreResults(),
                        function.encoding(),
                        String.valueOf(function.realloc()),
                        String.valueOf(function.postReturn()))));
    handles.forEach(
        (resource, names) -> lines.add("resource " + resource.name() + "=" + names.give()));
    lines.addAll(imports.lines());
    Collections.sort(lines); // the maps have no order
    if (owner != null) {
      lines.add("memory=" + List.of(ownerNumber(), memoryIndex(), coreInstances()));
    }
    try {
      byte[] text = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has it", e);
    }
  }

  /** Returns how a function is called directly, {@code null} if it is not. */
  @Nullable Function function(@Nullable String interfaceName, String name) {
    return functions.get(key(interfaceName, name));
  }

  /** Returns how a function is called. */
  CallPath path(@Nullable String interfaceName, String name) {
    return Objects.requireNonNull(paths.get(key(interfaceName, name)));
  }

  /** How each function is called, by the names of its interface, if it has one, and its own. */
  Map<String, CallPath> paths() {
    return Collections.unmodifiableMap(paths);
  }

  /** Returns how handles of a resource become numbers. */
  Handles handles(ResourceType resource) {
    return Objects.requireNonNull(handles.get(resource));
  }

  /** How many core modules are instantiated, that of the probe included. */
  int coreInstances() {
    return component.indexSpaces().instantiated() + 1;
  }

  /** Which of the core instances has the memory, counted from 0. */
  int ownerNumber() {
    return Objects.requireNonNull(owner).owner().number();
  }

  /** Which of the memories that the core instance defines it is. */
  int memoryIndex() {
    return Objects.requireNonNull(owner).index();
  }
}
