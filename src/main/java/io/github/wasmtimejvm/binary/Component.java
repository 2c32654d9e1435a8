package io.github.wasmtimejvm.binary;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the bytes of a component say. The reader checks what it needs to understand them; whether a
 * component is valid the engine decides. Two components are equal if they are the same one.
 */
public final class Component implements AnyComponent {
  private final @Nullable String name;
  private final Map<String, ComponentExtern> imports;
  private final Map<String, ComponentExtern> exports;
  private final List<CoreModule> coreModules;
  private final List<CoreInstance> coreInstances;
  private final List<AnyComponent> components;
  private final @Nullable StartFunction start;
  private final List<CustomSection> customSections;
  private final Set<ComponentFeature> features;
  private final IndexSpaces indexSpaces;

  Component(ComponentReader reader, ComponentScope scope) {
    name = reader.name;
    imports = reader.imports;
    exports = reader.exports;
    coreModules = scope.coreModules();
    coreInstances = scope.coreInstances();
    components = scope.components();
    start = reader.start;
    customSections = List.copyOf(reader.customSections);
    features = reader.features;
    indexSpaces = new IndexSpaces(scope);
  }

  /**
   * Reads a component.
   *
   * @param bytes the whole component in the binary format
   * @throws MalformedComponentException if the bytes are damaged, use what is not known here, or go
   *     beyond the bounds
   */
  public static Component read(byte[] bytes) {
    return ComponentReader.read(bytes);
  }

  /**
   * Copies a component and leaves out its code, data and custom sections but for its name, in the
   * modules and components within too. What is read of the copy is what is read of the component,
   * but for the custom sections and the places of modules.
   *
   * @param bytes the whole component in the binary format
   * @param extension what {@link #extension} says of the copy
   * @param plan what {@link #extensionPlan} says of it, in ASCII
   * @throws MalformedComponentException if the sections do not fit into each other
   */
  public static byte[] withoutCode(byte[] bytes, Extension extension, String plan) {
    return WithoutCode.of(bytes, extension, plan);
  }

  /** What a component was compiled with that it does not have itself. */
  public enum Extension {
    /** Nothing. */
    NONE,
    /** More exports. */
    EXPORTS,
    /** More exports, and imports of other types. */
    EXPORTS_AND_IMPORTS;

    private static final String PREFIX = "wasmtime-jvm:";

    /** The name of the custom section that says so in a copy without code; it has no other one. */
    String sectionName(String plan) {
      return start() + plan;
    }

    private String start() {
      return PREFIX + ordinal() + ":";
    }
  }

  /**
   * Returns what a copy without code was told; where that is not understood, the most that there
   * is.
   */
  public Extension extension() {
    String section = extensionSection();
    if (section == null) {
      return Extension.NONE;
    }
    return section.startsWith(Extension.EXPORTS.start())
        ? Extension.EXPORTS
        : Extension.EXPORTS_AND_IMPORTS;
  }

  /** Returns which extension that is in particular, empty if there is none. */
  public String extensionPlan() {
    String section = extensionSection();
    String start = extension().start();
    return section != null && section.startsWith(start) ? section.substring(start.length()) : "";
  }

  private @Nullable String extensionSection() {
    return customSections.stream()
        .map(CustomSection::name)
        .filter(section -> section.startsWith(Extension.PREFIX))
        .findFirst()
        .orElse(null);
  }

  /** Returns the component's name for people, {@code null} if it has none. */
  public @Nullable String name() {
    return name;
  }

  /** Returns the imports by their whole names, in order. */
  public Map<String, ComponentExtern> imports() {
    return imports;
  }

  /** Returns the exports by their whole names, in order. */
  public Map<String, ComponentExtern> exports() {
    return exports;
  }

  /** Returns the core modules by their indices. */
  public List<CoreModule> coreModules() {
    return coreModules;
  }

  /** Returns the core instances by their indices. */
  public List<CoreInstance> coreInstances() {
    return coreInstances;
  }

  /** Returns the components within this one by their indices. */
  public List<AnyComponent> components() {
    return components;
  }

  /** Returns the start function, {@code null} if there is none. */
  public @Nullable StartFunction start() {
    return start;
  }

  /**
   * Returns what the component and the components within use that the engine has switched off by
   * default.
   */
  public Set<ComponentFeature> features() {
    return features;
  }

  /** Returns the index spaces where the sections end. */
  public IndexSpaces indexSpaces() {
    return indexSpaces;
  }

  /** Returns the custom sections in order. */
  public List<CustomSection> customSections() {
    return customSections;
  }
}
