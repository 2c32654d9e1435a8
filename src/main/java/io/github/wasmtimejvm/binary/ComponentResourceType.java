package io.github.wasmtimejvm.binary;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A resource type. Two of them are equal if they were declared in the same place. An instance type
 * that is imported twice declares its resources once here, where the engine has two.
 */
public final class ComponentResourceType implements ComponentTypeDefinition {
  private final boolean defined;
  private final @Nullable CoreItem destructor;

  ComponentResourceType(boolean defined, @Nullable CoreItem destructor) {
    this.defined = defined;
    this.destructor = destructor;
  }

  /** Whether the component defines the resource; otherwise it comes from outside. */
  public boolean isDefined() {
    return defined;
  }

  /** Returns the core function that is called when the last handle is dropped, if there is one. */
  public @Nullable CoreItem destructor() {
    return destructor;
  }

  @Override
  public List<ComponentTypeDefinition> parts() {
    return List.of();
  }
}
