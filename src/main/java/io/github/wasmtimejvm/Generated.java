package io.github.wasmtimejvm;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import io.github.wasmtimejvm.internal.Raw;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;

/** What the classes that we generate at run time have in common. */
final class Generated {
  private static final ClassDesc RAW = describe(Raw.class);
  private static final ClassDesc RAW_VALUES = describe(RawValues.class);
  private static final ClassDesc VECTOR = describe(V128.class);

  // Method handles in class data are constants for the JIT compiler, which inlines them.
  private static final DirectMethodHandleDesc CLASS_DATA_AT =
      MethodHandleDesc.ofMethod(
          DirectMethodHandleDesc.Kind.STATIC,
          ConstantDescs.CD_MethodHandles,
          "classDataAt",
          MethodTypeDesc.of(
              ConstantDescs.CD_Object,
              ConstantDescs.CD_MethodHandles_Lookup,
              ConstantDescs.CD_String,
              ConstantDescs.CD_Class,
              ConstantDescs.CD_int));

  private Generated() {}

  static ClassDesc describe(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }

  static MethodTypeDesc describe(MethodType type) {
    return type.describeConstable().orElseThrow();
  }

  /**
   * Defines a hidden class beside the lookup's own.
   *
   * @throws IllegalArgumentException if the lookup's class cannot see what the class needs
   */
  static MethodHandles.Lookup define(MethodHandles.Lookup lookup, byte[] bytes, List<?> classData) {
    try {
      return classData.isEmpty()
          ? lookup.defineHiddenClass(bytes, true)
          : lookup.defineHiddenClassWithClassData(bytes, classData, true);
    } catch (IllegalAccessException e) {
      throw new IllegalArgumentException(
          "the lookup has no full access to " + lookup.lookupClass().getName(), e);
    } catch (LinkageError e) {
      throw new IllegalArgumentException(
          lookup.lookupClass().getName() + ", whose lookup it is, cannot see what is needed", e);
    }
  }

  /** Defines a hidden class and returns a static method of it. */
  static MethodHandle define(
      MethodHandles.Lookup lookup,
      byte[] bytes,
      List<?> classData,
      String method,
      MethodType type) {
    MethodHandles.Lookup defined = define(lookup, bytes, classData);
    try {
      return defined.findStatic(defined.lookupClass(), method, type);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns a static method of the lookup's own class. */
  static MethodHandle findStatic(
      MethodHandles.Lookup lookup, String name, Class<?> result, Class<?>... params) {
    try {
      return lookup.findStatic(lookup.lookupClass(), name, MethodType.methodType(result, params));
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** Loads a method handle of the class data. */
  static void loadClassData(CodeBuilder code, int index) {
    code.loadConstant(
        DynamicConstantDesc.ofNamed(
            CLASS_DATA_AT, ConstantDescs.DEFAULT_NAME, CD_MethodHandle, index));
  }

  /** Loads the address of value {@code i}, given the local that holds that of the first. */
  static void address(CodeBuilder code, int values, int i) {
    code.lload(values);
    if (i > 0) {
      code.loadConstant((long) i * RawValues.SIZEOF).ladd();
    }
  }

  /** Takes an address and a value and writes it. */
  static void put(CodeBuilder code, Class<?> type) {
    if (type == V128.class) {
      code.invokestatic(RAW_VALUES, "putVector", MethodTypeDesc.of(CD_void, CD_long, VECTOR));
    } else {
      code.invokestatic(
          RAW, "put" + name(type), MethodTypeDesc.of(CD_void, CD_long, describe(type)));
    }
  }

  /** Takes an address and reads a value. */
  static void get(CodeBuilder code, Class<?> type) {
    if (type == V128.class) {
      code.invokestatic(RAW_VALUES, "getVector", MethodTypeDesc.of(VECTOR, CD_long));
    } else {
      code.invokestatic(RAW, "get" + name(type), MethodTypeDesc.of(describe(type), CD_long));
    }
  }

  private static String name(Class<?> type) {
    String name = type.getName();
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }
}
