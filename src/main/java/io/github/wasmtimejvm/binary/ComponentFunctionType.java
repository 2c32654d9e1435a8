package io.github.wasmtimejvm.binary;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The type of a component's function.
 *
 * @param async whether the function is declared as an asynchronous one
 * @param parameters the parameters in order
 * @param result the result, {@code null} if there is none
 */
public record ComponentFunctionType(
    boolean async, List<DefinedType.Field> parameters, @Nullable ComponentValueType result)
    implements ComponentTypeDefinition {
  @Override
  public List<ComponentValueType> parts() {
    List<ComponentValueType> parts = new ArrayList<>(DefinedType.types(parameters));
    if (result != null) {
      parts.add(result);
    }
    return parts;
  }
}
