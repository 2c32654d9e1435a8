package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.WasmtimeInstance;
import io.github.wasmtimejvm.internal.Events;
import io.github.wasmtimejvm.internal.NativeObject;
import io.github.wasmtimejvm.internal.Shim;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A module whose imports are resolved, so that instances are quick to make: {@code
 * wasmtime_instance_pre_t} in C. Made by {@link Linker#instantiatePre}.
 *
 * <p>All threads may use it at once. Instances live on when it is closed.
 */
public final class InstancePre implements AutoCloseable {
  private final Engine engine;
  private final Module module;
  private final NativeObject object;
  private final @Nullable Store boundTo;
  private final boolean needsWasi;

  // Variants for stores that intercept WASI functions, keyed by the names they intercept. They are
  // resolved from a copy of the linker taken when this object was made.
  private final @Nullable Linker linker;
  private final Map<Set<String>, NativeObject> variants = new ConcurrentHashMap<>();

  /**
   * @param pre a {@code wasmtime_instance_pre_t*}, owned from now on
   * @param linker a linker with the same definitions, owned from now on, where the module imports
   *     functions of WASI
   */
  InstancePre(
      Engine engine,
      Module module,
      MemorySegment pre,
      @Nullable Store boundTo,
      boolean needsWasi,
      @Nullable Linker linker) {
    this.engine = engine;
    this.module = module;
    this.object = own(pre);
    this.boundTo = boundTo;
    this.needsWasi = needsWasi;
    this.linker = linker;
  }

  private static NativeObject own(MemorySegment pre) {
    return new NativeObject("InstancePre", pre, WasmtimeInstance::wasmtime_instance_pre_delete);
  }

  /** Returns the module: {@code wasmtime_instance_pre_module}. Threads: any. */
  public Module module() {
    return module;
  }

  /**
   * Makes an instance and runs its start function: {@code wasmtime_instance_pre_instantiate}.
   * Threads: the store's.
   *
   * @param store the store that it lives in
   * @throws IllegalArgumentException if the store belongs to another engine, or the linker served
   *     another store
   * @throws IllegalStateException if the module uses WASI and the store has no configuration for it
   * @throws ExitException if the start function exits
   * @throws TrapException if the start function traps
   */
  public Instance instantiate(Store store) {
    engine.checkSame(store.engine(), "store");
    if (boundTo != null) {
      store.checkSame(boundTo, "linker");
    }
    StoreState state = store.state();
    try (var _ = state.enter()) {
      if (needsWasi && !state.hasWasi()) {
        throw new IllegalStateException(
            "the module needs a WASI configuration: call WasiConfig.applyTo(store) first");
      }
      object.checkOpen();
      NativeObject resolved = resolvedFor(store);
      MemorySegment pre = resolved.lease();
      try {
        return instantiate(store, state, module, pre);
      } finally {
        resolved.release();
      }
    }
  }

  private NativeObject resolvedFor(Store store) {
    if (linker == null) {
      return object;
    }
    Set<String> names = linker.interceptedNames(store, module);
    return names.isEmpty()
        ? object
        : variants.computeIfAbsent(
            names, missing -> own(linker.resolveIntercepted(missing, store, module)));
  }

  static Instance instantiate(Store store, StoreState state, Module module, MemorySegment pre) {
    store.note(module);
    Object event = Events.beginInstantiate();
    try {
      MemorySegment handle = state.scratch();
      GuestEntry.enter(
          state,
          Shim.PRE_INSTANTIATE,
          pre.address(),
          state.context().address(),
          handle.address(),
          state.trapSlot());
      return new Instance(store, module.declarations(), handle);
    } finally {
      Events.endInstantiate(event, module.customSections().moduleName());
    }
  }

  /**
   * Closes it: {@code wasmtime_instance_pre_delete}. Closing it again does nothing. Threads: any.
   */
  @Override
  public void close() {
    object.close();
    if (linker != null) {
      linker.close();
      variants.values().forEach(NativeObject::close);
    }
  }
}
