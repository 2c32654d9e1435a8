package io.github.wasmtimejvm.binary;

import java.util.LinkedHashMap;
import java.util.Map;

/** Reads instances of components. */
final class InstanceReader {
  private static final int MOST = 100_000;

  private final ComponentInput in;
  private final ComponentScope scope;
  private final ComponentLimits limits;

  InstanceReader(ComponentInput in, ComponentScope scope, ComponentLimits limits) {
    this.in = in;
    this.scope = scope;
    this.limits = limits;
  }

  ComponentInstance read() {
    InstanceMaker maker = new InstanceMaker(in, limits);
    int code = in.u8();
    return switch (code) {
      case 0 -> {
        AnyComponent component = (AnyComponent) scope.item(in, ComponentSort.COMPONENT);
        yield maker.instantiate(component, arguments());
      }
      case 1 -> maker.make(null, exports());
      default -> throw in.unknown("instance", code);
    };
  }

  private Map<String, ComponentItem> arguments() {
    Map<String, ComponentItem> arguments = new LinkedHashMap<>();
    for (int n = in.count(MOST); n > 0; n--) {
      String name = in.name();
      ItemReader.put(in, arguments, name, scope.item(in, ItemReader.sort(in)));
    }
    return arguments;
  }

  private Map<String, ComponentItem> exports() {
    Map<String, ComponentItem> exports = new LinkedHashMap<>();
    for (int n = in.count(MOST); n > 0; n--) {
      String name = ItemReader.name(in).name();
      ComponentItem item = scope.item(in, ItemReader.sort(in));
      if (item instanceof ComponentTypeDefinition type) {
        item = limits.add(in, new NamedType(name, type.unnamed()));
      }
      ItemReader.put(in, exports, name, item);
    }
    return exports;
  }
}
