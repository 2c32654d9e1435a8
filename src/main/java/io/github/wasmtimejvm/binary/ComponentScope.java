package io.github.wasmtimejvm.binary;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The index spaces of a component, or of the type of a component or instance. */
final class ComponentScope {
  private static final int MOST_INSTANCES = 4096; // as for the engine

  private final @Nullable ComponentScope outer;
  private final Map<ComponentSort, List<ComponentItem>> items = new EnumMap<>(ComponentSort.class);
  private final Map<CoreSort, List<CoreItem>> coreItems = new EnumMap<>(CoreSort.class);
  private final List<@Nullable CoreModuleType> coreTypes = new ArrayList<>();
  private final List<CoreInstance> coreInstances = new ArrayList<>();
  private int instances;
  private int instantiated;

  ComponentScope(@Nullable ComponentScope outer) {
    this.outer = outer;
  }

  void add(ComponentInput in, ComponentItem item) {
    if (item instanceof ComponentInstance) {
      countInstance(in);
    }
    items.computeIfAbsent(item.sort(), sort -> new ArrayList<>()).add(item);
  }

  void add(CoreItem item) {
    coreItems.computeIfAbsent(item.sort(), sort -> new ArrayList<>()).add(item);
  }

  void add(ComponentInput in, CoreInstance instance) {
    countInstance(in);
    coreInstances.add(instance);
  }

  private void countInstance(ComponentInput in) {
    instances++;
    if (instances > MOST_INSTANCES) {
      throw in.malformed("There are too many instances");
    }
  }

  /** Adds a core type, {@code null} for one that is no module's. */
  void addCoreType(@Nullable CoreModuleType type) {
    coreTypes.add(type);
  }

  /** Returns the number of the next core module that is instantiated. */
  int nextInstantiated() {
    return instantiated++;
  }

  /** Reads an index and returns what it stands for. */
  ComponentItem item(ComponentInput in, ComponentSort sort) {
    return at(in, items.getOrDefault(sort, List.of()), sort);
  }

  /** Reads an index and returns what it stands for. */
  CoreItem coreItem(ComponentInput in, CoreSort sort) {
    return at(in, coreItems.getOrDefault(sort, List.of()), sort);
  }

  CoreInstance coreInstance(ComponentInput in) {
    return at(in, coreInstances, "core instance");
  }

  @Nullable CoreModuleType coreType(ComponentInput in) {
    return at(in, coreTypes, "core type");
  }

  CoreModuleType moduleType(ComponentInput in) {
    CoreModuleType type = coreType(in);
    if (type == null) {
      throw in.malformed("A core type is no module's");
    }
    return type;
  }

  ComponentFunction function(ComponentInput in) {
    return (ComponentFunction) item(in, ComponentSort.FUNCTION);
  }

  ComponentInstance instance(ComponentInput in) {
    return (ComponentInstance) item(in, ComponentSort.INSTANCE);
  }

  ComponentTypeDefinition type(ComponentInput in) {
    return (ComponentTypeDefinition) item(in, ComponentSort.TYPE);
  }

  /** Reads a type where a negative number could stand for a primitive one. */
  ComponentTypeDefinition signedType(ComponentInput in) {
    long index = in.s33();
    if (index < 0) {
      throw in.malformed("Unknown type of a value");
    }
    return (ComponentTypeDefinition)
        at(in, items.getOrDefault(ComponentSort.TYPE, List.of()), index, ComponentSort.TYPE);
  }

  /** Reads the index of a type of a certain kind; a name that the type has there is left out. */
  <T> T type(ComponentInput in, Class<T> kind) {
    return require(in, type(in), kind);
  }

  /** Checks the kind of a type, whatever its name is. */
  static <T> T require(ComponentInput in, ComponentTypeDefinition type, Class<T> kind) {
    if (!kind.isInstance(type.unnamed())) {
      throw in.malformed("A type is no " + kind.getSimpleName());
    }
    return kind.cast(type.unnamed());
  }

  /** Returns the scope that many levels outside of this one. */
  ComponentScope outer(ComponentInput in, int levels) {
    ComponentScope scope = this;
    for (int i = 0; i < levels; i++) {
      scope = scope.outer;
      if (scope == null) {
        throw in.malformed("There are not " + levels + " levels outside");
      }
    }
    return scope;
  }

  /** How many items of a sort there are. */
  int size(ComponentSort sort) {
    return items.getOrDefault(sort, List.of()).size();
  }

  ComponentTypeDefinition type(int index) {
    return (ComponentTypeDefinition) items.getOrDefault(ComponentSort.TYPE, List.of()).get(index);
  }

  List<CoreItem> coreItems(CoreSort sort) {
    return coreItems.getOrDefault(sort, List.of());
  }

  /** How many core modules are instantiated. */
  int instantiated() {
    return instantiated;
  }

  List<CoreModule> coreModules() {
    return all(ComponentSort.CORE_MODULE, CoreModule.class);
  }

  List<ComponentFunction> functions() {
    return all(ComponentSort.FUNCTION, ComponentFunction.class);
  }

  List<AnyComponent> components() {
    return all(ComponentSort.COMPONENT, AnyComponent.class);
  }

  List<CoreInstance> coreInstances() {
    return List.copyOf(coreInstances);
  }

  private <T> List<T> all(ComponentSort sort, Class<T> kind) {
    return items.getOrDefault(sort, List.of()).stream().map(kind::cast).toList();
  }

  private static <T extends @Nullable Object> T at(ComponentInput in, List<T> space, Object what) {
    return at(in, space, in.u32(), what);
  }

  private static <T extends @Nullable Object> T at(
      ComponentInput in, List<T> space, long index, Object what) {
    if (index >= space.size()) {
      throw in.malformed("There is no " + what + " " + index);
    }
    return space.get((int) index);
  }
}
