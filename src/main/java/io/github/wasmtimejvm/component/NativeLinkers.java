package io.github.wasmtimejvm.component;

import static java.lang.foreign.ValueLayout.ADDRESS;

import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.capi.WasmtimeComponentLinker;
import io.github.wasmtimejvm.capi.WasmtimeComponentTypesResource;
import io.github.wasmtimejvm.internal.Handles;
import io.github.wasmtimejvm.internal.HostCalls;
import io.github.wasmtimejvm.internal.NativeObject;
import io.github.wasmtimejvm.internal.NativeVector;
import io.github.wasmtimejvm.internal.ScopedPointer;
import io.github.wasmtimejvm.internal.StackRoom;
import io.github.wasmtimejvm.internal.WasiState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The native linkers of one component: they differ in which functions of WASI that wait are the
 * engine's own. Each is made when a store needs it.
 */
final class NativeLinkers {
  private static final HostCalls.Target DESTRUCTOR =
      (slot, caller, rep, unused) -> {
        ComponentStore store = ComponentStore.at(slot);
        try {
          store.table().destroy((int) rep);
        } finally {
          store.views().end(); // the guest runs on
        }
      };

  /**
   * What the host defines of an interface.
   *
   * @param name the component's name of it
   * @param items what the component imports of it
   * @param targets what is called, by the names of the functions
   */
  record Definition(
      String name, Map<String, WitItem> items, Map<String, HostCalls.Target> targets) {}

  private final Component component;
  private final HostTypes hostTypes;
  private final Map<String, Module> modules;
  private final List<Definition> definitions;
  private final Map<String, HostCalls.Target> rootTargets;
  private final boolean wasi;
  private final boolean http;
  private final Map<WasiState.Waiting, Map<String, Map<String, HostCalls.Target>>> waits;
  private final Map<Object, NativeObject> linkers = new HashMap<>(); // under this, by the waits

  /**
   * @param rootTargets what the component imports outside of interfaces
   * @param engines the interfaces that the engine serves, by the component's names, with what the
   *     component imports of them
   * @param wasi whether they are of WASI
   * @param http whether they are of {@code wasi:http}, too
   * @param stoppable whether a guest that waits in one of them can be stopped, if the engine can
   *     stop guests
   */
  NativeLinkers(
      Component component,
      HostTypes hostTypes,
      Map<String, Module> modules,
      List<Definition> definitions,
      Map<String, HostCalls.Target> rootTargets,
      Map<String, Map<String, WitItem>> engines,
      boolean wasi,
      boolean http,
      boolean stoppable) {
    this.component = component;
    this.hostTypes = hostTypes;
    this.modules = modules;
    this.definitions = definitions;
    this.rootTargets = rootTargets;
    this.wasi = wasi;
    this.http = http;
    this.waits = new EnumMap<>(WasiState.Waiting.class);
    for (WasiState.Waiting waiting : WasiState.Waiting.values()) {
      waits.put(waiting, stoppable ? waits(engines, waiting) : Map.of());
    }
  }

  // What takes the place of the engine's functions, by the engine's names of the interfaces.
  private Map<String, Map<String, HostCalls.Target>> waits(
      Map<String, Map<String, WitItem>> engines, WasiState.Waiting waiting) {
    Map<String, Map<String, HostCalls.Target>> found = new LinkedHashMap<>();
    engines.forEach(
        (name, items) -> {
          String known = WitVersions.find(WasiInterfaces.wasi(), name);
          if (known != null && StoppableWaits.waits(known)) {
            StoppableWaits own = StoppableWaits.of(component.engine());
            if (own != null) {
              found
                  .computeIfAbsent(known, _ -> new LinkedHashMap<>())
                  .putAll(own.targets(items, waiting));
            }
          }
        });
    return found;
  }

  /** Returns all that the engine may call, which its handles do not keep. */
  List<HostCalls.Target> targets() {
    List<HostCalls.Target> all = new ArrayList<>(rootTargets.values());
    definitions.forEach(one -> all.addAll(one.targets().values()));
    waits.values().stream()
        .map(Map::values)
        .flatMap(Collection::stream)
        .forEach(functions -> all.addAll(functions.values()));
    return all;
  }

  /** Returns a linker, which belongs to the component. */
  synchronized NativeObject get(WasiState.Waiting waiting) {
    return linkers.computeIfAbsent(waits.get(waiting), _ -> make(waits.get(waiting)));
  }

  private NativeObject make(Map<String, Map<String, HostCalls.Target>> waits) {
    NativeObject nativeEngine = ComponentStore.ACCESS.object(component.engine());
    NativeObject linker;
    MemorySegment engine = nativeEngine.lease();
    try {
      linker =
          new NativeObject(
              "linker",
              WasmtimeComponentLinker.wasmtime_component_linker_new(engine),
              WasmtimeComponentLinker::wasmtime_component_linker_delete);
    } finally {
      nativeEngine.release();
    }
    boolean complete = false;
    try {
      define(linker.lease(), waits);
      component.own(linker);
      complete = true;
      return linker;
    } finally {
      linker.release();
      if (!complete) {
        linker.close();
      }
    }
  }

