package io.github.wasmtimejvm.binary;

/** What an index of a core index space stands for; inline instances are resolved. */
public sealed interface CoreItem {
  /** Returns the kind of item. */
  CoreSort sort();

  /**
   * An export of an instance of a core module.
   *
   * @param sort the kind of item
   * @param instance the instance
   * @param name the name of the export
   */
  record Export(CoreSort sort, CoreInstance.OfModule instance, String name) implements CoreItem {}

  /** A core function that the engine makes. */
  sealed interface Canonical extends CoreItem {
    @Override
    default CoreSort sort() {
      return CoreSort.FUNCTION;
    }
  }

  /**
   * A function of the component for core code: {@code canon lower}. Two of them are equal if they
   * are the same one: what is lowered can have been lifted, and so on, as long as the bytes reach.
   */
  final class Lower implements Canonical {
    private final ComponentFunction function;
    private final CanonicalOptions options;

    Lower(ComponentFunction function, CanonicalOptions options) {
      this.function = function;
      this.options = options;
    }

    /** Returns the function. */
    public ComponentFunction function() {
      return function;
    }

    /** Returns how values are passed. */
    public CanonicalOptions options() {
      return options;
    }
  }

  /** A function for the owner of a resource's handles: {@code resource.new} and so on. */
  record ResourceFunction(Operation operation, ComponentResourceType resource)
      implements Canonical {
    /** What the function does. */
    public enum Operation {
      NEW,
      DROP,
      REP
    }
  }

  /**
   * Another built-in function: those of tasks, streams, futures, threads and error contexts.
   *
   * @param name the name in the text format, as {@code task.return}
   */
  record BuiltIn(String name) implements Canonical {}
}
