package io.github.wasmtimejvm;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import io.github.wasmtimejvm.interfaces.HiddenClass;
import io.github.wasmtimejvm.interfaces.InterfaceCache;
import io.github.wasmtimejvm.interfaces.InterfaceClass;
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
 * A functional interface that host functions are given by. For numbers and vectors a {@link
 * HostCalls.Target} is generated, once per interface, that reads the arguments where the engine has
 * put them, calls the function, and writes the results: nothing is boxed.
 */
final class HostInterface<T> {
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
  private static final String TARGET = "target";
  private static final int ARGS = 5; // slots of the parameters of HostCalls.Target.call
  private static final int RESULTS = 7;

  private static final InterfaceCache<HostInterface<?>> CACHE = new InterfaceCache<>();

  private final Class<T> type;
  private final JavaSignature signature;
  private final MethodHandle call; // (Object, Caller?, params)result
  private final List<MethodHandle> accessors; // of the record that is returned
  private @Nullable MethodHandle generated; // (Object)Object, makes a target; under this

  private HostInterface(Class<T> type, MethodHandles.Lookup lookup) {
    this.type = type;
    Method method = InterfaceClass.onlyMethod(type);
    this.signature = JavaSignature.of(method);
    try {
      // By the interface: the one above it that declares the method may be out of sight.
      MethodHandle exact = lookup.findVirtual(type, method.getName(), signature.methodType());
      this.call = exact.asType(exact.type().changeParameterType(0, Object.class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(
          "the lookup cannot see all of %s.%s %s: give one that can"
              .formatted(type.getName(), method.getName(), signature),
          e);
    }
    this.accessors = signature.hasRecord() ? ResultRecords.accessors(signature, lookup) : List.of();
  }

  /**
   * Returns what was made of an interface.
   *
   * @throws IllegalArgumentException if the interface is not functional or cannot be called
   */
  static <T> HostInterface<T> of(Class<T> type, MethodHandles.@Nullable Lookup lookup) {
    InterfaceClass.check(type, lookup);
    HostInterface<?> known =
        CACHE.get(
            type,
            lookup,
            () ->
                new HostInterface<>(type, lookup == null ? MethodHandles.publicLookup() : lookup));
    @SuppressWarnings("unchecked") // the cache is the interface's own
    HostInterface<T> made = (HostInterface<T>) known;
    return made;
  }

  /**
   * Makes a host function.
   *
   * @param explicit its type, {@code null} if it follows from the interface
   * @param function what it does
   * @throws IllegalArgumentException if the interface does not fit the type, or the function is
   *     none of that interface
   */
  HostCall call(@Nullable FuncType explicit, T function) {
    Objects.requireNonNull(function, "function");
    if (!type.isInstance(function)) { // who casts as he likes would learn it in the first call
      throw new IllegalArgumentException(
          "the host function must be a "
              + type.getName()
              + ", is a "
              + function.getClass().getName());
    }
    FuncType known = explicit == null ? signature.type() : explicit;
    signature.check(known, "the host function", type.getName());
    return signature.isUnboxed() && !signature.hasArray()
        ? new HostCall(known, target(function), true)
        : HostCall.of(known, boxed(known, function));
  }

  private HostFunction boxed(FuncType type, T function) {
    int leading = signature.withCaller() ? 1 : 0;
    MethodHandle bound = call.bindTo(function);
    MethodHandle all =
        signature.withCaller() ? bound : MethodHandles.dropArguments(bound, 0, Caller.class);
    MethodHandle spread =
        all.asType(all.type().generic().changeParameterType(0, Caller.class))
            .asSpreader(Object[].class, bound.type().parameterCount() - leading);
    return (caller, args) -> results(type, (Object) spread.invokeExact(caller, args));
  }

  private @Nullable Object results(FuncType type, @Nullable Object returned) throws Throwable {
    if (!signature.hasRecord() && !signature.hasArray()) {
      return returned;
    }
    Object many = ResultRecords.present(returned);
    @Nullable Object[] results =
        new Object[signature.hasRecord() ? accessors.size() : Array.getLength(many)];
    for (int i = 0; i < results.length; i++) {
      results[i] = signature.hasRecord() ? accessors.get(i).invoke(many) : Array.get(many, i);
    }
    // Here: one result that is an array itself looks like several.
    Values.checkCount(type.results(), results, "host function result");
    return Values.pack(results);
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
      List<Object> data = new ArrayList<>(accessors);
      data.add(signature.hasRecord() ? asObject(call) : call);
      data.add(this); // for the cache
      MethodHandles.Lookup defined = HiddenClass.define(LOOKUP, generate(), data);
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
    ClassDesc self = ClassDesc.of(HostInterface.class.getPackageName(), "TypedHostCall");
    return ClassFile.of()
        .build(
            self,
            builder ->
                builder
                    .withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC)
                    .withInterfaceSymbols(HiddenClass.describe(HostCalls.Target.class))
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
    ClassDesc caller = HiddenClass.describe(Caller.class);
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
    HiddenClass.loadClassData(code, accessors.size());
    code.aload(0).getfield(self, TARGET, CD_Object);
    if (signature.withCaller()) {
      code.aload(who);
    }
    for (int i = 0; i < signature.params().size(); i++) {
      ValueCode.address(code, ARGS, i);
      ValueCode.get(code, signature.params().get(i));
    }
    MethodType type = call.type();
    if (signature.hasRecord()) {
      type = type.changeReturnType(Object.class);
    }
    code.invokevirtual(CD_MethodHandle, "invokeExact", HiddenClass.describe(type));
  }

  // Takes the result from the stack.
  private void writeResults(CodeBuilder code) {
    Class<?> result = signature.result();
    if (result == void.class) {
      return;
    }
    if (!signature.hasRecord()) {
      write(code, 0, result, local(code, result));
      return;
    }
    code.invokestatic(
        HiddenClass.describe(ResultRecords.class),
        "present",
        MethodTypeDesc.of(CD_Object, CD_Object));
    int returned = local(code, Object.class);
    // First all, then written: an accessor may call a guest, which uses the same memory.
    List<Class<?>> components = signature.components();
    int[] values = new int[components.size()];
    for (int i = 0; i < values.length; i++) {
      HiddenClass.loadClassData(code, i);
      code.aload(returned)
          .invokevirtual(
              CD_MethodHandle,
              "invokeExact",
              HiddenClass.describe(MethodType.methodType(components.get(i), Object.class)));
      values[i] = local(code, components.get(i));
    }
    for (int i = 0; i < values.length; i++) {
      write(code, i, components.get(i), values[i]);
    }
  }

  // Takes a value from the stack into a new local.
  private static int local(CodeBuilder code, Class<?> type) {
    TypeKind kind = TypeKind.from(type);
    int local = code.allocateLocal(kind);
    code.storeLocal(kind, local);
    return local;
  }

  private static void write(CodeBuilder code, int i, Class<?> type, int local) {
    ValueCode.address(code, RESULTS, i);
    code.loadLocal(TypeKind.from(type), local);
    ValueCode.put(code, type);
  }
}
