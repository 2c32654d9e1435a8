package io.github.wasmtimejvm;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_void;

import io.github.wasmtimejvm.internal.Rethrow;
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
 * which is generated once per interface: a field for the target of each method, and a method
 * handle, a constant for the JIT compiler, that calls it.
 *
 * <p>The class must see the interface, which ours need not: it stands beside the caller's class
 * whose lookup he gives, or in a class loader of its own below that of the interface.
 */
final class Shape<T> {
  private static final ShapeCache<Shape<?>> CACHE = new ShapeCache<>();

  private static final String TARGET = "target";

  private final Class<T> type;
  private final List<Method> methods;
  private final List<JavaSignature> signatures;
  private final MethodHandle constructor; // (Object[])Object

  private Shape(Class<T> type, MethodHandles.@Nullable Lookup lookup) {
    this.type = type;
    this.methods = abstractMethods(type);
    this.signatures = methods.stream().map(JavaSignature::of).toList();
    MethodHandles.Lookup sees = lookup == null ? MethodHandles.publicLookup() : lookup;
    MethodHandles.Lookup home = lookup == null ? ShapeLoader.lookupBeside(type) : lookup;
    for (int i = 0; i < methods.size(); i++) {
      checkImplementable(methods.get(i), signatures.get(i), home);
    }
    List<MethodHandle> code = new ArrayList<>();
    for (JavaSignature signature : signatures) {
      MethodHandle exact =
          returnsItem(signature)
              ? MethodHandles.identity(Object.class)
              : TypedCalls.code(signature, sees);
      code.add(exact.asType(signature.methodType().insertParameterTypes(0, Object.class)));
    }
    this.constructor = constructor(Generated.define(home, generate(home.lookupClass()), code));
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

  private static MethodHandle constructor(MethodHandles.Lookup defined) {
    try {
      return defined
          .findConstructor(defined.lookupClass(), MethodType.methodType(void.class, Object[].class))
          .asType(MethodType.methodType(Object.class, Object[].class));
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Returns the shape of an interface.
   *
   * @throws IllegalArgumentException if it cannot be implemented
   */
  static <T> Shape<T> of(Class<T> type, MethodHandles.@Nullable Lookup lookup) {
    check(type, lookup);
    Shape<?> known = CACHE.get(type, lookup, () -> new Shape<>(type, lookup));
    @SuppressWarnings("unchecked") // the cache is the interface's own
    Shape<T> shape = (Shape<T>) known;
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

  private static boolean returnsItem(JavaSignature signature) {
    Class<?> type = signature.result();
    return signature.params().isEmpty()
        && (type == Memory.class
            || type == Global.class
            || type == Table.class
            || type == Tag.class);
  }

  /**
   * Returns an object that implements the interface.
   *
   * @param items what each method stands for
   * @throws IllegalArgumentException if a method's signature does not fit its function's type
   */
  T bind(Function<Method, Extern> items) {
    Object[] targets = new Object[methods.size()];
    for (int i = 0; i < targets.length; i++) {
      Method method = methods.get(i);
      targets[i] = target(method, signatures.get(i), items.apply(method));
    }
    try {
      return type.cast((Object) constructor.invokeExact(targets));
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
    }
  }

  private static Object target(Method method, JavaSignature signature, Extern item) {
    String name = method.getDeclaringClass().getName() + "." + method.getName();
    if (returnsItem(signature)) {
      if (signature.result().isInstance(item)) {
        return item;
      }
    } else if (item instanceof Func func) {
      signature.check(func.type(), "the function", name);
      return TypedCalls.target(func, signature);
    }
    throw new IllegalArgumentException(
        "%s %s does not fit a %s".formatted(name, signature, item.getClass().getSimpleName()));
  }

  private byte[] generate(Class<?> neighbour) {
    ClassDesc self = ClassDesc.of(neighbour.getPackageName(), "BoundShape");
    return ClassFile.of()
        .build(
            self,
            builder -> {
              builder
                  .withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC)
                  .withInterfaceSymbols(Generated.describe(type))
                  .withMethodBody(
                      ConstantDescs.INIT_NAME,
                      MethodTypeDesc.of(CD_void, CD_Object.arrayType()),
                      0,
                      code -> constructor(code, self));
              for (int i = 0; i < methods.size(); i++) {
                implement(builder, self, i);
              }
            });
  }

  private void constructor(CodeBuilder code, ClassDesc self) {
    code.aload(0).invokespecial(CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void);
    for (int i = 0; i < methods.size(); i++) {
      code.aload(0).aload(1).loadConstant(i).aaload().putfield(self, TARGET + i, CD_Object);
    }
    code.return_();
  }

  private void implement(ClassBuilder builder, ClassDesc self, int i) {
    MethodType type = signatures.get(i).methodType();
    builder
        .withField(TARGET + i, CD_Object, ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL)
        .withMethodBody(
            methods.get(i).getName(),
            Generated.describe(type),
            ClassFile.ACC_PUBLIC,
            code -> {
              Generated.loadClassData(code, i);
              code.aload(0).getfield(self, TARGET + i, CD_Object);
              for (int param = 0; param < type.parameterCount(); param++) {
                code.loadLocal(TypeKind.from(type.parameterType(param)), code.parameterSlot(param));
              }
              code.invokevirtual(
                      CD_MethodHandle,
                      "invokeExact",
                      Generated.describe(type.insertParameterTypes(0, Object.class)))
                  .return_(TypeKind.from(type.returnType()));
            });
  }
}
