package io.github.wasmtimejvm.binary;

import org.jspecify.annotations.Nullable;

/** A core module: a range of the component's bytes, or one that comes from outside. */
public sealed interface CoreModule extends ComponentItem {
  @Override
  default ComponentSort sort() {
    return ComponentSort.CORE_MODULE;
  }

  /**
   * A module whose bytes are in the component.
   *
   * @param from where the module begins in the bytes of the outermost component
   * @param to where the module ends
   */
  record Bytes(int from, int to) implements CoreModule {}

  /**
   * A module that is imported.
   *
   * @param origin the import, {@code null} for one of a component that comes from outside
   * @param type what the module imports and exports
   */
  record Imported(@Nullable ImportPath origin, CoreModuleType type) implements CoreModule {}
}
