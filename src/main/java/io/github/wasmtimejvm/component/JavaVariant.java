package io.github.wasmtimejvm.component;

import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A sealed interface whose records are the cases of a variant: without component, or with one that
 * is the payload.
 *
 * @param javaType the interface
 * @param cases its records in the order of the type in WIT
 * @param indices the indices of the cases by their classes
 */
record JavaVariant(Class<?> javaType, List<JavaRecord> cases, Map<Class<?>, Integer> indices)
    implements VariantShape {
  private static final Object[] NOTHING = {};

  @Override
  public int caseOf(@Nullable Object value) {
    Integer index = value == null ? null : indices.get(value.getClass());
    if (index == null) {
      throw MisfitException.expected("a " + javaType.getName(), value);
    }
    return index;
  }

  /** The Java type of the payload of a case that has one. */
  Type payloadType(int index) {
    return cases.get(index).fieldTypes().getFirst();
  }

  @Override
  public @Nullable Object payload(Object value, int index) {
    return cases.get(index).take(value)[0];
  }

  @Override
  public Object make(int index, @Nullable Object payload) {
    JavaRecord one = cases.get(index);
    return one.make(one.fieldTypes().isEmpty() ? NOTHING : new Object[] {payload});
  }
}
