package io.github.wasmtimejvm.binary;

import org.jspecify.annotations.Nullable;

/**
 * A function of a component.
 *
 * @param definition where the function comes from
 * @param type the type with the names of this use: where an export has a type of its own, that type
 */
public record ComponentFunction(Definition definition, ComponentFunctionType type)
    implements ComponentItem {
  @Override
  public ComponentSort sort() {
    return ComponentSort.FUNCTION;
  }

  /** Where a function comes from. */
  public sealed interface Definition {}

  /**
   * A core function that is lifted: {@code canon lift}.
   *
   * @param function the core function
   * @param options how values are passed
   */
  public record Lift(CoreItem function, CanonicalOptions options) implements Definition {}

  /**
   * An imported function, or one of an imported instance.
   *
   * @param origin the import, {@code null} for a function of a component that comes from outside
   */
  public record Imported(@Nullable ImportPath origin) implements Definition {}
}
