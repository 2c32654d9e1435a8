package io.github.wasmtimejvm;

import io.github.wasmtimejvm.internal.Access;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.MemorySegment;

/** This package's side of {@link Access}. */
final class RootAccess extends Access {
  @Override
  public StoreState state(Object store) {
    return ((Store) store).state();
  }

  @Override
  public void check(MemorySegment error) {
    Outcome.check(error, "");
  }

  @Override
  protected long trap(StoreState store, Throwable thrown) {
    return thrown instanceof GuestException guest && guest.exception().store().state() == store
        ? guest.exception().raise().address()
        : 0;
  }
}
