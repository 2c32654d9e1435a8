package io.github.wasmtimejvm;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import io.github.wasmtimejvm.internal.Rethrow;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An interface whose methods stand for items of an instance, and the class that implements it,
 * which is generated once per interface: for each method, fields with what {@link TypedCalls} wants
 * to know, and its code as a method handle, which is a constant for the JIT compiler.
 *
 * <p>The class must see the interface, which ours need not: it stands beside the caller's class
 * whose lookup he gives, or in a class loader of its own below that of the interface.
 */
final class InterfaceClass<T> {
  private static final InterfaceCache<InterfaceClass<?>> CACHE = new InterfaceCache<>();

  private static final String STATE = "state";
  private static final String STRUCT = "struct";
  private static final String FUNC = "func"; // and the others: with the number of the method
  private static final String VALUES = "values";
  private static final String TARGET = "target";

  private static final int FIELD = ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL;

  private final Class<T> type;
  private final List<Method> methods;
  private final List<JavaSignature> signatures;
  private final MethodHandle constructor; // (Object, long, Object[], long[], long[])Object

  private InterfaceClass(Class<T> type, MethodHandles.@Nullable Lookup lookup) {
    this.type = type;
    this.methods = abstractMethods(type);
    this.signatures = methods.stream().map(JavaSignature::of).toList();
    MethodHandles.Lookup sees = lookup == null ? MethodHandles.publicLookup() : lookup;
    MethodHandles.Lookup home = lookup == null ? InterfaceLoader.lookupBeside(type) : lookup;
    for (int i = 0; i < methods.size(); i++) {
      checkImplementable(methods.get(i), signatures.get(i), home);
    }
    List<Object> data = new ArrayList<>();
    for (JavaSignature signature : signatures) {
      data.add(code(signature, sees).asType(codeType(signature)));
    }
    data.add(this); // for the cache
    this.constructor = constructor(Generated.define(home, generate(home.lookupClass()), data));
  }

  // Or it would show when the method is called, as a LinkageError.
  private void checkImplementable(
      Method method, JavaSignature signature, MethodHandles.Lookup home) {
    if (signature.withCaller()) {
      throw new IllegalArgumentException(
          "%s.%s has a Caller, which only host functions get"
              .formatted(type.getName(), method.getName()));
    }
    try {
      if (home.findClass(type.getName()) != type) {
        throw new IllegalArgumentException(
            home.lookupClass().getName() + " knows another interface as " + type.getName());
      }
      home.accessClass(signature.result());
      for (Class<?> param : signature.params()) {
        home.accessClass(param);
      }
    } catch (ClassNotFoundException | IllegalAccessException e) {
      throw new IllegalArgumentException(
          "%s.%s %s cannot be implemented with types that are not accessible: give a lookup of a"
                  .formatted(type.getName(), method.getName(), signature)
              + " class that can see them",
          e);
    }
  }

  private static MethodHandle code(JavaSignature signature, MethodHandles.Lookup sees) {
    if (isItem(signature)) {
      return MethodHandles.identity(Object.class);
    }
    return signature.isUnboxed()
        ? TypedCalls.unboxed(signature, sees)
        : TypedCalls.boxed(signature, sees);
  }

  // As the generated class sees it, for which our classes may not be there.
  private static MethodType codeType(JavaSignature signature) {
    MethodType type = signature.methodType();
    return signature.isUnboxed()
        ? type.insertParameterTypes(0, TypedCalls.LEADING).changeParameterType(0, Object.class)
        : type.insertParameterTypes(0, Object.class);
  }

