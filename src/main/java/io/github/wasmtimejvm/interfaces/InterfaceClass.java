package io.github.wasmtimejvm.interfaces;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_long;
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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The class that is generated for an interface, to implement it. Each method is a method handle,
 * which is a constant for the JIT compiler, and the class has fields with what the handles take
 * before the arguments of the methods: for {@link Leading#OBJECT} an object of the method's own,
 * for {@link Leading#NUMBERS} an object and a number that all methods share, and two numbers of the
 * method's own.
 *
 * <p>The class must see the interface, which our classes need not see. It therefore stands beside
 * the caller's class, whose lookup is given, or in a class loader of its own below the interface's.
 */
public final class InterfaceClass<T> {
  /** What the code of a method takes before the arguments. */
  public enum Leading {
    /** An object of the method's own. */
    OBJECT(Object.class),

    /** The shared object and number, and two numbers of the method's own. */
    NUMBERS(Object.class, long.class, long.class, long.class);

    private final List<Class<?>> types;

    Leading(Class<?>... types) {
      this.types = List.of(types);
    }
  }

  /**
   * What a method does.
   *
   * @param leading what the handle takes before the arguments
   * @param handle of a type that {@link MethodHandle#asType} can give the leading types and the
   *     types of the method
   */
  public record Code(Leading leading, MethodHandle handle) {}

  /** Finds the code of methods. */
  public interface CodeFinder {
    /**
     * Returns the code of a method.
     *
     * @param sees a lookup that sees the types of the method
     */
    Code find(Method method, MethodHandles.Lookup sees);
  }

  private static final String SHARED_OBJECT = "sharedObject";
  private static final String SHARED_NUMBER = "sharedNumber";
  private static final String OBJECT = "object"; // and the others: with the number of the method
  private static final String FIRST = "first";
  private static final String SECOND = "second";

  private static final int FIELD = ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL;

  private final Class<T> type;
  private final List<Method> methods;
  private final List<Leading> leading;
  private final MethodHandle constructor; // (Object, long, Object[], long[], long[])Object
  private final Class<?> generated;
  private final MethodHandle sharedObject; // (Object)Object

  /**
   * Generates the class.
   *
   * @param type an interface that passed {@link #check}
   * @param lookup a lookup that sees the interface, {@code null} if everybody does
   * @param finder is asked for each method when all of them can be implemented
   * @param kept an object that the class keeps reachable
   * @throws IllegalArgumentException if the interface cannot be implemented
   */
  public InterfaceClass(
      Class<T> type, MethodHandles.@Nullable Lookup lookup, CodeFinder finder, Object kept) {
    this.type = type;
    this.methods = abstractMethods(type);
    MethodHandles.Lookup sees = lookup == null ? MethodHandles.publicLookup() : lookup;
    MethodHandles.Lookup home = lookup == null ? InterfaceLoader.lookupBeside(type) : lookup;
    methods.forEach(method -> checkImplementable(method, home));
    List<Object> data = new ArrayList<>();
    this.leading = new ArrayList<>();
    for (Method method : methods) {
      Code code = finder.find(method, sees);
      data.add(code.handle().asType(codeType(method, code.leading())));
      leading.add(code.leading());
    }
    data.add(kept);
    MethodHandles.Lookup defined = HiddenClass.define(home, generate(home.lookupClass()), data);
    this.generated = defined.lookupClass();
    this.constructor = constructor(defined);
    this.sharedObject = sharedObject(defined);
  }

  // Else it would show when the method is called, as a LinkageError.
  private void checkImplementable(Method method, MethodHandles.Lookup home) {
    try {
      if (home.findClass(type.getName()) != type) {
        throw new IllegalArgumentException(
            home.lookupClass().getName() + " knows another interface as " + type.getName());
      }
      home.accessClass(method.getReturnType());
      for (Class<?> param : method.getParameterTypes()) {
        home.accessClass(param);
      }
    } catch (ClassNotFoundException | IllegalAccessException e) {
      throw new IllegalArgumentException(
          "%s.%s %s cannot be implemented with types that are not accessible: give a lookup of a"
                  .formatted(type.getName(), method.getName(), signature(method))
              + " class that can see them",
          e);
    }
  }

  private static String signature(Method method) {
    return Arrays.stream(method.getParameterTypes())
            .map(Class::getTypeName)
            .collect(Collectors.joining(", ", "(", ")"))
        + " -> "
        + method.getReturnType().getTypeName();
  }

  private static MethodType typeOf(Method method) {
    return MethodType.methodType(method.getReturnType(), method.getParameterTypes());
  }

  // As the generated class sees the code: our classes may not be there for it.
  private static MethodType codeType(Method method, Leading leading) {
    return typeOf(method).insertParameterTypes(0, leading.types);
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

  private static MethodHandle sharedObject(MethodHandles.Lookup defined) {
    try {
      MethodHandle exact = defined.findGetter(defined.lookupClass(), SHARED_OBJECT, Object.class);
      return exact.asType(MethodType.genericMethodType(1));
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Checks what can be told of an interface and a lookup alone.
   *
   * @param lookup the lookup that was given, {@code null} if none
   * @throws IllegalArgumentException if the interface cannot be implemented with the lookup, or
   *     needs one
   */
  public static void check(Class<?> type, MethodHandles.@Nullable Lookup lookup) {
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

  /** Returns the methods that an implementation of an interface must have. */
  public static List<Method> abstractMethods(Class<?> type) {
    // Two interfaces above may each declare the same method.
    Map<String, Method> methods = new LinkedHashMap<>();
    Arrays.stream(type.getMethods())
        .filter(method -> Modifier.isAbstract(method.getModifiers()))
        .filter(method -> !isMethodOfObject(method))
        .forEach(method -> methods.putIfAbsent(method.getName() + typeOf(method), method));
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
   * @throws IllegalArgumentException if the interface has none or several
   */
  public static Method onlyMethod(Class<?> type) {
    List<Method> methods = abstractMethods(type);
    if (methods.size() != 1) {
      throw new IllegalArgumentException(
          type.getName() + " is not a functional interface: its abstract methods are " + methods);
    }
    return methods.getFirst();
  }

  /** The methods that an implementation must have, in the order of {@link #instantiate}. */
  public List<Method> methods() {
    return methods;
  }

  /**
   * Returns an object that implements the interface.
   *
   * @param sharedObject what all methods with {@link Leading#NUMBERS} take first
   * @param sharedNumber what these methods take next
   * @param objects for each method with {@link Leading#OBJECT} what the method takes
   * @param first for each method with {@link Leading#NUMBERS} the first number of its own
   * @param second the second one
   */
  public T instantiate(
      @Nullable Object sharedObject,
      long sharedNumber,
      @Nullable Object[] objects,
      long[] first,
      long[] second) {
    try {
      return type.cast(
          (Object) constructor.invokeExact(sharedObject, sharedNumber, objects, first, second));
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
    }
  }

  /** Whether {@link #instantiate} has made an object. */
  public boolean isInstance(@Nullable Object object) {
    return generated.isInstance(object);
  }

  /** Returns the shared object that an object of {@link #instantiate} was given. */
  public @Nullable Object sharedObject(T object) {
    try {
      return (Object) sharedObject.invokeExact((Object) object);
    } catch (Throwable t) {
      throw Rethrow.unchecked(t);
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
                  .withInterfaceSymbols(HiddenClass.describe(type))
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
                  .withField(SHARED_OBJECT, CD_Object, FIELD)
                  .withField(SHARED_NUMBER, CD_long, FIELD);
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
        .putfield(self, SHARED_OBJECT, CD_Object)
        .aload(0)
        .lload(code.parameterSlot(1))
        .putfield(self, SHARED_NUMBER, CD_long);
    for (int i = 0; i < methods.size(); i++) {
      if (hasObject(i)) {
        code.aload(0)
            .aload(code.parameterSlot(2))
            .loadConstant(i)
            .aaload()
            .putfield(self, OBJECT + i, CD_Object);
      } else {
        code.aload(0)
            .aload(code.parameterSlot(3))
            .loadConstant(i)
            .laload()
            .putfield(self, FIRST + i, CD_long)
            .aload(0)
            .aload(code.parameterSlot(4))
            .loadConstant(i)
            .laload()
            .putfield(self, SECOND + i, CD_long);
      }
    }
    code.return_();
  }

  private boolean hasObject(int i) {
    return leading.get(i) == Leading.OBJECT;
  }

  private void implement(ClassBuilder builder, ClassDesc self, int i) {
    Method method = methods.get(i);
    MethodType type = typeOf(method);
    if (hasObject(i)) {
      builder.withField(OBJECT + i, CD_Object, FIELD);
    } else {
      builder.withField(FIRST + i, CD_long, FIELD).withField(SECOND + i, CD_long, FIELD);
    }
    builder.withMethodBody(
        method.getName(),
        HiddenClass.describe(type),
        ClassFile.ACC_PUBLIC,
        code -> {
          HiddenClass.loadClassData(code, i);
          if (hasObject(i)) {
            code.aload(0).getfield(self, OBJECT + i, CD_Object);
          } else {
            code.aload(0)
                .getfield(self, SHARED_OBJECT, CD_Object)
                .aload(0)
                .getfield(self, SHARED_NUMBER, CD_long)
                .aload(0)
                .getfield(self, FIRST + i, CD_long)
                .aload(0)
                .getfield(self, SECOND + i, CD_long);
          }
          for (int param = 0; param < type.parameterCount(); param++) {
            code.loadLocal(TypeKind.from(type.parameterType(param)), code.parameterSlot(param));
          }
          code.invokevirtual(
                  CD_MethodHandle,
                  "invokeExact",
                  HiddenClass.describe(codeType(method, leading.get(i))))
              .return_(TypeKind.from(type.returnType()));
        });
  }
}
