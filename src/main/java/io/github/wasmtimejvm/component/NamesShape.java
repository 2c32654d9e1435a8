package io.github.wasmtimejvm.component;

import org.jspecify.annotations.Nullable;

/** How a Java object is one of several names: a case of an {@code enum}, or a flag. */
interface NamesShape {
  /** The class of the objects. */
  Class<?> javaType();

  /**
   * Returns the index of the name.
   *
   * @throws MisfitException if the object is none of them
   */
  int indexOf(@Nullable Object value);

  /** Returns the object for a name. */
  Object at(int index);
}
