package io.github.wasmtimejvm.binary;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The type of a component's function. Two of them are equal if they are the same one. */
public final class ComponentFunctionType implements ComponentTypeDefinition {
  private final boolean async;
  private final List<DefinedType.Field> parameters;
  private final @Nullable ComponentValueType result;

  ComponentFunctionType(
      boolean async, List<DefinedType.Field> parameters, @Nullable ComponentValueType result) {
    this.async = async;
    this.parameters = parameters;
    this.result = result;
  }

  /** Whether the function is declared as an asynchronous one. */
  public boolean async() {
    return async;
  }

  /** Returns the parameters in order. */
  public List<DefinedType.Field> parameters() {
    return parameters;
  }

  /** Returns the type of the result, {@code null} if there is none. */
  public @Nullable ComponentValueType result() {
    return result;
  }

  @Override
  public List<ComponentValueType> parts() {
    List<ComponentValueType> parts = new ArrayList<>(DefinedType.types(parameters));
    if (result != null) {
      parts.add(result);
    }
    return parts;
  }
}
