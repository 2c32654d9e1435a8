package io.github.wasmtimejvm.component;

import org.jspecify.annotations.Nullable;

/** How a Java object has the fields of a {@code record} or {@code tuple}. */
interface RecordShape {
  /** The class of the objects. */
  Class<?> javaType();

  /**
   * Returns the values of the fields in the order of the type in WIT.
   *
   * @throws MisfitException if the object is no such object
   */
  @Nullable Object[] take(@Nullable Object value);

  /** Makes an object of the values of its fields. */
  Object make(@Nullable Object[] fields);
}
