package io.github.wasmtimejvm;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import io.github.wasmtimejvm.internal.HostCalls;
import io.github.wasmtimejvm.internal.Rethrow;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A functional interface as the shape of host functions. For numbers and vectors a {@link
 * HostCalls.Target} is generated, once per interface, that reads the arguments where the engine has
 * put them, calls, and writes the results: nothing is boxed.
 */
final class HostShape<T> {
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
  private static final String TARGET = "target";
  private static final int ARGS = 5; // slots of the parameters of HostCalls.Target.call
  private static final int RESULTS = 7;

  private static final ClassValue<Cached> CACHE =
      new ClassValue<>() {
        @Override
        protected Cached computeValue(Class<?> type) {
          return new Cached();
        }
      };

  private static final class Cached {
    private @Nullable HostShape<?> shape; // under this
  }

  private final Class<T> type;
  private final JavaSignature signature;
  private final MethodHandle call; // (Object, Caller?, params)result
  private final List<MethodHandle> accessors; // of the record that is returned
  private @Nullable MethodHandle generated; // (Object)Object, makes a target; under this

  private HostShape(Class<T> type, MethodHandles.Lookup lookup) {
    this.type = type;
    Method method = Shape.onlyMethod(type);
    this.signature = JavaSignature.of(method);
    try {
      MethodHandle exact = lookup.unreflect(method);
      this.call = exact.asType(exact.type().changeParameterType(0, Object.class));
    } catch (IllegalAccessException e) {
      throw new IllegalArgumentException("the lookup cannot see " + method, e);
    }
    this.accessors = signature.hasRecord() ? Records.accessors(signature, lookup) : List.of();
  }

  /**
   * Returns the shape of an interface.
   *
   * @throws IllegalArgumentException if it is not functional or cannot be called
   */
  static <T> HostShape<T> of(Class<T> type, MethodHandles.@Nullable Lookup lookup) {
    Shape.check(type, lookup);
    Cached cached = CACHE.get(type);
    synchronized (cached) {
      HostShape<?> known = cached.shape;
      if (known == null) {
        known = new HostShape<>(type, lookup == null ? MethodHandles.publicLookup() : lookup);
        cached.shape = known;
      }
      @SuppressWarnings("unchecked") // the cache is the interface's own
      HostShape<T> shape = (HostShape<T>) known;
      return shape;
    }
  }

  /**
   * Makes a host function.
   *
   * @param explicit its type, {@code null} if it follows from the interface
   * @param function what it does
   * @throws IllegalArgumentException if the interface does not fit the type
   */
  HostCall call(@Nullable FuncType explicit, T function) {
    Objects.requireNonNull(function, "function");
    FuncType known = explicit == null ? signature.type() : explicit;
    signature.check(known, "the host function", type.getName());
    return signature.isUnboxed() && !signature.hasArray()
        ? new HostCall(known, target(function), true)
        : HostCall.of(known, boxed(function));
  }

  private HostFunction boxed(T function) {
    int leading = signature.withCaller() ? 1 : 0;
    MethodHandle bound = call.bindTo(function);
    MethodHandle all =
        signature.withCaller() ? bound : MethodHandles.dropArguments(bound, 0, Caller.class);
    MethodHandle spread =
        all.asType(all.type().generic().changeParameterType(0, Caller.class))
            .asSpreader(Object[].class, bound.type().parameterCount() - leading);
    return (caller, args) -> results((Object) spread.invokeExact(caller, args));
  }

  private @Nullable Object results(@Nullable Object returned) throws Throwable {
    if (signature.hasRecord()) {
      Object[] results = new Object[accessors.size()];
      for (int i = 0; i < results.length; i++) {
        results[i] = accessors.get(i).invoke(returned);
      }
      return Values.pack(results);
    }
    if (signature.hasArray() && returned != null) {
      Object[] results = new Object[Array.getLength(returned)];
      for (int i = 0; i < results.length; i++) {
        results[i] = Array.get(returned, i);
      }
      return Values.pack(results);
    }
    return returned;
  }

  private HostCalls.Target target(T function) {
    try {
      return (HostCalls.Target) (Object) generated().invokeExact((Object) function);
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
    }
  }

