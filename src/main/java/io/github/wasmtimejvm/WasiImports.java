package io.github.wasmtimejvm;

import io.github.wasmtimejvm.capi.WasmtimeLinker;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which names in a linker are functions of WASI: the engine's, which end the process when their
 * store has no configuration, and our {@code proc_exit}.
 */
final class WasiImports {
  static final String MODULE = "wasi_snapshot_preview1";
  static final String EXIT = "proc_exit";

  // WASI's own, and so few. They are of numbers alone, and so of no engine.
  private static final Map<String, FuncType> TYPES = new ConcurrentHashMap<>();

  /** WASI before preview 1, which has other layouts in memory under the same names. */
  static final String OLD_MODULE = "wasi_unstable";

  private boolean defined;
  private boolean exitDefined;
  private boolean unknownDefined;
  private final Set<String> ours = new HashSet<>();

  /** Whether nothing of that module's name was defined. */
  boolean isEmpty() {
    return !defined && !exitDefined && !unknownDefined && ours.isEmpty();
  }

  /** Notes that the engine has defined its functions. */
  void noteEngines() {
    defined = true;
    exitDefined = false;
    ours.clear(); // shadowed by the engine's
  }

  /** Notes that our {@code proc_exit} has taken the place of the engine's. */
  void noteExit() {
    exitDefined = true;
  }

  /** Notes that something else was defined. */
  void noteOurs(String module, String name) {
    if (module.equals(MODULE)) {
      ours.add(name);
      exitDefined &= !name.equals(EXIT);
    }
  }

  /** Notes that what a module imports, and was not defined yet, was defined as something. */
  void noteUnknown(Module module) {
    unknownDefined |= module.imports().stream().anyMatch(each -> each.module().equals(MODULE));
  }

  private boolean contain(String module, String name) {
    return defined && module.equals(MODULE) && !ours.contains(name);
  }

  /** Whether a module imports any of them. */
  boolean areNeededBy(Module module) {
    return module.imports().stream().anyMatch(needed -> contain(needed.module(), needed.name()));
  }

  /** Whether a module imports anything of WASI. */
  boolean areImportedBy(Module module) {
    return defined && module.imports().stream().anyMatch(needed -> needed.module().equals(MODULE));
  }

  /**
   * Replaces functions of WASI in a linker by a store's host functions.
   *
   * @param names which functions are intercepted
   * @param shadowing whether the linker allows it, for afterwards
   */
  static void intercept(Set<String> names, MemorySegment linker, Store store, boolean shadowing) {
    WasmtimeLinker.wasmtime_linker_allow_shadowing(linker, true);
    try {
      for (String name : names) {
        HostFunction function = Objects.requireNonNull(store.interceptors().get(name));
        HostCall call = HostCall.of(type(linker, store, name), function);
        LinkerItems.define(linker, store.engine(), MODULE, name, call);
      }
    } finally {
      WasmtimeLinker.wasmtime_linker_allow_shadowing(linker, shadowing);
    }
  }

  private static FuncType type(MemorySegment linker, Store store, String name) {
    FuncType known = TYPES.get(name);
    if (known == null) {
      known = ((Func) LinkerItems.find(linker, store, MODULE, name).orElseThrow()).type();
      TYPES.put(name, known);
    }
    return known;
  }

  /**
   * @throws IllegalStateException if the name is one of them and the store has no configuration
   */
  void check(Store store, String module, String name) {
    if (contain(module, name) && !store.state().hasWasi()) {
      throw new IllegalStateException(
          "%s.%s needs a WASI configuration: call WasiConfig.applyTo(store) first"
              .formatted(module, name));
    }
  }

  /** Which functions of WASI a module imports, of those with the given names. */
  Set<String> among(Set<String> names, Module module) {
    if (!defined || names.isEmpty()) {
      return Set.of();
    }
    Set<String> found = new HashSet<>();
    for (ImportType needed : module.imports()) {
      String name = needed.name();
      if (names.contains(name)
          && (contain(needed.module(), name)
              || exitDefined && name.equals(EXIT) && needed.module().equals(MODULE))) {
        found.add(name);
      }
    }
    return found;
  }

  WasiImports copy() {
    WasiImports copy = new WasiImports();
    copy.defined = defined;
    copy.exitDefined = exitDefined;
    copy.unknownDefined = unknownDefined;
    copy.ours.addAll(ours);
    return copy;
  }
}
