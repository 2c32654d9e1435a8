package io.github.wasmtimejvm.binary;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A core instance of a component. Two of them are equal if they are the same one. */
public abstract sealed class CoreInstance {
  private CoreInstance() {}

  /** Returns an export, {@code null} if the instance is known to have none of the name and sort. */
  abstract @Nullable CoreItem export(CoreSort sort, String name);

  /** An instance of a core module. */
  public static final class OfModule extends CoreInstance {
    private final int number;
    private final CoreModule module;
    private final Map<String, CoreInstance> arguments;

    OfModule(int number, CoreModule module, Map<String, CoreInstance> arguments) {
      this.number = number;
      this.module = module;
      this.arguments = arguments;
    }

    /** Returns how many modules the component instantiates before this one. */
    public int number() {
      return number;
    }

    /** Returns the module. */
    public CoreModule module() {
      return module;
    }

    /** Returns what the module's imports are taken from, by the first of an import's two names. */
    public Map<String, CoreInstance> arguments() {
      return arguments;
    }

    // What a module exports is known to who reads the module.
    @Override
    CoreItem export(CoreSort sort, String name) {
      return new CoreItem.Export(sort, this, name);
    }
  }

  /** Core items under names, which no module stands behind. */
  public static final class OfExports extends CoreInstance {
    private final Map<String, CoreItem> exports;

    OfExports(Map<String, CoreItem> exports) {
      this.exports = exports;
    }

    /** Returns the items by their names. */
    public Map<String, CoreItem> exports() {
      return exports;
    }

    @Override
    @Nullable CoreItem export(CoreSort sort, String name) {
      CoreItem item = exports.get(name);
      return item != null && item.sort() == sort ? item : null;
    }
  }
}
