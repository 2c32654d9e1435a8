package io.github.wasmtimejvm.binary;

import java.util.List;

/**
 * A type under the name that it is exported or imported by. Types that were read once and named
 * twice are the same object behind their names.
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