  private static MethodHandle constructor(MethodHandles.Lookup defined) {
    try {
      MethodHandle exact =
          defined.findConstructor(
              defined.lookupClass(),
              MethodType.methodType(
                  void.class,
                  Object.class,
                  long.class,
                  Object[].class,
                  long[].class,
                  long[].class));
      return exact.asType(exact.type().changeReturnType(Object.class));
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Returns the shape of an interface.
   *
   * @throws IllegalArgumentException if it cannot be implemented
   */
  static <T> InterfaceClass<T> of(Class<T> type, MethodHandles.@Nullable Lookup lookup) {
    check(type, lookup);
    InterfaceClass<?> known = CACHE.get(type, lookup, () -> new InterfaceClass<>(type, lookup));
    @SuppressWarnings("unchecked") // the cache is the interface's own
    InterfaceClass<T> shape = (InterfaceClass<T>) known;
    return shape;
  }

  /**
   * Throws unless an interface can be implemented with a lookup, or without.
   *
   * @throws IllegalArgumentException then
   */
  static void check(Class<?> type, MethodHandles.@Nullable Lookup lookup) {
    if (!type.isInterface() || type.isSealed() || type.isAnnotation() || type.isHidden()) {
      throw new IllegalArgumentException(type.getName() + " is not an interface to implement");
    }
    if (lookup == null) {
      if (!Modifier.isPublic(type.getModifiers())
          || !type.getModule().isExported(type.getPackageName())) {
        throw new IllegalArgumentException(
            type.getName()
                + " is not a public interface of an exported package: give MethodHandles.lookup()");
      }
    } else if (!lookup.hasFullPrivilegeAccess()) {
      throw new IllegalArgumentException("the lookup has no full access: " + lookup);
    }
  }

  /** The methods that an implementation must have. */
  static List<Method> abstractMethods(Class<?> type) {
    // Two interfaces above may each declare the same method.
    Map<String, Method> methods = new LinkedHashMap<>();
    Arrays.stream(type.getMethods())
        .filter(method -> Modifier.isAbstract(method.getModifiers()))
        .filter(method -> !isMethodOfObject(method))
        .forEach(
            method ->
                methods.putIfAbsent(
                    method.getName()
                        + MethodType.methodType(method.getReturnType(), method.getParameterTypes()),
                    method));
    return List.copyOf(methods.values());
  }

  private static boolean isMethodOfObject(Method method) {
    try {
      Object.class.getMethod(method.getName(), method.getParameterTypes());
      return true;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  /**
   * Returns the only abstract method of a functional interface.
   *
   * @throws IllegalArgumentException if it has none or several
   */
  static Method onlyMethod(Class<?> type) {
    List<Method> methods = abstractMethods(type);
    if (methods.size() != 1) {
      throw new IllegalArgumentException(
          type.getName() + " is not a functional interface: its abstract methods are " + methods);
    }
    return methods.getFirst();
  }

  private static boolean isItem(JavaSignature signature) {
    return signature.params().isEmpty() && isItem(signature.result());
  }

  private static boolean isItem(Class<?> type) {
    return type == Memory.class
        || type == SharedMemory.class
        || type == Global.class
        || type == Table.class
        || type == Tag.class;
  }

  /**
   * Returns an object that implements the interface.
   *
   * @param items what each method stands for
   * @throws IllegalArgumentException if a method's signature does not fit its function's type
   */
  T bind(Function<Method, Extern> items) {
    int count = methods.size();
    Object[] targets = new Object[count];
    long[] funcs = new long[count];
    long[] values = new long[count];
    StoreState state = null;
    for (int i = 0; i < count; i++) {
      JavaSignature signature = signatures.get(i);
      Extern item = items.apply(methods.get(i));
      check(methods.get(i), signature, item);
      if (item instanceof Func func && signature.isUnboxed()) {
        BoundFunc bound = func.bound();
        state = bound.state();
        funcs[i] = bound.func();
        values[i] = bound.values();
      } else {
        targets[i] = item;
      }
    }
    try {
      return type.cast(
          (Object)
              constructor.invokeExact(
                  (Object) state, state == null ? 0 : state.address(), targets, funcs, values));
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
    }
  }

  private static void check(Method method, JavaSignature signature, Extern item) {
    String name = method.getDeclaringClass().getName() + "." + method.getName();
    if (isItem(signature) ? !signature.result().isInstance(item) : !(item instanceof Func)) {
      throw new IllegalArgumentException(
          "%s %s does not fit a %s".formatted(name, signature, item.getClass().getSimpleName()));
    }
    if (item instanceof Func func) {
      signature.check(func.type(), "the function", name);
    }
  }

  private byte[] generate(Class<?> neighbour) {
    ClassDesc self = ClassDesc.of(neighbour.getPackageName(), "BoundInterface");
    return ClassFile.of()
        .build(
            self,
            builder -> {
              builder
                  .withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC)
                  .withInterfaceSymbols(Generated.describe(type))
                  .withMethodBody(
                      ConstantDescs.INIT_NAME,
                      MethodTypeDesc.of(
                          CD_void,
                          CD_Object,
                          CD_long,
                          CD_Object.arrayType(),
                          CD_long.arrayType(),
                          CD_long.arrayType()),
                      0,
                      code -> constructor(code, self))
                  .withField(STATE, CD_Object, FIELD)
                  .withField(STRUCT, CD_long, FIELD);
              for (int i = 0; i < methods.size(); i++) {
                implement(builder, self, i);
              }
            });
  }

  private void constructor(CodeBuilder code, ClassDesc self) {
    code.aload(0)
        .invokespecial(CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
        .aload(0)
        .aload(code.parameterSlot(0))
        .putfield(self, STATE, CD_Object)
        .aload(0)
        .lload(code.parameterSlot(1))
        .putfield(self, STRUCT, CD_long);
    for (int i = 0; i < methods.size(); i++) {
      if (hasTarget(i)) {
        code.aload(0)
            .aload(code.parameterSlot(2))
            .loadConstant(i)
            .aaload()
            .putfield(self, TARGET + i, CD_Object);
      } else {
        code.aload(0)
            .aload(code.parameterSlot(3))
            .loadConstant(i)
            .laload()
            .putfield(self, FUNC + i, CD_long)
            .aload(0)
            .aload(code.parameterSlot(4))
            .loadConstant(i)
            .laload()
            .putfield(self, VALUES + i, CD_long);
      }
    }
    code.return_();
  }

  private boolean hasTarget(int i) {
    return !signatures.get(i).isUnboxed();
  }

  private void implement(ClassBuilder builder, ClassDesc self, int i) {
    JavaSignature signature = signatures.get(i);
    MethodType type = signature.methodType();
    if (hasTarget(i)) {
      builder.withField(TARGET + i, CD_Object, FIELD);
    } else {
      builder.withField(FUNC + i, CD_long, FIELD).withField(VALUES + i, CD_long, FIELD);
    }
    builder.withMethodBody(
        methods.get(i).getName(),
        Generated.describe(type),
        ClassFile.ACC_PUBLIC,
        code -> {
          Generated.loadClassData(code, i);
          if (hasTarget(i)) {
            code.aload(0).getfield(self, TARGET + i, CD_Object);
          } else {
            code.aload(0)
                .getfield(self, STATE, CD_Object)
                .aload(0)
                .getfield(self, STRUCT, CD_long)
                .aload(0)
                .getfield(self, FUNC + i, CD_long)
                .aload(0)
                .getfield(self, VALUES + i, CD_long);
          }
          for (int param = 0; param < type.parameterCount(); param++) {
            code.loadLocal(TypeKind.from(type.parameterType(param)), code.parameterSlot(param));
          }
          code.invokevirtual(
                  CD_MethodHandle, "invokeExact", Generated.describe(codeType(signature)))
              .return_(TypeKind.from(type.returnType()));
        });
  }
}
