package io.github.wasmtimejvm.interfaces;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;

/**
 * A class loader with one empty class, beside which an implementation of an interface can stand.
 */
final class InterfaceLoader extends ClassLoader {
  private static final String ANCHOR = "io.github.wasmtimejvm.generated.Anchor";

  private InterfaceLoader(ClassLoader parent) {
    super("wasmtime-jvm", parent);
  }

  /** Returns a lookup of a package that sees all that the interface sees. */
  static MethodHandles.Lookup lookupBeside(Class<?> type) {
    byte[] anchor =
        ClassFile.of()
            .build(
                ClassDesc.of(ANCHOR),
                builder ->
                    builder
                        .withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL)
                        .withMethodBody(
                            "lookup",
                            MethodTypeDesc.of(ConstantDescs.CD_MethodHandles_Lookup),
                            ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                            code ->
                                code.invokestatic(
                                        ConstantDescs.CD_MethodHandles,
                                        "lookup",
                                        MethodTypeDesc.of(ConstantDescs.CD_MethodHandles_Lookup))
                                    .areturn()));
    Class<?> defined =
        new InterfaceLoader(type.getClassLoader()).defineClass(ANCHOR, anchor, 0, anchor.length);
    try {
      return (MethodHandles.Lookup) defined.getMethod("lookup").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
