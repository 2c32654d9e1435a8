package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.interfaces.HiddenClass;
import io.github.wasmtimejvm.interfaces.InterfaceClass;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A Java interface for the handles of a guest's resource. Its methods are those of the resource;
 * {@code close()} drops it.
 */
final class ResourceFace<T> implements GuestResourceCodec.Face {
  /** What an object of the interface is made of: the handle, and the functions of its instance. */
  private record Handle(GuestResource resource, @Nullable BoundFunction[] functions) {}

  private static final MethodHandle FUNCTION =
      HiddenClass.findStatic(
          MethodHandles.lookup(), "function", BoundFunction.class, Object.class, long.class);
  private static final MethodHandle RESOURCE =
      HiddenClass.findStatic(
          MethodHandles.lookup(), "resourceOf", GuestResource.class, Object.class);
  private static final MethodHandle CLOSE =
      HiddenClass.findStatic(
          MethodHandles.lookup(),
          "close",
          void.class,
          Object.class,
          long.class,
          long.class,
          long.class);

  private final ResourceType resource;
  private final Class<T> javaType;
  private final MethodHandles.@Nullable Lookup lookup;
  private final List<@Nullable String> functions = new ArrayList<>(); // null for close
  private GuestBindings.@Nullable Methods methods;
  private @Nullable InterfaceClass<T> implementation; // null until it is complete
  private long[] indices = {};

  ResourceFace(ResourceType resource, Class<T> javaType, MethodHandles.@Nullable Lookup lookup) {
    this.resource = resource;
    this.javaType = javaType;
    this.lookup = lookup;
  }

  /**
   * Generates the class.
   *
   * @throws MisfitException if the Java interface does not fit
   */
  void complete(BindingDraft draft, GuestBindings.Methods methods) {
    this.methods = methods;
    this.implementation =
        new InterfaceClass<>(
            javaType, lookup, (method, sees) -> code(method, sees, draft, methods), this);
    indices = new long[functions.size()];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = i;
    }
  }

  private InterfaceClass.Code code(
      Method method, MethodHandles.Lookup sees, BindingDraft draft, GuestBindings.Methods methods) {
    try {
      if (isClose(method)) {
        functions.add(null);
        return new InterfaceClass.Code(InterfaceClass.Leading.NUMBERS, CLOSE);
      }
      List<String> names = new ArrayList<>(WitFunctions.names(methods.items()));
      names.removeIf(name -> !WitFunctions.isMethodOf(name, methods.resource()));
      String name = WitFunctions.find(method, names);
      if (name == null) {
        throw new MisfitException(
            WitText.of(
                "the resource %s has no such method; there are ".formatted(resource.name()),
                names,
                names.isEmpty() ? "none" : ""));
      }
      functions.add(name);
      WitItem.Function function =
          (WitItem.Function) Objects.requireNonNull(methods.items().get(name));
      MethodHandle call =
          MethodCodecs.of(
                  method,
                  function.params().subList(1, function.params().size()),
                  function.result(),
                  draft.codecs(lookup),
                  sees)
              .resourceCall(
                  new GuestResourceCodec(resource, false, GuestResourceCodec.PLAIN),
                  methods.interfaceName() == null
                      ? null
                      : draft.plan(methods.interfaceName(), name));
      return new InterfaceClass.Code(InterfaceClass.Leading.NUMBERS, onHandle(call));
    } catch (MisfitException e) {
      throw e.within(javaType.getName() + "." + method.getName());
    }
  }

  /** Whether a method drops the resource, and is none of its functions. */
  static boolean isClose(Method method) {
    return method.getName().equals("close")
        && method.getParameterCount() == 0
        && method.getReturnType() == void.class
        && WitNames.given(method) == null;
  }

  // (function, resource, parameters) -> (handle, -, index, -, parameters)
  private static MethodHandle onHandle(MethodHandle call) {
    MethodHandle filtered =
        MethodHandles.collectArguments(
            MethodHandles.filterArguments(call, 1, RESOURCE), 0, FUNCTION);
    // (handle, index, handle, parameters)
    List<Class<?>> params =
        filtered.type().parameterList().subList(3, filtered.type().parameterCount());
    MethodType type =
        MethodType.methodType(
                filtered.type().returnType(), Object.class, long.class, long.class, long.class)
            .appendParameterTypes(params);
    int[] order = new int[3 + params.size()];
    order[1] = 2;
    for (int i = 0; i < params.size(); i++) {
      order[3 + i] = 4 + i;
    }
    return MethodHandles.permuteArguments(filtered, type, order);
  }

  @SuppressWarnings("unused") // by handle
  private static @Nullable BoundFunction function(Object handle, long index) {
    return ((Handle) handle).functions[(int) index];
  }

  @SuppressWarnings("unused") // by handle
  private static GuestResource resourceOf(Object handle) {
    return ((Handle) handle).resource;
  }

  @SuppressWarnings("unused") // by handle
  private static void close(Object handle, long shared, long index, long unused) {
    ((Handle) handle).resource.close();
  }

  @Override
  public Class<?> javaType() {
    return javaType;
  }

  @Override
  public Object of(GuestResource resource) {
    InterfaceClass<T> type = Objects.requireNonNull(implementation);
    return type.instantiate(
        new Handle(resource, boundIn(resource.instance())),
        0,
        new Object[indices.length],
        indices,
        indices);
  }

  /** Returns the methods as they are in an instance; without one there are none. */
  private @Nullable BoundFunction[] boundIn(@Nullable ComponentInstance instance) {
    return instance == null
        ? new BoundFunction[functions.size()]
        : instance.boundOnce(
            this,
            () -> {
              GuestBindings.Methods found = Objects.requireNonNull(methods);
              @Nullable BoundFunction[] bound = new BoundFunction[functions.size()];
              for (int i = 0; i < bound.length; i++) {
                String name = functions.get(i);
                bound[i] = name == null ? null : instance.bound(found.interfaceName(), name);
              }
              return bound;
            });
  }

  @Override
  public @Nullable GuestResource resource(@Nullable Object object) {
    InterfaceClass<T> type = Objects.requireNonNull(implementation);
    return type.isInstance(object)
        ? ((Handle) Objects.requireNonNull(type.sharedObject(javaType.cast(object)))).resource
        : null;
  }
}
