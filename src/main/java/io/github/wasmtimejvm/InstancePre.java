package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.WasmtimeInstance;
import io.github.wasmtimejvm.internal.NativeObject;
import io.github.wasmtimejvm.internal.Shim;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.MemorySegment;
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

  /**
   * @param pre a {@code wasmtime_instance_pre_t*}, owned from now on
   */
  InstancePre(
      Engine engine, Module module, MemorySegment pre, @Nullable Store boundTo, boolean needsWasi) {
    this.engine = engine;
    this.module = module;
    this.object =
        new NativeObject("InstancePre", pre, WasmtimeInstance::wasmtime_instance_pre_delete);
    this.boundTo = boundTo;
    this.needsWasi = needsWasi;
  }

  /** Returns the module: {@code wasmtime_instance_pre_module}. */
  public Module module() {
    return module;
  }

  /**
   * Makes an instance and runs its start function: {@code wasmtime_instance_pre_instantiate}.
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
    state.enter();
    try {
      if (needsWasi && !state.hasWasi()) {
        throw new IllegalStateException(
            "the module needs a WASI configuration: call WasiConfig.applyTo(store) first");
      }
      MemorySegment pre = object.lease();
      try {
        return instantiate(store, state, module, pre);
      } finally {
        object.release();
      }
    } finally {
      state.exit();
    }
  }

  static Instance instantiate(Store store, StoreState state, Module module, MemorySegment pre) {
    store.note(module);
    Object event = Events.beginInstantiate();
    try {
      MemorySegment handle = state.scratch();
      Entry.enter(
          state,
          Shim.PRE_INSTANTIATE,
          pre.address(),
          state.context().address(),
          handle.address(),
          state.trapSlot());
      return new Instance(store, module.exportTypes(), handle);
    } finally {
      Events.endInstantiate(event, module);
    }
  }

  /** Closes it: {@code wasmtime_instance_pre_delete}. Closing it again does nothing. */
  @Override
  public void close() {
    object.close();
  }
}
