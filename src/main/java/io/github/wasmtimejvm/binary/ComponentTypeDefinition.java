package io.github.wasmtimejvm.binary;

import java.util.List;

/** A type of the component model. */
public sealed interface ComponentTypeDefinition extends ComponentItem
    permits ComponentValueType,
        ComponentFunctionType,
        ComponentResourceType,
        InstanceType,
        ComponentType {
  @Override
  default ComponentSort sort() {
    return ComponentSort.TYPE;
  }

  /** Returns the types that this one is made of. */
  List<? extends ComponentTypeDefinition> parts();

  /** Returns the type without the name that it has at this use. */
  default ComponentTypeDefinition unnamed() {
    return this;
  }
}
