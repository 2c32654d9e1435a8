package io.github.wasmtimejvm.binary;

import java.util.List;

/**
 * A type under the name that it is exported or imported by. A type that was read once and named
 * twice is the same object behind its names. Where a component within another one passes a type on,
 * its parts can have the names of that component's imports: the interface's own name is that of the
 * export with the same object. Two named types are equal if they are the same one.
 */
public final class NamedType implements ComponentValueType {
  private final String name;
  private final ComponentTypeDefinition unnamed;

  NamedType(String name, ComponentTypeDefinition unnamed) {
    this.name = name;
    this.unnamed = unnamed;
  }

  /** Returns the name, without that of its interface. */
  public String name() {
    return name;
  }

  /** Returns the type: that of a value, a resource, or any other; never a named one. */
  @Override
  public ComponentTypeDefinition unnamed() {
    return unnamed;
  }

  @Override
  public List<ComponentTypeDefinition> parts() {
    return List.of(unnamed);
  }
}
