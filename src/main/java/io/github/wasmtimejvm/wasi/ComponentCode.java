package io.github.wasmtimejvm.wasi;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.ExitException;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.component.Component;
import io.github.wasmtimejvm.component.ComponentInstance;
import io.github.wasmtimejvm.component.ComponentLinker;
import io.github.wasmtimejvm.component.PreparedComponent;
import io.github.wasmtimejvm.component.Result;
import org.jspecify.annotations.Nullable;

/** A program that is a component. */
final class ComponentCode implements ProgramCode {
  private static final String RUN = "wasi:cli/run@0.2.0#run"; // any compatible version serves

  private final Component component;
  private volatile @Nullable PreparedComponent prepared;

  ComponentCode(Component component) {
    this.component = component;
  }

  @Override
  public Engine engine() {
    return component.engine();
  }

  @Override
  public void prepare(WasiConfig config) {
    boolean http =
        component.imports().keySet().stream().anyMatch(name -> name.startsWith("wasi:http/"));
    String refusal = ComponentSettings.refusal(config, http);
    if (refusal != null) {
      throw new IllegalArgumentException(refusal);
    }
    prepared();
  }

  // Two threads may both make one at first.
  private PreparedComponent prepared() {
    PreparedComponent known = prepared;
    if (known == null) {
      ComponentLinker linker = ComponentLinker.create(component.engine());
      linker.defineWasi();
      linker.defineWasiHttp(); // who runs it allows it or does not
      known = linker.prepare(component);
      prepared = known;
    }
    return known;
  }

  @Override
  public ExitStatus run(Store store, @Nullable String function, @Nullable Object... args) {
    String called = function == null ? RUN : function;
    int hash = called.indexOf('#');
    String interfaceName = hash < 0 ? null : called.substring(0, hash);
    PreparedComponent pre = prepared();
    try {
      ComponentInstance instance = pre.instantiate(store);
      Object result = instance.func(interfaceName, called.substring(hash + 1)).call(args);
      return result instanceof Result.Err ? ExitStatus.FAILURE : ExitStatus.SUCCESS;
    } catch (ExitException exit) {
      return new ExitStatus(exit.status());
    }
  }
}
