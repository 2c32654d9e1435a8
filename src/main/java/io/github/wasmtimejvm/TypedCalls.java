package io.github.wasmtimejvm;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import io.github.wasmtimejvm.interfaces.HiddenClass;
import io.github.wasmtimejvm.interfaces.WeakCache;
import io.github.wasmtimejvm.internal.StoreState;
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
import org.jspecify.annotations.Nullable;

/**
 * The code that calls functions by their exact Java type.
 *
 * <p>For numbers and vectors a small class is generated for each type, with one static method that
 * writes the arguments into the store's buffer, calls, and reads the results: nothing is boxed and
 * nothing allocated. It takes what a {@link BoundFunc} holds as single values, for each step from
 * object to object on the way to an address delays the call. Where there are references, {@link
 * Func#call} does the work.
 */
final class TypedCalls {
  /** What the code of {@link #unboxed} takes before the arguments. */
  static final List<Class<?>> LEADING =
      List.of(StoreState.class, long.class, long.class, long.class);

  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  private static final ClassDesc STATE = HiddenClass.describe(StoreState.class);
  private static final ClassDesc ENTRY = HiddenClass.describe(GuestEntry.class);
  private static final int STRUCT = 1; // slots of the leading parameters
  private static final int FUNC = 3;
  private static final int VALUES = 5;

  // By descriptors, and weakly: a method type or a handle would keep what the JDK has generated for
  // that type as well.
  private static final WeakCache<MethodHandle> UNBOXED = new WeakCache<>();

  private static final MethodHandle CALL =
      HiddenClass.findStatic(LOOKUP, "call", Object[].class, Func.class, Object[].class);

  private static final MethodHandle ONLY =
      HiddenClass.findStatic(LOOKUP, "only", Object.class, Object[].class);

  private static final MethodHandle NUMBERS =
      HiddenClass.findStatic(LOOKUP, "numbers", Object.class, Class.class, Object[].class);

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

  /** For how many signatures without references there is code. */
  static int kept() {
    return UNBOXED.size();
  }

  /** The code of a signature without references, for {@link #handle}. */
  static MethodHandle unboxed(JavaSignature signature) {
    return unboxed(signature, LOOKUP);
  }

  /** Returns a function as a handle of a signature that its type was checked against. */
  static MethodHandle handle(Func func, JavaSignature signature) {
    if (!signature.isUnboxed()) {
      return boxed(signature, LOOKUP).bindTo(func);
    }
    BoundFunc bound = func.bound();
    return MethodHandles.insertArguments(
        func.store().engine().recentCalls().get(signature),
        0,
        bound.state(),
        bound.state().address(),
        bound.func(),
        bound.values());
  }

  /**
   * Returns the code for a signature with references: a handle that takes the {@link Func} first.
   */
  static MethodHandle boxed(JavaSignature signature, MethodHandles.Lookup lookup) {
    Class<?> result = signature.result();
    MethodHandle call = CALL;
    if (signature.hasRecord()) {
      MethodHandle constructor = ResultRecords.constructor(signature, lookup);
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

  /**
   * Returns the code for a signature without references: a handle that takes the store's state, the
   * address of its struct, those of the function and the values, and the arguments.
   */
  static MethodHandle unboxed(JavaSignature signature, MethodHandles.Lookup lookup) {
    MethodType type = signature.methodType();
    return signature.hasRecord()
        ? generate(signature, ResultRecords.constructor(signature, lookup))
            .asType(type.insertParameterTypes(0, LEADING))
        : UNBOXED.get(type.descriptorString(), () -> generate(signature, null));
  }

  private static MethodHandle generate(
      JavaSignature signature, @Nullable MethodHandle constructor) {
    Class<?> result = signature.hasRecord() ? Object.class : signature.result();
    MethodType type =
        MethodType.methodType(result, signature.params()).insertParameterTypes(0, LEADING);
    byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.of(TypedCalls.class.getPackageName(), "TypedCall"),
                builder ->
                    builder
                        .withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC)
                        .withMethodBody(
                            "call",
                            HiddenClass.describe(type),
                            ClassFile.ACC_STATIC,
                            code -> body(code, signature, TypeKind.from(result))));
    return HiddenClass.define(
        LOOKUP, bytes, constructor == null ? List.of() : List.of(constructor), "call", type);
  }

  private static void body(CodeBuilder code, JavaSignature signature, TypeKind kind) {
    int plain = code.allocateLocal(TypeKind.INT);
    code.aload(0).invokevirtual(STATE, "enterForCall", MethodTypeDesc.of(CD_boolean)).istore(plain);
    int result = kind == TypeKind.VOID ? 0 : code.allocateLocal(kind);
    code.trying(
        body -> {
          List<Class<?>> params = signature.params();
          for (int i = 0; i < params.size(); i++) {
            ValueCode.address(body, VALUES, i);
            body.loadLocal(TypeKind.from(params.get(i)), body.parameterSlot(LEADING.size() + i));
            ValueCode.put(body, params.get(i));
          }
          int slots =
              Math.max(params.size(), signature.hasRecord() ? signature.components().size() : 1);
          body.aload(0)
              .iload(plain)
              .lload(STRUCT)
              .lload(FUNC)
              .lload(VALUES)
              .loadConstant(slots)
              .invokestatic(
                  ENTRY,
                  "call",
                  MethodTypeDesc.of(CD_void, STATE, CD_boolean, CD_long, CD_long, CD_long, CD_int));
          if (kind != TypeKind.VOID) {
            result(body, signature);
            body.storeLocal(kind, result);
          }
          exit(body, plain);
          if (kind != TypeKind.VOID) {
            body.loadLocal(kind, result);
          }
          body.return_(kind);
        },
        handlers ->
            handlers.catchingAll(
                handler -> {
                  int thrown = handler.allocateLocal(TypeKind.REFERENCE);
                  handler.astore(thrown);
                  exit(handler, plain);
                  handler.aload(thrown).athrow();
                }));
  }

  private static void exit(CodeBuilder code, int plain) {
    code.aload(0)
        .iload(plain)
        .invokevirtual(STATE, "exitFromCall", MethodTypeDesc.of(CD_void, CD_boolean));
  }

  private static void result(CodeBuilder code, JavaSignature signature) {
    if (!signature.hasRecord()) {
      ValueCode.address(code, VALUES, 0);
      ValueCode.get(code, signature.result());
      return;
    }
    HiddenClass.loadClassData(code, 0);
    List<Class<?>> components = signature.components();
    for (int i = 0; i < components.size(); i++) {
      ValueCode.address(code, VALUES, i);
      ValueCode.get(code, components.get(i));
    }
    code.invokevirtual(
        CD_MethodHandle,
        "invokeExact",
        HiddenClass.describe(MethodType.methodType(Object.class, components)));
  }
}
