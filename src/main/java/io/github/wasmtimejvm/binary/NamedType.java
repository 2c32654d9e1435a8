package io.github.wasmtimejvm.binary;

import java.util.List;

/**
 * A type under the name that it is exported or imported by. A type that was read once and named
 * twice is the same object behind its names. Where a component within another one passes a type on,
 * its parts can have the names of that component's imports: the interface's own name is that of the
 * export with the same object.
 *
 * @param name the name, without that of its interface
 * @param unnamed the type: that of a value, a resource, or any other; never a named one
 */
public record NamedType(String name, ComponentTypeDefinition unnamed)
    implements ComponentValueType {
  @Override
  public List<ComponentTypeDefinition> parts() {
    return List.of(unnamed);
  }
}
