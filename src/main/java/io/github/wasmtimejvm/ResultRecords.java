package io.github.wasmtimejvm;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records that stand for several results. */
final class ResultRecords {
  private ResultRecords() {}

  /** Returns a record's constructor, of a type that returns {@code Object}. */
  static MethodHandle constructor(JavaSignature signature, MethodHandles.Lookup lookup) {
    Class<?> record = signature.result();
    try {
      MethodHandle constructor =
          lookup.findConstructor(record, MethodType.methodType(void.class, signature.components()));
      return constructor.asType(constructor.type().changeReturnType(Object.class));
    } catch (ReflectiveOperationException e) {
      throw inaccessible(record, e);
    }
  }

  /** Returns a record's accessors, of types that take an {@code Object}. */
  static List<MethodHandle> accessors(JavaSignature signature, MethodHandles.Lookup lookup) {
    Class<?> record = signature.result();
    try {
      List<MethodHandle> accessors = new ArrayList<>();
      for (RecordComponent component : record.getRecordComponents()) {
        MethodHandle accessor = lookup.unreflect(component.getAccessor());
        accessors.add(accessor.asType(accessor.type().changeParameterType(0, Object.class)));
      }
      return accessors;
    } catch (ReflectiveOperationException e) {
      throw inaccessible(record, e);
    }
  }

  /**
   * Returns the record, or array, that a host function returned; for generated code too.
   *
   * @throws IllegalArgumentException if it is {@code null}
   */
  static Object present(@Nullable Object returned) {
    if (returned == null) {
      throw new IllegalArgumentException("the host function returned null for its results");
    }
    return returned;
  }

  private static IllegalArgumentException inaccessible(Class<?> record, Exception e) {
    return new IllegalArgumentException(
        "the record " + record.getName() + " is not accessible: give a lookup that can see it", e);
  }
}
