package io.github.wasmtimejvm.binary;

import org.jspecify.annotations.Nullable;

/** A component: one that was read, or one that comes from outside. */
public sealed interface AnyComponent extends ComponentItem
    permits Component, AnyComponent.Imported {
  @Override
  default ComponentSort sort() {
    return ComponentSort.COMPONENT;
  }

  /**
   * A component of which only the type is known.
   *
   * @param origin the import, {@code null} for one of a component that comes from outside
   * @param type what the component imports and exports
   */
  record Imported(@Nullable ImportPath origin, ComponentType type) implements AnyComponent {}
}
