package io.github.wasmtimejvm.binary;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The index spaces of a component where its sections end: what is appended goes on with them. */
public final class IndexSpaces {
  private final int types;
  private final int functions;
  private final List<ComponentFunction> functionItems;
  private final int coreModules;
  private final int coreInstances;
  private final int instantiated;
  private final Map<CoreItem, Integer> coreFunctions;
  private final int coreFunctionCount;
  private final Map<ComponentResourceType, Integer> resources = new IdentityHashMap<>();
  private final Map<CoreItem, Integer> memories;

  IndexSpaces(ComponentScope scope) {
    types = scope.size(ComponentSort.TYPE);
    for (int i = types - 1; i >= 0; i--) {
      if (scope.type(i).unnamed() instanceof ComponentResourceType resource) {
        resources.put(resource, i);
      }
    }
    functions = scope.size(ComponentSort.FUNCTION);
    functionItems = scope.functions();
    coreModules = scope.size(ComponentSort.CORE_MODULE);
    coreInstances = scope.coreInstances().size();
    instantiated = scope.instantiated();
    List<CoreItem> all = scope.coreItems(CoreSort.FUNCTION);
    coreFunctionCount = all.size();
    coreFunctions = indices(all);
    memories = indices(scope.coreItems(CoreSort.MEMORY));
  }

  private static Map<CoreItem, Integer> indices(List<CoreItem> items) {
    return IntStream.range(0, items.size())
        .boxed()
        .collect(Collectors.toMap(items::get, index -> index, (first, _) -> first));
  }

  int types() {
    return types;
  }

  int functions() {
    return functions;
  }

  int coreModules() {
    return coreModules;
  }

  int coreInstances() {
    return coreInstances;
  }

  int coreFunctions() {
    return coreFunctionCount;
  }

  /** How many core modules the component instantiates. */
  public int instantiated() {
    return instantiated;
  }

  /** Returns the imported and other functions that core code is given: {@code canon lower}. */
  public List<CoreItem.Lower> lowered() {
    return coreFunctions.keySet().stream()
        .filter(CoreItem.Lower.class::isInstance)
        .map(CoreItem.Lower.class::cast)
        .toList();
  }

  /** Returns the functions of the component, exported ones twice. */
  public List<ComponentFunction> functionItems() {
    return functionItems;
  }

  /** Whether a resource is one that the component itself defines. */
  public boolean defines(ComponentResourceType resource) {
    return resource.isDefined() && resources.containsKey(resource);
  }

  int type(ComponentResourceType resource) {
    return Objects.requireNonNull(resources.get(resource));
  }

  int function(CoreItem item) {
    return index(coreFunctions, item);
  }

  int memory(CoreItem item) {
    return index(memories, item);
  }

  private static int index(Map<CoreItem, Integer> indices, CoreItem item) {
    Integer index = indices.get(item);
    if (index == null) {
      throw new IllegalArgumentException("not of this component: " + item);
    }
    return index;
  }
}
