package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.interfaces.HiddenClass;
import io.github.wasmtimejvm.interfaces.InterfaceClass;
import io.github.wasmtimejvm.internal.HostCalls;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the host defines under one name: a Java object for an interface of WIT, functions without
 * Java types, or both. What a component expects of it is known when a component is prepared.
 */
final class HostDefinition {
  private static final MethodHandle CALL =
      HiddenClass.findVirtual(
          MethodHandles.lookup(),
          ComponentHostFunction.class,
          "call",
          Object.class,
          Object[].class);
  private static final MethodHandle NOTHING =
      HiddenClass.findStatic(MethodHandles.lookup(), "nothing", void.class, Object.class);

  private @Nullable Class<?> type;
  private MethodHandles.@Nullable Lookup lookup;
  private @Nullable HostObject object;
  private final Map<String, ComponentHostFunction> functions = new HashMap<>();
  private final Map<String, HostResource> resources = new ConcurrentHashMap<>();

  /** Defines a Java object. */
  void define(Class<?> type, MethodHandles.@Nullable Lookup lookup, HostObject object) {
    this.type = type;
    this.lookup = lookup;
    this.object = object;
  }

  /** Whether there is a Java object. */
  boolean hasObject() {
    return object != null;
  }

  /** Defines a function without Java types; it is taken before a method. */
  void define(String name, ComponentHostFunction function) {
    functions.put(name, function);
  }

  /** Whether there is a function of that name without Java types. */
  boolean hasFunction(String name) {
    return functions.containsKey(name);
  }

  /** Returns a copy, whose types of resources are the same ones. */
  HostDefinition copy() {
    HostDefinition copy = new HostDefinition();
    copy.type = type;
    copy.lookup = lookup;
    copy.object = object;
    copy.functions.putAll(functions);
    copy.resources.putAll(resources);
    return copy;
  }

  /** Returns the type of resources of a name. */
  HostResource resource(String name, Map<String, WitItem> items) {
    HostResource resource = resources.computeIfAbsent(name, _ -> new HostResource());
    Class<?> javaType = type == null ? null : javaType(type, name, items);
    if (javaType != null) {
      resource.setJavaType(javaType);
    }
    return resource;
  }

  // The class that stands for a resource: a member of the Java interface, or one in the signatures
  // of its methods that is annotated with the name of the resource. A guest declares what is a
  // resource and how it is called; so only what the host has named is one.
  private static @Nullable Class<?> javaType(
      Class<?> type, String name, Map<String, WitItem> items) {
    for (Class<?> member : type.getDeclaredClasses()) {
      String given = WitNames.given(member);
      if (given != null
          ? given.equals(name)
          : member.getSimpleName().equals(WitNames.pascal(name))) {
        return member;
      }
    }
    Set<Class<?>> found = new LinkedHashSet<>();
    for (Method method : InterfaceClass.abstractMethods(type)) {
      String function = WitFunctions.find(method, WitFunctions.names(items));
      if (function != null
          && items.get(function)
              instanceof WitItem.Function(List<WitType.Field> params, WitType result)) {
        Type[] types = method.getGenericParameterTypes();
        for (int i = 0; i < Math.min(types.length, params.size()); i++) {
          collect(params.get(i).type(), types[i], name, found);
        }
        if (result != null) {
          collect(result, method.getGenericReturnType(), name, found);
        }
      }
    }
    if (found.size() > 1) {
      throw new MisfitException("the resource %s is each of %s in Java".formatted(name, found));
    }
    return found.isEmpty() ? null : found.iterator().next();
  }

  private static void collect(WitType type, Type javaType, String name, Set<Class<?>> found) {
    switch (type) {
      case WitType.OwnType(ResourceType resource) -> add(resource, javaType, name, found);
      case WitType.BorrowType(ResourceType resource) -> add(resource, javaType, name, found);
      case WitType.OptionType(WitType value) -> argument(value, javaType, 0, name, found);
      case WitType.ListType(WitType element) -> argument(element, javaType, 0, name, found);
      case WitType.ResultType(WitType ok, WitType err) -> {
        if (ok != null) {
          if (javaType instanceof ParameterizedType parameterized
              && parameterized.getRawType() == Result.class) {
            argument(ok, javaType, 0, name, found);
          } else {
            collect(ok, javaType, name, found);
          }
        }
        if (err != null) {
          argument(err, javaType, 1, name, found);
        }
      }
      default -> {} // says nothing that another function does not say
    }
  }

  private static void argument(
      WitType type, Type javaType, int index, String name, Set<Class<?>> found) {
    if (javaType instanceof ParameterizedType parameterized
        && parameterized.getActualTypeArguments().length > index) {
      collect(type, parameterized.getActualTypeArguments()[index], name, found);
    }
  }

  private static void add(ResourceType resource, Type javaType, String name, Set<Class<?>> found) {
    if (resource.name().equals(name)
        && javaType instanceof Class<?> known
        && name.equals(WitNames.given(known))) {
      found.add(known);
    }
  }

  /**
   * Makes what the engine calls for a function.
   *
   * @param name its name in the interface
   * @param hostTypes which resources are the host's
   * @return {@code null} if the host has no such function
   * @throws MisfitException if what the host has does not fit
   */
  HostCalls.@Nullable Target target(
      String name,
      WitItem.Function function,
      HostTypes hostTypes,
      DynamicCodecs dynamic,
      DirectImports.@Nullable HostFunction plan) {
    ComponentHostFunction plain = functions.get(name);
    if (plain != null) {
      return dynamicTarget(plain, function, dynamic, plan);
    }
    return type == null || object == null
        ? null
        : typedTarget(name, function, hostTypes, dynamic, plan);
  }

