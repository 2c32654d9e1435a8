package io.github.wasmtimejvm.component;

import static java.lang.foreign.ValueLayout.ADDRESS;

import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.capi.WasmtimeComponentLinker;
import io.github.wasmtimejvm.capi.WasmtimeComponentTypesResource;
import io.github.wasmtimejvm.internal.Handles;
import io.github.wasmtimejvm.internal.HostCalls;
import io.github.wasmtimejvm.internal.NativeObject;
import io.github.wasmtimejvm.internal.NativeVector;
import io.github.wasmtimejvm.internal.Printable;
import io.github.wasmtimejvm.internal.ScopedPointer;
import io.github.wasmtimejvm.internal.StackRoom;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds for each import of a component what serves it, and makes a native linker of that, for this
 * component alone. So versions, types and what is missing are Java's matter, and the messages, too.
 */
final class Linking {
  /** What serves an imported interface: the host, or else the engine's WASI. */
  private record Served(Map<String, WitItem> items, @Nullable HostDefinition definition) {}

  private static final HostCalls.Target DESTRUCTOR =
      (slot, caller, rep, unused) -> {
        ComponentStore store = ComponentStore.at(slot);
        try {
          store.table().destroy((int) rep);
        } finally {
          store.views().end(); // the guest runs on
        }
      };

  private static final int MOST_PROBLEMS = 100;

  private final Component component;
  private final Map<String, HostDefinition> definitions;
  private final HostDefinition root;
  private final Map<String, Module> modules;
  private final boolean wasi;
  private final boolean http;
  private final boolean trapping;
  private final boolean asIs; // the engine's functions

  private final Map<String, Served> served = new LinkedHashMap<>();
  private final HostTypes hostTypes = new HostTypes();
  private final DynamicCodecs dynamic = new DynamicCodecs(hostTypes::dynamicCodec);
  private final List<String> problems = new ArrayList<>();
  private boolean usesWasi;
  private boolean usesHttp;

  /**
   * @param definitions the host's, by the names of the interfaces
   * @param root the host's functions that belong to no interface
   * @param modules the core modules
   * @param wasi whether the engine serves WASI
   * @param http whether the engine serves outgoing requests
   * @param trapping whether what is missing throws when it is called
   */
  Linking(
      Component component,
      Map<String, HostDefinition> definitions,
      HostDefinition root,
      Map<String, Module> modules,
      boolean wasi,
      boolean http,
      boolean trapping) {
    this(component, definitions, root, modules, wasi, http, trapping, false);
  }

  private Linking(
      Component component,
      Map<String, HostDefinition> definitions,
      HostDefinition root,
      Map<String, Module> modules,
      boolean wasi,
      boolean http,
      boolean trapping,
      boolean asIs) {
    this.component = component;
    this.definitions = definitions;
    this.root = root;
    this.modules = modules;
    this.wasi = wasi;
    this.http = http;
    this.trapping = trapping;
    this.asIs = asIs;
  }

  /** For a component of ours, which uses the engine's WASI as it is. */
  static Linking ofEngine(Component component) {
    return new Linking(
        component, Map.of(), new HostDefinition(), Map.of(), true, false, false, true);
  }

  PreparedComponent prepare() {
    component.imports().forEach(this::find);
    served.forEach(this::findResources);
    Map<String, Map<String, HostCalls.Target>> targets = new LinkedHashMap<>();
    served.forEach(
        (name, one) -> {
          if (one.definition() != null) {
            targets.put(name, targets(name, one.items(), one.definition()));
          }
        });
    Map<String, HostCalls.Target> rootTargets = targets(null, component.imports(), root);
    if (!problems.isEmpty()) {
      throw ComponentStore.ACCESS.linkException(
          "the component imports what is not defined, or does not fit:\n  "
              + String.join("\n  ", problems));
    }
    List<HostCalls.Target> all = new ArrayList<>(rootTargets.values());
    targets.values().forEach(inInterface -> all.addAll(inInterface.values()));
    Map<String, Map<String, HostCalls.Target>> waits = waits(false);
    Map<String, Map<String, HostCalls.Target>> streamWaits = waits(true);
    waits.values().forEach(inInterface -> all.addAll(inInterface.values()));
    streamWaits.values().forEach(inInterface -> all.addAll(inInterface.values()));
    return new PreparedComponent(
        component,
        nativeLinker(targets, rootTargets, waits),
        waits.equals(streamWaits) ? null : () -> nativeLinker(targets, rootTargets, streamWaits),
        all,
        hostTypes,
        usesWasi,
        usesHttp);
  }

  // What takes the place of the engine's functions, by the engine's names of the interfaces.
  private Map<String, Map<String, HostCalls.Target>> waits(boolean streams) {
    Map<String, Map<String, HostCalls.Target>> waits = new LinkedHashMap<>();
    served.forEach(
        (name, one) -> {
          if (one.definition() == null && !asIs && StoppableWaits.waits(name)) {
            StoppableWaits own = StoppableWaits.of(component.engine());
            String known = WitVersions.find(WasiInterfaces.wasi(), name);
            if (own != null && known != null) {
              waits
                  .computeIfAbsent(known, _ -> new LinkedHashMap<>())
                  .putAll(own.targets(name, one.items(), streams));
            }
          }
        });
    waits.values().removeIf(Map::isEmpty);
    return waits;
  }