  private synchronized MethodHandle generated() {
    MethodHandle known = generated;
    if (known == null) {
      List<MethodHandle> handles = new ArrayList<>(accessors);
      handles.add(signature.hasRecord() ? asObject(call) : call);
      MethodHandles.Lookup defined = Generated.define(LOOKUP, generate(), handles);
      try {
        known =
            defined
                .findConstructor(
                    defined.lookupClass(), MethodType.methodType(void.class, Object.class))
                .asType(MethodType.methodType(Object.class, Object.class));
      } catch (ReflectiveOperationException e) {
        throw new AssertionError(e);
      }
      generated = known;
    }
    return known;
  }

  private static MethodHandle asObject(MethodHandle call) {
    return call.asType(call.type().changeReturnType(Object.class));
  }

  private byte[] generate() {
    ClassDesc self = ClassDesc.of(HostShape.class.getPackageName(), "TypedHostCall");
    return ClassFile.of()
        .build(
            self,
            builder ->
                builder
                    .withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC)
                    .withInterfaceSymbols(Generated.describe(HostCalls.Target.class))
                    .withField(TARGET, CD_Object, ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL)
                    .withMethodBody(
                        ConstantDescs.INIT_NAME,
                        MethodTypeDesc.of(CD_void, CD_Object),
                        0,
                        code ->
                            code.aload(0)
                                .invokespecial(
                                    CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                                .aload(0)
                                .aload(1)
                                .putfield(self, TARGET, CD_Object)
                                .return_())
                    .withMethodBody(
                        "call",
                        MethodTypeDesc.of(CD_void, CD_long, CD_long, CD_long, CD_long),
                        ClassFile.ACC_PUBLIC,
                        code -> body(code, self)));
  }

  private void body(CodeBuilder code, ClassDesc self) {
    if (!signature.withCaller()) {
      invoke(code, self, -1);
      writeResults(code);
      code.return_();
      return;
    }
    ClassDesc caller = Generated.describe(Caller.class);
    int who = code.allocateLocal(TypeKind.REFERENCE);
    code.lload(1)
        .lload(3)
        .invokestatic(caller, "of", MethodTypeDesc.of(caller, CD_long, CD_long))
        .astore(who);
    code.trying(
        body -> {
          invoke(body, self, who);
          writeResults(body);
          body.aload(who).invokevirtual(caller, "end", MethodTypeDesc.of(CD_void)).return_();
        },
        handlers ->
            handlers.catchingAll(
                handler ->
                    handler
                        .aload(who)
                        .invokevirtual(caller, "end", MethodTypeDesc.of(CD_void))
                        .athrow()));
  }

  private void invoke(CodeBuilder code, ClassDesc self, int who) {
    Generated.loadClassData(code, accessors.size());
    code.aload(0).getfield(self, TARGET, CD_Object);
    if (signature.withCaller()) {
      code.aload(who);
    }
    for (int i = 0; i < signature.params().size(); i++) {
      Generated.address(code, ARGS, i);
      Generated.get(code, signature.params().get(i));
    }
    MethodType type = call.type();
    if (signature.hasRecord()) {
      type = type.changeReturnType(Object.class);
    }
    code.invokevirtual(CD_MethodHandle, "invokeExact", Generated.describe(type));
  }

  // Takes the result from the stack.
  private void writeResults(CodeBuilder code) {
    Class<?> result = signature.result();
    if (result == void.class) {
      return;
    }
    TypeKind kind = TypeKind.from(result);
    int returned = code.allocateLocal(kind);
    code.storeLocal(kind, returned);
    if (!signature.hasRecord()) {
      Generated.address(code, RESULTS, 0);
      code.loadLocal(kind, returned);
      Generated.put(code, result);
      return;
    }
    List<Class<?>> components = signature.components();
    for (int i = 0; i < components.size(); i++) {
      Generated.address(code, RESULTS, i);
      Generated.loadClassData(code, i);
      code.aload(returned)
          .invokevirtual(
              CD_MethodHandle,
              "invokeExact",
              Generated.describe(MethodType.methodType(components.get(i), Object.class)));
      Generated.put(code, components.get(i));
    }
  }
}
