package io.github.wasmtimejvm;

import io.github.wasmtimejvm.interfaces.InterfaceCache;
import io.github.wasmtimejvm.interfaces.InterfaceClass;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An interface whose methods stand for items of an instance, and the class that is generated for
 * it: which code of {@link TypedCalls} each method has, and what the class keeps for that code.
 */
final class InterfaceBinding<T> {
  private static final InterfaceCache<InterfaceBinding<?>> CACHE = new InterfaceCache<>();

  private final InterfaceClass<T> implementation;
  private final List<JavaSignature> signatures; // of its methods

  private InterfaceBinding(Class<T> type, MethodHandles.@Nullable Lookup lookup) {
    for (Method method : InterfaceClass.abstractMethods(type)) {
      if (JavaSignature.of(method).withCaller()) {
        throw new IllegalArgumentException(
            "%s.%s has a Caller, which only host functions get"
                .formatted(type.getName(), method.getName()));
      }
    }
    // The class keeps this object for the cache.
    this.implementation = new InterfaceClass<>(type, lookup, InterfaceBinding::code, this);
    this.signatures = implementation.methods().stream().map(JavaSignature::of).toList();
  }

  private static InterfaceClass.Code code(Method method, MethodHandles.Lookup sees) {
    JavaSignature signature = JavaSignature.of(method);
    if (isItem(signature)) {
      return new InterfaceClass.Code(
          InterfaceClass.Leading.OBJECT, MethodHandles.identity(Object.class));
    }
    return signature.isUnboxed()
        ? new InterfaceClass.Code(
            InterfaceClass.Leading.NUMBERS, TypedCalls.unboxed(signature, sees))
        : new InterfaceClass.Code(InterfaceClass.Leading.OBJECT, TypedCalls.boxed(signature, sees));
  }

  /**
   * Returns what was made of an interface.
   *
   * @throws IllegalArgumentException if the interface cannot be implemented
   */
  static <T> InterfaceBinding<T> of(Class<T> type, MethodHandles.@Nullable Lookup lookup) {
    InterfaceClass.check(type, lookup);
    InterfaceBinding<?> known = CACHE.get(type, lookup, () -> new InterfaceBinding<>(type, lookup));
    @SuppressWarnings("unchecked") // the cache is the interface's own
    InterfaceBinding<T> binding = (InterfaceBinding<T>) known;
    return binding;
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
    List<Method> methods = implementation.methods();
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
    return implementation.instantiate(
        state, state == null ? 0 : state.address(), targets, funcs, values);
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
}
