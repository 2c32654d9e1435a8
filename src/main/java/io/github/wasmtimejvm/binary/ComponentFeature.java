package io.github.wasmtimejvm.binary;

import org.jspecify.annotations.Nullable;

/** What a component can use of the component model that the engine has switched off by default. */
public enum ComponentFeature {
  ASYNC_FUNCTIONS("asynchronous functions", Setter.ASYNC),
  STREAMS("streams", Setter.ASYNC),
  FUTURES("futures", Setter.ASYNC),
  ASYNC_BUILT_INS("built-in functions of asynchronous tasks", Setter.ASYNC),
  MORE_ASYNC_BUILT_INS(
      "built-in functions that wait for streams, futures or tasks, or cancel without waiting",
      "wasm_component_model_more_async_builtins"),
  STACKFUL_ASYNC(
      "asynchronous functions without a callback", "wasm_component_model_async_stackful"),
  FORWARDING("built-in functions that forward streams or futures", null),
  CANCELLABLE("cancellable built-in functions, which the format has given up", null),
  ERROR_CONTEXTS("error contexts", null),
  THREADS("built-in functions or types of threads", null),
  MAPS("the type map", "wasm_component_model_map"),
  FIXED_LENGTH_LISTS("lists of a fixed length", null),
  IMPLEMENTS(
      "an interface under another name (implements, external-id)",
      "wasm_component_model_implements"),
  CANONICAL_NAMES("names with a version in two parts", "wasm_component_model_canonical_names"),
  ACCESSORS("functions that get or set ([get], [set])", "wasm_component_model_accessors"),
  NESTED_NAMES("names of interfaces within nested packages", null),
  VALUES("values or a start function of the component", null),
  MEMORY64("64-bit memories or resources", null),
  SHARED_MEMORIES("a shared memory for values", null),
  GC("values on the garbage-collected heap of a guest", null);

  private static final class Setter {
    private static final String ASYNC = "wasm_component_model_async";
  }

  private final String description;
  private final @Nullable String setter;

  ComponentFeature(String description, @Nullable String setter) {
    this.description = description;
    this.setter = setter;
  }

  /** Returns what the component uses, for a sentence that begins with "The component uses". */
  public String description() {
    return description;
  }

  /** Returns the engine's name of the setting, {@code null} if the C API has none. */
  public @Nullable String setter() {
    return setter;
  }
}
