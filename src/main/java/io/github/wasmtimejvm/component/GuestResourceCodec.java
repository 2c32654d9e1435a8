package io.github.wasmtimejvm.component;

import static io.github.wasmtimejvm.internal.NativeMemory.putLong;

import io.github.wasmtimejvm.capi.WasmtimeComponentVal;
import org.jspecify.annotations.Nullable;

/** Resources that are not the host's. */
final class GuestResourceCodec extends Codec {
  /** How handles look in Java. */
  interface Face {
    /** The class of the objects. */
    Class<?> javaType();

    /** Makes the object for a handle. */
    Object of(GuestResource resource);

    /** Returns the handle of an object, {@code null} if it is none. */
    @Nullable GuestResource resource(@Nullable Object object);
  }

  /** Handles as they are. */
  static final Face PLAIN =
      new Face() {
        @Override
        public Class<?> javaType() {
          return GuestResource.class;
        }

        @Override
        public Object of(GuestResource resource) {
          return resource;
        }

        @Override
        public @Nullable GuestResource resource(@Nullable Object object) {
          return object instanceof GuestResource resource ? resource : null;
        }
      };

  private final ResourceType type;
  private final boolean own;
  private final Face face;

  GuestResourceCodec(ResourceType type, boolean own, Face face) {
    this.type = type;
    this.own = own;
    this.face = face;
  }

  @Override
  Class<?> javaType() {
    return face.javaType();
  }

  @Override
  void lower(@Nullable Object value, long at, Space space) {
    GuestResource resource = face.resource(value);
    if (resource == null) {
      throw MisfitException.expected("a resource " + type.name(), value);
    }
    long pointer = resource.give(type, own, space.store);
    putLong(at + OF, space.isOwned() ? copy(pointer) : pointer);
    setKind(at, WasmtimeComponentVal.WASMTIME_COMPONENT_RESOURCE);
  }

  private static long copy(long resource) {
    return WasmtimeComponentVal.wasmtime_component_resource_any_clone(
            java.lang.foreign.MemorySegment.ofAddress(resource))
        .address();
  }

  @Override
  Object lift(long at, ComponentStore store) {
    GuestResource resource = GuestResource.lift(at + OF, type, own, store);
    if (own && store.callee() != null) { // else Java is called
      resource.arrive();
    }
    return face.of(resource);
  }

  @Override
  Layout layout() {
    return Layout.Scalar.of(WitType.Primitive.U32);
  }

  // What the guest is to get of it is asked for when all values are there.
  @Override
  void store(@Nullable Object value, long at, DirectWriter out) {
    ComponentStore store = out.store();
    long handle = store.scratch().allocate(SIZEOF);
    lower(value, handle, store.arguments());
    out.handle(at, handle, type, own);
  }

  @Override
  Object load(long at, DirectMemory memory) {
    GuestResource resource = memory.take(memory.getInt(at), type);
    resource.arrive();
    return face.of(resource);
  }
}
