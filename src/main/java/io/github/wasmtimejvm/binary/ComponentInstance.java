package io.github.wasmtimejvm.binary;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An instance of a component, or an imported one. Two are equal if they are the same one. */
public final class ComponentInstance implements ComponentItem {
  private final @Nullable ImportPath origin;
  private final Map<String, ComponentItem> exports;

  ComponentInstance(@Nullable ImportPath origin, Map<String, ComponentItem> exports) {
    this.origin = origin;
    this.exports = exports;
  }

  @Override
  public ComponentSort sort() {
    return ComponentSort.INSTANCE;
  }

  /** Returns the import that the instance is, {@code null} if the component makes it. */
  public @Nullable ImportPath origin() {
    return origin;
  }

  /** Returns what the instance exports, by name and in order. */
  public Map<String, ComponentItem> exports() {
    return exports;
  }
}
