package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.interfaces.InterfaceClass;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The Java interfaces that stand for what a component exports, each made once. They belong to the
 * component as one linker has prepared it, since that decides whose its imported resources are.
 */
final class GuestBindings {
  private record Key(Class<?> type, @Nullable Class<?> home) {}

  private final Map<String, WitItem> exports;
  private final HostTypes hostTypes;
  private final DynamicCodecs dynamic;
  private final Map<Key, GuestInterface<?>> interfaces = new HashMap<>(); // under this
  private final Map<Key, TypedCodecs> codecs = new HashMap<>(); // under this
  private final Map<ResourceType, Map<Key, ResourceFace<?>>> faces = new HashMap<>(); // under this

  // How to forget each face, until what is being bound is complete; under this.
  private final List<Runnable> newFaces = new ArrayList<>(0);

  /**
   * @param hostTypes which imported resources are the host's
   */
  GuestBindings(Map<String, WitItem> exports, HostTypes hostTypes) {
    this.exports = exports;
    this.hostTypes = hostTypes;
    this.dynamic = new DynamicCodecs(hostTypes::dynamicCodec);
  }

  /** The codecs of values without Java types of their own. */
  synchronized Codec dynamic(WitType type) {
    return dynamic.of(type);
  }

  /**
   * Returns the binding of a Java interface.
   *
   * @throws IllegalArgumentException if the interface does not fit what the component exports
   */
  <T> GuestInterface<T> of(Class<T> type, MethodHandles.@Nullable Lookup lookup) {
    InterfaceClass.check(type, lookup);
    String given = WitNames.given(type);
    return of(type, lookup, given == null ? named(type) : given.isEmpty() ? null : existing(given));
  }

  /** Returns the binding for a method of a world that stands for an exported interface. */
  synchronized GuestInterface<?> ofWorld(Method method, MethodHandles.@Nullable Lookup lookup) {
    Class<?> type = method.getReturnType();
    String given = WitNames.given(method);
    if (given == null) {
      given = WitNames.given(type);
    }
    String name = given != null ? existing(given) : only(method.getName());
    if (name == null || !type.isInterface()) {
      throw new MisfitException(
          WitText.of(
              "the component exports nothing of the kind; there are ", exports.keySet(), ""));
    }
    checkInterface(type, lookup);
    return of(type, lookup, name);
  }

  private synchronized <T> GuestInterface<T> of(
      Class<T> type, MethodHandles.@Nullable Lookup lookup, @Nullable String name) {
    Key key = key(type, lookup);
    GuestInterface<?> known = interfaces.get(key);
    if (known == null) {
      boolean complete = false;
      try {
        known =
            new GuestInterface<>(this, type, lookup, name, name == null ? exports : items(name));
        complete = true;
      } finally {
        if (!complete) {
          forgetNewFaces();
        }
      }
      interfaces.put(key, known);
      newFaces.clear();
    }
    @SuppressWarnings("unchecked") // the key has the class
    GuestInterface<T> binding = (GuestInterface<T>) known;
    return binding;
  }

  // Faces refer to each other, and codecs to faces: none stays that may refer to an incomplete one.
  private void forgetNewFaces() {
    newFaces.forEach(Runnable::run);
    newFaces.clear();
    codecs.clear();
  }

  private String existing(String wanted) {
    String name = WitVersions.find(exports.keySet(), wanted);
    if (name == null || !(exports.get(name) instanceof WitItem.Interface)) {
      throw new MisfitException(
          WitText.of(
              "the component exports no interface %s; there are ".formatted(wanted),
              exports.keySet(),
              ""));
    }
    return name;
  }

  // A Java interface without annotation is the exported interface of its name, or else the world.
  private @Nullable String named(Class<?> type) {
    List<String> found = new ArrayList<>();
    exports.forEach(
        (name, item) -> {
          if (item instanceof WitItem.Interface
              && WitNames.pascal(WitNames.simple(name)).equals(type.getSimpleName())) {
            found.add(name);
          }
        });
    if (found.size() > 1) {
      throw new MisfitException(
          "%s may stand for each of %s: annotate it with @WitName"
              .formatted(type.getName(), found));
    }
    return found.isEmpty() ? null : found.getFirst();
  }

  // The exported interface that a method of a world is named after.
  private @Nullable String only(String javaName) {
    List<String> found = new ArrayList<>();
    exports.forEach(
        (name, item) -> {
          if (item instanceof WitItem.Interface
              && WitNames.camel(WitNames.simple(name)).equals(javaName)) {
            found.add(name);
          }
        });
    if (found.size() > 1) {
      throw new MisfitException(
          "the method may stand for each of %s: annotate it with @WitName".formatted(found));
    }
    return found.isEmpty() ? null : found.getFirst();
  }

  private Map<String, WitItem> items(String interfaceName) {
    return exports.get(interfaceName) instanceof WitItem.Interface(Map<String, WitItem> items)
        ? items
        : Map.of();
  }

  private static Key key(Class<?> type, MethodHandles.@Nullable Lookup lookup) {
    return new Key(type, lookup == null ? null : lookup.lookupClass());
  }

  /** The codecs for types that a lookup sees. */
  synchronized TypedCodecs codecs(MethodHandles.@Nullable Lookup lookup) {
    return codecs.computeIfAbsent(
        key(Object.class, lookup),
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

  private synchronized ResourceFace<?> face(
      ResourceType resource, Class<?> javaType, MethodHandles.@Nullable Lookup lookup) {
    Map<Key, ResourceFace<?>> ofResource = faces.computeIfAbsent(resource, _ -> new HashMap<>());
    Key key = key(javaType, lookup);
    ResourceFace<?> known = ofResource.get(key);
    if (known == null) {
      checkInterface(javaType, lookup);
      ResourceFace<?> face = new ResourceFace<>(resource, javaType, lookup);
      ofResource.put(key, face); // before its methods, which may take the resource itself
      newFaces.add(() -> ofResource.remove(key));
      face.complete(this, methodsOf(resource));
      known = face;
    }
    return known;
  }

  // The exported interface that has the methods of a resource: one that only uses the resource has
  // its type, too.
  private Methods methodsOf(ResourceType resource) {
    for (Map.Entry<String, WitItem> export : exports.entrySet()) {
      if (export.getValue() instanceof WitItem.Interface(Map<String, WitItem> items)) {
        for (Map.Entry<String, WitItem> item : items.entrySet()) {
          if (item.getValue() instanceof WitItem.Resource(ResourceType type)
              && type == resource
              && items.keySet().stream()
                  .anyMatch(name -> WitFunctions.isMethodOf(name, item.getKey()))) {
            return new Methods(export.getKey(), item.getKey(), items);
          }
        }
      }
    }
    return new Methods(null, resource.name(), Map.of());
  }

  /**
   * Where the methods of a resource are.
   *
   * @param interfaceName the exported interface, {@code null} if there is none
   * @param resource the name of the resource in it
   * @param items what the interface has
   */
  record Methods(@Nullable String interfaceName, String resource, Map<String, WitItem> items) {}
}
