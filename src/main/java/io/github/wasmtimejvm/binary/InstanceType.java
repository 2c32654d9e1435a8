package io.github.wasmtimejvm.binary;

import java.util.ArrayList;
import java.util.List;

/**
 * The type of an instance: an interface.
 *
 * @param exports the functions, types and other items
 */
public record InstanceType(List<TypeDeclaration> exports) implements ComponentTypeDefinition {
  @Override
  public List<ComponentTypeDefinition> parts() {
    return types(exports);
  }

  static List<ComponentTypeDefinition> types(List<TypeDeclaration> declarations) {
    List<ComponentTypeDefinition> types = new ArrayList<>();
    for (TypeDeclaration declaration : declarations) {
      ComponentTypeDefinition type = declaration.type();
      if (type != null) {
        types.add(type);
      }
    }
    return types;
  }
}
