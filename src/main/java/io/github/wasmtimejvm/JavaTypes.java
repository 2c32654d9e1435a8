package io.github.wasmtimejvm;

import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** Which Java types stand for which types of values. */
final class JavaTypes {
  private JavaTypes() {}

  /** Returns the class that stands for values of a type, boxed where there is a choice. */
  static Class<?> boxed(ValType type) {
    return switch (type) {
      case NumType.I32 -> Integer.class;
      case NumType.I64 -> Long.class;
      case NumType.F32 -> Float.class;
      case NumType.F64 -> Double.class;
      case NumType.V128 -> V128.class;
      case RefType(_, HeapType heap) -> reference(heap);
    };
  }

  private static Class<?> reference(HeapType heap) {
    return switch (heap) {
      case AbstractHeapType.FUNC, AbstractHeapType.NOFUNC -> Func.class;
      case AbstractHeapType.EXTERN, AbstractHeapType.NOEXTERN -> Object.class;
      case AbstractHeapType.EXN, AbstractHeapType.NOEXN -> ExnRef.class;
      case AbstractHeapType.ANY, AbstractHeapType.NONE -> AnyRef.class;
      case AbstractHeapType.EQ -> EqRef.class;
      case AbstractHeapType.I31 -> I31.class;
      case AbstractHeapType.STRUCT -> StructRef.class;
      case AbstractHeapType.ARRAY -> ArrayRef.class;
      case ConcreteHeapType concrete -> reference(concrete.supertype());
    };
  }

  /**
   * Returns the Java side of a function's type: primitive for numbers, {@code Object[]} for many
   * results.
   *
   * @throws IllegalArgumentException if it has too many parameters
   */
  static JavaSignature signature(FuncType type) {
    Class<?> result =
        switch (type.results().size()) {
          case 0 -> void.class;
          case 1 -> unboxed(type.results().getFirst());
          default -> Object[].class;
        };
    return new JavaSignature(
        type.params().stream().<Class<?>>map(JavaTypes::unboxed).toList(), result, false);
  }

  private static Class<?> unboxed(ValType type) {
    return MethodType.methodType(boxed(type)).unwrap().returnType();
  }

  /** Whether an object may be a value of a heap type, as far as Java can tell. */
  static boolean mayBe(HeapType heap, Object value) {
    if (heap instanceof AbstractHeapType type && type.isBottom()) {
      return false;
    }
    // What a guest has converted is of neither side by its Java class alone.
    if (value instanceof ConvertedRef converted) {
      return heap == (converted.isExternal() ? AbstractHeapType.EXTERN : AbstractHeapType.ANY);
    }
    return reference(heap).isInstance(value);
  }

  /**
   * Returns the type whose values a Java type stands for in the signature of a host function,
   * {@code null} if there is none.
   */
  static @Nullable ValType valType(Class<?> type) {
    if (type == int.class || type == Integer.class) {
      return ValType.I32;
    }
    if (type == long.class || type == Long.class) {
      return ValType.I64;
    }
    if (type == float.class || type == Float.class) {
      return ValType.F32;
    }
    if (type == double.class || type == Double.class) {
      return ValType.F64;
    }
    if (type == V128.class) {
      return ValType.V128;
    }
    AbstractHeapType heap = heapType(type);
    return heap == null ? null : new RefType(true, heap);
  }

  private static @Nullable AbstractHeapType heapType(Class<?> type) {
    if (type.isPrimitive() || type.isArray()) {
      return null;
    }
    if (type == Func.class) {
      return AbstractHeapType.FUNC;
    }
    if (type == ExnRef.class) {
      return AbstractHeapType.EXN;
    }
    if (type == AnyRef.class) {
      return AbstractHeapType.ANY;
    }
    if (type == EqRef.class) {
      return AbstractHeapType.EQ;
    }
    if (type == I31.class) {
      return AbstractHeapType.I31;
    }
    if (type == StructRef.class) {
      return AbstractHeapType.STRUCT;
    }
    if (type == ArrayRef.class) {
      return AbstractHeapType.ARRAY;
    }
    return AbstractHeapType.EXTERN;
  }

  /** Returns what to call the values of a type in a message. */
  static String describe(ValType type) {
    if (type instanceof RefType(boolean nullable, HeapType heap)) {
      return boxed(type).getName()
          + (nullable ? " or null" : heap == AbstractHeapType.EXTERN ? " but not null" : "");
    }
    return boxed(type).getName();
  }
}
