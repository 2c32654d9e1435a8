package io.github.wasmtimejvm.component;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a component imports or exports under a name. */
public sealed interface WitItem {
  /**
   * A function.
   *
   * @param params its parameters in order
   * @param result the type of its result, {@code null} if there is none
   */
  record Function(List<WitType.Field> params, @Nullable WitType result) implements WitItem {
    /** Creates one. Threads: any. */
    public Function {
      params = List.copyOf(params);
    }

    @Override
    public String toString() {
      return WitText.of("func(", params, ")") + (result == null ? "" : " -> " + result);
    }
  }

  /**
   * An interface: an instance with functions and types.
   *
   * @param items what it has, by names and in order
   */
  record Interface(Map<String, WitItem> items) implements WitItem {
    /** Creates one. Threads: any. */
    public Interface {
      Objects.requireNonNull(items, "items");
    }

    @Override
    public String toString() {
      return WitText.of("interface { ", items.keySet(), " }");
    }
  }

  /**
   * A type of values.
   *
   * @param type the type
   */
  record Value(WitType type) implements WitItem {
    /** Creates one. Threads: any. */
    public Value {
      Objects.requireNonNull(type, "type");
    }

    /** Returns what the type is made of, also where it has a name. */
    @Override
    public String toString() {
      return WitText.definition(type);
    }
  }

  /**
   * A type of resources.
   *
   * @param type the type
   */
  record Resource(ResourceType type) implements WitItem {
    /** Creates one. Threads: any. */
    public Resource {
      Objects.requireNonNull(type, "type");
    }

    @Override
    public String toString() {
      return "resource";
    }
  }

  /** A core module: a {@link io.github.wasmtimejvm.Module}. */
  record CoreModule() implements WitItem {}

  /**
   * Something that nothing in Java stands for: a component, or the type of one.
   *
   * @param kind what it is, in words
   */
  record Other(String kind) implements WitItem {
    /** Creates one. Threads: any. */
    public Other {
      Objects.requireNonNull(kind, "kind");
    }
  }
}
