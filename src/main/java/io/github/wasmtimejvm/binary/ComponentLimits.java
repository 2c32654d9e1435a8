package io.github.wasmtimejvm.binary;

import java.util.IdentityHashMap;
import java.util.Map;

/**
 * What one component and all within it may take. Types share their parts, so a few bytes can mean a
 * type that takes for ever to walk through: the engine bounds this, and so do we.
 */
final class ComponentLimits {
  static final int MOST_NESTED = 100;
  private static final int DEEPEST_VALUE = 100;
  private static final int DEEPEST_TYPE = 200;
  private static final int LARGEST_TYPE = 1_000_000;
  private static final int EXPORTS = 1 << 16; // besides one for each byte

  private record Measure(int depth, int size) {}

  private static final Measure PRIMITIVE = new Measure(1, 1);

  private final Map<ComponentTypeDefinition, Measure> measures = new IdentityHashMap<>();
  private long exportsLeft;

  ComponentLimits(int bytes) {
    exportsLeft = (long) bytes + EXPORTS;
  }

  /** Counts the exports of an instance that is made. */
  void export(ComponentInput in, int count) {
    exportsLeft -= count;
    if (exportsLeft < 0) {
      throw in.malformed("The instances have too many exports");
    }
  }

  /** Notes the size of a new type, of which all parts were noted before. */
  <T extends ComponentTypeDefinition> T add(ComponentInput in, T type) {
    int depth = 0;
    long size = 1;
    for (ComponentTypeDefinition part : type.parts()) {
      Measure measure = measures.getOrDefault(part, PRIMITIVE);
      depth = Math.max(depth, measure.depth);
      size += measure.size;
    }
    if (!(type instanceof NamedType)) {
      depth++;
    }
    boolean value = type instanceof PrimitiveType || type instanceof DefinedType;
    if (depth > (value ? DEEPEST_VALUE : DEEPEST_TYPE)) {
      throw in.malformed("A type is too deep");
    }
    if (size > LARGEST_TYPE) {
      throw in.malformed("A type is too large");
    }
    measures.put(type, new Measure(depth, (int) size));
    return type;
  }
}