  private HostCalls.@Nullable Target typedTarget(
      String name,
      WitItem.Function function,
      HostTypes hostTypes,
      DynamicCodecs dynamic,
      DirectImports.@Nullable HostFunction plan) {
    assert type != null && object != null;
    MethodHandles.Lookup sees = lookup == null ? MethodHandles.publicLookup() : lookup;
    TypedCodecs codecs =
        new TypedCodecs(
            sees,
            (resource, own, javaType) -> {
              Codec hosts = hostTypes.codec(resource, own, javaType);
              if (hosts == null && javaType != GuestResource.class) {
                throw new MisfitException(
                    "the resource %s is a GuestResource in Java, not a %s"
                        .formatted(resource.name(), javaType.getName()));
              }
              if (hosts != null && javaType != Object.class && hostTypes.isUnnamed(resource)) {
                throw new MisfitException(
                    "nothing says that %s is the resource %s: make it a member of the Java interface,"
                            .formatted(javaType.getName(), resource.name())
                        + " or annotate it with @WitName");
              }
              return hosts != null
                  ? hosts
                  : new GuestResourceCodec(resource, own, GuestResourceCodec.PLAIN);
            },
            dynamic);
    boolean isMethod = WitFunctions.isMethod(name);
    Class<?> in = isMethod ? selfType(function, hostTypes) : type;
    Method method = isMethod ? methodOfResource(in, name) : method(in, name);
    if (method == null) {
      return null;
    }
    try {
      List<WitType.Field> params = function.params();
      MethodCodecs found =
          MethodCodecs.of(
              method,
              isMethod ? params.subList(1, params.size()) : params,
              function.result(),
              codecs,
              sees);
      MethodHandle handle = sees.unreflect(method);
      if (plan != null) {
        return new DirectTarget(
            object, handle, found.params(), found.storing(), found.errCodec(), plan);
      }
      List<MethodHandle> liftings = found.liftings();
      if (isMethod) {
        // The class may inherit it. Before it comes the interface's own object.
        handle = handle.asType(handle.type().changeParameterType(0, in));
        handle = MethodHandles.dropArguments(handle, 0, Object.class);
        Codec self = codecs.of(params.getFirst().type(), in);
        liftings = new ArrayList<>(liftings);
        liftings.addFirst(self.lifting());
      }
      return new HostTarget(object).target(handle, liftings, found.hostResult(), found.errCodec());
    } catch (MisfitException e) {
      throw e.within(in.getName() + "." + method.getName());
    } catch (IllegalAccessException e) {
      throw new MisfitException(
          "%s.%s is not accessible: make it public, or give MethodHandles.lookup()"
              .formatted(in.getName(), method.getName()));
    }
  }

  private static Class<?> selfType(WitItem.Function function, HostTypes hostTypes) {
    return function.params().getFirst().type() instanceof WitType.BorrowType(ResourceType resource)
            && hostTypes.get(resource) instanceof HostResource host
        ? host.javaType()
        : Object.class;
  }

  // Only what the class declares itself, or what is annotated, is meant for guests; its close() is
  // called when the last one drops the resource.
  private static @Nullable Method methodOfResource(Class<?> in, String name) {
    Method found = in == Object.class ? null : method(in, name);
    boolean isMeant =
        found != null
            && (WitNames.given(found) != null
                || (found.getDeclaringClass() == in && !ResourceFace.isClose(found)));
    return isMeant ? found : null;
  }

  private static @Nullable Method method(Class<?> in, String name) {
    Method found = null;
    for (Method method : in.getMethods()) {
      if (!Modifier.isStatic(method.getModifiers())
          && !method.isBridge()
          && WitFunctions.find(method, List.of(name)) != null) {
        if (found != null && !isSame(found, method)) {
          throw new MisfitException(
              "%s has several methods %s".formatted(in.getName(), method.getName()));
        }
        found = method;
      }
    }
    return found;
  }

  private static boolean isSame(Method a, Method b) {
    return Arrays.equals(a.getParameterTypes(), b.getParameterTypes());
  }

  private static HostCalls.Target dynamicTarget(
      ComponentHostFunction function,
      WitItem.Function type,
      DynamicCodecs dynamic,
      DirectImports.@Nullable HostFunction plan) {
    List<Codec> params = type.params().stream().map(param -> dynamic.of(param.type())).toList();
    MethodHandle handle =
        MethodHandles.dropArguments(
            CALL.bindTo(function).asCollector(Object[].class, params.size()), 0, Object.class);
    List<MethodHandle> liftings =
        params.stream().map(Codec::lifting).map(HostDefinition::boxing).toList();
    WitType resultType = type.result();
    Codec result = resultType == null ? null : dynamic.of(resultType);
    ResultCodec err = result instanceof ResultCodec outcome ? outcome : null;
    if (plan != null) {
      return new DirectTarget(
          HostObject.shared(function),
          handle,
          params,
          result == null ? null : result::store,
          err,
          plan);
    }
    if (result == null) {
      handle = MethodHandles.filterReturnValue(handle, CallCode.named(NOTHING, "the result"));
    }
    MethodHandle lowering = result == null ? null : result.lowering(Object.class);
    return new HostTarget(HostObject.shared(function)).target(handle, liftings, lowering, err);
  }

  private static MethodHandle boxing(MethodHandle lifting) {
    return lifting.asType(lifting.type().changeReturnType(Object.class));
  }

  @SuppressWarnings("unused") // by handle
  private static void nothing(@Nullable Object value) {
    if (value != null) {
      throw new MisfitException("the function has no result, got " + value.getClass().getName());
    }
  }
}
