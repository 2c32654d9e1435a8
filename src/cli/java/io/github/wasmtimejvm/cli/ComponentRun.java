package io.github.wasmtimejvm.cli;

import io.github.wasmtimejvm.ExitException;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.component.Component;
import io.github.wasmtimejvm.component.ComponentFunc;
import io.github.wasmtimejvm.component.ComponentInstance;
import io.github.wasmtimejvm.component.ComponentLinker;
import io.github.wasmtimejvm.component.Result;
import java.io.IOException;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** {@code run} of a component. */
final class ComponentRun {
  private static final String RUN = "wasi:cli/run@0.2.0"; // any compatible version serves

  private ComponentRun() {}

  /**
   * Runs the component to its end.
   *
   * @param store a store with its configuration and limits
   */
  static void run(RunOptions options, Store store, Component component)
      throws UsageException, GuestFailure, IOException {
    if (options.invoke() != null) {
      throw new UsageException(
          "--invoke is for functions of modules, and " + options.file() + " is a component");
    }
    ComponentLinker linker = ComponentLinker.create(store.engine());
    if (options.wasi().isOn()) {
      linker.defineWasi();
    }
    if (options.wasi().allowsHttp()) {
      linker.defineWasiHttp();
    }
    options.guest().applyTo(linker);
    ComponentInstance instance =
        GuestFailure.during(options.file(), null, () -> linker.instantiate(store, component));
    ComponentFunc run;
    try {
      run = instance.func(RUN, "run");
    } catch (NoSuchElementException e) {
      throw new IOException(
          "%s is no program: it exports no wasi:cli/run, but %s"
              .formatted(options.file(), component.exports().keySet()),
          e);
    }
    @Nullable Object result =
        GuestFailure.during(options.file(), "failed to invoke `run` function", () -> run.call());
    if (result instanceof Result.Err) {
      throw new ExitException(1);
    }
  }
}
