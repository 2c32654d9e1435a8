package io.github.wasmtimejvm.binary;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The type of a component's function. Two of them are equal if they are the same one. */
public final class ComponentFunctionType implements ComponentTypeDefinition {
  private final boolean async;
  private final List<DefinedType.Field> parameters;
  private final @Nullable ComponentValueType result;
  private final Bytes bytes;

  /**
   * Where a type stands.
   *
   * @param from where it begins in the bytes of the outermost component
   * @param to where it ends
   */
  public record Bytes(int from, int to) {}

  ComponentFunctionType(
      boolean async,
      List<DefinedType.Field> parameters,
      @Nullable ComponentValueType result,
      Bytes bytes) {
    this.bytes = bytes;
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

  /**
   * Returns where the type stands; one with resources in the places of others is where they are.
   */
  public Bytes bytes() {
    return bytes;
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
