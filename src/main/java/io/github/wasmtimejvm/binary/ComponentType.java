package io.github.wasmtimejvm.binary;

import java.util.List;

/**
 * The type of a component: a world.
 *
 * @param imports what a component of the type needs
 * @param exports what an instance of it offers
 */
public record ComponentType(List<TypeDeclaration> imports, List<TypeDeclaration> exports)
    implements ComponentTypeDefinition {
  @Override
  public List<ComponentTypeDefinition> parts() {
    List<ComponentTypeDefinition> parts = InstanceType.types(imports);
    parts.addAll(InstanceType.types(exports));
    return parts;
  }
}
