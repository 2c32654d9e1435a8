package io.github.wasmtimejvm.component;

import org.jspecify.annotations.Nullable;

/** How a Java object is a case of a {@code variant}. */
interface VariantShape {
  /** The class of the objects. */
  Class<?> javaType();

  /**
   * Returns the index of the case that the object is.
   *
   * @throws MisfitException if the object is none
   */
  int caseOf(@Nullable Object value);

  /** Returns the payload of an object whose case has one. */
  @Nullable Object payload(Object value, int index);

  /** Makes an object of a case; the payload is {@code null} if the case has none. */
  Object make(int index, @Nullable Object payload);
}
