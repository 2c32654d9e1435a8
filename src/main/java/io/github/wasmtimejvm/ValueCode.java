package io.github.wasmtimejvm;

import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import io.github.wasmtimejvm.interfaces.HiddenClass;
import io.github.wasmtimejvm.internal.NativeMemory;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/** How code that is generated at run time reads and writes numbers and vectors at an address. */
final class ValueCode {
  private static final ClassDesc NATIVE_MEMORY = HiddenClass.describe(NativeMemory.class);
  private static final ClassDesc RAW_VALUES = HiddenClass.describe(RawValues.class);
  private static final ClassDesc VECTOR = HiddenClass.describe(V128.class);

  private ValueCode() {}

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
          NATIVE_MEMORY,
          "put" + name(type),
          MethodTypeDesc.of(CD_void, CD_long, HiddenClass.describe(type)));
    }
  }

  /** Takes an address and reads a value. */
  static void get(CodeBuilder code, Class<?> type) {
    if (type == V128.class) {
      code.invokestatic(RAW_VALUES, "getVector", MethodTypeDesc.of(VECTOR, CD_long));
    } else {
      code.invokestatic(
          NATIVE_MEMORY,
          "get" + name(type),
          MethodTypeDesc.of(HiddenClass.describe(type), CD_long));
    }
  }

  private static String name(Class<?> type) {
    String name = type.getName();
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }
}
