package io.github.wasmtimejvm.binary;

import java.util.ArrayList;
import java.util.List;

/** The type of an instance: an interface. Two of them are equal if they are the same one. */
public final class InstanceType implements ComponentTypeDefinition {
  private final List<TypeDeclaration> exports;

  InstanceType(List<TypeDeclaration> exports) {
    this.exports = exports;
  }

  /** Returns the functions, types and other items in order. */
  public List<TypeDeclaration> exports() {
    return exports;
  }

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
