package io.github.wasmtimejvm;

import io.github.wasmtimejvm.access.Access;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** This package's side of {@link Access}. */
final class RootAccess extends Access {
  @Override
  public StoreState state(Store store) {
    return store.state();
  }

  @Override
  public void check(MemorySegment error) {
    Failures.check(error);
  }

  @Override
  public void checkReady(@Nullable String refusal) {
    Failures.checkReady(refusal);
  }

  @Override
  public void intercept(Store store, Map<String, HostFunction> functions) {
    store.intercept(functions);
  }

  @Override
  public void setUnwindingExit(Store store, boolean unwinding) {
    store.setUnwindingExit(unwinding);
  }

  @Override
  public Linker plainWasi(Engine engine) {
    return Linker.createPlainWasi(engine);
  }

  @Override
  public boolean isInterruptible(Store store) {
    return store.engine().ticker() != null;
  }

  @Override
  public <T> T attachment(Engine engine, Class<T> type, Function<Engine, T> make) {
    return engine.attachment(type, make);
  }

  @Override
  public RuntimeException stopped(int reason) {
    return Outcome.stopped(reason, List.of());
  }
}
