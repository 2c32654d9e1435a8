package io.github.wasmtimejvm;

import java.util.HashSet;
import java.util.Set;

/**
 * Which names in a linker are the engine's functions of WASI. They end the process when their store
 * has no configuration.
 */
final class WasiImports {
  static final String MODULE = "wasi_snapshot_preview1";

  /** WASI before preview 1, which has other layouts in memory under the same names. */
  static final String OLD_MODULE = "wasi_unstable";

  private boolean defined;
  private final Set<String> ours = new HashSet<>();

  /** Notes that the engine has defined its functions, or has begun to. */
  void noteEngines() {
    defined = true;
    ours.clear(); // shadowed by the engine's
  }

  /** Notes that something else was defined. */
  void noteOurs(String module, String name) {
    if (module.equals(MODULE)) {
      ours.add(name);
    }
  }

  private boolean contain(String module, String name) {
    return defined && module.equals(MODULE) && !ours.contains(name);
  }

  /** Whether a module imports any of them. */
  boolean areNeededBy(Module module) {
    return module.imports().stream().anyMatch(needed -> contain(needed.module(), needed.name()));
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

  WasiImports copy() {
    WasiImports copy = new WasiImports();
    copy.defined = defined;
    copy.ours.addAll(ours);
    return copy;
  }
}
