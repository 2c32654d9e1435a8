package io.github.wasmtimejvm.interfaces;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;

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

/** Classes that are generated at run time: how they are defined, and what they are given. */
public final class HiddenClass {
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

  private HiddenClass() {}

  /** Returns the name of a class for code that is generated. */
  public static ClassDesc describe(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }

  /** Returns the name of a type of methods for code that is generated. */
  public static MethodTypeDesc describe(MethodType type) {
    return type.describeConstable().orElseThrow();
  }

  /**
   * Defines a hidden class beside the lookup's own.
   *
   * @throws IllegalArgumentException if the lookup's class cannot see what the class needs
   */
  public static MethodHandles.Lookup define(
      MethodHandles.Lookup lookup, byte[] bytes, List<?> classData) {
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
  public static MethodHandle define(
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
  public static MethodHandle findStatic(
      MethodHandles.Lookup lookup, String name, Class<?> result, Class<?>... params) {
    try {
      return lookup.findStatic(lookup.lookupClass(), name, MethodType.methodType(result, params));
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns a method of the lookup's own class, or of one that it sees. */
  public static MethodHandle findVirtual(
      MethodHandles.Lookup lookup, Class<?> in, String name, Class<?> result, Class<?>... params) {
    try {
      return lookup.findVirtual(in, name, MethodType.methodType(result, params));
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** Loads a method handle of the class data. */
  public static void loadClassData(CodeBuilder code, int index) {
    code.loadConstant(
        DynamicConstantDesc.ofNamed(
            CLASS_DATA_AT, ConstantDescs.DEFAULT_NAME, CD_MethodHandle, index));
  }
}
