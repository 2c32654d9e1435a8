package io.github.wasmtimejvm;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Calls of functions by method handles of their exact Java type.
 *
 * <p>For numbers and vectors a small class is generated once per type, with one static method that
 * writes the arguments into the store's buffer, calls, and reads the results: nothing is boxed and
 * nothing allocated. Where there are references, {@link Func#call} does the work.
 */
final class TypedCalls {
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  private static final ClassDesc BOUND = Generated.describe(BoundFunc.class);

  // Only classes of ours and the JDK's are in the keys.
  private static final ConcurrentHashMap<MethodType, MethodHandle> UNBOXED =
      new ConcurrentHashMap<>();

  private static final MethodHandle CALL =
      Generated.findStatic(LOOKUP, "call", Object[].class, Func.class, Object[].class);

  private static final MethodHandle ONLY =
      Generated.findStatic(LOOKUP, "only", Object.class, Object[].class);

  private static final MethodHandle NUMBERS =
      Generated.findStatic(LOOKUP, "numbers", Object.class, Class.class, Object[].class);

  private TypedCalls() {}

  @SuppressWarnings("unused") // through CALL
  private static @Nullable Object[] call(Func func, @Nullable Object[] args) {
    return func.callForAll(args);
  }

  @SuppressWarnings("unused") // through ONLY
  private static @Nullable Object only(@Nullable Object[] results) {
    return results[0];
  }

  @SuppressWarnings("unused") // through NUMBERS
  private static Object numbers(Class<?> type, Object[] results) {
    Object numbers = Array.newInstance(type, results.length);
    for (int i = 0; i < results.length; i++) {
      Array.set(numbers, i, results[i]);
    }
    return numbers;
  }

  /** Returns a function as a handle of a signature that its type was checked against. */
  static MethodHandle handle(Func func, JavaSignature signature) {
    return code(signature, LOOKUP).bindTo(target(func, signature));
  }

  /** What the code of a signature takes as its first argument. */
  static Object target(Func func, JavaSignature signature) {
    return signature.isUnboxed() ? func.bound() : func;
  }

  /**
   * Returns the code that calls functions of a signature: a handle that takes their {@link #target}
   * first.
   *
   * @param lookup what can see the record in the signature
   */
  static MethodHandle code(JavaSignature signature, MethodHandles.Lookup lookup) {
    MethodType type = signature.methodType();
    if (!signature.isUnboxed()) {
      return boxed(signature, lookup);
    }
    return signature.hasRecord()
        ? generate(signature, Records.constructor(signature, lookup))
            .asType(type.insertParameterTypes(0, BoundFunc.class))
        : UNBOXED.computeIfAbsent(type, _ -> generate(signature, null));
  }

  private static MethodHandle boxed(JavaSignature signature, MethodHandles.Lookup lookup) {
    Class<?> result = signature.result();
    MethodHandle call = CALL;
    if (signature.hasRecord()) {
      MethodHandle constructor = Records.constructor(signature, lookup);
      call =
          MethodHandles.filterReturnValue(
              call,
              constructor
                  .asType(constructor.type().generic())
                  .asSpreader(Object[].class, signature.components().size()));
    } else if (signature.hasArray() && result != Object[].class) {
      call =
          MethodHandles.filterReturnValue(
              call, MethodHandles.insertArguments(NUMBERS, 0, result.componentType()));
    } else if (result != void.class && result != Object[].class) {
      call = MethodHandles.filterReturnValue(call, ONLY);
    }
    return call.asCollector(Object[].class, signature.params().size())
        .asType(signature.methodType().insertParameterTypes(0, Func.class));
  }

  private static MethodHandle generate(
      JavaSignature signature, @Nullable MethodHandle constructor) {
    Class<?> result = signature.hasRecord() ? Object.class : signature.result();
    MethodType type =
        MethodType.methodType(result, signature.params()).insertParameterTypes(0, BoundFunc.class);
    byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.of(TypedCalls.class.getPackageName(), "TypedCall"),
                builder ->
                    builder
                        .withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC)
                        .withMethodBody(
                            "call",
                            Generated.describe(type),
                            ClassFile.ACC_STATIC,
                            code -> body(code, signature, type)));
    return Generated.define(
        LOOKUP, bytes, constructor == null ? List.of() : List.of(constructor), "call", type);
  }

  private static void body(CodeBuilder code, JavaSignature signature, MethodType type) {
    int values = code.allocateLocal(TypeKind.LONG);
    code.aload(0).invokevirtual(BOUND, "begin", MethodTypeDesc.of(CD_long)).lstore(values);
    TypeKind kind = TypeKind.from(type.returnType());
    int result = kind == TypeKind.VOID ? 0 : code.allocateLocal(kind);
    code.trying(
        body -> {
          for (int i = 0; i < signature.params().size(); i++) {
            Class<?> param = signature.params().get(i);
            Generated.address(body, values, i);
            body.loadLocal(TypeKind.from(param), body.parameterSlot(i + 1));
            Generated.put(body, param);
          }
          body.aload(0).invokevirtual(BOUND, "enter", MethodTypeDesc.of(CD_void));
          if (kind != TypeKind.VOID) {
            result(body, signature, values);
            body.storeLocal(kind, result);
          }
          body.aload(0).invokevirtual(BOUND, "end", MethodTypeDesc.of(CD_void));
          if (kind != TypeKind.VOID) {
            body.loadLocal(kind, result);
          }
          body.return_(kind);
        },
        handlers ->
            handlers.catchingAll(
                handler -> {
                  int thrown = handler.allocateLocal(TypeKind.REFERENCE);
                  handler
                      .astore(thrown)
                      .aload(0)
                      .invokevirtual(BOUND, "end", MethodTypeDesc.of(CD_void))
                      .aload(thrown)
                      .athrow();
                }));
  }

  private static void result(CodeBuilder code, JavaSignature signature, int values) {
    if (signature.hasArray()) {
      Class<?> array = signature.result();
      code.aload(0)
          .invokevirtual(
              BOUND,
              array.componentType().getName() + "s",
              MethodTypeDesc.of(Generated.describe(array)));
    } else if (signature.hasRecord()) {
      Generated.loadClassData(code, 0);
      List<Class<?>> components = signature.components();
      for (int i = 0; i < components.size(); i++) {
        Generated.address(code, values, i);
        Generated.get(code, components.get(i));
      }
      code.invokevirtual(
          CD_MethodHandle,
          "invokeExact",
          Generated.describe(MethodType.methodType(Object.class, components)));
    } else {
      Generated.address(code, values, 0);
      Generated.get(code, signature.result());
    }
  }
}
