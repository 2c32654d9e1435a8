package io.github.wasmtimejvm.component;

import org.jspecify.annotations.Nullable;

/**
 * The type of a resource, as a component declares it. Two of them are equal if they are the same
 * one.
 */
public final class ResourceType {
  private final String name;
  private final @Nullable String importedFrom;

  ResourceType(String name, @Nullable String importedFrom) {
    this.name = name;
    this.importedFrom = importedFrom;
  }

  /** Returns its name in WIT. Threads: any. */
  public String name() {
    return name;
  }

  /**
   * Returns the interface that the component imports it from, {@code null} if the component defines
   * it itself, empty if it is an import of its own. Threads: any.
   */
  public @Nullable String importedFrom() {
    return importedFrom;
  }

  @Override
  public String toString() {
    return "resource " + name;
  }
}
