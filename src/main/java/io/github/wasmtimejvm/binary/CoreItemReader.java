package io.github.wasmtimejvm.binary;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads core instances. */
final class CoreItemReader {
  private static final int MOST = 100_000;
  private static final int INSTANCE = 0x12;
  private static final CoreSort[] SORTS = CoreSort.values();

  private CoreItemReader() {}

  /** Reads the code of a core sort. */
  static CoreSort sort(ComponentInput in) {
    int code = in.u8();
    if (code >= SORTS.length) {
      throw in.unknown("core sort", code);
    }
    return SORTS[code];
  }

  static CoreInstance instance(ComponentInput in, ComponentScope scope) {
    int code = in.u8();
    return switch (code) {
      case 0 -> ofModule(in, scope);
      case 1 -> ofExports(in, scope);
      default -> throw in.unknown("core instance", code);
    };
  }

  private static CoreInstance ofModule(ComponentInput in, ComponentScope scope) {
    CoreModule module = (CoreModule) scope.item(in, ComponentSort.CORE_MODULE);
    Map<String, CoreInstance> arguments = new LinkedHashMap<>();
    for (int n = in.count(MOST); n > 0; n--) {
      String name = in.name();
      in.expect(INSTANCE, "core argument");
      ItemReader.put(in, arguments, name, scope.coreInstance(in));
    }
    return new CoreInstance.OfModule(
        scope.nextInstantiated(), module, Collections.unmodifiableMap(arguments));
  }

  private static CoreInstance ofExports(ComponentInput in, ComponentScope scope) {
    Map<String, CoreItem> exports = new LinkedHashMap<>();
    for (int n = in.count(MOST); n > 0; n--) {
      String name = in.name();
      ItemReader.put(in, exports, name, scope.coreItem(in, sort(in)));
    }
    return new CoreInstance.OfExports(Collections.unmodifiableMap(exports));
  }
}
