package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.interfaces.InterfaceClass;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one thread makes to bind a Java interface, until it is complete: the interface, those that
 * it has parts of, and the interfaces of resources. They refer to each other, and to what {@link
 * GuestBindings} has already.
 */
final class BindingDraft {
  private final GuestBindings bindings;
  private final HostTypes hostTypes;
  private final DynamicCodecs dynamic;
  private final Map<GuestBindings.Key, GuestInterface<?>> interfaces = new HashMap<>();
  private final Map<GuestBindings.Key, TypedCodecs> codecs = new HashMap<>();
  private final Map<ResourceType, Map<GuestBindings.Key, ResourceFace<?>>> faces = new HashMap<>();

  BindingDraft(GuestBindings bindings, HostTypes hostTypes, DynamicCodecs dynamic) {
    this.bindings = bindings;
    this.hostTypes = hostTypes;
    this.dynamic = dynamic;
  }

  /** The interfaces that were made. */
  Map<GuestBindings.Key, GuestInterface<?>> interfaces() {
    return interfaces;
  }

  /** The interfaces of resources that were made. */
  Map<ResourceType, Map<GuestBindings.Key, ResourceFace<?>>> faces() {
    return faces;
  }

  /**
   * Returns the binding of a Java interface.
   *
   * @param name the name of the exported interface, {@code null} for the world
   * @throws MisfitException if the Java interface does not fit
   */
  GuestInterface<?> of(
      Class<?> type, MethodHandles.@Nullable Lookup lookup, @Nullable String name) {
    GuestInterface<?> known = bindings.known(type, lookup);
    if (known != null) {
      return known;
    }
    GuestBindings.Key key = GuestBindings.Key.of(type, lookup);
    known = interfaces.get(key);
    if (known == null) {
      known = new GuestInterface<>(this, type, lookup, name, bindings.items(name));
      interfaces.put(key, known);
    }
    return known;
  }

  /** Returns the binding for a method of a world that stands for an exported interface. */
  GuestInterface<?> ofWorld(Method method, MethodHandles.@Nullable Lookup lookup) {
    String name = bindings.ofWorld(method);
    checkInterface(method.getReturnType(), lookup);
    return of(method.getReturnType(), lookup, name);
  }

  /** Returns how a function is called directly, {@code null} if it is not. */
  DirectPlan.@Nullable Function plan(@Nullable String interfaceName, String name) {
    return bindings.plan(interfaceName, name);
  }

  /** The codecs for types that a lookup sees. */
  TypedCodecs codecs(MethodHandles.@Nullable Lookup lookup) {
    return codecs.computeIfAbsent(
        GuestBindings.Key.of(Object.class, lookup),
        _ ->
            new TypedCodecs(
                lookup == null ? MethodHandles.publicLookup() : lookup,
                (resource, own, javaType) -> resource(resource, own, javaType, lookup),
                dynamic));
  }

  private Codec resource(
      ResourceType resource,
      boolean own,
      Class<?> javaType,
      MethodHandles.@Nullable Lookup lookup) {
    Codec hosts = hostTypes.codec(resource, own, javaType);
    if (hosts != null) {
      return hosts;
    }
    return new GuestResourceCodec(
        resource,
        own,
        javaType == GuestResource.class
            ? GuestResourceCodec.PLAIN
            : face(resource, javaType, lookup));
  }

  // With a message that is given its way.
  private static void checkInterface(Class<?> type, MethodHandles.@Nullable Lookup lookup) {
    try {
      InterfaceClass.check(type, lookup);
    } catch (IllegalArgumentException e) {
      throw new MisfitException(String.valueOf(e.getMessage()));
    }
  }

  private ResourceFace<?> face(
      ResourceType resource, Class<?> javaType, MethodHandles.@Nullable Lookup lookup) {
    ResourceFace<?> existing = bindings.knownFace(resource, javaType, lookup);
    if (existing != null) {
      return existing;
    }
    Map<GuestBindings.Key, ResourceFace<?>> ofResource =
        faces.computeIfAbsent(resource, _ -> new HashMap<>());
    GuestBindings.Key key = GuestBindings.Key.of(javaType, lookup);
    ResourceFace<?> known = ofResource.get(key);
    if (known == null) {
      checkInterface(javaType, lookup);
      ResourceFace<?> face = new ResourceFace<>(resource, javaType, lookup);
      ofResource.put(key, face); // before its methods, which may take the resource itself
      face.complete(this, bindings.methodsOf(resource));
      known = face;
    }
    return known;
  }
}
