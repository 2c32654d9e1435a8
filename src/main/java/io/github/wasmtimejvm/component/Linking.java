package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.internal.HostCalls;
import io.github.wasmtimejvm.internal.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds for each import of a component what serves it, for this component alone. So versions, types
 * and what is missing are Java's matter, and the messages, too.
 */
final class Linking {
  /** What serves an imported interface: the host, or else the engine's WASI. */
  private record Served(Map<String, WitItem> items, @Nullable HostDefinition definition) {}

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
    List<NativeLinkers.Definition> defined = new ArrayList<>();
    Map<String, Map<String, WitItem>> engines = new LinkedHashMap<>();
    served.forEach(
        (name, one) -> {
          if (one.definition() == null) {
            engines.put(name, one.items());
          } else {
            defined.add(
                new NativeLinkers.Definition(
                    name, one.items(), targets(name, one.items(), one.definition())));
          }
        });
    Map<String, HostCalls.Target> rootTargets = targets(null, component.imports(), root);
    if (!problems.isEmpty()) {
      throw ComponentStore.ACCESS.linkException(
          "the component imports what is not defined, or does not fit:\n  "
              + String.join("\n  ", problems));
    }
    NativeLinkers linkers =
        new NativeLinkers(
            component,
            hostTypes,
            modules,
            defined,
            rootTargets,
            engines,
            usesWasi,
            usesHttp,
            !asIs);
    return new PreparedComponent(component, linkers, hostTypes, usesWasi, usesHttp);
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
                      component.plan().imports().function(interfaceName, name));
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
}
