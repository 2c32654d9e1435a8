package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.internal.Rethrow;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Java record for a record or tuple.
 *
 * @param javaType the class
 * @param fieldNames the names of the components, in the order of the type in WIT
 * @param fieldTypes their types
 * @param accessors of them: (Object) -> Object
 * @param constructor (a parameter for each component) -> Object, in the order of the type in WIT
 * @param spread the same with the parameters in an array
 */
record JavaRecord(
    Class<?> javaType,
    List<String> fieldNames,
    List<Type> fieldTypes,
    List<MethodHandle> accessors,
    MethodHandle constructor,
    MethodHandle spread)
    implements RecordShape {
  @Override
  public @Nullable Object[] take(@Nullable Object value) {
    if (!javaType.isInstance(value)) {
      throw MisfitException.expected("a " + javaType.getName(), value);
    }
    @Nullable Object[] fields = new Object[accessors.size()];
    try {
      for (int i = 0; i < fields.length; i++) {
        fields[i] = (Object) accessors.get(i).invokeExact(value);
      }
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
    }
    return fields;
  }

  @Override
  public Object make(@Nullable Object[] fields) {
    try {
      return (Object) spread.invokeExact(fields);
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
    }
  }
}
