package io.github.wasmtimejvm.component;

import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which types of resources that a component imports are the host's. */
final class HostTypes {
  private final Map<ResourceType, HostResource> resources = new IdentityHashMap<>();

  /** Notes what serves a type; all is noted before anything is asked. */
  void put(ResourceType type, HostResource resource) {
    resources.put(type, resource);
  }

  /** Returns what serves a type, {@code null} if that is not the host. */
  @Nullable HostResource get(ResourceType type) {
    return resources.get(type);
  }

  /**
   * Returns the codec of a type of the host's, {@code null} if it is none.
   *
   * @throws MisfitException if the Java type does not fit
   */
  @Nullable Codec codec(ResourceType type, boolean own, Class<?> javaType) {
    HostResource resource = resources.get(type);
    if (resource == null) {
      return null;
    }
    Class<?> required = resource.javaType();
    if (!javaType.isAssignableFrom(required) && required != Object.class) {
      throw new MisfitException(
          "the resource %s is a %s of the host's, not a %s"
              .formatted(type.name(), required.getName(), javaType.getName()));
    }
    return new HostResourceCodec(
        type, own, resource.number(), required == Object.class ? javaType : required, javaType);
  }

  /** Whether a type of the host's has no class in Java. */
  boolean isUnnamed(ResourceType type) {
    HostResource resource = resources.get(type);
    return resource != null && resource.javaType() == Object.class;
  }

  /** Returns the codec of an own or borrow type without a Java type of its own. */
  Codec dynamicCodec(WitType type) {
    return switch (type) {
      case WitType.OwnType(ResourceType resource) -> dynamicCodec(resource, true);
      case WitType.BorrowType(ResourceType resource) -> dynamicCodec(resource, false);
      default -> throw new AssertionError(type);
    };
  }

  private Codec dynamicCodec(ResourceType type, boolean own) {
    Codec hosts = codec(type, own, Object.class);
    return hosts != null ? hosts : new GuestResourceCodec(type, own, GuestResourceCodec.PLAIN);
  }
}