  // The names are the guest's, and so is their number.
  private void addProblem(String problem) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(Printable.of(problem));
    } else if (problems.size() == MOST_PROBLEMS) {
      problems.add("and more");
    }
  }

  private void find(String name, WitItem item) {
    switch (item) {
      case WitItem.Interface(Map<String, WitItem> items) -> findInterface(name, items);
      case WitItem.Resource(ResourceType type) when !"".equals(type.importedFrom()) -> {
        // That of an imported interface under another name.
      }
      case WitItem.Resource(ResourceType type) -> {
        try {
          hostTypes.put(type, root.resource(name, component.imports()));
        } catch (MisfitException e) {
          addProblem(name + ": " + e.getMessage());
        }
      }
      case WitItem.CoreModule _ -> {
        if (!modules.containsKey(name)) {
          addProblem(name + ": nothing defines this core module");
        }
      }
      case WitItem.Other(String kind) ->
          addProblem("%s: %s cannot be defined from Java".formatted(name, kind));
      case WitItem.Function _, WitItem.Value _ -> {} // later
    }
  }

  private void findInterface(String name, Map<String, WitItem> items) {
    String defined = WitVersions.find(definitions.keySet(), name);
    if (defined != null) {
      served.put(name, new Served(items, definitions.get(defined)));
    } else if (wasi && WitVersions.find(WasiInterfaces.wasi(), name) != null) {
      usesWasi = true;
      served.put(name, new Served(items, null));
    } else if (http && WitVersions.find(WasiInterfaces.http(), name) != null) {
      usesWasi = true; // its streams are WASI's
      usesHttp = true;
      served.put(name, new Served(items, null));
    } else if (trapping || items.values().stream().noneMatch(Linking::mustBeServed)) {
      served.put(name, new Served(items, new HostDefinition()));
    } else {
      addProblem(name + ": " + missing(name));
    }
  }

  private static boolean mustBeServed(WitItem item) {
    return !(item instanceof WitItem.Value);
  }

  private String missing(String name) {
    if (WitVersions.find(WasiInterfaces.wasi(), name) != null) {
      return "nothing defines this interface of WASI; defineWasi() does";
    }
    if (WitVersions.find(WasiInterfaces.http(), name) != null) {
      return "nothing defines this interface of WASI; defineWasiHttp() does";
    }
    List<String> others = new ArrayList<>(WitVersions.others(definitions.keySet(), name));
    if (wasi) {
      others.addAll(WitVersions.others(WasiInterfaces.wasi(), name));
    }
    return others.isEmpty()
        ? "there is no such interface"
        : "the interface is there in another version only: " + String.join(", ", others);
  }

  private void findResources(String name, Served one) {
    one.items()
        .forEach(
            (itemName, item) -> {
              HostDefinition definition = one.definition();
              if (definition != null
                  && item instanceof WitItem.Resource(ResourceType type)
                  && name.equals(type.importedFrom())
                  && itemName.equals(type.name())) {
                try {
                  hostTypes.put(type, definition.resource(itemName, one.items()));
                } catch (MisfitException e) {
                  addProblem(name + ": " + e.getMessage());
                }
              }
            });
  }

  private Map<String, HostCalls.Target> targets(
      @Nullable String interfaceName, Map<String, WitItem> items, HostDefinition definition) {
    String in = interfaceName == null ? "" : interfaceName + " ";
    Map<String, HostCalls.Target> targets = new LinkedHashMap<>();
    items.forEach(
        (name, item) -> {
          if (item instanceof WitItem.Function function) {
            try {
              HostCalls.Target target =
                  definition.target(
                      name,
                      function,
                      hostTypes,
                      dynamic,
                      interfaceName == null
                          ? null
                          : component.plan().imports().function(interfaceName, name));
              if (target != null) {
                targets.put(name, target);
              } else if (trapping) {
                targets.put(name, trap(in + name));
              } else {
                addProblem("%s%s: nothing defines it; it is %s".formatted(in, name, function));
              }
            } catch (MisfitException e) {
              addProblem("%s%s: %s".formatted(in, name, e.getMessage()));
            }
          }
        });
    return targets;
  }

  private static HostCalls.Target trap(String name) {
    return (slot, caller, args, results) -> {
      throw ComponentStore.ACCESS.linkException("nothing defines what a guest called: " + name);
    };
  }

  private NativeObject nativeLinker(
      Map<String, Map<String, HostCalls.Target>> targets,
      Map<String, HostCalls.Target> rootTargets,
      Map<String, Map<String, HostCalls.Target>> waits) {
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
      define(linker.lease(), targets, rootTargets, waits);
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

  private void define(
      MemorySegment linker,
      Map<String, Map<String, HostCalls.Target>> targets,
      Map<String, HostCalls.Target> rootTargets,
      Map<String, Map<String, HostCalls.Target>> waits) {
    // The host's definitions are taken before those of WASI, which come first.
    WasmtimeComponentLinker.wasmtime_component_linker_allow_shadowing(linker, true);
    StackRoom.call(
        () -> {
          if (usesWasi) {
            ComponentStore.ACCESS.check(
                WasmtimeComponentLinker.wasmtime_component_linker_add_wasip2(linker));
          }
          if (usesHttp) {
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
      targets.forEach(
          (name, functions) -> {
            Served one = served.get(name);
            assert one != null;
            define(arena, rootInstance.pointer(), name, one.items(), functions);
          });
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
