package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.access.Access;
import io.github.wasmtimejvm.capi.WasmtimeStore;
import io.github.wasmtimejvm.internal.HostCalls;
import io.github.wasmtimejvm.internal.NativeObject;
import io.github.wasmtimejvm.internal.Shim;
import io.github.wasmtimejvm.internal.StoreState;
import io.github.wasmtimejvm.internal.WasiState;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A component with all that it imports, ready to be instantiated in any number of stores.
 *
 * <p>All threads may use it. It stays usable as long as its component is open; there is nothing to
 * close.
 */
public final class PreparedComponent {
  private final Component component;
  private final NativeLinkers linkers;
  private final List<HostCalls.Target> targets; // which the engine's handles do not keep
  private final GuestBindings bindings;
  private final boolean usesWasi;
  private final boolean usesHttp;

  PreparedComponent(
      Component component,
      NativeLinkers linkers,
      HostTypes hostTypes,
      boolean usesWasi,
      boolean usesHttp) {
    this.component = component;
    this.linkers = linkers;
    this.targets = List.copyOf(linkers.targets());
    linkers.get(WasiState.Waiting.NOWHERE); // of most stores; what is refused is refused now
    this.bindings = new GuestBindings(component, hostTypes);
    this.usesWasi = usesWasi;
    this.usesHttp = usesHttp;
  }

  /** Returns the component. Threads: any. */
  public Component component() {
    return component;
  }

  GuestBindings bindings() {
    return bindings;
  }

  /**
   * Instantiates the component in a store: {@code wasmtime_component_linker_instantiate}. Threads:
   * the store's.
   *
   * @param store a store of the same engine
   * @throws IllegalStateException if the component imports WASI and the store has no configuration
   *     for it, or one that components cannot have; or if the components of the store cannot be
   *     used any more
   * @throws io.github.wasmtimejvm.WasmtimeException if it fails while it starts
   */
  public ComponentInstance instantiate(Store store) {
    if (store.engine() != component.engine()) {
      throw new IllegalArgumentException("the store belongs to another engine");
    }
    StoreState state = Access.get().state(store);
    try (var _ = state.enter()) {
      ComponentStore components = ComponentStore.of(state);
      components.checkUsable();
      if (usesWasi) {
        checkWasi(state);
      }
      if (usesHttp) {
        WasmtimeStore.wasmtime_context_set_wasi_http(state.context());
      }
      if (usesWasi) {
        state.holdWasi(); // before it starts
      }
      MemorySegment instance = state.scratch(); // written when nothing of the guest runs any more
      DirectPlan plan = component.plan();
      int before = 0;
      boolean done = false;
      MemorySegment nativeComponent = component.object().lease();
      try {
        components.keep(targets);
        if (!plan.isEmpty()) {
          before = numberBefore(store, components);
        }
        NativeObject linker = linker(state);
        MemorySegment nativeLinker = linker.lease();
        try {
          instantiate(components, nativeLinker, nativeComponent, instance);
          done = true;
        } finally {
          linker.release();
        }
      } finally {
        if (!done && !plan.isEmpty()) {
          ComponentStore.ACCESS.allow(store, -1, 0); // the last instance was not made
        }
        component.object().release();
      }
      ComponentInstance made = new ComponentInstance(this, components, instance);
      if (!plan.isEmpty()) {
        made.setDirect(DirectInstance.of(made, plan, before));
        start(made, plan);
      }
      return made;
    }
  }

  private NativeObject linker(StoreState state) {
    WasiState wasi = state.wasi(WasiState.class);
    return linkers.get(wasi == null ? WasiState.Waiting.NOWHERE : wasi.waiting());
  }

  // What the guest may call needs its memory from the beginning.
  private static void start(ComponentInstance instance, DirectPlan plan) {
    DirectInstance direct = instance.direct();
    if (!plan.imports().isEmpty() && (direct == null || !direct.isUsableFromTheBeginning())) {
      throw ComponentStore.ACCESS.engineException(
          "the memory of the instance was not found, which calls of the host's functions need:"
              + " use an engine without directComponentCalls");
    }
    if (plan.imports().hasStart()) {
      ComponentStore store = instance.componentStore();
      store.begin(instance);
      try {
        new CoreFunction(instance.core(DirectImports.START), 0, 0)
            .call(store, store.scratch().reserve(CoreFunction.frameSize(0)));
      } finally {
        store.end();
      }
    }
  }

  // The module that the memory is checked with is an instance, too.
  private static int numberBefore(Store store, ComponentStore components) {
    ComponentStore.ACCESS.allow(store, 1, 0);
    return components.numbers().next();
  }

  private static void instantiate(
      ComponentStore components,
      MemorySegment linker,
      MemorySegment component,
      MemorySegment instance) {
    components.begin(null);
    try {
      components.enter(
          Shim.COMPONENT_INSTANTIATE,
          4,
          linker.address(),
          components.state().context().address(),
          component.address(),
          instance.address(),
          0,
          0);
    } finally {
      components.end();
    }
  }

  private void checkWasi(StoreState state) {
    WasiState wasi = state.wasi(WasiState.class);
    if (wasi == null) {
      throw new IllegalStateException(
          "the component imports WASI, and the store has no configuration for it: apply a"
              + " WasiConfig to the store first");
    }
    String refusal = wasi.refusalOfComponent(usesHttp);
    if (refusal != null) {
      throw new IllegalStateException(refusal);
    }
  }
}