  private void define(MemorySegment linker, Map<String, Map<String, HostCalls.Target>> waits) {
    // The host's definitions are taken before those of WASI, which come first.
    WasmtimeComponentLinker.wasmtime_component_linker_allow_shadowing(linker, true);
    StackRoom.call(
        () -> {
          if (wasi) {
            ComponentStore.ACCESS.check(
                WasmtimeComponentLinker.wasmtime_component_linker_add_wasip2(linker));
          }
          if (http) {
            ComponentStore.ACCESS.check(
                WasmtimeComponentLinker.wasmtime_component_linker_add_wasi_http(linker));
          }
          return linker;
        });
    try (Arena arena = Arena.ofConfined();
        ScopedPointer rootInstance =
            new ScopedPointer(
                WasmtimeComponentLinker.wasmtime_component_linker_root(linker),
                WasmtimeComponentLinker::wasmtime_component_linker_instance_delete)) {
      define(arena, rootInstance.pointer(), component.imports(), rootTargets);
      component
          .imports()
          .forEach(
              (name, item) -> {
                if (item instanceof WitItem.CoreModule) {
                  defineModule(arena, rootInstance.pointer(), name);
                }
              });
      definitions.forEach(
          one -> define(arena, rootInstance.pointer(), one.name(), one.items(), one.targets()));
      waits.forEach(
          (name, functions) -> define(arena, rootInstance.pointer(), name, Map.of(), functions));
    }
  }

  // Adds to the interface, if the engine has defined it.
  private void define(
      Arena arena,
      MemorySegment root,
      String interfaceName,
      Map<String, WitItem> items,
      Map<String, HostCalls.Target> functions) {
    MemorySegment out = arena.allocate(ADDRESS);
    MemorySegment text = NativeVector.utf8(arena, interfaceName);
    ComponentStore.ACCESS.check(
        WasmtimeComponentLinker.wasmtime_component_linker_instance_add_instance(
            root, text, text.byteSize(), out));
    try (ScopedPointer instance =
        new ScopedPointer(
            out.get(ADDRESS, 0),
            WasmtimeComponentLinker::wasmtime_component_linker_instance_delete)) {
      define(arena, instance.pointer(), items, functions);
    }
  }

  private void define(
      Arena arena,
      MemorySegment instance,
      Map<String, WitItem> items,
      Map<String, HostCalls.Target> functions) {
    items.forEach(
        (name, item) -> {
          if (item instanceof WitItem.Resource(ResourceType type)
              && hostTypes.get(type) instanceof HostResource resource) {
            defineResource(arena, instance, name, resource);
          }
        });
    functions.forEach(
        (name, target) -> {
          MemorySegment text = NativeVector.utf8(arena, name);
          ComponentStore.ACCESS.check(
              WasmtimeComponentLinker.wasmtime_component_linker_instance_add_func(
                  instance,
                  text,
                  text.byteSize(),
                  HostCalls.componentCallback(),
                  Handles.register(new WeakTarget(new WeakReference<>(target))),
                  Handles.finalizer()));
        });
  }

  // The engine's handles are reachable for ever, and hosts often know what they are called from. So
  // what has been prepared keeps the targets, and each store in which it was instantiated.
  private record WeakTarget(WeakReference<HostCalls.Target> target) implements HostCalls.Target {
    @Override
    public void call(long slot, long caller, long args, long results) throws Throwable {
      Objects.requireNonNull(target.get()).call(slot, caller, args, results);
    }
  }

  private void defineModule(Arena arena, MemorySegment instance, String name) {
    NativeObject module = ComponentStore.ACCESS.object(Objects.requireNonNull(modules.get(name)));
    MemorySegment text = NativeVector.utf8(arena, name);
    MemorySegment leased = module.lease();
    try {
      ComponentStore.ACCESS.check(
          WasmtimeComponentLinker.wasmtime_component_linker_instance_add_module(
              instance, text, text.byteSize(), leased));
    } finally {
      module.release();
    }
  }

  private static void defineResource(
      Arena arena, MemorySegment instance, String name, HostResource resource) {
    MemorySegment text = NativeVector.utf8(arena, name);
    try (ScopedPointer type =
        new ScopedPointer(
            WasmtimeComponentTypesResource.wasmtime_component_resource_type_new_host(
                resource.number()),
            WasmtimeComponentTypesResource::wasmtime_component_resource_type_delete)) {
      ComponentStore.ACCESS.check(
          WasmtimeComponentLinker.wasmtime_component_linker_instance_add_resource(
              instance,
              text,
              text.byteSize(),
              type.pointer(),
              HostCalls.destructor(),
              Handles.register(DESTRUCTOR),
              Handles.finalizer()));
    }
  }
}
