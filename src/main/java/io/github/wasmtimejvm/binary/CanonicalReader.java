package io.github.wasmtimejvm.binary;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads canonical definitions. */
final class CanonicalReader {
  private static final int MOST_OPTIONS = 10;
  private static final int I64 = 0x7e;

  private final ComponentInput in;
  private final ComponentScope scope;
  private final Set<CoreItem> memories;

  /**
   * @param memories where the memories are added that values are passed in
   */
  CanonicalReader(ComponentInput in, ComponentScope scope, Set<CoreItem> memories) {
    this.in = in;
    this.scope = scope;
    this.memories = memories;
  }

  /** Reads a definition and adds the function to the scope. */
  void read() {
    int code = in.u8();
    switch (code) {
      case 0 -> lift();
      case 1 -> lower();
      case 2 -> resource(CoreItem.ResourceFunction.Operation.NEW);
      case 3 -> resource(CoreItem.ResourceFunction.Operation.DROP);
      case 4 -> resource(CoreItem.ResourceFunction.Operation.REP);
      default -> builtIn(BuiltInFunctions.of(in, code));
    }
  }

  private void lift() {
    in.expect(0, "kind of lift");
    CoreItem function = coreFunction();
    CanonicalOptions options = options();
    if (options.async() && options.callback() == null) {
      in.uses(ComponentFeature.STACKFUL_ASYNC);
    }
    ComponentFunctionType type = scope.type(in, ComponentFunctionType.class);
    scope.add(in, new ComponentFunction(new ComponentFunction.Lift(function, options), type));
  }

  private void lower() {
    in.expect(0, "kind of lower");
    ComponentFunction function = scope.function(in);
    scope.add(new CoreItem.Lower(function, options()));
  }

  private void resource(CoreItem.ResourceFunction.Operation operation) {
    scope.add(
        new CoreItem.ResourceFunction(operation, scope.type(in, ComponentResourceType.class)));
  }

  private void builtIn(BuiltInFunctions.Form form) {
    in.uses(form.feature());
    for (char immediate : form.immediates().toCharArray()) {
      switch (immediate) {
        case 't' -> scope.type(in, ComponentValueType.class);
        case 'm' -> memory();
        case 'T' -> scope.coreItem(in, CoreSort.TABLE);
        case 'c' -> scope.coreType(in);
        case 'b' -> note(in.flag("kind of cancellation"), ComponentFeature.MORE_ASYNC_BUILT_INS);
        case 'z' -> note(in.flag("kind of cancellation"), ComponentFeature.CANCELLABLE);
        case 'v' -> note(new CoreTypeReader(in).valueType() == I64, ComponentFeature.MEMORY64);
        case 'n' -> note(in.u32() > 0, ComponentFeature.THREADS);
        case 'r' -> new ValueTypeReader(in, scope).result();
        default ->
            note(!options().async() && form.transfers(), ComponentFeature.MORE_ASYNC_BUILT_INS);
      }
    }
    scope.add(new CoreItem.BuiltIn(form.name()));
  }

  private void note(boolean used, ComponentFeature feature) {
    if (used) {
      in.uses(feature);
    }
  }

  private CoreItem memory() {
    CoreItem memory = scope.coreItem(in, CoreSort.MEMORY);
    memories.add(memory);
    return memory;
  }

  private CoreItem coreFunction() {
    return scope.coreItem(in, CoreSort.FUNCTION);
  }

  private CanonicalOptions options() {
    CanonicalOptions.StringEncoding encoding = CanonicalOptions.StringEncoding.UTF8;
    @Nullable CoreItem memory = null;
    @Nullable CoreItem realloc = null;
    @Nullable CoreItem postReturn = null;
    @Nullable CoreItem callback = null;
    boolean async = false;
    Set<Integer> seen = new HashSet<>();
    for (int n = in.count(MOST_OPTIONS); n > 0; n--) {
      int code = in.u8();
      switch (code) {
        case 0, 1, 2 -> encoding = CanonicalOptions.StringEncoding.values()[code];
        case 3 -> memory = memory();
        case 4 -> realloc = coreFunction();
        case 5 -> postReturn = coreFunction();
        case 6 -> {
          in.uses(ComponentFeature.ASYNC_FUNCTIONS);
          async = true;
        }
        case 7 -> callback = coreFunction();
        case 8 -> {
          in.uses(ComponentFeature.GC);
          scope.coreType(in);
        }
        case 9 -> in.uses(ComponentFeature.GC);
        default -> throw in.unknown("canonical option", code);
      }
      if (!seen.add(Math.max(code, 2))) {
        throw in.malformed("A canonical option is there twice");
      }
    }
    return new CanonicalOptions(encoding, memory, realloc, postReturn, async, callback);
  }
}
