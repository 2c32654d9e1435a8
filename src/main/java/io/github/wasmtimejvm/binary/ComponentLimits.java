package io.github.wasmtimejvm.binary;

import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * What one component and all within it may take. Types and instances share their parts, so a few
 * bytes can mean one that takes for ever to walk through: the engine bounds this, and so do we.
 */
final class ComponentLimits {
  static final int MOST_NESTED = 100;
  private static final int DEEPEST = 100;
  private static final int LARGEST = 1_000_000;
  private static final int EXPORTS = 1 << 16; // besides one for four bytes
  private static final int MOST_PARTS = 1_000; // modules and components, as for the engine

  private record Measure(int depth, int size) {}

  private static final Measure SINGLE = new Measure(1, 1);

  private final Map<ComponentItem, Measure> measures = new IdentityHashMap<>();
  private long exportsLeft;
  private long visitsLeft;
  private int partsLeft = MOST_PARTS;

  ComponentLimits(int bytes) {
    exportsLeft = bytes / 4L + EXPORTS;
    visitsLeft = bytes + (long) EXPORTS;
  }

  /** Counts a module or component. */
  void part(ComponentInput in) {
    partsLeft--;
    if (partsLeft < 0) {
      throw in.malformed("There are too many modules and components");
    }
  }

  /** Counts the exports of an instance that is made. */
  void export(ComponentInput in, int count) {
    exportsLeft -= count;
    if (exportsLeft < 0) {
      throw in.malformed("The instances have too many exports");
    }
  }

  /** Counts a type that is looked at for an instance. */
  void visit(ComponentInput in) {
    visitsLeft--;
    if (visitsLeft < 0) {
      throw in.malformed("The instances have too many types");
    }
  }

  /** Notes the size of a new type, of which all parts were noted before. */
  <T extends ComponentTypeDefinition> T add(ComponentInput in, T type) {
    if (type instanceof NamedType named) {
      measures.put(type, measure(named.unnamed()));
    } else if (!(type instanceof DefinedType.OwnType || type instanceof DefinedType.BorrowType)) {
      measures.put(type, sum(in, "type", type.parts()));
    }
    return type;
  }

  /** Notes the size of a new instance, whose exports were noted before. */
  ComponentInstance add(ComponentInput in, ComponentInstance instance) {
    measures.put(instance, sum(in, "instance", instance.exports().values()));
    return instance;
  }

  private Measure measure(ComponentItem item) {
    return switch (item) {
      case ComponentFunction function -> measure(function.type());
      case ComponentValue value -> measure(value.type());
      case AnyComponent.Imported component -> measure(component.type());
      default -> measures.getOrDefault(item, SINGLE);
    };
  }

  private Measure sum(ComponentInput in, String what, Collection<? extends ComponentItem> parts) {
    int depth = 0;
    long size = 1;
    for (ComponentItem part : parts) {
      Measure measure = measure(part);
      depth = Math.max(depth, measure.depth);
      size += measure.size;
    }
    if (depth >= DEEPEST) {
      throw in.malformed("A " + what + " is too deep");
    }
    if (size > LARGEST) {
      throw in.malformed("A " + what + " is too large");
    }
    return new Measure(depth + 1, (int) size);
  }
}
