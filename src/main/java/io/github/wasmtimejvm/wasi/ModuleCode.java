package io.github.wasmtimejvm.wasi;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.InstancePre;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import org.jspecify.annotations.Nullable;

/** A program that is a module. */
final class ModuleCode implements ProgramCode {
  private static final String START = "_start";
  private static final String INITIALIZE = "_initialize";

  private final Module module;
  private volatile @Nullable InstancePre prepared;

  ModuleCode(Module module) {
    this.module = module;
  }

  @Override
  public Engine engine() {
    return module.engine();
  }

  @Override
  public void prepare(WasiConfig config) {
    prepared();
  }

  // Two threads may both make one at first; the Cleaner takes what nobody keeps.
  private InstancePre prepared() {
    InstancePre known = prepared;
    if (known == null) {
      try (Linker linker = Linker.create(module.engine())) {
        linker.defineWasi();
        known = linker.instantiatePre(module);
      }
      prepared = known;
    }
    return known;
  }

  @Override
  public ExitStatus run(Store store, @Nullable String function, @Nullable Object... args) {
    String called = function != null ? function : exportsFunction("") ? "" : START;
    boolean reactor = exportsFunction(INITIALIZE) && !INITIALIZE.equals(function);
    InstancePre pre = prepared();
    return ExitStatus.of(
        () -> {
          Instance instance = pre.instantiate(store);
          if (reactor) {
            instance.func(INITIALIZE).call();
          }
          instance.func(called).call(args);
        });
  }

  private boolean exportsFunction(String name) {
    return module.exports().stream()
        .anyMatch(export -> export.name().equals(name) && export.type() instanceof FuncType);
  }
}
