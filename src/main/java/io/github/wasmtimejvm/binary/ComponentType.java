package io.github.wasmtimejvm.binary;

import java.util.List;

/** The type of a component: a world. Two of them are equal if they are the same one. */
public final class ComponentType implements ComponentTypeDefinition {
  private final List<TypeDeclaration> imports;
  private final List<TypeDeclaration> exports;

  ComponentType(List<TypeDeclaration> imports, List<TypeDeclaration> exports) {
    this.imports = imports;
    this.exports = exports;
  }

  /** Returns what a component of the type needs. */
  public List<TypeDeclaration> imports() {
    return imports;
  }

  /** Returns what an instance of it offers. */
  public List<TypeDeclaration> exports() {
    return exports;
  }

  @Override
  public List<ComponentTypeDefinition> parts() {
    List<ComponentTypeDefinition> parts = InstanceType.types(imports);
    parts.addAll(InstanceType.types(exports));
    return parts;
  }
}
