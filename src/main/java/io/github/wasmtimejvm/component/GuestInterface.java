package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.interfaces.InterfaceClass;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Java interface for what a component exports: for one interface of it, or for its whole world. A
 * method is a function, or, without parameters, an interface of the world.
 */
final class GuestInterface<T> {
  /** What a method stands for. */
  private sealed interface Part {
    /** Returns what the method's code takes first. */
    Object in(ComponentInstance instance);
  }

  private record FunctionPart(@Nullable String interfaceName, String name) implements Part {
    @Override
    public Object in(ComponentInstance instance) {
      return instance.bound(interfaceName, name);
    }
  }

  private record InterfacePart(GuestInterface<?> type) implements Part {
    @Override
    public Object in(ComponentInstance instance) {
      return type.bind(instance);
    }
  }

  private final MethodHandles.@Nullable Lookup lookup;
  private final Class<T> type;
  private final List<Part> parts = new ArrayList<>();
  private final InterfaceClass<T> implementation;

  /**
   * @param interfaceName the name of the exported interface; {@code null} for the world
   * @param items the exports that are meant
   * @throws MisfitException if the Java interface does not fit
   */
  GuestInterface(
      BindingDraft draft,
      Class<T> type,
      MethodHandles.@Nullable Lookup lookup,
      @Nullable String interfaceName,
      Map<String, WitItem> items) {
    this.lookup = lookup;
    this.type = type;
    this.implementation =
        new InterfaceClass<>(
            type, lookup, (method, sees) -> code(method, sees, draft, interfaceName, items), this);
  }

  private InterfaceClass.Code code(
      Method method,
      MethodHandles.Lookup sees,
      BindingDraft draft,
      @Nullable String interfaceName,
      Map<String, WitItem> items) {
    try {
      String name = WitFunctions.find(method, functions(items));
      if (name != null) {
        WitItem.Function function = (WitItem.Function) items.get(name);
        assert function != null;
        parts.add(new FunctionPart(interfaceName, name));
        return new InterfaceClass.Code(
            InterfaceClass.Leading.OBJECT,
            code(method, sees, draft, function, draft.plan(interfaceName, name)));
      }
      if (interfaceName == null && method.getParameterCount() == 0) {
        parts.add(new InterfacePart(draft.ofWorld(method, lookup)));
        return new InterfaceClass.Code(
            InterfaceClass.Leading.OBJECT, MethodHandles.identity(Object.class));
      }
      throw new MisfitException(
          WitText.of("the component exports no such function; there are ", functions(items), ""));
    } catch (MisfitException e) {
      throw e.within(type.getName() + "." + method.getName());
    }
  }

  // The functions that are no methods of resources.
  private static List<String> functions(Map<String, WitItem> items) {
    List<String> functions = new ArrayList<>(WitFunctions.names(items));
    functions.removeIf(WitFunctions::isMethod);
    return functions;
  }

  private MethodHandle code(
      Method method,
      MethodHandles.Lookup sees,
      BindingDraft draft,
      WitItem.Function function,
      DirectPlan.@Nullable Function plan) {
    return MethodCodecs.of(method, function.params(), function.result(), draft.codecs(lookup), sees)
        .guestCall(plan);
  }

  /** Returns an object for the exports of an instance. */
  T bind(ComponentInstance instance) {
    Object[] objects = new Object[parts.size()];
    for (int i = 0; i < objects.length; i++) {
      objects[i] = parts.get(i).in(instance);
    }
    return implementation.instantiate(
        null, 0, objects, new long[objects.length], new long[objects.length]);
  }
}
