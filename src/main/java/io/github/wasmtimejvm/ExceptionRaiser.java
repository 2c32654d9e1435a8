package io.github.wasmtimejvm;

import io.github.wasmtimejvm.internal.HostCalls;

/** Throws into a guest, as WebAssembly exceptions, those Java exceptions that stand for one. */
final class ExceptionRaiser implements HostCalls.Raiser {
  private final Store store;

  ExceptionRaiser(Store store) {
    this.store = store;
  }

  @Override
  public long trap(Throwable thrown) {
    UnwindingExit exits = store.unwindingExit();
    ExnRef exception =
        switch (thrown) {
          case GuestException guest -> guest.exception();
          case ExitException exit when exits != null && exits.isOn() -> exits.exception(exit);
          default -> null;
        };
    return exception != null && exception.store() == store ? exception.raise().address() : 0;
  }
}
