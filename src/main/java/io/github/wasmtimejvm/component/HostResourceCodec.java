package io.github.wasmtimejvm.component;

import static io.github.wasmtimejvm.internal.NativeMemory.getLong;
import static io.github.wasmtimejvm.internal.NativeMemory.putLong;
import static java.lang.foreign.ValueLayout.ADDRESS;

import io.github.wasmtimejvm.capi.WasmtimeComponentVal;
import io.github.wasmtimejvm.internal.ScopedPointer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Resources of the host's: the plain Java objects. Guests hold numbers of them in the store's
 * {@link HostTable}.
 */
final class HostResourceCodec extends Codec {
  private final ResourceType type;
  private final boolean own;
  private final int number;
  private final Class<?> required;
  private final Class<?> javaType;

  /**
   * @param number of the type, as the linker has it
   * @param required the class that the resources are of
   * @param javaType this class, or one above it
   */
  HostResourceCodec(
      ResourceType type, boolean own, int number, Class<?> required, Class<?> javaType) {
    this.type = type;
    this.own = own;
    this.number = number;
    this.required = required;
    this.javaType = javaType;
  }

  @Override
  Class<?> javaType() {
    return javaType;
  }

  // What is lent to a guest is given as its own, and taken back when the call ends: a handle that
  // the host owns can be lent as often as the call wants.
  @Override
  void lower(@Nullable Object value, long at, Space space) {
    if (!required.isInstance(value)) {
      throw MisfitException.expected(
          "a resource %s, which is a %s in Java".formatted(type.name(), required.getName()), value);
    }
    ComponentStore store = space.store;
    int slot = store.table().add(value);
    MemorySegment any;
    try (ScopedPointer host =
            new ScopedPointer(
                WasmtimeComponentVal.wasmtime_component_resource_host_new(true, slot, number),
                WasmtimeComponentVal::wasmtime_component_resource_host_delete);
        Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      ComponentStore.ACCESS.check(
          WasmtimeComponentVal.wasmtime_component_resource_host_to_any(
              store.state().context(), host.pointer(), out));
      any = out.get(ADDRESS, 0);
    }
    boolean boxIsOurs = !space.isOwned();
    store
        .transfers()
        .add(
            done -> {
              if (!done || !own) {
                if (store.state().spentBy() == null) {
                  takeBack(store, any);
                }
                store.table().remove(slot);
              }
              if (boxIsOurs) {
                WasmtimeComponentVal.wasmtime_component_resource_any_delete(any);
              }
            });
    putLong(at + OF, any.address());
    setKind(at, WasmtimeComponentVal.WASMTIME_COMPONENT_RESOURCE);
  }

  @Override
  Object lift(long at, ComponentStore store) {
    int slot = takeBack(store, MemorySegment.ofAddress(getLong(at + OF)));
    return own ? store.table().remove(slot) : store.table().at(slot);
  }

  // Turns a handle into the number of the resource; an own one is none of the engine's after it,
  // and
  // its destructor does not run.
  private static int takeBack(ComponentStore store, MemorySegment any) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      ComponentStore.ACCESS.check(
          WasmtimeComponentVal.wasmtime_component_resource_any_to_host(
              store.state().context(), any, out));
      try (ScopedPointer host =
          new ScopedPointer(
              out.get(ADDRESS, 0), WasmtimeComponentVal::wasmtime_component_resource_host_delete)) {
        return WasmtimeComponentVal.wasmtime_component_resource_host_rep(host.pointer());
      }
    }
  }

  @Override
  Layout layout() {
    return Layout.Scalar.of(WitType.Primitive.U32);
  }

  // Functions with handles of the host's in them are called by the engine's values.

  @Override
  void store(@Nullable Object value, long at, DirectWriter out) {
    throw new AssertionError("DirectPlan has functions without handles of the host's");
  }

  @Override
  Object load(long at, DirectMemory memory) {
    throw new AssertionError("DirectPlan has functions without handles of the host's");
  }
}
