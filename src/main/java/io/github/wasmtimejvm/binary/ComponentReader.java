package io.github.wasmtimejvm.binary;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the sections of one component. */
final class ComponentReader {
  private static final int MOST = 1_000_000;
  private static final int MOST_VALUES = 1_000;
  private static final byte[] COMPONENT = {0, 'a', 's', 'm', 0x0d, 0, 1, 0};
  private static final byte[] MODULE = {0, 'a', 's', 'm', 1, 0, 0, 0};

  private final ComponentScope scope;
  private final ComponentLimits limits;
  private final CoreMemories memories;
  private final Set<CoreItem> memoriesOfValues = new HashSet<>();
  private final int depth;
  private final Map<String, ComponentExtern> mutableImports = new LinkedHashMap<>();
  private final Map<String, ComponentExtern> mutableExports = new LinkedHashMap<>();

  final Map<String, ComponentExtern> imports = Collections.unmodifiableMap(mutableImports);
  final Map<String, ComponentExtern> exports = Collections.unmodifiableMap(mutableExports);
  final List<CustomSection> customSections = new ArrayList<>();
  @Nullable String name;
  @Nullable StartFunction start;
  Set<ComponentFeature> features = Set.of();

  private ComponentReader(
      @Nullable ComponentScope outer, ComponentLimits limits, CoreMemories memories, int depth) {
    scope = new ComponentScope(outer);
    this.limits = limits;
    this.memories = memories;
    this.depth = depth;
  }

  static Component read(byte[] bytes) {
    ComponentInput in = new ComponentInput(bytes);
    try {
      return new ComponentReader(
              null, new ComponentLimits(bytes.length), new CoreMemories(bytes), 0)
          .component(in);
    } catch (IndexOutOfBoundsException e) {
      throw in.malformed("The component ends too early");
    }
  }

  private Component component(ComponentInput in) {
    preamble(in, COMPONENT);
    while (in.hasMore()) {
      int id = in.u8();
      ComponentInput content = in.take(in.u32());
      try {
        section(id, content);
      } catch (IndexOutOfBoundsException e) {
        throw content.malformed("Section " + id + " ends too early");
      }
      if (content.hasMore()) {
        throw content.malformed("Section " + id + " is too long");
      }
    }
    noteMemories(in);
    features = Collections.unmodifiableSet(in.features());
    return new Component(this, scope);
  }

  private void noteMemories(ComponentInput in) {
    for (CoreItem item : memoriesOfValues) {
      CoreMemory memory = memories.find(item);
      if (memory != null && memory.wide()) {
        in.uses(ComponentFeature.MEMORY64);
      }
      if (memory != null && memory.shared()) {
        in.uses(ComponentFeature.SHARED_MEMORIES);
      }
    }
  }

  private static void preamble(ComponentInput in, byte[] expected) {
    for (byte b : expected) {
      in.expect(b, "first bytes:");
    }
  }

  private void section(int id, ComponentInput in) {
    TypeReader types = new TypeReader(in, scope, limits, 0);
    switch (id) {
      case 0 -> custom(in);
      case 1 -> module(in);
      case 2 -> each(in, () -> scope.add(in, CoreItemReader.instance(in, scope)));
      case 3 -> each(in, () -> new CoreTypeReader(in).read(scope));
      case 4 -> nested(in);
      case 5 -> each(in, () -> scope.add(in, new InstanceReader(in, scope, limits).read()));
      case 6 -> each(in, () -> ItemReader.alias(in, scope));
      case 7 -> each(in, types::read);
      case 8 -> each(in, () -> new CanonicalReader(in, scope, memoriesOfValues).read());
      case 9 -> start(in);
      case 10 -> each(in, () -> importItem(in, types));
      case 11 -> each(in, () -> exportItem(in, types));
      case 12 -> each(in, () -> value(in));
      default -> throw in.unknown("section", id);
    }
  }

  private static void each(ComponentInput in, Runnable element) {
    for (int n = in.count(MOST); n > 0; n--) {
      element.run();
    }
  }

  private void custom(ComponentInput in) {
    String section = in.name();
    customSections.add(new CustomSection(section, in.position(), in.end()));
    String found = ComponentName.read(section, in);
    if (found != null) {
      name = found;
    }
  }

  private void module(ComponentInput in) {
    limits.part(in);
    int from = in.position();
    preamble(in, MODULE);
    in.skipAll();
    scope.add(in, new CoreModule.Bytes(from, in.position()));
  }

  private void nested(ComponentInput in) {
    limits.part(in);
    if (depth >= ComponentLimits.MOST_NESTED) {
      throw in.malformed("Components are nested too deep");
    }
    ComponentInput inner = in.inner();
    scope.add(in, new ComponentReader(scope, limits, memories, depth + 1).component(inner));
    in.uses(inner.features());
  }

  private void value(ComponentInput in) {
    in.uses(ComponentFeature.VALUES);
    scope.add(in, new ComponentValue(new ValueTypeReader(in, scope).use()));
    in.take(in.u32());
  }

  private void start(ComponentInput in) {
    in.uses(ComponentFeature.VALUES);
    if (start != null) {
      throw in.malformed("There are two start functions");
    }
    ComponentFunction function = scope.function(in);
    List<ComponentValue> arguments =
        in.list(MOST_VALUES, () -> (ComponentValue) scope.item(in, ComponentSort.VALUE));
    ComponentValueType result = function.type().result();
    if (in.u32() != (result == null ? 0 : 1)) {
      throw in.malformed("The start function has another number of results");
    }
    if (result != null) {
      scope.add(in, new ComponentValue(result));
    }
    start = new StartFunction(function, arguments);
  }

  private void importItem(ComponentInput in, TypeReader types) {
    ExternName name = ItemReader.name(in);
    ComponentItem item = types.item(types.declaration(name), ImportPath.of(name.name()));
    scope.add(in, item);
    ItemReader.put(in, mutableImports, name.name(), new ComponentExtern(name, item));
  }

  private void exportItem(ComponentInput in, TypeReader types) {
    ExternName name = ItemReader.name(in);
    ComponentItem item = scope.item(in, ItemReader.sort(in));
    if (in.flag("presence of a type")) {
      ComponentItem declaration = types.item(types.declaration(name), null);
      item = new InstanceMaker(in, limits).declared(item, declaration);
    } else if (item instanceof ComponentTypeDefinition type) {
      item = types.named(name.name(), type);
    }
    scope.add(in, item);
    ItemReader.put(in, mutableExports, name.name(), new ComponentExtern(name, item));
  }
}
