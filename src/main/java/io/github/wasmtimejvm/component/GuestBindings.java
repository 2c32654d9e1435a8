package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.interfaces.InterfaceClass;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The Java interfaces that stand for what a component exports, each made once. They belong to the
 * component as one linker has prepared it, since that decides whose its imported resources are.
 */
final class GuestBindings {
  /**
   * A Java type as a lookup sees it.
   *
   * @param home the class of the lookup, {@code null} if everybody sees the type
   */
  record Key(Class<?> type, @Nullable Class<?> home) {
    static Key of(Class<?> type, MethodHandles.@Nullable Lookup lookup) {
      return new Key(type, lookup == null ? null : lookup.lookupClass());
    }
  }

  private final Map<String, WitItem> exports;
  private final DirectPlan plan;
  private final HostTypes hostTypes;
  private final DynamicCodecs dynamic;
  private final Map<Key, GuestInterface<?>> interfaces = new HashMap<>(); // under this
  private final Map<ResourceType, Map<Key, ResourceFace<?>>> faces = new HashMap<>(); // under this

  /**
   * @param hostTypes which imported resources are the host's
   */
  GuestBindings(Component component, HostTypes hostTypes) {
    this.exports = component.exports();
    this.plan = component.plan();
    this.hostTypes = hostTypes;
    this.dynamic = new DynamicCodecs(hostTypes::dynamicCodec);
  }

  /** Returns how a function is called directly, {@code null} if it is not. */
  DirectPlan.@Nullable Function plan(@Nullable String interfaceName, String name) {
    return plan.function(interfaceName, name);
  }

  /** The codecs of values without Java types of their own. */
  Codec dynamic(WitType type) {
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
    String name = given == null ? named(type) : given.isEmpty() ? null : existing(given);
    GuestInterface<T> found = known(type, lookup);
    while (found == null) {
      // Without the lock: classes of the user's are initialized, whose code may wait for others.
      BindingDraft draft = new BindingDraft(this, hostTypes, dynamic);
      draft.of(type, lookup, name);
      add(draft);
      found = known(type, lookup);
    }
    return found;
  }

  /** Returns the binding of a Java interface, {@code null} if there is none yet. */
  @SuppressWarnings("unchecked") // the key has the class
  synchronized <T> @Nullable GuestInterface<T> known(
      Class<T> type, MethodHandles.@Nullable Lookup lookup) {
    return (GuestInterface<T>) interfaces.get(Key.of(type, lookup));
  }

  /** Returns the Java interface of a resource, {@code null} if there is none yet. */
  synchronized @Nullable ResourceFace<?> knownFace(
      ResourceType resource, Class<?> javaType, MethodHandles.@Nullable Lookup lookup) {
    return faces.getOrDefault(resource, Map.of()).get(Key.of(javaType, lookup));
  }

  // Adds all or nothing, since what is in a draft refers to the rest of it. A draft that another
  // thread was faster with is made again, with what that one has made.
  private synchronized void add(BindingDraft draft) {
    boolean isNew =
        Collections.disjoint(interfaces.keySet(), draft.interfaces().keySet())
            && draft.faces().entrySet().stream()
                .allMatch(
                    made ->
                        Collections.disjoint(
                            faces.getOrDefault(made.getKey(), Map.of()).keySet(),
                            made.getValue().keySet()));
    if (isNew) {
      interfaces.putAll(draft.interfaces());
      draft
          .faces()
          .forEach(
              (resource, made) ->
                  faces.computeIfAbsent(resource, _ -> new HashMap<>()).putAll(made));
    }
  }

  /**
   * Returns the name of the exported interface that a method of a world stands for.
   *
   * @throws MisfitException if there is none
   */
  String ofWorld(Method method) {
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
    return name;
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

  /**
   * Returns what an exported interface has.
   *
   * @param interfaceName its name, {@code null} for the world
   */
  Map<String, WitItem> items(@Nullable String interfaceName) {
    if (interfaceName == null) {
      return exports;
    }
    return exports.get(interfaceName) instanceof WitItem.Interface(Map<String, WitItem> items)
        ? items
        : Map.of();
  }

  /**
   * Returns where the methods of a resource are: an exported interface that only uses the resource
   * has its type, too.
   */
  Methods methodsOf(ResourceType resource) {
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
