package io.github.wasmtimejvm.binary;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads names, sorts and aliases. */
final class ItemReader {
  private static final int CORE = 0;
  private static final int MODULE = 0x11;
  private static final int CORE_TYPE = 0x10;
  private static final int NAME_WITH_OPTIONS = 2;

  private ItemReader() {}

  static <V> void put(ComponentInput in, Map<String, V> map, String name, V value) {
    if (map.putIfAbsent(name, value) != null) {
      throw in.malformed("A name is there twice", name);
    }
  }

  /** Reads the name of an import or export. */
  static ExternName name(ComponentInput in) {
    int code = in.u8();
    if (code > NAME_WITH_OPTIONS) {
      throw in.unknown("kind of name", code);
    }
    String name = in.name();
    @Nullable String[] options = new @Nullable String[3];
    if (code == NAME_WITH_OPTIONS) {
      for (int n = in.count(options.length); n > 0; n--) {
        int option = in.u8();
        if (option >= options.length || options[option] != null) {
          throw in.unknown("option of a name", option);
        }
        options[option] = in.name();
      }
    }
    String implemented = options[0];
    String suffix = options[1] == null ? "" : options[1];
    if (implemented != null) {
      implemented = versioned(implemented, suffix);
    } else {
      name = versioned(name, suffix);
    }
    if (implemented != null || options[2] != null) {
      in.uses(ComponentFeature.IMPLEMENTS);
    }
    if (options[1] != null) {
      in.uses(ComponentFeature.CANONICAL_NAMES);
    }
    ExternName extern = new ExternName(name, implemented, options[2]);
    noteFeatures(in, extern);
    return extern;
  }

  private static void noteFeatures(ComponentInput in, ExternName name) {
    if (name.isAccessor()) {
      in.uses(ComponentFeature.ACCESSORS);
    }
    if (name.isNested()) {
      in.uses(ComponentFeature.NESTED_NAMES);
    }
  }

  // A version can be split in two, so that compatible ones have equal names.
  private static String versioned(String name, String suffix) {
    return name.indexOf('@') < 0 ? name : name + suffix;
  }

  static ComponentSort sort(ComponentInput in) {
    int code = in.u8();
    if (code == CORE) {
      in.expect(MODULE, "core sort");
      return ComponentSort.CORE_MODULE;
    }
    return sort(in, code);
  }

  private static ComponentSort sort(ComponentInput in, int code) {
    return switch (code) {
      case 1 -> ComponentSort.FUNCTION;
      case 2 -> {
        in.uses(ComponentFeature.VALUES);
        yield ComponentSort.VALUE;
      }
      case 3 -> ComponentSort.TYPE;
      case 4 -> ComponentSort.COMPONENT;
      case 5 -> ComponentSort.INSTANCE;
      default -> throw in.unknown("sort", code);
    };
  }

  /** Reads an alias and adds what it stands for. */
  static void alias(ComponentInput in, ComponentScope scope) {
    int code = in.u8();
    int coreCode = code == CORE ? in.u8() : -1;
    int target = in.u8();
    switch (target) {
      case 0 -> scope.add(in, export(in, scope, sort(in, code, coreCode)));
      case 1 -> scope.add(coreExport(in, scope, coreCode));
      case 2 -> outer(in, scope, code, coreCode);
      default -> throw in.unknown("target of an alias", target);
    }
  }

  private static ComponentSort sort(ComponentInput in, int code, int coreCode) {
    if (code != CORE) {
      return sort(in, code);
    }
    if (coreCode != MODULE) {
      throw in.unknown("core sort", coreCode);
    }
    return ComponentSort.CORE_MODULE;
  }

  private static ComponentItem export(ComponentInput in, ComponentScope scope, ComponentSort sort) {
    ComponentInstance instance = scope.instance(in);
    String name = in.name();
    ComponentItem item = instance.exports().get(name);
    if (item == null || item.sort() != sort) {
      throw in.malformed("An instance has no " + sort, name);
    }
    return item;
  }

  private static CoreItem coreExport(ComponentInput in, ComponentScope scope, int coreCode) {
    CoreSort[] sorts = CoreSort.values();
    if (coreCode < 0 || coreCode >= sorts.length) {
      throw in.malformed("A core instance cannot export such a sort");
    }
    CoreInstance instance = scope.coreInstance(in);
    String name = in.name();
    CoreItem item = instance.export(sorts[coreCode], name);
    if (item == null) {
      throw in.malformed("A core instance has no " + sorts[coreCode], name);
    }
    return item;
  }

  private static void outer(ComponentInput in, ComponentScope scope, int code, int coreCode) {
    ComponentScope outer = scope.outer(in, in.u32());
    if (coreCode == CORE_TYPE) {
      scope.addCoreType(outer.coreType(in));
      return;
    }
    ComponentSort sort = sort(in, code, coreCode);
    switch (sort) {
      case CORE_MODULE, TYPE, COMPONENT -> scope.add(in, outer.item(in, sort));
      default -> throw in.malformed("An alias cannot reach outside for a " + sort);
    }
  }
}
